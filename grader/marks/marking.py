"""Give every student a mark for every exercise, from what was handed in, what was found, and what counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from grader.classwork import Attempts, Judged, Mark, Override, Policy, Record, StoredHandin, Student
from grader.marks.late import is_past_cutoff, late_factor
from grader.model import ExerciseOutcome, Verdict

if TYPE_CHECKING:
    from grader.checks.model import Check

# The points of each check of one exercise, by function and check.
Points = Mapping[str, Mapping[str, int]]
Records = Mapping[tuple[str, str], Record | Judged]
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What one attempt would give for one exercise, if it counted. ``found`` is None where the machinery has given no outcome (yet)."""

    attempt: StoredHandin
    found: tuple[int, int] | None
    record: str
    late_days: int
    late_factor: Fraction
    accepted: bool

    @property
    def final(self) -> Fraction:
        """The points after lateness, 0 where there are none yet."""
        return self.found[0] * self.late_factor if self.found else Fraction(0)

    @property
    def may_rise(self) -> bool:
        """Whether an outcome that is still to come can give points."""
        return self.found is None and self.late_factor > 0


def points_of(checks: Mapping[str, Sequence[Check]]) -> dict[str, dict[str, dict[str, int]]]:
    """The points of each check, by exercise, function and check."""
    table: dict[str, dict[str, dict[str, int]]] = {}
    for exercise, own in checks.items():
        functions = table.setdefault(exercise, {})
        for check in own:
            functions.setdefault(check.function, {})[check.name] = check.points
    return table


def mark_class(
    students: Sequence[Student],
    handins: Iterable[StoredHandin],
    records: Records,
    points: Mapping[str, Points],
    policy: Policy,
    overrides: Iterable[Override] = (),
) -> tuple[Mark, ...]:
    """Mark everybody for everything.

    Parameters
    ----------
    students
        The roster; who has handed in without being on it comes behind, by name.
    handins
        What was handed in, in any order. What is not current does not count, and what names exercises counts for these alone.
    records
        The record of a submission's digest and an exercise; a mapping may look it up when it is asked, which it is for all exercises of a
        student before the next one. One that is not there, or whose checks are not those of `points`, makes the mark pending.
    points
        The points of each check by exercise, function and check (``points_of``); exercises are marked in this order.
    policy, overrides
        What counts. Of several overrides of a mark that were not withdrawn the newest wins.
    """
    by_student: dict[str, list[StoredHandin]] = {student.id: [] for student in students}
    strangers: dict[str, list[StoredHandin]] = {}
    for stored in (one for one in handins if one.current):
        known = by_student if stored.handin.student in by_student else strangers
        known.setdefault(stored.handin.student, []).append(stored)
    by_student |= dict(sorted(strangers.items()))
    by_hand = active_overrides(overrides)
    return tuple(
        _mark(student, exercise, attempts_at(exercise, own), records, points[exercise], policy, by_hand.get((student, exercise)))
        for student, own in by_student.items()
        for exercise in points
    )


def attempts_at(exercise: str, handins: Iterable[StoredHandin]) -> list[StoredHandin]:
    """Those of one student's hand-ins that count for an exercise, the first first."""
    return sorted((stored for stored in handins if stored.handin.counts_for(exercise)), key=in_order)


def in_order(stored: StoredHandin) -> tuple[int, datetime, str, int]:
    """Sorts the attempts of one student, the first first."""
    return stored.handin.attempt, stored.handin.submitted_at or LONG_AGO, stored.handin.source, stored.id


def active_overrides(overrides: Iterable[Override]) -> dict[tuple[str, str], Override]:
    """The override that holds for each student and exercise: the newest that was not withdrawn."""
    held = [override for override in overrides if override.withdrawn_at is None]
    return {(one.student, one.exercise): one for one in sorted(held, key=lambda one: (one.made_at, one.id))}


def _mark(
    student: str,
    exercise: str,
    attempts: Sequence[StoredHandin],
    records: Records,
    points: Points,
    policy: Policy,
    override: Override | None,
) -> Mark:
    full = full_points(points)
    worths = [worth(attempt, exercise, records, points, policy) for attempt in attempts]
    chosen = counting(worths, policy.attempts)
    if override is not None:
        # What is set by hand is set against the whole exercise, and waits for nobody.
        points_, final, max_points, pending = chosen.found[0] if chosen and chosen.found else 0, override.points, full, False
    elif chosen is None:
        points_, final, max_points, pending = 0, Fraction(0), full, False
    else:
        points_, max_points = chosen.found or (0, full)
        final, pending = chosen.final, is_pending(worths, chosen, full, policy.attempts)
    return Mark(
        student=student,
        exercise=exercise,
        points=points_,
        max_points=max_points,
        final=final,
        handin=chosen.attempt.id if chosen else None,
        record=chosen.record if chosen else "",
        late_days=chosen.late_days if chosen else 0,
        late_factor=chosen.late_factor if chosen else Fraction(1),
        override=override.id if override else None,
        pending=pending,
    )


def worth(attempt: StoredHandin, exercise: str, records: Records, points: Points, policy: Policy) -> Worth:
    """What an attempt would give for an exercise, if it counted. One that nobody can read gives nothing, and waits for nothing."""
    days, factor = late_factor(policy, exercise, attempt.handin.student, attempt.handin.submitted_at)
    found: tuple[int, int] | None = (0, full_points(points))
    key = ""
    if attempt.digest is not None:
        record = records.get((attempt.digest, exercise))
        own = record.points if isinstance(record, Judged) and record.points is not None else points
        found = scored(record.outcome, own) if record else None
        key = record.key if record and found else ""
    return Worth(
        attempt=attempt, found=found, record=key, late_days=days, late_factor=factor, accepted=not is_past_cutoff(policy.late, days)
    )


def counting(worths: Sequence[Worth], which: Attempts) -> Worth | None:
    """The attempt that counts, of those of one student in their order; None of none.

    The last one is the last that came before the cutoff, if any did: what is not accepted any more does not replace what was. The best is
    the one with the highest mark after lateness; of several the one with fewer points out of reach, and then the first.
    """
    if which is Attempts.LAST:
        return next((one for one in reversed(worths) if one.accepted), worths[-1] if worths else None)
    return max(worths, key=_goodness, default=None)


def _goodness(one: Worth) -> tuple[Fraction, Fraction, bool, int]:
    # An outcome that is there comes before one that is not; and max() gives the first of equals.
    share = Fraction(one.found[0], one.found[1]) if one.found and one.found[1] else Fraction(0)
    return one.final, share, one.found is not None, -one.late_days


def is_pending(worths: Sequence[Worth], chosen: Worth, full: int, which: Attempts) -> bool:
    """Whether a mark may still change when the machinery has done its work."""
    if which is Attempts.LAST:
        return chosen.may_rise
    return any(one.may_rise and full * one.late_factor > chosen.final for one in worths)


# --------------------------------------------------------------------------------------------------------------------- points


def full_points(points: Points) -> int:
    """The points of an exercise whose every check counts."""
    return sum(sum(checks.values()) for checks in points.values())


def scored(outcome: ExerciseOutcome, points: Points) -> tuple[int, int] | None:
    """The points of an outcome, and how many there were to get; None if its checks are not those that have points.

    As in ``grader.scoring``, a fault of ours takes the points of its check out of both.
    """
    verdicts = verdicts_of(outcome)
    if verdicts.keys() != {(function, check) for function, checks in points.items() for check in checks}:
        return None
    earned = sum(points[function][check] for (function, check), verdict in verdicts.items() if verdict is Verdict.ACCEPTED)
    faults = sum(points[function][check] for (function, check), verdict in verdicts.items() if verdict is Verdict.GRADER_ERROR)
    return earned, full_points(points) - faults


def verdicts_of(outcome: ExerciseOutcome) -> dict[tuple[str, str], Verdict]:
    """The verdict of each check, by function and check."""
    return dict(_verdicts(outcome))


def is_of(outcome: ExerciseOutcome, checks: Iterable[Check]) -> bool:
    """Whether an outcome is of these very checks, no more and no fewer."""
    return verdicts_of(outcome).keys() == {(check.function, check.name) for check in checks}


def _verdicts(outcome: ExerciseOutcome) -> Iterator[tuple[tuple[str, str], Verdict]]:
    for function in outcome.functions:
        for check in function.checks:
            yield (function.function, check.check), check.verdict
