"""Mark a class from its store, and write what the results folder shows."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.keys import exercise_keys, record_key
from grader.batch.publish import Publisher
from grader.catalog import Course, load_checks
from grader.classwork import Policy, Record, Revision
from grader.marks.marking import mark_class, points_of
from grader.model import Limits

if TYPE_CHECKING:
    from grader.store import Store

# The event by which a store remembers how its class is graded, so that marking again needs no options.
PLANNED = "batch planned"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """What a batch grades, and how."""

    course: Course
    exercises: tuple[str, ...]
    sandbox: str
    limits: Limits


def remember_plan(store: Store, plan: BatchPlan) -> None:
    """Keep how the class is graded."""
    store.note(PLANNED, plan.sandbox, json.dumps({"exercises": plan.exercises, "limits": dataclasses.asdict(plan.limits)}))


def remembered_plan(store: Store, course: Course) -> BatchPlan | None:
    """How the class was graded last; None if it never was."""
    planned = [event for event in store.events() if event.kind == PLANNED]
    if not planned:
        return None
    detail = json.loads(planned[-1].detail)
    exercises = tuple(exercise.name for exercise in course.exercises if exercise.name in detail["exercises"])
    return BatchPlan(course=course, exercises=exercises, sandbox=planned[-1].subject, limits=Limits(**detail["limits"]))


class Results(Mapping[tuple[str, str], Record]):
    """The records of a plan by submission and exercise, read from the store as they are asked for."""

    def __init__(self, store: Store, plan: BatchPlan) -> None:
        self._store = store
        self.plan = plan
        self._keys = exercise_keys(plan.course, plan.exercises)

    def keys_of(self, digest: str) -> dict[str, str]:
        """The key of each exercise's outcome for the submission with this digest."""
        plan = self.plan
        return {name: record_key(digest, self._keys[name], sandbox=plan.sandbox, limits=plan.limits) for name in plan.exercises}

    def __getitem__(self, wanted: tuple[str, str]) -> Record:
        digest, exercise = wanted
        key = record_key(digest, self._keys[exercise], sandbox=self.plan.sandbox, limits=self.plan.limits)
        record = self._store.record(key)
        if record is None:
            raise KeyError(wanted)
        return record

    def __iter__(self) -> Iterator[tuple[str, str]]:
        digests = dict.fromkeys(one.digest for one in self._store.handins() if one.digest is not None)
        return ((digest, exercise) for digest in digests for exercise in self.plan.exercises if (digest, exercise) in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def mark(store: Store, results: Results, policy: Policy, *, command: str) -> Revision:
    """Mark everybody as things stand now. Nothing is stored yet."""
    plan, course = results.plan, results.plan.course
    points = points_of({name: load_checks(course, course.exercise(name)) for name in plan.exercises})
    marks = mark_class(store.students(), store.handins(), results, points, policy, store.overrides())
    return Revision(
        id=0,
        made_at=datetime.now(UTC),
        command=command,
        course=course.name,
        course_version=course.version,
        course_digest=course.digest,
        seed_fingerprint=course.mark.seed_fingerprint,
        policy=policy,
        points=points,
        marks=marks,
    )


def keep(store: Store, revision: Revision) -> Revision:
    """Keep a revision, unless it says what the newest says: then that one is given back."""
    newest = store.revision()
    if newest is not None and _said(newest) == _said(revision):
        return newest
    return dataclasses.replace(revision, id=store.put_revision(revision))


def mark_and_publish(store: Store, results: Results, policy: Policy, folder: Path, *, command: str) -> Revision:
    """Mark everybody, keep it, and write the scorecards and the gradebook into the results folder."""
    revision = keep(store, mark(store, results, policy, command=command))
    Publisher(store, folder, results.plan.course).publish(revision)
    return revision


def _said(revision: Revision) -> Revision:
    """A revision without when and by what it was made."""
    return dataclasses.replace(revision, id=0, made_at=datetime.min.replace(tzinfo=UTC), command="")
