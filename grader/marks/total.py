"""What a student gets for all exercises together, exactly, and how a mark is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from grader.classwork import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The weighted sum of one student's marks. ``pending`` are the exercises that count and whose mark is not final."""

    student: str
    points: Fraction
    max_points: Fraction
    pending: tuple[str, ...] = ()

    @property
    def percent(self) -> Fraction:
        """The share of the points, of 100; 0 where there are none to get."""
        return 100 * self.points / self.max_points if self.max_points else Fraction(0)


def total_of(student: str, marks: Iterable[Mark], weights: Mapping[str, Fraction]) -> Total:
    """Add up the marks of one student, each by its weight; a pending one brings its maximum and what it has so far."""
    points = max_points = Fraction(0)
    pending = []
    for mark in marks:
        weight = weights.get(mark.exercise, Fraction(1))
        points += weight * mark.final
        max_points += weight * mark.max_points
        if mark.pending and weight:
            pending.append(mark.exercise)
    return Total(student=student, points=points, max_points=max_points, pending=tuple(pending))


def class_totals(marks: Iterable[Mark], weights: Mapping[str, Fraction]) -> dict[str, Total]:
    """The total of each student, in the order in which they first occur."""
    by_student: dict[str, list[Mark]] = {}
    for mark in marks:
        by_student.setdefault(mark.student, []).append(mark)
    return {student: total_of(student, own, weights) for student, own in by_student.items()}


def shown(value: Fraction | int) -> str:
    """A mark with two decimals; half a cent is rounded up, away from 0 (``ROUND_HALF_UP``): 1/8 is 0.13, -1/8 is -0.13."""
    # Exactly, in integers: floor(|value| * 100 + 1/2).
    exact = Fraction(value)
    cents = (200 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return f"{'-' if exact < 0 and cents else ''}{cents // 100}.{cents % 100:02d}"


def brief(value: Fraction | int) -> str:
    """A mark as people write it: as ``shown``, without zeros at the end."""
    return shown(value).rstrip("0").rstrip(".")


def signed(value: Fraction | int) -> str:
    """A difference of marks with its sign; what is not 0, but rounds to it, as an exact fraction."""
    text = brief(value)
    if text == "0" and value:
        text = str(value)
    return f"+{text}" if value > 0 else text
