"""What is kept of an outcome is all of it: a scorecard of what comes back has the same bytes."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.checks.model import Check
from grader.classwork import Attempts, LatePolicy, Policy
from grader.model import (
    CheckOutcome,
    Diagnosis,
    ExerciseOutcome,
    Finding,
    FunctionOutcome,
    Kind,
    Layers,
    Limits,
    Problem,
    Raised,
    RunInfo,
    SourceFile,
    Submission,
    View,
    Visibility,
)
from grader.records import (
    decode_outcome,
    decode_policy,
    decode_run,
    decode_submission,
    encode_outcome,
    encode_policy,
    encode_run,
    encode_submission,
    from_bytes,
    left_out_when_empty,
    to_bytes,
)
from grader.scorecard import render_scorecard
from grader.scoring import score_exercise
from grader.submission import load_submission
from tests.cards import RUN, make_card
from tests.outcomes import make_outcome, outcomes, texts

SAMPLES = sorted((Path(__file__).parent.parent / "samples").iterdir())
# A time that a clock has skipped is none, and comes back as the one that it stands for.
moments = st.datetimes(timezones=st.timezones(), allow_imaginary=False).filter(
    lambda time: time.utcoffset() == timedelta(seconds=round(time.utcoffset().total_seconds()))
)
fractions = st.fractions()


def there_and_back(outcome):
    return decode_outcome(from_bytes(to_bytes(encode_outcome(outcome))))


def scorecards(outcome, exercise):
    """Both views of an outcome, scored with checks that are made to fit it: every second one is public."""
    names = [(function.function, check.check) for function in outcome.functions for check in function.checks]
    checks = [
        Check(
            name=name,
            function=function,
            kind=Kind.VALUE,
            points=2,
            requirement="Be right.",
            visibility=(Visibility.PUBLIC, Visibility.HIDDEN)[number % 2],
            body=lambda student, rng: iter(()),
        )
        for number, (function, name) in enumerate(names)
    ]
    card = make_card(score_exercise(exercise, outcome, checks))
    return [render_scorecard(card, view) for view in View]


@given(outcomes)
@settings(deadline=None, max_examples=300)
def test_a_scorecard_of_a_decoded_outcome_has_the_same_bytes(tiny_course, outcome):
    exercise = tiny_course.exercises[0]

    assert scorecards(there_and_back(outcome), exercise) == scorecards(outcome, exercise)


@given(outcomes)
def test_a_decoded_outcome_is_written_as_it_was_read(outcome):
    once = to_bytes(encode_outcome(outcome))

    assert to_bytes(encode_outcome(decode_outcome(from_bytes(once)))) == once


@given(outcomes)
def test_all_but_the_facts_of_a_decoded_outcome_is_equal(outcome):
    def without_facts(one):
        return repr(
            [
                (
                    function.function,
                    function.diagnoses,
                    [dataclasses.replace(check, finding=bare(check.finding)) for check in function.checks],
                )
                for function in one.functions
            ]
        )

    def bare(finding):
        return None if finding is None else dataclasses.replace(finding, facts={})

    back = there_and_back(outcome)

    assert without_facts(back) == without_facts(outcome)
    assert (back.exercise, back.path, back.message, back.printed) == (outcome.exercise, outcome.path, outcome.message, outcome.printed)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_scorecard_of_a_sample_has_the_same_bytes(default_grader, sandbox, path):
    submission = load_submission(path)
    limits = Limits(call_s=1.0, exercise_s=5.0)
    for exercise in default_grader.course.exercises:
        checks = [planned.check for planned in default_grader.plan(exercise).checks]
        if not checks or not (path / f"{exercise.name}.py").exists():
            continue
        outcome = default_grader.grade_exercise(exercise, submission, sandbox, limits)

        before, after = (
            make_card(score_exercise(exercise, one, checks), submission=submission) for one in (outcome, there_and_back(outcome))
        )

        assert [render_scorecard(after, view) for view in View] == [render_scorecard(before, view) for view in View]


def test_two_surrogates_do_not_become_one_character():
    assert from_bytes(to_bytes("\ud83d\ude00")) == "\ud83d\ude00" != "\U0001f600"


def test_a_fact_of_numpy_is_kept_as_the_scorecard_shows_it():
    import numpy as np

    back = there_and_back(make_outcome(facts={"got": np.float32(0.1), "at": np.array([1, 2]), "bad": float("nan")}))

    # 0.1 in single precision, as IEEE 754 has it.
    assert back.functions[0].checks[0].finding.facts == {"got": 0.10000000149011612, "at": [1, 2], "bad": "nan"}


@given(
    st.floats(allow_nan=False, allow_infinity=False), texts, st.builds(Limits, call_s=st.integers(1, 60)), st.builds(Layers, sandbox=texts)
)
def test_a_run_comes_back_as_it_was(duration_s, text, limits, layers):
    run = dataclasses.replace(RUN, duration_s=duration_s, python=text, limits=limits, layers=layers)

    back = decode_run(from_bytes(to_bytes(encode_run(run))))

    assert (back, repr(back)) == (run, repr(run))


@given(st.text(st.characters()), texts)
def test_a_submission_comes_back_as_it_was(text, message):
    submission = Submission(
        name=message,
        files=(SourceFile(path="a/b.py", text=text, sha256="0" * 64, size=3),),
        problems=(Problem(path=message, message=text),),
        digest="sha256:1",
    )

    assert decode_submission(from_bytes(to_bytes(encode_submission(submission)))) == submission


@given(
    st.builds(
        Policy,
        attempts=st.sampled_from(Attempts),
        weights=st.dictionaries(texts, fractions, max_size=3),
        late=st.builds(
            LatePolicy,
            deadline=st.none() | moments,
            deadlines=st.dictionaries(texts, moments, max_size=2),
            percent_per_day=fractions,
            grace_days=st.integers(),
            cutoff_days=st.none() | st.integers(0, 3),
            extensions=st.dictionaries(texts, st.integers(), max_size=2),
            exercise_extensions=st.dictionaries(texts, st.dictionaries(texts, st.integers(), max_size=2), max_size=2),
            due_dates=st.dictionaries(texts, st.dictionaries(texts, moments, max_size=2), max_size=2),
        ),
    )
)
def test_a_policy_comes_back_as_it_was(policy):
    assert decode_policy(from_bytes(to_bytes(encode_policy(policy)))) == policy


def test_a_cutoff_at_once_is_not_taken_for_none():
    policy = Policy(late=LatePolicy(cutoff_days=0))

    assert decode_policy(encode_policy(policy)).late.cutoff_days == 0


def test_times_are_kept_in_utc():
    deadline = datetime(2026, 11, 30, 23, 59, tzinfo=timezone(timedelta(hours=1)))

    document = encode_policy(Policy(late=LatePolicy(deadline=deadline)))

    assert document["late"]["deadline"] == "2026-11-30T22:59:00+00:00"
    assert decode_policy(document).late.deadline == datetime(2026, 11, 30, 22, 59, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no zone"):
        encode_policy(Policy(late=LatePolicy(deadline=datetime(2026, 11, 30))))


def test_a_field_that_is_not_known_is_refused():
    document = encode_outcome(make_outcome()) | {"mood": "good"}

    with pytest.raises(ValueError, match="no field mood"):
        decode_outcome(document)


@pytest.mark.parametrize(
    "document",
    [{}, [], None, {"exercise": 3, "path": None, "functions": []}, {"exercise": "a", "path": None, "functions": [{"checks": "no"}]}],
)
def test_what_is_no_outcome_is_refused(document):
    with pytest.raises(ValueError, match="this is no"):
        decode_outcome(document)


def test_a_record_that_is_older_than_a_field_takes_its_default():
    document = json.loads(json.dumps(encode_run(dataclasses.replace(RUN, limits=Limits(restarts=99)))))
    del document["limits"]["restarts"]

    assert decode_run(document).limits == Limits()


def test_what_is_left_out_while_empty_has_the_default_that_old_records_rely_on():
    # Records on disk mean these values by saying nothing. Who changes such a default must lift the stores that are there (grader/store).
    kinds = (
        ExerciseOutcome,
        FunctionOutcome,
        CheckOutcome,
        Finding,
        Raised,
        Diagnosis,
        RunInfo,
        Layers,
        Submission,
        SourceFile,
        Policy,
        LatePolicy,
    )

    assert {kind.__name__: left_out_when_empty(kind) for kind in kinds if left_out_when_empty(kind)} == {
        "ExerciseOutcome": {"message": "", "printed": ""},
        "FunctionOutcome": {"diagnoses": ()},
        "CheckOutcome": {"finding": None, "failed": 0, "comparisons": 0, "follow_through": ""},
        "Finding": {"raised": None, "code": "", "needs": "", "facts": {}},
        "Layers": {"seccomp": False, "landlock_abi": 0, "rlimits": False, "uid_dropped": False, "container": False},
        "Submission": {"problems": ()},
        "Policy": {"weights": {}},
        "LatePolicy": {
            "deadline": None,
            "deadlines": {},
            "grace_days": 0,
            "cutoff_days": None,
            "extensions": {},
            "exercise_extensions": {},
            "due_dates": {},
        },
    }


def test_every_other_default_is_written():
    assert encode_run(RUN)["limits"] == dataclasses.asdict(Limits())
