"""Moodle: the grading worksheet of an assignment where the roster was one, else a CSV for the gradebook's import.

Written for ``mod/assign/feedback/offline`` of Moodle: the worksheet is found again by ``Identifier``, ``Grade`` and
``Last modified (grade)``, is skipped in silence where a grade exceeds the maximum, and its comments are taken for HTML. So the roster's own
columns are given back as they are, and only the grade and the comments are filled in.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from fractions import Fraction

from grader.export.results import (
    ClassResults,
    Document,
    ExportError,
    Standing,
    cell,
    heading,
    named,
    points_possible,
    scaled,
    standings,
    state_of,
)
from grader.export.table import render_table
from grader.export.told import checks_of, problem_lines
from grader.marks.total import brief, shown

WORKSHEET = ("Identifier", "Grade", "Last modified (grade)")
COMMENTS = "Feedback comments"
# How the gradebook's import may recognise somebody, the best first.
IDENTIFYING = ("Username", "ID number", "Email address")
REMEDY = "Download the assignment's grading worksheet, or export the gradebook, and give that file to `grade batch` as --roster."
MOST_TOLD = 12


def write_moodle(results: ClassResults) -> Iterator[tuple[str, str]]:
    """Write the worksheet, or the gradebook's import.

    Raises
    ------
    ExportError
        If nobody can be identified, or if the worksheet's maximum is not what the marks are out of.
    """
    known = [one for one in standings(results.students, results.revision) if one.on_roster]
    if not known:
        raise ExportError("nobody with marks is on a roster, so Moodle would find nobody", remedy=REMEDY)
    out_of = results.out_of or points_possible(known)
    if all(heading(known[0].student.columns, name) for name in WORKSHEET):
        _refuse_other_maximum(known, out_of)
        yield "moodle.csv", render_table(_worksheet(results, known, out_of))
    else:
        yield "moodle.csv", render_table(_gradebook(results, known, out_of))


def feedback_of(standing: Standing, document: Document | None) -> str:
    """The comments for a student, as HTML: the mark of each exercise, and what the first failed checks saw."""
    lines = [f"{name}: {brief(mark.final)} of {mark.max_points} points" for name, mark in standing.marks.items()]
    lines += state_of(standing.marks.values())
    if document is not None:
        lines += problem_lines(document)
        failures = [one for one in checks_of(document) if one.is_first_failure]
        lines += [f"{one.name}. {one.message}" for one in failures[:MOST_TOLD]]
        if len(failures) > MOST_TOLD:
            lines.append(f"And {len(failures) - MOST_TOLD} more functions that lost points.")
    return "<br>".join(html.escape(line, quote=False) for line in lines)


def _worksheet(results: ClassResults, known: Sequence[Standing], out_of: Fraction) -> Iterator[Sequence[str]]:
    headings = list(known[0].student.columns)
    yield headings
    grade, comments = heading(known[0].student.columns, "Grade"), heading(known[0].student.columns, COMMENTS)
    for one in known:
        row = dict(one.student.columns)
        # A row that stays as it was changes nothing; an emptied comment would clear what a teacher wrote.
        if one.is_final:
            row[grade or "Grade"] = shown(scaled(one.total, out_of))
            if comments is not None:
                row[comments] = feedback_of(one, results.card(one.student.id))
        yield [row.get(name, "") for name in headings]


def _gradebook(results: ClassResults, known: Sequence[Standing], out_of: Fraction) -> Iterator[Sequence[str]]:
    way = next((name for name in IDENTIFYING if all(_identity(one, name) for one in known)), None)
    if way is None:
        without = [one.student.id for one in known if not _identity(one, IDENTIFYING[-1])]
        text = f"the roster has neither everybody's username nor ID number, and no email address of {named(without)}"
        raise ExportError(text, remedy=REMEDY)
    title = results.assignment or results.revision.course
    yield [way, "Full name", title, "Feedback"]
    for one in known:
        if one.is_final:
            feedback = feedback_of(one, results.card(one.student.id))
            yield [_identity(one, way), one.student.name, shown(scaled(one.total, out_of)), feedback]


def _identity(one: Standing, way: str) -> str:
    return cell(one.student.columns, way) or (one.student.email if way == "Email address" else "")


def _refuse_other_maximum(known: Sequence[Standing], out_of: Fraction) -> None:
    """Moodle skips a grade above the maximum without a word, and one far below it looks like a failure."""
    stated = {cell(one.student.columns, "Maximum Grade") for one in known} - {""}
    for text in stated:
        maximum = _number(text)
        if maximum is not None and maximum != out_of:
            raise ExportError(
                f"the worksheet's maximum grade is {brief(maximum)}, and the marks are out of {brief(out_of)}",
                remedy=f"Give --out-of {brief(maximum)}, or set the maximum in Moodle and download the worksheet again.",
            )


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text.strip().replace(",", "."))
    except (ValueError, ZeroDivisionError):
        return None
