"""What is put into a store comes out as it was, on SQLite and on PostgreSQL alike; nothing is ever deleted, and no record changes."""

from __future__ import annotations

import dataclasses
import tracemalloc
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from grader.classwork import Attempts, Handin, LatePolicy, Mark, Part, Policy, Record, Revision, Student
from grader.model import Problem, Verdict
from grader.records import encode_outcome
from grader.store import RecordDiffers, Store, StoreError
from tests.cards import RUN, make_submission
from tests.outcomes import make_record, outcomes

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOSTILE = "\x1b[2J\x00\\u0000\ud83d\ude00\ud800\u202e=1+1"
ADA = Student(id="ada", name="Ada Lovelace", section="A", email="ada@example.org", columns={"ID": "1", "Näme": HOSTILE})
BEN = Student(id="ben")


def handin_of(student, source="ada.zip", **changes):
    return Handin(**{"student": student, "source": source, "parts": (Part(path=Path("/in/x"), name="x"),), "submitted_at": NOON, **changes})


def make_revision(*marks, **changes):
    values = {
        "id": 0,
        "made_at": NOON,
        "command": "batch",
        "course": "tiny",
        "course_version": "1",
        "course_digest": "sha256:c",
        "seed_fingerprint": "5eed",
        "policy": Policy(attempts=Attempts.BEST, late=LatePolicy(deadline=NOON), weights={"power": Fraction(1, 3)}),
        "points": {"power": {"cube": {"cubes_every_element": 2}}},
        "marks": marks,
    }
    return Revision(**{**values, **changes})


def same(one, other):
    """Whether two records hold the same; the facts of the one that was stored are plain."""
    return (one.key, one.digest, one.run, encode_outcome(one.outcome)) == (
        other.key,
        other.digest,
        other.run,
        encode_outcome(other.outcome),
    )


# ------------------------------------------------------------------------------------------------------------------------ students


def test_students_come_back_in_the_order_of_the_intake(store):
    store.put_students([BEN, ADA])

    assert store.students() == (BEN, ADA)


def test_a_student_who_has_left_is_kept_but_not_in_the_class(store):
    store.put_students([ADA, BEN])
    store.put_students([dataclasses.replace(BEN, name="Ben")])

    assert store.students() == (Student(id="ben", name="Ben"),)
    assert store.students(former=True) == (Student(id="ben", name="Ben"), ADA)


def test_a_class_may_be_empty(store):
    store.put_students([])

    assert store.students() == ()


# --------------------------------------------------------------------------------------------------------------------- submissions


def test_a_submission_comes_back_with_hostile_text_and_names(store):
    submission = make_submission(text="x = 1\n", name=HOSTILE, problems=(Problem(path=HOSTILE, message=HOSTILE),))
    files = tuple(dataclasses.replace(file, path=HOSTILE, text=HOSTILE) for file in submission.files)
    submission = dataclasses.replace(submission, files=files)

    store.put_submission(submission)

    assert store.submission(submission.digest) == submission


def test_a_submission_without_any_file_comes_back(store):
    submission = make_submission(files=())

    store.put_submission(submission)

    assert store.submission(submission.digest) == submission


def test_a_submission_that_is_not_there_is_refused(store):
    with pytest.raises(StoreError, match="no submission sha256:no"):
        store.submission("sha256:no")


def test_equal_texts_are_stored_once(place, store):
    for number in range(3):
        store.put_submission(make_submission(digest=f"sha256:{number}"))

    with store._reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM texts").scalar() == 1


def test_the_same_bytes_read_in_two_ways_are_two_texts(store):
    # A notebook and a Python file may be the same bytes; what is graded is what was read from them.
    first, second = make_submission(digest="sha256:1"), make_submission(digest="sha256:2")
    second = dataclasses.replace(second, files=tuple(dataclasses.replace(file, text="x = 2\n") for file in second.files))
    store.put_submission(first)
    store.put_submission(second)

    assert (store.submission("sha256:1"), store.submission("sha256:2")) == (first, second)


# ------------------------------------------------------------------------------------------------------------------------ hand-ins


def test_a_handin_comes_back_as_it_was(store):
    handin = handin_of("ada", HOSTILE, attempt=2, parts=(Part(path=Path("/in") / "a\udcff.py", name=HOSTILE),))

    number = store.put_handin(handin, "sha256:1")

    assert (store.handin(number).handin, store.handin(number).digest, store.handin(number).current) == (handin, "sha256:1", True)


def test_a_handin_without_a_time_and_without_a_submission_says_why(store):
    number = store.put_handin(handin_of("ada", submitted_at=None), None, error="This is no zip.")

    found = store.handin(number)

    assert (found.handin.submitted_at, found.digest, found.error) == (None, None, "This is no zip.")


@pytest.mark.parametrize("time", [NOON, None])
@pytest.mark.parametrize("digest", ["sha256:1", None])
def test_the_same_handin_has_the_same_id_again(store, time, digest):
    first = store.put_handin(handin_of("ada", submitted_at=time), digest)

    assert store.put_handin(handin_of("ada", submitted_at=time), digest) == first


def test_a_handin_that_differs_in_anything_has_an_id_of_its_own(store):
    handin = handin_of("ada")
    others = [
        handin_of("ben"),
        handin_of("ada", "b.zip"),
        handin_of("ada", submitted_at=None),
        handin_of("ada", submitted_at=NOON.replace(hour=13)),
    ]

    numbers = [store.put_handin(one, "sha256:1") for one in (handin, *others)] + [store.put_handin(handin, "sha256:2")]

    assert len(set(numbers)) == 6


def test_a_handin_that_an_intake_has_not_found_any_more_is_kept_and_not_current(store):
    store.put_students([ADA])
    for source in ("first.zip", "second.zip"):
        store.put_handin(handin_of("ada", source), "sha256:1")
    store.close_intake()
    store.put_students([ADA])
    store.put_handin(handin_of("ada", "second.zip"), "sha256:1")
    store.close_intake()

    assert [(one.handin.source, one.current) for one in store.handins()] == [("first.zip", False), ("second.zip", True)]


def test_an_intake_that_was_ended_half_way_takes_nothing_away(store):
    store.put_students([ADA, BEN])
    store.put_handin(handin_of("ada"), "sha256:1")
    store.put_handin(handin_of("ben"), "sha256:2")
    store.close_intake()
    store.put_students([ADA, BEN])
    store.put_handin(handin_of("ada", "again.zip"), "sha256:3")

    assert [one.current for one in store.handins()] == [True, True, True]


def test_a_handin_has_the_problems_of_its_own_students_files(store):
    problem = Problem(path="b.py", message="is no Python")
    store.put_submission(make_submission(name="ada", problems=()))
    store.put_submission(make_submission(name="ben", problems=(problem,)))
    digest = make_submission().digest

    numbers = [store.put_handin(handin_of(student), digest) for student in ("ada", "ben")]

    assert [store.handin(number).problems for number in numbers] == [(), (problem,)]


def test_another_error_of_the_same_handin_is_an_event(store):
    number = store.put_handin(handin_of("ada"), None, error="too large")
    store.put_handin(handin_of("ada"), None, error="no zip")

    assert store.handin(number).error == "no zip"
    assert [(event.subject, event.detail) for event in store.events()] == [(str(number), "before: too large now: no zip")]


# ------------------------------------------------------------------------------------------------------------------------- records


@given(outcomes)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=40)
def test_a_record_comes_back_as_it_was(store, outcome):
    import uuid

    record = Record(key=uuid.uuid4().hex, digest="sha256:1", outcome=outcome, run=RUN)

    store.put_record(record)

    assert same(store.record(record.key), record)


def test_a_record_that_is_not_there_is_none(store):
    assert store.record("nothing") is None


def test_a_record_of_another_run_is_the_same_record_and_the_first_stays(store):
    first, second = make_record(1), make_record(1, run=dataclasses.replace(RUN, duration_s=9.0))
    store.put_record(first)

    store.put_record(second)

    assert store.record(first.key) == first
    assert store.events() == ()


def test_a_record_that_comes_out_differently_is_refused_and_remembered(store):
    store.put_record(make_record(1))

    with pytest.raises(RecordDiffers, match=r"differently than before \(the first is key-000001\)"):
        store.put_record(make_record(1, message="5 of 6 values are off."))

    assert store.record("key-000001") == make_record(1)
    event = store.events("key-000001")[0]
    assert event.kind == "record differs"
    assert "5 of 6 values are off." in event.detail


def test_another_digest_under_the_same_key_is_refused(store):
    store.put_record(make_record(1))

    with pytest.raises(RecordDiffers):
        store.put_record(dataclasses.replace(make_record(1), digest="sha256:2"))


def test_what_stands_beside_a_record_that_differs_is_kept(store):
    store.put_record(make_record(1))

    with pytest.raises(RecordDiffers) as refusal:
        store.put_records([make_record(0), make_record(1, message="other"), make_record(2)])

    assert refusal.value.keys == ("key-000001",)
    assert store.has([f"key-{number:06d}" for number in range(4)]) == {"key-000000", "key-000001", "key-000002"}


def test_two_results_of_one_list_that_differ_are_noticed(store):
    with pytest.raises(RecordDiffers):
        store.put_records([make_record(1), make_record(1, message="other")])


def test_a_record_that_differs_is_remembered_when_all_else_is_taken_back(store):
    store.put_record(make_record(1))

    def write():
        with store.together():
            store.note("hello", "ada")
            store.put_records([make_record(2), make_record(1, message="other")])

    with pytest.raises(RecordDiffers):
        write()

    assert [event.kind for event in store.events()] == ["record differs"]
    assert store.has(["key-000002"]) == set()


def test_no_records_are_no_error(store):
    store.put_records([])

    assert list(store.iter_records()) == []


def test_records_come_in_the_order_of_their_keys_as_given(store):
    store.put_records([make_record(number) for number in range(450)])
    keys = [f"key-{number:06d}" for number in (449, 3, 999, 220, 3, 0)]

    assert [record.key for record in store.iter_records(keys)] == [keys[0], keys[1], keys[3], keys[4], keys[5]]


def test_all_records_come_by_key(store):
    store.put_records([make_record(number) for number in range(450)])

    assert [record.key for record in store.iter_records()] == [f"key-{number:06d}" for number in range(450)]


def test_verdicts_alone_are_those_of_the_records(store):
    records = [make_record(number, verdict=verdict) for number, verdict in enumerate(Verdict)]
    store.put_records(records)

    found = dict(store.iter_verdicts([record.key for record in records] + ["nothing"]))

    assert {key: outcome.functions[0].checks[0].verdict for key, outcome in found.items()} == dict(
        zip((record.key for record in records), Verdict, strict=True)
    )
    assert all(outcome.functions[0].checks[0].finding is None for outcome in found.values())


def test_has_takes_more_keys_than_a_statement_does(store):
    store.put_record(make_record(1))

    assert store.has(f"key-{number:06d}" for number in range(40_000)) == {"key-000001"}


def test_a_reader_may_stop_in_the_middle_and_hold_nobody_up(place, store):
    store.put_records([make_record(number) for number in range(450)])
    reading = store.iter_records()
    next(reading)

    with Store.open(place) as other:
        other.put_record(make_record(999))

    assert sum(1 for _ in reading) == 450


def test_reading_a_large_class_takes_no_more_memory_than_reading_a_small_one(tmp_path):
    def peak(count):
        with Store.open(tmp_path / f"{count}.db") as store:
            for start in range(0, count, 500):
                store.put_records([make_record(number) for number in range(start, start + 500)])
            sum(1 for _ in store.iter_records())
            tracemalloc.start()
            seen = sum(1 for _ in store.iter_records(f"key-{number:06d}" for number in range(count)))
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert seen == count
        return most

    # Ten times the class; 10,000 students who all have an outcome.
    assert peak(10_000) < 1.5 * peak(1_000)


# ------------------------------------------------------------------------------------------------------------------------ failures


def test_the_newest_sentence_of_a_failure_counts_until_there_is_a_record(store):
    store.note_failure("key-000001", "The worker vanished.")
    store.note_failure("key-000001", f"It vanished again.{HOSTILE}")
    store.note_failure("key-000002", "The disk was full.")

    assert store.failures() == {"key-000001": f"It vanished again.{HOSTILE}", "key-000002": "The disk was full."}
    store.put_record(make_record(1))
    assert store.failures() == {"key-000002": "The disk was full."}


def test_a_failure_never_hides_a_record(store):
    store.put_record(make_record(1))
    store.note_failure("key-000001", "The worker vanished.")

    assert store.failures() == {}
    assert store.record("key-000001") == make_record(1)


# ---------------------------------------------------------------------------------------------- overrides, revisions and events


def test_an_override_is_exact_and_stays_when_it_is_withdrawn(store):
    override = store.put_override(student="ada", exercise="power", points=Fraction(10, 3), reason=HOSTILE, author="prof")

    withdrawn = store.withdraw_override(override.id)

    assert (override.points, override.reason, override.withdrawn_at) == (Fraction(10, 3), HOSTILE, None)
    assert withdrawn == dataclasses.replace(override, withdrawn_at=withdrawn.withdrawn_at)
    assert withdrawn.withdrawn_at >= override.made_at
    assert store.overrides() == (withdrawn,)
    assert [event.kind for event in store.events("ada")] == ["override", "override withdrawn"]


def test_an_override_is_withdrawn_once(store):
    number = store.put_override(student="ada", exercise="power", points=Fraction(1), reason="r", author="prof").id
    store.withdraw_override(number)

    with pytest.raises(StoreError, match=f"override {number} was already withdrawn"):
        store.withdraw_override(number)
    with pytest.raises(StoreError, match="there is no override 99"):
        store.withdraw_override(99)


def test_a_revision_comes_back_with_its_marks_in_order(store):
    marks = (
        Mark(
            student="zoe",
            exercise="power",
            points=2,
            max_points=3,
            final=Fraction(5, 3),
            handin=7,
            record="key",
            late_days=1,
            late_factor=Fraction(5, 6),
        ),
        Mark(student="ada", exercise="power", points=0, max_points=3, final=Fraction(0), pending=True),
        Mark(student="ada", exercise="root", points=1, max_points=3, final=Fraction(3), override=4),
    )

    number = store.put_revision(make_revision(*marks))

    assert store.revision(number) == make_revision(*marks, id=number)


def test_the_newest_revision_is_what_counts_and_the_others_are_kept(store):
    first = store.put_revision(make_revision(Mark(student="ada", exercise="power", points=1, max_points=3, final=Fraction(1))))
    second = store.put_revision(make_revision(command="rescore"))

    assert store.revision().id == second
    assert [revision.id for revision in store.revisions()] == [first, second]
    assert [revision.marks for revision in store.revisions()] == [(), ()]
    assert len(store.revision(first).marks) == 1


def test_there_may_be_no_revision(store):
    assert (store.revision(), store.revision(3), store.revisions()) == (None, None, ())


def test_events_are_told_in_order_and_by_subject(store):
    store.note("regraded", "ada", HOSTILE)
    store.note("regraded", "ben")

    assert [(event.kind, event.subject, event.detail) for event in store.events()] == [
        ("regraded", "ada", HOSTILE),
        ("regraded", "ben", ""),
    ]
    assert [event.subject for event in store.events("ben")] == ["ben"]


# -------------------------------------------------------------------------------------------------------------------- transactions


def test_calls_together_are_kept_together_or_not_at_all(store):
    def write():
        with store.together():
            store.put_students([ADA])
            store.put_handin(handin_of("ada"), "sha256:1")
            with store.together():
                store.put_record(make_record(1))
            assert store.has(["key-000001"])
            raise RuntimeError("here")

    with pytest.raises(RuntimeError, match="here"):
        write()

    assert (store.students(), store.handins(), store.has(["key-000001"])) == ((), (), set())
    with store.together():
        store.put_students([ADA])
        store.put_record(make_record(1))
    assert (store.students(), store.has(["key-000001"])) == ((ADA,), {"key-000001"})


def test_what_was_sent_for_named_exercises_is_not_withdrawn_by_a_folder_without_it(store):
    store.put_handin(Handin(student="ada", source="upload 1", parts=(), exercises=("power",)), None)
    store.put_handin(Handin(student="ada", source="ada.zip", parts=()), None)

    store.put_students([Student(id="ada")])
    store.close_intake()

    assert [(one.handin.source, one.handin.exercises, one.current) for one in store.handins()] == [
        ("upload 1", ("power",), True),
        ("ada.zip", (), False),
    ]
