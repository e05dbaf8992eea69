"""``gradebook.csv``: one row for each student, with what counts and what it was made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.classwork import Mark, Revision, Student
from grader.export.results import exercises_of, standings
from grader.export.table import render_table
from grader.marks.total import shown

# What stands in the column "state" of a student, the first that is true.
PENDING = "not all graded"
MISSING = "nothing handed in"
LATE = "late"
OVERRIDDEN = "set by hand"


def render_gradebook(students: Iterable[Student], revision: Revision) -> str:
    """Render all marks of a revision as CSV: ids, the mark of each exercise, the weighted total and its share, and what is special.

    Students are in the order of the roster, those that are on none after it. Every mark has two decimals; a mark that could not be
    determined is an empty cell, never a 0.
    """
    exercises = exercises_of(revision)
    rows: list[Sequence[str | int]] = [
        ["student", "name", "section", "email", *exercises, "total", "out of", "percent", "late days", "state"],
    ]
    for standing in standings(students, revision):
        marks, person, total = standing.marks, standing.student, standing.total
        cells = ["" if mark is None or mark.pending else shown(mark.final) for mark in map(marks.get, exercises)]
        whole = ["", ""] if total.pending else [shown(total.points), shown(total.percent)]
        days = max((mark.late_days for mark in marks.values()), default=0)
        who = [person.id, person.name, person.section, person.email]
        rows.append([*who, *cells, whole[0], shown(total.max_points), whole[1], days, state_of(marks.values())])
    return render_table(rows)


def state_of(marks: Iterable[Mark]) -> str:
    """What is special about a student's marks, in few words; nothing if nothing is."""
    marks = list(marks)
    states = []
    if any(mark.pending for mark in marks):
        states.append(PENDING)
    if marks and all(mark.handin is None and mark.override is None for mark in marks):
        states.append(MISSING)
    if any(mark.late_factor != 1 for mark in marks):
        states.append(LATE)
    if any(mark.override is not None for mark in marks):
        states.append(OVERRIDDEN)
    return ", ".join(states)
