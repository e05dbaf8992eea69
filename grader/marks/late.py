"""How late a hand-in is, and what that leaves of its points."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from grader.classwork import LatePolicy, Policy

# Beyond this a hand-in is not later, only its clock was wrong. It keeps all arithmetic on dates inside of the calendar.
MOST_DAYS = 36500


def late_factor(policy: Policy, exercise: str, student: str, submitted_at: datetime | None) -> tuple[int, Fraction]:
    """How many days late a hand-in is (each day begun counts), and the share of its points that is kept.

    A hand-in is in time until the very second of its deadline. Nobody is late where there is no deadline, or where nothing says when
    something was handed in.
    """
    days = late_days(policy.late, exercise, student, submitted_at)
    return days, kept_after(policy.late, days)


def kept_after(late: LatePolicy, days: int) -> Fraction:
    """The share of the points that is kept by a hand-in that is so many days late: never below 0."""
    if late.cutoff_days is not None and days > late.cutoff_days:
        return Fraction(0)
    charged = max(0, days - late.grace_days)
    return max(Fraction(0), 1 - late.percent_per_day * charged / 100)


def is_past_cutoff(late: LatePolicy, days: int) -> bool:
    """Whether a hand-in that is so many days late is not accepted any more."""
    return late.cutoff_days is not None and days > late.cutoff_days


def late_days(late: LatePolicy, exercise: str, student: str, submitted_at: datetime | None) -> int:
    """The days begun after the deadline of this student."""
    due = due_at(late, exercise, student)
    if due is None or submitted_at is None or submitted_at <= due:
        return 0
    if submitted_at - due > timedelta(days=MOST_DAYS):
        return MOST_DAYS
    # Near the answer, and surely not above it: no clock was ever changed by more than a day.
    days = max(0, (submitted_at - due).days - 2)
    while submitted_at > _day_end(late, due, days):
        days += 1
    return days


def due_at(late: LatePolicy, exercise: str, student: str) -> datetime | None:
    """When an exercise is due from a student, extensions included, in UTC; None if it never is."""
    deadline = late.deadlines.get(exercise, late.deadline)
    if deadline is None:
        return None
    moved = _day_end(late, deadline, extension_of(late, exercise, student))
    return max(moved, late.due_dates.get(student, {}).get(exercise, moved))


def extension_of(late: LatePolicy, exercise: str, student: str) -> int:
    """How many days later than for others an exercise is due from a student; a new date may be later still."""
    return max(late.extensions.get(student, 0), late.exercise_extensions.get(student, {}).get(exercise, 0))


def _day_end(late: LatePolicy, due: datetime, days: int) -> datetime:
    """The time so many days after `due` at which the clock of the course shows the same hour."""
    if not days:
        return due
    zone = ZoneInfo(late.zone)
    return instant(due.astimezone(zone).replace(tzinfo=None) + timedelta(days=days), zone)


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which the clock of `zone` shows `wall`.

    Where it shows that twice, or jumps over it, the later moment of the two that are meant: in doubt for the student.
    """
    return max(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
