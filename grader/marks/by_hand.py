"""What an override, or its withdrawal, does to a mark that stands, without marking the class again."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from fractions import Fraction

from grader.classwork import Mark, Override, Record, Revision
from grader.marks.marking import active_overrides, full_points, scored


def by_hand(
    revision: Revision, overrides: Iterable[Override], student: str, exercise: str, record: Record | None, *, readable: bool
) -> Mark:
    """The mark of a student for an exercise, as these overrides leave it.

    `record` is the one that the mark came from, None if there is none; `readable` says whether there is a hand-in that could be read.
    """
    mark = next(mark for mark in revision.marks if (mark.student, mark.exercise) == (student, exercise))
    points = revision.points[exercise]
    override = active_overrides(overrides).get((student, exercise))
    if override is not None:
        return dataclasses.replace(mark, final=override.points, max_points=full_points(points), override=override.id, pending=False)
    if mark.override is None:
        return mark
    found = scored(record.outcome, points) if record else None
    return dataclasses.replace(
        mark,
        final=mark.points * mark.late_factor if found else Fraction(0),
        max_points=found[1] if found else full_points(points),
        override=None,
        pending=readable and found is None and mark.late_factor > 0,
    )
