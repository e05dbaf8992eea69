"""The JSON API, for terminals and programs: /api/v1, described by /api/v1/openapi.json."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from grader.catalog import Exercise
from grader.model import View
from grader.report.text import render_text
from grader.scorecard import scorecard_document
from grader.serve import uploads, views
from grader.serve.access import NOT_THERE, AStudent, Here, OwnUpload, SignedIn, expect_form
from grader.serve.entering import WRONG, sign_in
from grader.serve.files import stub_file
from grader.serve.handing_in import hand_in
from grader.serve.passwords import in_own_thread
from grader.serve.service import Service
from grader.serve.sessions import Kind, Visitor, begin_session, end_session
from grader.serve.shapes import Credentials, Document, ExerciseShape, Me, Status, Syllabus, Token, UploadShape
from grader.serve.watching import events_of

Responses = dict[int | str, dict[str, Any]]
PROBLEM = {"content": {"application/json": {"schema": {"type": "object", "properties": {"detail": {"type": "string"}}}}}}
REFUSED: Responses = {
    400: {"description": "The body cannot be read.", **PROBLEM},
    401: {"description": "Sign in first.", **PROBLEM},
    403: {"description": "You may not do this.", **PROBLEM},
    404: {"description": "Not there, or you may not see it.", **PROBLEM},
    413: {"description": "Too large.", **PROBLEM},
    422: {"description": "What was sent cannot be read or used.", **PROBLEM},
    429: {"description": "Too many requests; the header Retry-After says when to try again.", **PROBLEM},
    503: {"description": "The store cannot be reached; the header Retry-After says when to try again.", **PROBLEM},
    507: {"description": "The disk is full; the header Retry-After says when to try again.", **PROBLEM},
}
FILE = {"type": "string", "format": "binary", "minLength": 1}
BYTES = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": FILE}}}}
STUB: Responses = {200: {"description": "The file.", "content": {"text/x-python": {"schema": {"type": "string"}}}}}
# The plain one is the text of `grade check`.
CARD: Responses = {
    200: {
        "description": "The scorecard.",
        "content": {"application/json": {"schema": {"type": "object"}}, "text/plain": {"schema": {"type": "string"}}},
    }
}
# One event; its data is JSON.
EVENT = {"type": "object", "properties": {"event": {"type": "string"}, "data": {"type": "string"}}, "required": ["event", "data"]}
EVENTS: Responses = {200: {"description": "The events.", "content": {"text/event-stream": {"schema": EVENT}}}}
# For who reads the description; the refusal is a sentence of ours.
ENDING = {"pattern": r"[^/\\]\.([pP][yY]|[iI][pP][yY][nN][bB]|[zZ][iI][pP])$"}

router = APIRouter(prefix="/api/v1", responses=REFUSED)


def exercise_called(service: Service, name: str, visitor: Visitor) -> Exercise:
    """The exercise of this name. Raises 404 if there is none that the visitor sees."""
    found = next((exercise for exercise in service.course.exercises if exercise.name == name), None)
    if found is None or not (visitor.is_staff or service.rules.is_open(name)):
        raise HTTPException(404, NOT_THERE)
    return found


@router.post("/sessions", status_code=201, tags=["sign in"])
async def begin(service: Here, request: Request, credentials: Credentials) -> Token:
    """Sign in from a terminal."""
    account = await in_own_thread(sign_in, service, request, credentials.email, credentials.password)
    if account is None:
        raise HTTPException(401, WRONG)
    agent = request.headers.get("user-agent", "")
    token = await run_in_threadpool(begin_session, service.database, account, Kind.TERMINAL, service.settings, agent)
    return Token(token=token, course=service.course.title or service.course.name)


@router.delete("/sessions", status_code=204, tags=["sign in"])
def end(service: Here, visitor: SignedIn, request: Request) -> None:
    """Sign out: this session ends."""
    expect_form(visitor, request.headers.get("x-csrf-token"))
    end_session(service.database, visitor.token)


@router.get("/me", tags=["sign in"])
def me(visitor: SignedIn) -> Me:
    """Who is signed in."""
    account = visitor.account
    return Me(name=account.name, email=account.email, role=account.role.value, student=account.student)


@router.get("/status", tags=["course"])
def status(service: Here, visitor: SignedIn) -> Status:
    """How long the queue is, and about how long it takes."""
    found = views.status_of(service)
    # Why the machinery rests may name places on the server.
    return found if visitor.is_staff or not found.trouble else found.model_copy(update={"trouble": "grading is paused; nothing is lost"})


@router.get("/syllabus", tags=["course"])
def syllabus(service: Here, visitor: SignedIn) -> Syllabus:
    """The exercises in the order of learning, with one's own progress and what is due when."""
    return views.syllabus_of(service, visitor.account.student)


@router.get("/exercises/{name}", tags=["course"])
def exercise(service: Here, visitor: SignedIn, name: str) -> ExerciseShape:
    """One exercise: the problem, its formulas, its functions."""
    return views.exercise_shape(exercise_called(service, name, visitor), views.open_to(service, visitor))


@router.get("/exercises/{name}/stub", tags=["course"], response_class=Response, responses=STUB)
def stub(service: Here, visitor: SignedIn, name: str) -> PlainTextResponse:
    """The file to start from."""
    return stub_file(exercise_called(service, name, visitor))


@router.post("/uploads", status_code=202, tags=["hand in"], openapi_extra=BYTES)
async def upload(
    service: Here,
    visitor: AStudent,
    request: Request,
    response: Response,
    name: Annotated[str, Query(max_length=500, description="The file's name: its ending says what it is.", json_schema_extra=ENDING)],
    exercise: Annotated[str, Query(max_length=200, description="Hand in for this exercise only.")] = "",
) -> UploadShape:
    """Hand in a .py file, a notebook or a zip, as the body of the request. When this answers, it is kept, and will be graded."""
    expect_form(visitor, request.headers.get("x-csrf-token"))
    body = b"".join([part async for part in request.stream()])
    taken = await hand_in(service, visitor, name=name, body=body, exercise=exercise)
    response.headers["location"] = f"/api/v1/uploads/{taken.id}"
    return await run_in_threadpool(views.upload_shape, service, taken)


@router.get("/uploads", tags=["hand in"])
def my_uploads(service: Here, visitor: SignedIn) -> list[UploadShape]:
    """What one has handed in, the newest first; 200 at most."""
    if not visitor.account.student:
        return []
    return views.upload_shapes(service, uploads.uploads_of(service.database, visitor.account.student))


@router.get("/uploads/{number}", tags=["hand in"])
def one_upload(service: Here, found: OwnUpload) -> UploadShape:
    """How far an upload has come."""
    return views.upload_shape(service, found)


@router.get("/uploads/{number}/scorecard", tags=["hand in"], response_model=None, responses=CARD)
def scorecard(
    service: Here,
    found: OwnUpload,
    output: Annotated[str, Query(alias="format", pattern="^(json|text)$")] = "json",
    width: Annotated[int, Query(ge=40, le=200)] = 100,
) -> Document | PlainTextResponse:
    """The scorecard of an upload in the student's view: as `grade schema` describes, or as text. 404 while there is none."""
    card = views.card_of(service, found)
    if card is None:
        raise HTTPException(404, "There is no scorecard for this upload.")
    if output == "text":
        return PlainTextResponse(render_text(card, view=View.STUDENT, width=width))
    return scorecard_document(card, View.STUDENT)


@router.get("/uploads/{number}/events", tags=["hand in"], response_class=StreamingResponse, responses=EVENTS)
async def events(service: Here, found: OwnUpload) -> StreamingResponse:
    """Server-sent events of an upload: `waiting`, `begun`, `read` (how many exercises it holds), `exercise` (its scorecard), `ended`."""
    return StreamingResponse(events_of(service, found.id), media_type="text/event-stream", headers={"x-accel-buffering": "no"})
