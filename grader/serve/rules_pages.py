"""The page "Course": what staff set for each exercise and for the whole course; and extensions, on the page of a student."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from grader.errors import LayerwiseError
from grader.serve import rules, typed
from grader.serve.access import NOT_THERE, Here, Instructor, Staff, expect_form
from grader.serve.accounts import Role, all_accounts
from grader.serve.drawing import page
from grader.serve.pages import fields, redirect
from grader.serve.rules import RuleBook, RuleError
from grader.serve.service import Service
from grader.serve.sessions import Visitor
from grader.serve.staff import show_story, somebody_called
from grader.serve.telling import told

router = APIRouter(prefix="/staff", include_in_schema=False)


def _shown(book: RuleBook, exercise: str) -> dict[str, dict[str, Any]]:
    """Each setting of an exercise, or of the course: what holds, what stands in the form, what the course says, whether it is set here."""
    found = {}
    for name, setting in rules.settings_of(exercise).items():
        value = book.value(exercise, name)
        found[name] = {
            "label": setting.label,
            "value": rules.shown(book, exercise, name, value),
            "field": typed.field(value, book.zone),
            "said": rules.shown(book, exercise, name, book.said(exercise, name)),
            "is_set": book.is_set(exercise, name),
        }
    return found


def _course_page(request: Request, service: Service, visitor: Visitor, *, status: int = 200, problem: str = "") -> HTMLResponse:
    book = service.rules
    of = {account.student: account for account in all_accounts(service.database) if account.student}
    return page(
        request,
        "rules.html",
        visitor,
        status=status,
        problem=problem,
        whole=_shown(book, ""),
        zone=book.zone.key,
        exercises=[
            {"name": one.name, "title": one.title, "open": book.is_open(one.name), "rules": _shown(book, one.name)}
            for one in service.course.exercises
        ],
        extensions=[(of.get(one.student), one, rules.extension_words(book, one)) for one in book.known().extensions],
        may_change=visitor.account.role is Role.INSTRUCTOR,
    )


@router.get("/course")
def course(request: Request, service: Here, visitor: Staff) -> HTMLResponse:
    """What holds for the course and for each exercise, and where it comes from."""
    return _course_page(request, service, visitor)


async def _changed(request: Request, service: Service, visitor: Visitor, change: Callable[[dict[str, str]], object], then: str) -> Response:
    """Do what a form says, and go on; what is refused comes back on the page with the reason."""
    form = await fields(request)
    expect_form(visitor, form.get("form"))
    try:
        await run_in_threadpool(change, form)
    except LayerwiseError as error:
        answer = told(error)
        return await run_in_threadpool(_course_page, request, service, visitor, status=answer.status, problem=answer.sentence)
    return redirect(then)


@router.post("/course")
async def set_course(request: Request, service: Here, visitor: Instructor) -> Response:
    """Set what is of the whole course."""
    change = functools.partial(rules.set_rules, service.rules, "", by=visitor.account.id)
    return await _changed(request, service, visitor, change, "/staff/course")


@router.post("/course/{name}/rules")
async def set_exercise(request: Request, service: Here, visitor: Instructor, name: str) -> Response:
    """Set what is of one exercise."""
    if name not in service.rules.exercises:
        raise HTTPException(404, NOT_THERE)
    change = functools.partial(rules.set_rules, service.rules, name, by=visitor.account.id)
    return await _changed(request, service, visitor, change, f"/staff/course#{name}")


@router.post("/course/back")
async def put_back(request: Request, service: Here, visitor: Instructor) -> Response:
    """Let what the course says hold again."""

    def change(form: dict[str, str]) -> None:
        rules.put_back(service.rules, form.get("exercise", ""), form.get("name", ""), by=visitor.account.id)

    return await _changed(request, service, visitor, change, "/staff/course")


@router.post("/people/{number}/extensions")
async def extensions(request: Request, service: Here, visitor: Instructor, number: int) -> Response:
    """Give a student more time, or take it back."""
    form = await fields(request)
    expect_form(visitor, form.get("form"))
    account = await run_in_threadpool(somebody_called, service, number)

    def change() -> None:
        if account.role is not Role.STUDENT:
            raise RuleError("only students can have extensions", remedy="Choose a student in the gradebook.")
        withdrawn = form.get("withdraw", "")
        if withdrawn.isdigit():
            rules.withdraw_extension(service.rules, account.student, int(withdrawn[:12]), by=visitor.account.id)
            return
        given = {name: form.get(name, "") for name in ("exercise", "days", "until", "reason")}
        rules.give_extension(service.rules, account.student, **given, by=visitor.account.id)

    try:
        await run_in_threadpool(change)
    except LayerwiseError as error:
        return await run_in_threadpool(show_story, request, service, visitor, account, status=422, problem=told(error).sentence)
    return redirect(f"/staff/people/{number}#extensions")
