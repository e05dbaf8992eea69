"""Canvas: a CSV for Grades → Import.

Written for ``lib/gradebook_importer.rb`` of Canvas: the first columns are told by position and heading (``Student``, ``ID``,
``SIS User ID``, ``SIS Login ID``, perhaps ``Integration ID`` and ``Root Account``, ``Section``); an assignment is found by the id in
``Name (id)``, else by its exact name, else Canvas offers to make it; a row that begins with ``Points Possible`` is no student; an empty
cell *clears* a mark, so whoever has none that is final has no row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.export.results import (
    ClassResults,
    ExportError,
    Standing,
    cell,
    exercises_of,
    heading,
    named,
    points_possible,
    scaled,
    standings,
)
from grader.export.table import render_table
from grader.marks.total import shown

REMEDY = "Export the gradebook in Canvas (Grades, Export), and give that file to `grade batch` as --roster."
# Between ID and Section, in the order that the importer wants; the second two only where the gradebook has them.
ALWAYS, SOMETIMES = ("SIS User ID", "SIS Login ID"), ("Integration ID", "Root Account")
POINTS_POSSIBLE = "Points Possible"
WITH_ID = re.compile(r"(.*)\s\(\d+\)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One assignment: its heading, what it is out of, and what a student has of it."""

    title: str
    out_of: Fraction
    points: Callable[[Standing], Fraction | None]


def write_canvas(results: ClassResults) -> Iterator[tuple[str, str]]:
    """Write the gradebook import: one column for all exercises together, or one for each.

    Raises
    ------
    ExportError
        If somebody on the roster has no Canvas ID.
    """
    everybody = standings(results.students, results.revision)
    known = [one for one in everybody if one.on_roster]
    _refuse_without_ids(known)
    extra = [name for name in SOMETIMES if any(heading(one.student.columns, name) for one in known)]
    columns = list(_columns(results, known))
    rows: list[Sequence[str | int]] = [["Student", "ID", *ALWAYS, *extra, "Section", *(column.title for column in columns)]]
    rows.append([POINTS_POSSIBLE, "", *("" for _ in (*ALWAYS, *extra)), "", *(shown(column.out_of) for column in columns)])
    for one in known:
        points = [column.points(one) for column in columns]
        if one.is_final:
            of = one.student.columns
            who = [_name(one), cell(of, "ID"), *(cell(of, name) for name in (*ALWAYS, *extra))]
            rows.append([*who, cell(of, "Section") or one.student.section, *("" if mark is None else shown(mark) for mark in points)])
    yield "canvas.csv", render_table(rows)


def _refuse_without_ids(known: Sequence[Standing]) -> None:
    if not known:
        raise ExportError("nobody with marks is on a roster, so nobody's Canvas ID is known", remedy=REMEDY)
    if without := [one.student.id for one in known if not _canvas_id(one)]:
        raise ExportError(f"the roster has no Canvas ID of {named(without)}", remedy=REMEDY)


def _canvas_id(one: Standing) -> str:
    """Canvas's own number; in other rosters a column ``id`` is something else."""
    of = one.student.columns
    return cell(of, "ID") if any(heading(of, name) for name in ("Student", *ALWAYS)) else ""


def _name(one: Standing) -> str:
    """What stands first in the row. Canvas finds people by ID, and takes a row that says the two words for one of its own."""
    name = cell(one.student.columns, "Student") or one.student.name
    return "" if POINTS_POSSIBLE in name else name


def _columns(results: ClassResults, known: Sequence[Standing]) -> Iterator[Column]:
    headings = known[0].student.columns
    if results.by_exercise:
        for name in exercises_of(results.revision):
            own = [one.marks[name].max_points for one in known if name in one.marks]
            yield _column_of(name, _assignment(name, headings), Fraction(max(own, default=0)))
        return
    out_of = results.out_of or points_possible(known)
    title = _assignment(results.assignment or results.revision.course, headings)
    yield Column(title=title, out_of=out_of, points=lambda one: scaled(one.total, out_of) if one.is_final else None)


def _column_of(name: str, title: str, out_of: Fraction) -> Column:
    def points(one: Standing) -> Fraction | None:
        mark = one.marks.get(name)
        return None if mark is None or mark.pending else mark.final

    return Column(title=title, out_of=out_of, points=points)


def _assignment(name: str, headings: dict[str, str]) -> str:
    """The heading that the gradebook has for an assignment, with its id, so that Canvas finds it again; else its name."""
    for title in headings:
        found = WITH_ID.fullmatch(title)
        if title == name or (found is not None and found[1] == name):
            return title
    return name
