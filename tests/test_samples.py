"""The sample class: what each of its submissions is there to show."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.batch import BatchOptions, grade_many
from grader.commands.demo import exercises_set
from grader.model import Limits, Verdict

SAMPLES = Path(__file__).parent.parent / "samples"


@pytest.fixture(scope="module")
def cards():
    paths = sorted(path for path in SAMPLES.iterdir() if path.is_dir())
    graded = grade_many(paths, BatchOptions(exercises=exercises_set(paths), limits=Limits(call_s=0.7)), jobs=2)
    return {one.path.name: one.card for one in graded}


def verdicts(card):
    return {function.name: function.verdict for exercise in card.exercises for function in exercise.functions}


def test_the_complete_one_has_full_marks(cards):
    assert cards["complete"].points == cards["complete"].max_points


def test_the_half_done_one_has_points_for_what_is_done_and_nothing_wrong(cards):
    assert 0 < cards["half_done"].points < cards["half_done"].max_points
    assert set(verdicts(cards["half_done"]).values()) <= {Verdict.ACCEPTED, Verdict.NOT_IMPLEMENTED}


def test_the_typical_mistakes_are_named(cards):
    named = {d.mistake for e in cards["typical_mistakes"].exercises for f in e.functions for d in f.diagnoses}

    assert len(named) >= 2


def test_the_wrong_forward_pass_of_the_typical_mistakes_costs_its_marks_once(cards):
    assert verdicts(cards["typical_mistakes"])["layernorm_forward"] is Verdict.WRONG_ANSWER
    assert verdicts(cards["typical_mistakes"])["layernorm_backward"] is Verdict.ACCEPTED


def test_the_endless_one_loses_one_function_and_ends(cards):
    found = verdicts(cards["never_ends"])

    assert found["dropout_backward"] is Verdict.TIME_LIMIT_EXCEEDED
    assert found["dropout_forward"] is Verdict.ACCEPTED


def test_the_crashing_one_keeps_what_does_not_crash(cards):
    found = verdicts(cards["crashes"])

    assert found["relu_backward"] is Verdict.RUNTIME_ERROR
    assert found["two_relu_sigmoid"] is Verdict.RUNTIME_ERROR
    assert found["sigmoid_forward"] is Verdict.ACCEPTED


def test_the_cheat_gains_nothing_where_it_cheats(cards):
    found = {f.name: f for e in cards["cheats"].exercises for f in e.functions}

    assert found["dropout_backward"].points == 0
    assert found["dropout_forward_unscaled"].points == 0
    assert found["ensemble_average"].points == 0


def test_the_one_in_python_2_is_told_its_line(cards):
    messages = [exercise.message for exercise in cards["python2"].exercises]

    assert any("line 6: SyntaxError" in message for message in messages)


def test_a_submission_that_cannot_be_read_does_not_stop_the_others(tmp_path):
    graded = list(grade_many([tmp_path / "nothing", SAMPLES / "python2"], BatchOptions(), jobs=1))

    assert graded[0].card is None
    assert "nothing" in graded[0].error
    assert graded[1].card is not None
