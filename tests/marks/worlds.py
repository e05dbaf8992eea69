"""A class in memory: two exercises of a few checks, outcomes by letters, and what a store would give back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from grader.classwork import Handin, Override, Policy, Record, Revision, StoredHandin, Student
from grader.marks.marking import mark_class
from grader.marks.reasons import Side
from grader.model import CheckOutcome, ExerciseOutcome, Finding, FunctionOutcome, Layers, Limits, Rung, RunInfo, Verdict

DEADLINE = datetime(2026, 11, 2, 12, tzinfo=UTC)
LETTERS = {"+": Verdict.ACCEPTED, "-": Verdict.WRONG_ANSWER, "o": Verdict.NOT_IMPLEMENTED, "!": Verdict.GRADER_ERROR}
# 10 points for the cube, 5 for the root.
POINTS = {"cube": {"forward": {"shape": 1, "value": 4}, "backward": {"gradient": 5}}, "root": {"root": {"value": 3, "stable": 2}}}
WRONG = Finding(rung=Rung.VALUE, message="6 of 6 values are off.")
RUN = RunInfo(
    started_at="2026-11-03T08:00:00+00:00",
    duration_s=0.5,
    layerwise="0.5.0",
    python="3.13.5",
    numpy="2.3.1",
    platform="linux",
    layers=Layers(sandbox="process"),
    limits=Limits(),
)


def student(name, **more):
    return Student(id=name, **more)


def handin(number, who, digest, *, at=None, attempt=1, current=True, error=""):
    when = DEADLINE + at if isinstance(at, timedelta) else at
    return StoredHandin(
        id=number,
        handin=Handin(student=who, source=f"{who}/try{attempt}", parts=(), submitted_at=when, attempt=attempt),
        digest=digest,
        error=error,
        current=current,
    )


def outcome(exercise, letters, points=POINTS):
    """An outcome whose checks ended as the letters say, in the order of the points."""
    left = iter(letters)
    functions = tuple(
        FunctionOutcome(function=function, checks=tuple(check_outcome(name, next(left)) for name in checks))
        for function, checks in points[exercise].items()
    )
    return ExerciseOutcome(exercise=exercise, path=f"{exercise}.py", functions=functions)


def check_outcome(name, letter):
    verdict = LETTERS[letter]
    return CheckOutcome(check=name, verdict=verdict, finding=None if verdict is Verdict.ACCEPTED else WRONG, failed=1, comparisons=1)


def record(digest, exercise, letters, *, key=None, run=RUN, points=POINTS):
    return Record(key=key or f"{digest}:{exercise}", digest=digest, outcome=outcome(exercise, letters, points), run=run)


def recorded(*records):
    return {(one.digest, one.outcome.exercise): one for one in records}


def override(number, who, exercise, points, **more):
    made = {"reason": "seen in the oral exam", "author": "lecturer", "made_at": DEADLINE + timedelta(days=number)}
    return Override(**{"id": number, "student": who, "exercise": exercise, "points": Fraction(points), **made, **more})


def revision(marks, *, number=1, policy=None, points=POINTS, **more):
    known = {"command": "batch", "course": "tiny", "course_version": "1", "course_digest": "sha256:1", "seed_fingerprint": "5eed"}
    policy = policy or Policy()
    return Revision(**{"id": number, "made_at": DEADLINE, "policy": policy, "points": points, "marks": tuple(marks), **known, **more})


def world(students, handins, records, *, policy=None, points=POINTS, overrides=(), number=1, **more):
    """A side of a diff: the class as it is, marked."""
    policy = policy or Policy()
    marks = mark_class(students, handins, records, points, policy, overrides)
    by_key = {one.key: one for one in records.values()}
    return Side(
        revision=revision(marks, number=number, policy=policy, points=points, **more),
        record=by_key.get,
        handins={one.id: one for one in handins},
        overrides={one.id: one for one in overrides},
    )


def only(marks, who, exercise):
    (found,) = [mark for mark in marks if (mark.student, mark.exercise) == (who, exercise)]
    return found


def repriced(exercise, function, check, points):
    """The points with those of one check changed."""
    return {**POINTS, exercise: {**POINTS[exercise], function: {**POINTS[exercise][function], check: points}}}


def another_run(**changes):
    return replace(RUN, **changes)
