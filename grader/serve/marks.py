"""What a student gets, as things stand: the marks of ``grader.marks``, by the records that are published.

Which exercises a hand-in counts for stands in the store, so that every door marks alike. What cannot be read is in no store and counts for
nothing, since its author was told so at once and could hand in again.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from grader.batch.marking import Keys
from grader.classwork import Judged, Mark, Override, Policy, StoredHandin, Student
from grader.marks.marking import mark_class
from grader.serve import uploads
from grader.serve.cards import Cards
from grader.serve.database import Database
from grader.serve.rules import RuleBook

if TYPE_CHECKING:
    from grader.marks.marking import Points
    from grader.serve.editions import Editions
    from grader.store import Store

MOST_REMEMBERED = 5000
# The keys of the records by which each hand-in is marked, by its id in the store.
Published = Mapping[int, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """Hand-ins and what they are marked by. Two of one submission may be marked by records of different days, so that here the `digest` of
    each is its own.
    """

    handins: tuple[StoredHandin, ...]
    keys: Mapping[tuple[str, str], str]


class Marking:
    """Marks students by the rules as they stand. Marks are remembered as long as nothing that they are made of has changed."""

    def __init__(self, keys: Keys, cards: Cards, rules: RuleBook) -> None:
        self.keys = keys
        self.cards = cards
        self.rules = rules
        self._lock = threading.Lock()
        self._remembered: dict[str, tuple[object, dict[str, Mark]]] = {}

    @property
    def policy(self) -> Policy:
        """What counts now: the rules of the course, and what was set over them. The same object as long as nothing changes."""
        return self.rules.policy()

    @property
    def points(self) -> dict[str, Points]:
        """The points of each check in force, by exercise, function and check."""
        return self.cards.editions.points

    def of_student(self, store: Store, database: Database, student: str) -> dict[str, Mark]:
        """The marks of one student, by exercise."""
        counted = uploads.counted_for(database, student)
        overrides = [override for override in store.overrides() if override.student == student]
        editions, policy = self.cards.editions, self.policy
        now = (
            {number: tuple(keys.items()) for number, keys in counted.items()},
            [(one.id, one.withdrawn_at) for one in overrides],
            editions.mark,
            policy,
        )
        with self._lock:
            before = self._remembered.get(student)
        if before is not None and before[0] == now:
            return before[1]
        works = self.works(store.handins(student), counted)
        marks = self._mark(store, [Student(id=student)], works, overrides, editions, policy).get(student, {})
        with self._lock:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[student] = (now, marks)
        return marks

    def of_class(
        self,
        store: Store,
        database: Database,
        students: Sequence[Student],
        *,
        published: Published | None = None,
        editions: Editions | None = None,
    ) -> dict[str, dict[str, Mark]]:
        """The marks of everybody, by student and exercise.

        With `published` and `editions` they are what they would be by these records, with these editions in force.
        """
        counted = uploads.counted_for(database) if published is None else published
        works = self.works(store.handins(), counted)
        return self._mark(store, students, works, store.overrides(), editions or self.cards.editions, self.policy)

    def works(self, handins: Iterable[StoredHandin], published: Published) -> Works:
        """Hand-ins with the keys of their records: the published ones, and of what was no upload those of today."""
        handins = [stored for stored in handins if stored.digest is not None or not stored.handin.exercises]
        keys: dict[tuple[str, str], str] = {}
        for stored in (one for one in handins if one.digest is not None):
            own = published.get(stored.id)
            own = self.keys.of(stored.digest or "") if own is None else own
            keys |= {(str(stored.id), name): key for name, key in own.items() if stored.handin.counts_for(name)}
        apart = tuple(dataclasses.replace(stored, digest=stored.digest and str(stored.id)) for stored in handins)
        return Works(handins=apart, keys=keys)

    def _mark(
        self,
        store: Store,
        students: Sequence[Student],
        works: Works,
        overrides: Iterable[Override],
        editions: Editions,
        policy: Policy,
    ) -> dict[str, dict[str, Mark]]:
        there = dict(store.iter_verdicts(dict.fromkeys(works.keys.values())))
        records = {
            place: Judged(key=key, outcome=there[key], points=editions.points_for(there[key]))
            for place, key in works.keys.items()
            if key in there
        }
        found: dict[str, dict[str, Mark]] = {student.id: {} for student in students}
        for mark in mark_class(students, works.handins, records, editions.points, policy, overrides):
            found.setdefault(mark.student, {})[mark.exercise] = mark
        return found

    @property
    def weights(self) -> Mapping[str, Fraction]:
        """What each exercise counts, 1 where nothing is said."""
        return self.policy.weights
