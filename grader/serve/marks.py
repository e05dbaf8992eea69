"""What a student gets, as things stand: the marks of ``grader.marks``, where each upload counts for the exercises that it holds.

In a service people hand in one exercise at a time, so the last upload must not stand for all of them, as the last folder does in a batch.
What cannot be read counts for nothing, since its author was told so at once and could hand in again.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from grader.batch.marking import Keys
from grader.classwork import Mark, Override, Policy, StoredHandin, Student
from grader.marks.marking import mark_class, points_of
from grader.marks.stored import StoredOutcomes
from grader.serve import uploads
from grader.serve.cards import Cards
from grader.serve.database import Database

if TYPE_CHECKING:
    from grader.store import Store

MOST_REMEMBERED = 5000


class Marking:
    """Marks students by the policy of the course. Marks of a student who has handed in nothing new are remembered."""

    def __init__(self, keys: Keys, cards: Cards, policy: Policy) -> None:
        self.keys = keys
        self.policy = policy
        self.points = points_of({name: cards.checks[name] for name in keys.plan.exercises})
        self._lock = threading.Lock()
        self._remembered: dict[str, tuple[object, dict[str, Mark]]] = {}

    def of_student(self, store: Store, database: Database, student: str) -> dict[str, Mark]:
        """The marks of one student, by exercise."""
        counted = uploads.counted_for(database, student)
        overrides = [override for override in store.overrides() if override.student == student]
        now = ({number: tuple(keys.items()) for number, keys in counted.items()}, [(one.id, one.withdrawn_at) for one in overrides])
        with self._lock:
            before = self._remembered.get(student)
        if before is not None and before[0] == now:
            return before[1]
        handins = [store.handin(number) for number in counted]
        marks = self._mark(store, [Student(id=student)], handins, counted, overrides).get(student, {})
        with self._lock:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[student] = (now, marks)
        return marks

    def of_class(self, store: Store, database: Database, students: Sequence[Student]) -> dict[str, dict[str, Mark]]:
        """The marks of everybody, by student and exercise."""
        counted = uploads.counted_for(database)
        handins = [stored for stored in store.handins() if stored.id in counted]
        return self._mark(store, students, handins, counted, store.overrides())

    def _mark(
        self,
        store: Store,
        students: Sequence[Student],
        handins: Iterable[StoredHandin],
        counted: Mapping[int, Mapping[str, str]],
        overrides: Iterable[Override],
    ) -> dict[str, dict[str, Mark]]:
        # What a later batch has not seen was handed in all the same.
        handins = [dataclasses.replace(stored, current=True) for stored in handins]
        used = {(one.digest, name): key for one in handins if one.digest for name, key in counted[one.id].items()}
        outcomes = StoredOutcomes(store, handins, tuple(self.points), self.keys.of, used)
        overrides = list(overrides)
        found: dict[str, dict[str, Mark]] = {student.id: {} for student in students}
        for exercise, points in self.points.items():
            own = [stored for stored in handins if exercise in counted[stored.id]]
            for mark in mark_class(students, own, outcomes, {exercise: points}, self.policy, overrides):
                found.setdefault(mark.student, {})[exercise] = mark
        return found

    @property
    def weights(self) -> Mapping[str, Fraction]:
        """What each exercise counts, 1 where nothing is said."""
        return self.policy.weights
