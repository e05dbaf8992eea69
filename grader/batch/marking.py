"""Mark a class from its store, and write what the results folder shows."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from grader.batch.keys import exercise_keys, record_key
from grader.batch.publish import Publisher
from grader.catalog import Course, load_checks
from grader.classwork import Policy, Revision
from grader.marks.marking import mark_class, points_of
from grader.marks.stored import StoredOutcomes, about_course
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


class Keys:
    """The keys of a plan's outcomes."""

    def __init__(self, plan: BatchPlan) -> None:
        self.plan = plan
        self._by_exercise = exercise_keys(plan.course, plan.exercises)

    def of(self, digest: str) -> dict[str, str]:
        """The key of each exercise's outcome for the submission with this digest."""
        plan = self.plan
        return {name: record_key(digest, self._by_exercise[name], sandbox=plan.sandbox, limits=plan.limits) for name in plan.exercises}


def mark(store: Store, keys: Keys, policy: Policy, *, command: str) -> Revision:
    """Mark everybody as things stand now. Nothing is stored yet."""
    plan, course = keys.plan, keys.plan.course
    points = points_of({name: load_checks(course, course.exercise(name)) for name in plan.exercises})
    handins = store.handins()
    outcomes = StoredOutcomes(store, handins, plan.exercises, keys.of)
    marks = mark_class(store.students(), handins, outcomes, points, policy, store.overrides())
    return Revision(
        id=0,
        made_at=datetime.now(UTC),
        command=command,
        policy=policy,
        points=points,
        marks=marks,
        **about_course(course),
    )


def keep(store: Store, revision: Revision) -> Revision:
    """Keep a revision, unless it says what the newest says: then that one is given back."""
    newest = store.revision()
    if newest is not None and _said(newest) == _said(revision):
        return newest
    return dataclasses.replace(revision, id=store.put_revision(revision))


def mark_and_publish(store: Store, keys: Keys, policy: Policy, publisher: Publisher, *, command: str) -> Revision:
    """Mark everybody, keep it, and write the scorecards and the gradebook into the results folder."""
    revision = keep(store, mark(store, keys, policy, command=command))
    publisher.publish(revision)
    return revision


def _said(revision: Revision) -> Revision:
    """A revision without when and by what it was made."""
    return dataclasses.replace(revision, id=0, made_at=datetime.min.replace(tzinfo=UTC), command="")
