"""The button for one more hint."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from grader.serve import views
from grader.serve.access import NOT_THERE, AStudent, Here, OwnUpload, expect_form
from grader.serve.hints import give, hints_for
from grader.serve.pages import fields, redirect

router = APIRouter(include_in_schema=False)


@router.post("/uploads/{number}/hints")
async def one_more(request: Request, service: Here, visitor: AStudent, found: OwnUpload) -> Response:
    """Give one more hint about a function of this scorecard."""
    form = await fields(request)
    expect_form(visitor, form.get("form"))
    exercise, function, seen = (form.get(name, "") for name in ("exercise", "function", "seen"))

    def given() -> None:
        hints = hints_for(service, found.student, views.card_of(service, found)).get(exercise, [])
        hint = next((one for one in hints if one.function == function), None)
        if hint is None:
            raise HTTPException(404, NOT_THERE)
        if len(hint.given) < hint.most and seen == str(len(hint.given)):
            give(service.database, found.student, exercise, function, seen=len(hint.given))

    await run_in_threadpool(given)
    return redirect(f"/uploads/{found.id}#hints-{exercise}-{function}")
