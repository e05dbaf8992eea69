"""The page on which a course is regraded: what has changed, how far it is, who goes up and down and why, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from grader.errors import LayerwiseError
from grader.marks.diff import Move
from grader.marks.diff_text import SIGNS, render_diff
from grader.marks.total import brief, signed
from grader.serve import publishing, regrading
from grader.serve.access import NOT_THERE, Here, Instructor, Staff, expect_form, is_id
from grader.serve.accounts import Role, all_accounts
from grader.serve.drawing import page
from grader.serve.files import attached
from grader.serve.pages import redirect
from grader.serve.regrading import Regrade, RegradeError, Step
from grader.serve.service import Service
from grader.serve.sessions import Visitor
from grader.serve.telling import told

router = APIRouter(prefix="/staff/regrading", include_in_schema=False)
MOST_SHOWN = 200
WORDS = {
    Move.UP: "up",
    Move.DOWN: "down",
    Move.SAME: "same total",
    Move.NEW: "new",
    Move.GONE: "gone",
    Move.PENDING: "pending",
}


def regrade_called(service: Service, number: int) -> Regrade:
    """The regrade of this number. Raises 404 if there is none."""
    found = regrading.find(service.database, number) if is_id(number) else None
    if found is None:
        raise HTTPException(404, NOT_THERE)
    return found


def _page(request: Request, service: Service, visitor: Visitor, *, status: int = 200, problem: str = "") -> HTMLResponse:
    regrades = regrading.newest(service.database)
    current = next((one for one in regrades if one.state is regrading.State.OPEN), None)
    proposal = publishing.proposal_of(service, current) if current is not None and current.is_done else None
    accounts = all_accounts(service.database)
    moved = proposal.diff.moved if proposal else ()
    return page(
        request,
        "regrading.html",
        visitor,
        status=status,
        problem=problem,
        current=current,
        outlook=[] if current else publishing.outlook_now(service),
        failed=regrading.items_of(service.database, current.id, Step.FAILED) if current else [],
        failed_count=current.counts.get(Step.FAILED, 0) if current else 0,
        diff=proposal.diff if proposal else None,
        moved=moved[:MOST_SHOWN],
        all_moved=len(moved),
        past=[one for one in regrades if one is not current],
        people={one.id: one.name or one.email for one in accounts},
        account_of={one.student: one.id for one in accounts if one.role is Role.STUDENT},
        may_change=visitor.account.role is Role.INSTRUCTOR,
        trouble=service.grading.trouble,
        signs=SIGNS,
        words=WORDS,
        brief=brief,
        signed=signed,
    )


@router.get("")
def look(request: Request, service: Here, visitor: Staff) -> HTMLResponse:
    """What could be regraded, or what is."""
    return _page(request, service, visitor)


@router.get("/{number}/diff.csv")
def diff_csv(service: Here, visitor: Staff, number: int) -> Response:
    """What an open regrade would change, a row for each mark."""
    found = regrade_called(service, number)
    if not found.is_done:
        raise HTTPException(404, NOT_THERE)
    text = render_diff(publishing.proposal_of(service, found).diff, "csv")
    return PlainTextResponse(text, media_type="text/csv", headers=attached(f"regrade-{number}.csv"))


async def _change(request: Request, service: Service, visitor: Visitor, change: Callable[[], object]) -> Response:
    """Do something, and go back to the page; what cannot be done is said on it."""
    try:
        await run_in_threadpool(change)
    except LayerwiseError as error:
        status = 409 if isinstance(error, RegradeError) else told(error).status
        return await run_in_threadpool(_page, request, service, visitor, status=status, problem=told(error).sentence)
    return redirect("/staff/regrading")


@router.post("")
async def begin(request: Request, service: Here, visitor: Instructor) -> Response:
    """Begin to regrade the exercises that were chosen."""
    form = await request.form(max_files=0, max_fields=1000)
    expect_form(visitor, form.get("form"))
    exercises = [one for one in form.getlist("exercise") if isinstance(one, str)]
    return await _change(request, service, visitor, lambda: publishing.begin(service, exercises, by=visitor.account.id))


@router.post("/{number}/publish")
async def publish(request: Request, service: Here, visitor: Instructor, number: int) -> Response:
    """Let it count."""
    expect_form(visitor, (await request.form(max_files=0, max_fields=5)).get("form"))
    found = await run_in_threadpool(regrade_called, service, number)
    return await _change(request, service, visitor, lambda: publishing.publish(service, found, by=visitor.account.id))


@router.post("/{number}/discard")
async def discard(request: Request, service: Here, visitor: Instructor, number: int) -> Response:
    """Drop it."""
    expect_form(visitor, (await request.form(max_files=0, max_fields=5)).get("form"))
    found = await run_in_threadpool(regrade_called, service, number)
    return await _change(request, service, visitor, lambda: regrading.discard(service.database, found, by=visitor.account.id))


@router.post("/{number}/again")
async def again(request: Request, service: Here, visitor: Instructor, number: int) -> Response:
    """Try once more what the machinery has failed at."""
    expect_form(visitor, (await request.form(max_files=0, max_fields=5)).get("form"))
    found = await run_in_threadpool(regrade_called, service, number)

    def tried() -> None:
        if found.state is not regrading.State.OPEN:
            raise RegradeError("this regrade is no longer open", remedy="Load the page again.")
        regrading.try_again(service.database, found, by=visitor.account.id)
        service.grading.nudge()

    return await _change(request, service, visitor, tried)
