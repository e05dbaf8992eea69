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
# So many students' hand-ins are read one student after another; of more, it is sooner to read all.
FEW = 30
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
        overrides = [override for override in store.overrides() if override.student == student]
        return self._of(store, [Student(id=student)], uploads.counted_by_student(database, student), overrides).get(student, {})

    def of_class(self, store: Store, database: Database, students: Sequence[Student]) -> dict[str, dict[str, Mark]]:
        """The marks of everybody, by student and exercise."""
        return self._of(store, students, uploads.counted_by_student(database), store.overrides())

    def with_records(
        self, store: Store, students: Sequence[Student], published: Published, editions: Editions
    ) -> dict[str, dict[str, Mark]]:
        """The marks of everybody as they would be by these records, with these editions in force; nothing of it is remembered."""
        works = self.works(store.handins(), published)
        return self._mark(store, students, works, store.overrides(), editions, self.policy)

    def _of(
        self, store: Store, students: Sequence[Student], counted: Mapping[str, Published], overrides: Iterable[Override]
    ) -> dict[str, dict[str, Mark]]:
        """The marks of some students. Only those of whom something has changed are marked again: in a busy hour, one in a hundred."""
        editions, policy = self.cards.editions, self.policy
        by_hand: dict[str, list[Override]] = {}
        for one in overrides:
            by_hand.setdefault(one.student, []).append(one)
        states = {
            student.id: (
                {number: tuple(keys.items()) for number, keys in counted.get(student.id, {}).items()},
                [(one.id, one.withdrawn_at) for one in by_hand.get(student.id, ())],
                editions.mark,
                policy,
            )
            for student in students
        }
        found = self._recall(states)
        stale = [student for student in students if student.id not in found]
        if stale:
            published = {number: keys for student in stale for number, keys in counted.get(student.id, {}).items()}
            works = self.works(_handins_of(store, [student.id for student in stale]), published)
            held = [one for student in stale for one in by_hand.get(student.id, ())]
            fresh = self._mark(store, stale, works, held, editions, policy)
            self._remember(states, fresh)
            found |= fresh
        return found

    def _recall(self, states: Mapping[str, object]) -> dict[str, dict[str, Mark]]:
        with self._lock:
            before = {name: self._remembered[name] for name in states if name in self._remembered}
        return {name: marks for name, (state, marks) in before.items() if state == states[name]}

    def _remember(self, states: Mapping[str, object], marks: Mapping[str, dict[str, Mark]]) -> None:
        with self._lock:
            if len(self._remembered) + len(marks) > max(MOST_REMEMBERED, 2 * len(states)):
                self._remembered.clear()
            self._remembered |= {name: (states[name], own) for name, own in marks.items()}

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


def _handins_of(store: Store, students: Sequence[str]) -> list[StoredHandin]:
    if len(students) <= FEW:
        return [stored for student in students for stored in store.handins(student)]
    wanted = set(students)
    return [stored for stored in store.handins() if stored.handin.student in wanted]
