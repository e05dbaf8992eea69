"""What goes with a scorecard: the figures of an upload, and the scorecard to take away."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from grader.model import Scorecard, View
from grader.report.page import figure_section, render_page
from grader.scorecard import render_scorecard
from grader.serve import views
from grader.serve.access import AStudent, Here, OwnUpload, SignedIn, expect_form
from grader.serve.accounts import Role
from grader.serve.drawing import page
from grader.serve.figures import Drawn, ask, figures_of
from grader.serve.files import attached
from grader.serve.pages import fields, redirect
from grader.serve.service import Service
from grader.serve.uploads import Upload

router = APIRouter(include_in_schema=False)


def functions_of(service: Service, upload: Upload) -> list[str]:
    """The functions that an upload counts for."""
    return [function.name for one in service.course.exercises if one.name in upload.exercises for function in one.functions]


def _drawn(service: Service, upload: Upload) -> list[Drawn]:
    return figures_of(service, upload.student, upload.digest, functions_of(service, upload)) if upload.digest else []


@router.get("/uploads/{number}/figures")
def figures(request: Request, service: Here, visitor: SignedIn, found: OwnUpload) -> HTMLResponse:
    """The experiments of the course with the functions of an upload, as far as they are drawn."""
    drawn = _drawn(service, found)
    return page(
        request,
        "figures.html",
        visitor,
        upload=found,
        drawn=[(one, _section(number, one)) for number, one in enumerate(drawn, 1)],
        waiting=sum(one.is_waiting for one in drawn),
        to_ask=[one.experiment.title for one in drawn if one.state in ("", "failed")],
        grading=found.is_waiting,
        may_ask=visitor.account.role is Role.STUDENT,
    )


def _section(number: int, one: Drawn) -> Markup:
    if one.figure is None:
        return Markup("")
    return Markup("\n".join(figure_section(number, one.figure)))  # noqa: S704 - grader.report.page escapes


@router.post("/uploads/{number}/figures")
async def draw(request: Request, service: Here, visitor: AStudent, found: OwnUpload) -> Response:
    """Have the figures drawn when there is time for it."""
    expect_form(visitor, (await fields(request)).get("form"))
    if found.digest and not found.is_waiting:
        await run_in_threadpool(ask, service, found.student, found.digest, functions_of(service, found))
    return redirect(f"/uploads/{found.id}/figures")


# -------------------------------------------------------------------------------------------------------------------- scorecard


def _card(service: Service, upload: Upload) -> Scorecard:
    card = views.card_of(service, upload) if not upload.is_waiting else None
    if card is None:
        raise HTTPException(404, "There is no scorecard for this upload.")
    return card


def _attached(text: str, media_type: str, upload: Upload) -> Response:
    suffix = media_type.partition("/")[2]
    return Response(text, media_type=media_type, headers=attached(f"scorecard-{upload.attempt}.{suffix}"))


@router.get("/uploads/{number}/scorecard.json")
def as_json(service: Here, visitor: SignedIn, found: OwnUpload) -> Response:
    """The scorecard as `grade schema` describes it, in the student's view, whoever asks."""
    return _attached(render_scorecard(_card(service, found), View.STUDENT), "application/json", found)


@router.get("/uploads/{number}/scorecard.html")
def as_page(service: Here, visitor: SignedIn, found: OwnUpload) -> Response:
    """The scorecard as one page that needs nothing else, as `grade report` writes it, with the figures that are drawn."""
    drawn = [one.figure for one in _drawn(service, found) if one.figure is not None]
    return _attached(render_page(_card(service, found), view=View.STUDENT, figures=drawn), "text/html", found)
