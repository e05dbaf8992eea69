"""A batch keeps what it finds, asks for what is missing, and changes no mark because of a fault of ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.batch.marking import BatchPlan, keep, mark, mark_and_publish
from grader.batch.publish import Publisher
from grader.batch.run import ClassRun
from grader.catalog import load_checks, load_course
from grader.classwork import Done, Policy
from grader.intake import find_handins
from grader.model import (
    CheckOutcome,
    ExerciseOutcome,
    Finding,
    FunctionOutcome,
    Layers,
    Limits,
    Rung,
    RunInfo,
    Verdict,
)
from grader.scorecard import validate_document
from grader.store import Store

COURSE = load_course()
RUN = RunInfo(
    started_at="2026-11-21T12:00:00+00:00", duration_s=0.1, layerwise="0", python="3.11", numpy="2", platform="linux",
    layers=Layers(sandbox="process"), limits=Limits(),
)  # fmt: skip
PLAN = BatchPlan(course=COURSE, exercises=("dropout",), sandbox="process", limits=Limits())


def outcome(exercise, verdict):
    checks = {}
    for check in load_checks(COURSE, COURSE.exercise(exercise)):
        finding = None if verdict is Verdict.ACCEPTED else Finding(rung=Rung.VALUE, message="It is wrong.", verdict=verdict)
        checks.setdefault(check.function, []).append(CheckOutcome(check=check.name, verdict=verdict, finding=finding))
    functions = tuple(FunctionOutcome(function=name, checks=tuple(found)) for name, found in checks.items())
    return ExerciseOutcome(exercise=exercise, path=f"{exercise}.py", functions=functions)


class FakePool:
    """Grades without running anything: accepted, unless `says` has another answer for the text of the submission."""

    def __init__(self, says=None):
        self.says = says or {}
        self.asked = []

    def run(self, tasks):
        for task in tasks:
            text = "".join(file.text for file in task.submission.files)
            self.asked.append((text, task.exercises))
            answer = self.says.get(text, Verdict.ACCEPTED)
            if callable(answer):
                answer = answer()
            if isinstance(answer, str) and not isinstance(answer, Verdict):
                yield Done(number=task.number, lost=answer)
            else:
                yield Done(number=task.number, outcomes=tuple(outcome(name, answer) for name in task.exercises), run=RUN)

    def close(self):
        pass


class Heard:
    """Remembers what it was told."""

    def __init__(self):
        self.words = []

    def begin(self, total):
        self.words.append(("begin", total))

    def known(self, handin):
        self.words.append(("known", handin.student))

    def unreadable(self, handin, sentence):
        self.words.append(("unreadable", handin.student))

    def graded(self, handin, verdict):
        self.words.append(("graded", handin.student, verdict))

    def lost(self, handin, sentence):
        self.words.append(("lost", handin.student))

    def odd(self, sentence):
        self.words.append(("odd", sentence))


@pytest.fixture
def classroom(tmp_path):
    return Classroom(tmp_path)


class Classroom:
    def __init__(self, root: Path):
        self.works, self.results, self.scratch = root / "works", root / "results", root / "scratch"
        for folder in (self.works, self.results, self.scratch):
            folder.mkdir()
        self.store = Store.open(self.results / "layerwise.db")

    def hand_in(self, student, text):
        (self.works / student).mkdir(exist_ok=True)
        (self.works / student / "dropout.py").write_text(text)

    def run(self, pool, plan=PLAN):
        heard = Heard()
        run = ClassRun(plan, self.store, heard)
        run.run(find_handins(self.works, layout="folders", scratch=self.scratch), pool)
        revision = mark_and_publish(self.store, run.keys, Policy(), Publisher(self.store, self.results, COURSE), command="batch")
        return heard, revision

    def points(self, revision):
        return {mark.student: mark.points for mark in revision.marks}

    def card(self, student, folder="scorecards"):
        return json.loads((self.results / folder / f"{student}.json").read_text())


FULL = sum(check.points for check in load_checks(COURSE, COURSE.exercise("dropout")))


def test_every_work_is_graded_and_marked(classroom):
    classroom.hand_in("ann", "a = 1\n")
    classroom.hand_in("bob", "b = 1\n")

    heard, revision = classroom.run(FakePool({"b = 1\n": Verdict.WRONG_ANSWER}))

    assert classroom.points(revision) == {"ann": FULL, "bob": 0}
    assert ("graded", "bob", Verdict.WRONG_ANSWER) in heard.words
    assert classroom.card("ann")["points"] == FULL
    assert classroom.card("ann")["submission"]["name"] == "ann"


def test_both_views_of_a_scorecard_keep_the_schema(classroom):
    classroom.hand_in("ann", "a = 1\n")

    classroom.run(FakePool({"a = 1\n": Verdict.WRONG_ANSWER}))

    for folder, view in (("scorecards", "instructor"), ("scorecards-student", "student")):
        card = classroom.card("ann", folder)
        validate_document(card)
        assert card["view"] == view


def test_a_second_run_asks_nobody_and_changes_no_file(classroom):
    classroom.hand_in("ann", "a = 1\n")
    classroom.run(FakePool())
    before = {path: path.read_bytes() for path in classroom.results.rglob("*.json")} | {
        "gradebook": (classroom.results / "gradebook.csv").read_bytes()
    }

    again = FakePool()
    heard, revision = classroom.run(again)

    assert again.asked == []
    assert ("known", "ann") in heard.words
    assert revision.id == 1
    assert all(path.read_bytes() == data for path, data in before.items() if path != "gradebook")
    assert (classroom.results / "gradebook.csv").read_bytes() == before["gradebook"]


def test_only_changed_work_is_graded_again(classroom):
    classroom.hand_in("ann", "a = 1\n")
    classroom.hand_in("bob", "b = 1\n")
    classroom.run(FakePool())
    classroom.hand_in("bob", "b = 2\n")

    again = FakePool()
    _heard, revision = classroom.run(again)

    assert [text for text, _exercises in again.asked] == ["b = 2\n"]
    assert revision.id == 2


def test_equal_works_are_graded_once_and_marked_for_each(classroom):
    classroom.hand_in("ann", "same = 1\n")
    classroom.hand_in("bob", "same = 1\n")

    pool = FakePool()
    heard, revision = classroom.run(pool)

    assert len(pool.asked) == 1
    assert classroom.points(revision) == {"ann": FULL, "bob": FULL}
    assert sum(word[0] in ("graded", "known") for word in heard.words) == 2
    assert classroom.card("bob")["submission"]["name"] == "bob"


def test_a_further_exercise_asks_for_that_one_alone(classroom):
    classroom.hand_in("ann", "a = 1\n")
    classroom.run(FakePool())

    pool = FakePool()
    more = BatchPlan(course=COURSE, exercises=("dropout", "losses"), sandbox="process", limits=Limits())
    classroom.run(pool, more)

    assert [exercises for _text, exercises in pool.asked] == [("losses",)]


def test_a_failure_of_the_machinery_is_asked_again_and_then_left_open(classroom):
    classroom.hand_in("ann", "a = 1\n")

    pool = FakePool({"a = 1\n": Verdict.GRADER_ERROR})
    heard, revision = classroom.run(pool)

    assert len(pool.asked) == 2
    assert ("lost", "ann") in heard.words
    assert [mark.pending for mark in revision.marks] == [True]
    assert ",," in (classroom.results / "gradebook.csv").read_text().splitlines()[1]


def test_a_failure_that_passes_costs_nothing(classroom):
    classroom.hand_in("ann", "a = 1\n")
    answers = iter([Verdict.GRADER_ERROR, Verdict.ACCEPTED])

    heard, revision = classroom.run(FakePool({"a = 1\n": lambda: next(answers)}))

    assert classroom.points(revision) == {"ann": FULL}
    assert ("graded", "ann", Verdict.ACCEPTED) in heard.words


def test_a_failure_never_replaces_a_score(classroom):
    classroom.hand_in("ann", "a = 1\n")
    classroom.run(FakePool())
    classroom.hand_in("ann", "a = 2\n")

    _heard, broken = classroom.run(FakePool({"a = 2\n": "The machine is gone."}))
    classroom.hand_in("ann", "a = 1\n")
    _heard, mended = classroom.run(FakePool())

    assert [mark.pending for mark in broken.marks] == [True]
    assert classroom.points(mended) == {"ann": FULL}


def test_what_was_lost_is_graded_by_the_next_run(classroom):
    classroom.hand_in("ann", "a = 1\n")
    classroom.run(FakePool({"a = 1\n": "The machine is gone."}))

    pool = FakePool()
    _heard, revision = classroom.run(pool)

    assert len(pool.asked) == 1
    assert classroom.points(revision) == {"ann": FULL}


def test_work_that_cannot_be_read_gets_no_points_and_says_why(classroom):
    (classroom.works / "ann").mkdir()
    (classroom.works / "ann.zip").write_bytes(b"this is no zip")

    handins = find_handins(classroom.works, layout="zips", scratch=classroom.scratch).handins
    heard = Heard()
    run = ClassRun(PLAN, classroom.store, heard)
    run.run(find_handins(classroom.works, layout="zips", scratch=classroom.scratch), FakePool())
    revision = mark_and_publish(classroom.store, run.keys, Policy(), Publisher(classroom.store, classroom.results, COURSE), command="batch")

    assert len(handins) == 1
    assert ("unreadable", "ann") in heard.words
    assert [(mark.points, mark.pending) for mark in revision.marks] == [(0, False)]
    assert classroom.store.handins()[0].error


def test_work_that_was_withdrawn_takes_its_scorecard_along(classroom):
    classroom.hand_in("ann", "a = 1\n")
    classroom.hand_in("bob", "b = 1\n")
    classroom.run(FakePool())
    (classroom.works / "bob" / "dropout.py").unlink()
    (classroom.works / "bob").rmdir()

    _heard, revision = classroom.run(FakePool())

    assert not (classroom.results / "scorecards" / "bob.json").exists()
    assert "bob" not in classroom.points(revision)
    assert [stored.handin.student for stored in classroom.store.handins()] == ["ann", "bob"]


def test_a_scorecard_that_somebody_has_removed_is_written_again(classroom):
    classroom.hand_in("ann", "a = 1\n")
    classroom.run(FakePool())
    before = classroom.card("ann")
    (classroom.results / "scorecards" / "ann.json").unlink()

    classroom.run(FakePool())

    assert classroom.card("ann") == before


def test_marks_that_have_not_changed_are_no_new_revision(classroom):
    classroom.hand_in("ann", "a = 1\n")
    _heard, first = classroom.run(FakePool())

    run = ClassRun(PLAN, classroom.store, Heard())
    second = keep(classroom.store, mark(classroom.store, run.keys, Policy(), command="rescore"))

    assert second.id == first.id


def test_a_scorecard_is_written_as_soon_as_its_work_is_graded(classroom):
    classroom.hand_in("ann", "a = 1\n")
    classroom.hand_in("bob", "b = 1\n")
    publisher = Publisher(classroom.store, classroom.results, COURSE)
    run = ClassRun(PLAN, classroom.store, Heard(), publisher)
    there = []

    class Slow(FakePool):
        def run(self, tasks):
            for done in super().run(tasks):
                there.append(sorted(path.name for path in (classroom.results / "scorecards").glob("*.json")))
                yield done

    run.run(find_handins(classroom.works, layout="folders", scratch=classroom.scratch), Slow())
    early = classroom.card("bob")
    changed = (classroom.results / "scorecards" / "bob.json").stat().st_mtime_ns
    mark_and_publish(classroom.store, run.keys, Policy(), publisher, command="batch")

    assert there == [[], ["ann.json"]]
    assert classroom.card("bob") == early
    assert (classroom.results / "scorecards" / "bob.json").stat().st_mtime_ns == changed
