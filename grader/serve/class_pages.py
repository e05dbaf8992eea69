"""The pages about the class, an exercise at a time, for those who teach: they show what hidden checks have found."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup
from starlette.exceptions import HTTPException

import grader.report
from grader.analysis.tables import render_tables
from grader.marks.total import brief
from grader.report.class_alike import alike_section
from grader.report.class_chart import histogram, small_histogram
from grader.report.class_items import items_section
from grader.report.class_page import bins_in_words, in_words
from grader.serve.access import NOT_THERE, Here, Staff
from grader.serve.api import exercise_called
from grader.serve.class_view import exercise_lines, exercise_view
from grader.serve.drawing import page
from grader.serve.files import attached

router = APIRouter(include_in_schema=False)
TABLES = ("items.csv", "mistakes.csv", "similarity.csv")
MOST_PEOPLE = 40
MOST_MISTAKES = 25
MOST_STUCK = 40
CLASS_STYLE = Path(grader.report.__file__).with_name("class_page.css")


@router.get("/style/class.css")
def class_style() -> Response:
    """The style of a class report, which is the same wherever one is shown."""
    return Response(CLASS_STYLE.read_text(encoding="utf-8"), media_type="text/css")


@router.get("/staff/exercises")
def exercises(request: Request, service: Here, visitor: Staff) -> HTMLResponse:
    """Every exercise: how the class stands."""
    lines = [(line, _made(small_histogram(line.distribution.bins))) for line in exercise_lines(service)]
    return page(request, "class.html", visitor, lines=lines, brief=brief)


@router.get("/staff/exercises/{name}")
def exercise(request: Request, service: Here, visitor: Staff, name: str) -> HTMLResponse:
    """The class at one exercise."""
    view = exercise_view(service, exercise_called(service, name, visitor))
    overview = view.overview
    return page(
        request,
        "class_exercise.html",
        visitor,
        view=view,
        overview=overview,
        exercise=view.exercise,
        told=in_words(overview.totals),
        chart=_made(histogram(overview.totals.bins, bins_in_words(overview.totals))) if overview.totals.count else "",
        items=_made("\n".join(items_section(overview))),
        alike=_made("\n".join(alike_section(overview))),
        standings=sorted(overview.standings, key=lambda one: one.accepted / one.students),
        tables=TABLES,
        most={"people": MOST_PEOPLE, "mistakes": MOST_MISTAKES, "stuck": MOST_STUCK},
    )


@router.get("/staff/exercises/{name}/{table}")
def table(service: Here, visitor: Staff, name: str, table: str) -> Response:
    """The whole of what the page shows the beginning of, for a spreadsheet."""
    if table not in TABLES:
        raise HTTPException(404, NOT_THERE)
    view = exercise_view(service, exercise_called(service, name, visitor))
    name = f"{view.exercise.name}-{table}"
    return Response(render_tables(view.overview)[table], media_type="text/csv", headers=attached(name))


def _made(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - grader.report escapes every text in what it makes
