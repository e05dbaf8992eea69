"""The pages "Your sessions" and "Terminal"."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from grader.serve.access import NOT_THERE, Here, SignedIn, expect_form
from grader.serve.drawing import page
from grader.serve.own_sessions import LONGEST_NAME, end_one, end_others, sessions_of, token_for_terminal
from grader.serve.pages import fields, redirect

router = APIRouter(include_in_schema=False)


@router.get("/sessions")
def own(request: Request, service: Here, visitor: SignedIn) -> HTMLResponse:
    """Where one is signed in."""
    return page(request, "sessions.html", visitor, sessions=sessions_of(service, visitor))


@router.post("/sessions/end")
async def end(request: Request, service: Here, visitor: SignedIn) -> Response:
    """End one of one's own sessions, or all others."""
    form = await fields(request)
    expect_form(visitor, form.get("form"))
    if form.get("session") == "others":
        await run_in_threadpool(end_others, service.database, visitor)
    elif not await run_in_threadpool(end_one, service.database, visitor, form.get("session", "")):
        raise HTTPException(404, NOT_THERE)
    return redirect("/sessions")


@router.get("/terminal")
def terminal(request: Request, service: Here, visitor: SignedIn) -> HTMLResponse:
    """Where one makes a token for a terminal."""
    return page(request, "terminal.html", visitor, url=service.settings.public_url, token="", longest=LONGEST_NAME)


@router.post("/terminal")
async def make_token(request: Request, service: Here, visitor: SignedIn) -> HTMLResponse:
    """Make a token, and show it this once."""
    form = await fields(request)
    expect_form(visitor, form.get("form"))
    token = await run_in_threadpool(token_for_terminal, service, visitor, form.get("name", ""))
    return page(request, "terminal.html", visitor, url=service.settings.public_url, token=token, longest=LONGEST_NAME)
