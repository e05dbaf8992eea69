"""The commands on a store that a batch has left: of the tiny course, with outcomes that no code was run for."""

from __future__ import annotations

import dataclasses
import json
import shutil
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from grader.batch.marking import BatchPlan, Keys, mark_and_publish, remember_plan
from grader.batch.publish import Publisher
from grader.catalog import load_checks, load_course
from grader.classwork import Handin, LatePolicy, Policy, Record
from grader.cli import run
from grader.marks import points_of
from grader.model import Diagnosis, Limits
from grader.store import Store
from tests.cards import make_submission
from tests.marks.worlds import DEADLINE, RUN, outcome, student

TINY = Path(__file__).parent.parent / "courses" / "tiny"
EVIL = "ev\x1b[31me"


@pytest.fixture
def course(tmp_path):
    shutil.copytree(TINY, tmp_path / "course")
    return tmp_path / "course"


@pytest.fixture
def results(course, tmp_path):
    """Three students: one with two attempts, the second of them late, one right, one who has handed nothing in."""
    loaded = load_course(course)
    plan = BatchPlan(course=loaded, exercises=tuple(one.name for one in loaded.exercises), sandbox="process", limits=Limits())
    points = points_of({one.name: load_checks(loaded, one) for one in loaded.exercises})
    place = tmp_path / "results"
    place.mkdir()
    with Store.open(place / "layerwise.db") as store:
        store.put_students([student("ada"), student("ben"), student("eve")])
        hand_in(store, "ada", "a", attempt=1, at=timedelta(hours=-1))
        hand_in(store, "ada", "b", attempt=2, at=timedelta(hours=30))
        hand_in(store, "ben", "c", attempt=1, at=timedelta(hours=-5))
        store.close_intake()
        keys = Keys(plan)
        for digest, ending in (("a", "-"), ("b", "+"), ("c", "+")):
            store.put_records([outcome_of(keys.of(digest)[name], digest, name, ending, points) for name in plan.exercises])
        remember_plan(store, plan)
        mark_and_publish(store, keys, Policy(late=LatePolicy(deadline=DEADLINE)), Publisher(store, place, plan.course), command="batch")
    return place


def hand_in(store, who, digest, *, attempt, at):
    store.put_submission(make_submission(name=who, digest=digest))
    store.put_handin(Handin(student=who, source=f"{who}/try{attempt}", parts=(), submitted_at=DEADLINE + at, attempt=attempt), digest)


def outcome_of(key, digest, exercise, ending, points):
    count = sum(len(checks) for checks in points[exercise].values())
    found = outcome(exercise, "+" * (count - 1) + ending, points)
    if ending == "-":
        named = Diagnosis(mistake="squares", explanation="x is squared.")
        last = dataclasses.replace(found.functions[-1], diagnoses=(named,))
        found = dataclasses.replace(found, functions=(*found.functions[:-1], last))
    return Record(key=key, digest=digest, outcome=found, run=RUN)


def marks(results, number=None):
    with Store.open(results / "layerwise.db", read_only=True) as store:
        return {(mark.student, mark.exercise): mark for mark in store.revision(number).marks}


def grade(capsys, *arguments):
    code = run([str(argument) for argument in arguments])
    written = capsys.readouterr()
    return code, written.out, written.err


def set_points(course, before, after):
    path = course / "reference" / "checks" / "power.py"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_rescoring_applies_todays_late_policy_and_writes_everything_again(course, results, capsys):
    full = marks(results)["ada", "power"]
    (results / "gradebook.csv").unlink()

    code, out, _err = grade(capsys, "rescore", results, "--course", course, "--late", "10%/day")

    assert code == 0
    assert "↓ ada" in out
    assert "1 down" in out
    mark = marks(results)["ada", "power"]
    assert (mark.late_days, mark.final) == (2, Fraction(full.points * 8, 10))  # 30 hours: the second day has begun
    assert "late" in (results / "gradebook.csv").read_text()


def test_a_dry_run_shows_the_same_and_changes_nothing(course, results, capsys):
    before = {path: path.read_bytes() for path in results.rglob("*") if path.is_file()}

    _code, out, err = grade(capsys, "rescore", results, "--course", course, "--late", "10%/day", "--dry-run")

    assert "↓ ada" in out
    assert "nothing was written" in err
    assert {path: path.read_bytes() for path in results.rglob("*") if path.is_file() and path in before} == before


def test_rescoring_again_changes_nothing(course, results, capsys):
    grade(capsys, "rescore", results, "--course", course, "--late", "10%/day")
    first = marks(results)

    _code, out, _err = grade(capsys, "rescore", results, "--course", course)

    assert marks(results) == first
    assert "0 up, 0 down, 3 same; 3 in all" in out


def test_the_policy_of_the_course_comes_from_its_file(course, results, capsys):
    with (course / "course.toml").open("a") as file:
        file.write('\n[grading]\ndeadline = 2026-11-02T12:00:00Z\nlate = "50%/day"\n')

    grade(capsys, "rescore", results, "--course", course)

    assert marks(results)["ada", "power"].late_factor == 0  # two days begun at 50 %


def test_a_slip_in_the_policy_of_the_course_is_refused(course, results, capsys):
    with (course / "course.toml").open("a") as file:
        file.write("\n[grading.weights]\npowr = 2\n")

    code, _out, err = grade(capsys, "rescore", results, "--course", course)

    assert code == 5
    assert "Did you mean power?" in err


def test_changed_points_need_no_outcome_anew(course, results, capsys):
    before = marks(results)["ben", "power"]
    # In one process a course is imported once, so the changed one lies elsewhere.
    changed = shutil.copytree(course, course.with_name("changed"))
    set_points(changed, "points=2", "points=3")

    _code, out, err = grade(capsys, "rescore", results, "--course", changed)

    assert marks(results)["ben", "power"].final > before.final
    assert "points instead of 2" in out
    assert "other checks" not in err


def test_diff_compares_the_last_two_revisions(course, results, capsys):
    grade(capsys, "rescore", results, "--course", course, "--late", "10%/day")

    _code, out, _err = grade(capsys, "diff", results)
    _code, backwards, _err = grade(capsys, "diff", f"{results}@2", f"{results}@1", "--format", "json")

    assert "↓ ada" in out
    assert json.loads(backwards)["counts"]["up"] == 1


def test_diff_of_what_is_not_there_is_a_sentence(results, tmp_path, capsys):
    for arguments, said in (([results], "only one revision"), ([f"{results}@9", results], "no revision 9"), ([tmp_path], "layerwise.db")):
        code, _out, err = grade(capsys, "diff", *arguments)
        assert code == 4
        assert said in err
    assert not (tmp_path / "layerwise.db").exists()


def test_an_override_holds_through_rescoring_until_it_is_withdrawn(course, results, capsys):
    given = marks(results)["eve", "power"]

    grade(capsys, "override", results, "eve", "power", "1.5", "--reason", "shown on paper", "--author", "lecturer", "--course", course)
    grade(capsys, "rescore", results, "--course", course, "--late", "90%/day")
    held = marks(results)["eve", "power"]
    _code, listed, _err = grade(capsys, "override", results, "--list")
    code, out, _err = grade(capsys, "override", results, "--withdraw", "1", "--course", course)

    assert held.final * 2 == 3
    assert "eve  power  1.5  by lecturer" in listed
    assert "shown on paper" in listed
    assert (code, marks(results)["eve", "power"]) == (0, given)
    assert "1.5 → 0" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["evе", "power", "1", "--reason", "x"], "Did you mean eve?"),
        (["eve", "powr", "1", "--reason", "x"], "Did you mean power?"),
        (["eve", "power", "999", "--reason", "x"], "between 0 and"),
        (["eve", "power", "many", "--reason", "x"], "not a number"),
        (["eve", "power", "1"], "--reason"),
        (["eve", "power"], "POINTS"),
    ],
)
def test_an_override_that_cannot_be_meant_is_refused(course, results, capsys, arguments, said):
    code, _out, err = grade(capsys, "override", results, *arguments, "--course", course)

    assert code in (2, 4)
    assert said in err
    assert marks(results)["eve", "power"].override is None


def test_more_than_the_points_needs_force(course, results, capsys):
    grade(capsys, "override", results, "eve", "power", "999", "--reason", "a prize", "--force", "--course", course)

    assert marks(results)["eve", "power"].final == 999


def test_a_story_has_attempts_lateness_overrides_and_what_changed(course, results, capsys):
    grade(capsys, "rescore", results, "--course", course, "--late", "10%/day, 1 day grace", "--attempts", "last")
    grade(capsys, "override", results, "ada", "power", "2", "--reason", "copied", "--author", f"prof {EVIL}", "--course", course)

    code, out, _err = grade(capsys, "explain", results, "ada", "power", "--course", course)
    flat = " ".join(out.split())

    assert code == 0
    assert "attempt 1, 2026-11-02 11:00:00 UTC: ada/try1" in flat
    assert "attempt 2, 2026-11-03 18:00:00 UTC: ada/try2, 2 days late, this one counts" in flat
    assert "1 day of grace leave 1: 100 % − 1 × 10 % = 90 %; 90 % is kept." in flat
    assert "2 points, because: copied (override 1; in force)" in flat
    assert "revision 2" in flat
    assert "revision 3" in flat
    assert "\x1b" not in out


def test_a_story_names_the_checks_that_lost_points_and_the_mistake(course, results, capsys):
    grade(capsys, "rescore", results, "--course", course, "--late", "60%/day", "--attempts", "best")

    _code, out, _err = grade(capsys, "explain", results, "ada", "power", "--course", course)
    flat = " ".join(out.split())

    assert "The best attempt counts." in flat
    assert "6 of 6 values are off." in flat
    assert "This is what you get when x is squared." in flat


def test_a_story_of_nobody_offers_who_is_near(course, results, capsys):
    code, _out, err = grade(capsys, "explain", results, "adda", "--course", course)

    assert code == 4
    assert "Did you mean ada?" in err
