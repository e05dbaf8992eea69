"""What has changed between two states of all marks: who goes up, down and stays, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from grader.classwork import Mark, Revision
from grader.marks.reasons import Cause, Reason, Side, points_sentences, policy_sentences, why
from grader.marks.total import Total, brief, class_totals


class Move(StrEnum):
    """What became of a mark, or of a student. ``pending`` is what only the machinery has changed: nothing is decided there."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    NEW = "new"
    GONE = "gone"
    PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One mark before and after. The amounts of the reasons add up to the change."""

    student: str
    exercise: str
    move: Move
    before: Mark | None
    after: Mark | None
    reasons: tuple[Reason, ...] = ()

    @property
    def amount(self) -> Fraction:
        """By how much the mark rose; what is not there counts 0."""
        return (self.after.final if self.after else Fraction(0)) - (self.before.final if self.before else Fraction(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentChange:
    """One student's total before and after, and all marks of it. ``reasons`` are those that belong to no single mark."""

    student: str
    move: Move
    before: Total | None
    after: Total | None
    changes: tuple[Change, ...]
    reasons: tuple[Reason, ...] = ()

    @property
    def amount(self) -> Fraction:
        """By how much the total rose; what is not there counts 0."""
        return (self.after.points if self.after else Fraction(0)) - (self.before.points if self.before else Fraction(0))

    @property
    def moved(self) -> tuple[Change, ...]:
        """The marks for which something is to be said."""
        return tuple(change for change in self.changes if change.move is not Move.SAME or change.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """All students of both revisions, the biggest change first. ``notes`` say what changed for everybody."""

    old: Revision
    new: Revision
    notes: tuple[str, ...]
    students: tuple[StudentChange, ...]

    @property
    def counts(self) -> dict[Move, int]:
        """How many students went where; together they are all."""
        found = Counter(student.move for student in self.students)
        return {move: found[move] for move in Move}

    @property
    def moved(self) -> tuple[StudentChange, ...]:
        """The students of whom something is to be said."""
        return tuple(one for one in self.students if one.move is not Move.SAME or one.moved or one.reasons)


def diff(old: Side, new: Side) -> Diff:
    """Compare two revisions, of one store or of two."""
    before, after = _by_student(old.revision), _by_student(new.revision)
    totals_before = class_totals(old.revision.marks, old.revision.policy.weights)
    totals_after = class_totals(new.revision.marks, new.revision.policy.weights)
    students = []
    for student in dict.fromkeys((*before, *after)):
        changes = tuple(_changes(student, before.get(student, {}), after.get(student, {}), old, new))
        total_before, total_after = totals_before.get(student), totals_after.get(student)
        students.append(
            StudentChange(
                student=student,
                move=_total_move(total_before, total_after),
                before=total_before,
                after=total_after,
                changes=changes,
                reasons=tuple(_weight_reasons(changes, old, new)),
            )
        )
    students.sort(key=lambda one: (one.move is Move.SAME, -abs(one.amount), one.student))
    return Diff(old=old.revision, new=new.revision, notes=tuple(_notes(old.revision, new.revision)), students=tuple(students))


def change_of(student: str, exercise: str, old: Side, new: Side) -> Change | None:
    """The change of one mark between two revisions; None if neither has it."""
    before, after = (mark_of(side.revision, student, exercise) for side in (old, new))
    return _change(student, exercise, before, after, old, new) if before or after else None


def mark_of(revision: Revision, student: str, exercise: str) -> Mark | None:
    """The mark of a student for an exercise, if the revision has it."""
    return next((mark for mark in revision.marks if (mark.student, mark.exercise) == (student, exercise)), None)


def _by_student(revision: Revision) -> dict[str, dict[str, Mark]]:
    found: dict[str, dict[str, Mark]] = {}
    for mark in revision.marks:
        found.setdefault(mark.student, {})[mark.exercise] = mark
    return found


def _changes(student: str, before: dict[str, Mark], after: dict[str, Mark], old: Side, new: Side) -> Iterator[Change]:
    for exercise in dict.fromkeys((*before, *after)):
        yield _change(student, exercise, before.get(exercise), after.get(exercise), old, new)


def _change(student: str, exercise: str, before: Mark | None, after: Mark | None, old: Side, new: Side) -> Change:
    move = _mark_move(before, after)
    reasons = why(before, after, old, new)
    return Change(student=student, exercise=exercise, move=move, before=before, after=after, reasons=reasons)


def _mark_move(before: Mark | None, after: Mark | None) -> Move:
    if before is None or after is None:
        return Move.NEW if before is None else Move.GONE
    return _move(before.final, after.final, before.pending, after.pending)


def _total_move(before: Total | None, after: Total | None) -> Move:
    if before is None or after is None:
        return Move.NEW if before is None else Move.GONE
    return _move(before.points, after.points, before.pending, after.pending)


def _move(before: Fraction, after: Fraction, was_pending: object, is_pending: object) -> Move:
    if before == after and was_pending == is_pending:
        return Move.SAME
    if was_pending or is_pending:
        return Move.PENDING
    return Move.SAME if before == after else Move.UP if after > before else Move.DOWN


def _weight_reasons(changes: tuple[Change, ...], old: Side, new: Side) -> Iterator[Reason]:
    """What changed weights do to what a student had; what the marks themselves changed counts with the new weight."""
    for change in changes:
        was, now = (side.revision.policy.weights.get(change.exercise, Fraction(1)) for side in (old, new))
        if change.before is not None and change.after is not None and was != now:
            sentence = f"{change.exercise} counts {brief(now)} times instead of {brief(was)} times."
            yield Reason(cause=Cause.WEIGHT, sentence=sentence, amount=change.before.final * (now - was))


def _notes(old: Revision, new: Revision) -> Iterator[str]:
    if old.course != new.course:
        yield f"These are marks of two courses: {old.course} and {new.course}."
    elif old.course_version != new.course_version:
        yield f"The course is version {new.course_version} instead of {old.course_version}."
    if old.seed_fingerprint != new.seed_fingerprint:
        yield "The hidden inputs come from another seed."
    yield from policy_sentences(old.policy, new.policy)
    yield from points_sentences(old.points, new.points)
