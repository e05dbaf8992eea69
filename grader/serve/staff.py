"""The pages of those who teach: the gradebook, people, one student's story, marks set by hand, the log."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from grader.errors import LayerwiseError
from grader.marks.marking import full_points
from grader.marks.total import brief
from grader.serve import people, rules, uploads, views
from grader.serve.access import NOT_THERE, Here, Instructor, OwnUpload, Staff, expect_form, is_id
from grader.serve.accounts import Account, Role, all_accounts, find_account, invite, set_disabled
from grader.serve.database import note
from grader.serve.drawing import page
from grader.serve.files import attached
from grader.serve.gradebook import chosen, gradebook_csv, keep_marks, rows_of, story_of
from grader.serve.pages import fields, redirect
from grader.serve.service import Service
from grader.serve.sessions import Visitor
from grader.serve.telling import told

router = APIRouter(prefix="/staff", include_in_schema=False)
POINTS = re.compile(r"\d{1,6}(?:[.,]\d{1,2})?")
LONGEST_REASON = 500


def somebody_called(service: Service, number: int) -> Account:
    """The account of this number. Raises 404 if there is none."""
    account = find_account(service.database, number=number) if is_id(number) else None
    if account is None:
        raise HTTPException(404, NOT_THERE)
    return account


# -------------------------------------------------------------------------------------------------------------------- gradebook


@router.get("/gradebook")
def gradebook(
    request: Request,
    service: Here,
    visitor: Staff,
    search: Annotated[str, Query(max_length=100)] = "",
    sort: Annotated[str, Query(max_length=100)] = "student",
    order: Annotated[str, Query(pattern="^(up|down)$")] = "up",
) -> HTMLResponse:
    """Everybody's marks."""
    rows = rows_of(service)
    found = chosen(rows, search=search, sort=sort, descending=order == "down")
    names = list(service.marking.points)
    newest = service.reader.revisions()[-1:]
    shown: dict[str, Any] = {"rows": found, "all": len(rows), "names": names, "search": search, "sort": sort, "order": order}
    shown |= {"closed": service.rules.closed(), "status_": views.status_of(service), "newest": newest}
    return page(request, "gradebook.html", visitor, **shown, brief=brief, problem="")


@router.get("/gradebook.csv")
def csv(service: Here, visitor: Staff) -> Response:
    """The gradebook for a spreadsheet."""
    return PlainTextResponse(gradebook_csv(service), media_type="text/csv", headers=attached("gradebook.csv"))


@router.post("/revisions")
async def publish(request: Request, service: Here, visitor: Instructor) -> Response:
    """Keep the marks as they stand as a revision, which every command of a terminal reads."""
    expect_form(visitor, (await fields(request)).get("form"))

    def kept() -> None:
        revision = keep_marks(service)
        with service.database.writing() as connection:
            note(connection, visitor.account.id, "marks kept", f"revision {revision.id}")

    await run_in_threadpool(kept)
    return redirect("/staff/gradebook")


# ----------------------------------------------------------------------------------------------------------------- one student


def show_story(
    request: Request, service: Service, visitor: Visitor, account: Account, *, status: int = 200, problem: str = ""
) -> HTMLResponse:
    """One student's page. Raises 404 if the account is of none."""
    row = next((row for row in rows_of(service) if row.account == account.id), None)
    if row is None:
        raise HTTPException(404, NOT_THERE)
    held = {(one.student, one.exercise): one for one in service.reader.overrides() if one.withdrawn_at is None}
    return page(
        request,
        "story.html",
        visitor,
        status=status,
        row=row,
        account=account,
        stories=story_of(service, row),
        held={exercise: held.get((account.student, exercise)) for exercise in row.marks},
        attempts=views.upload_shapes(service, uploads.uploads_of(service.database, account.student)),
        extensions=[(one, rules.extension_words(service.rules, one)) for one in rules.extensions_of(service.database, account.student)],
        days_said=service.rules.says.late.extensions.get(account.student, 0),
        zone=service.rules.zone.key,
        may_set=visitor.account.role is Role.INSTRUCTOR,
        brief=brief,
        problem=problem,
    )


@router.get("/people/{number}")
def story(request: Request, service: Here, visitor: Staff, number: int) -> HTMLResponse:
    """One student: how each mark came about, and every attempt."""
    return show_story(request, service, visitor, somebody_called(service, number))


@router.post("/people/{number}/marks")
async def override(request: Request, service: Here, visitor: Instructor, number: int) -> Response:
    """Set a mark by hand, or withdraw one that was set."""
    form = await fields(request)
    expect_form(visitor, form.get("form"))
    account = await run_in_threadpool(somebody_called, service, number)
    try:
        await run_in_threadpool(_set_mark, service, visitor, account, form)
    except LayerwiseError as error:
        return await run_in_threadpool(show_story, request, service, visitor, account, status=422, problem=told(error).sentence)
    return redirect(f"/staff/people/{number}")


def _set_mark(service: Service, visitor: Visitor, account: Account, form: dict[str, str]) -> None:
    """Do what the form says.

    Raises
    ------
    StaffError
        If it cannot be done.
    """
    exercise, reason, points = form.get("exercise", ""), form.get("reason", "").strip(), form.get("points", "").strip()
    if exercise not in service.marking.points or account.role is not Role.STUDENT:
        raise people.StaffError("there is no such mark", remedy="Load the page again, and choose an exercise on it.")
    if form.get("withdraw", "").isdigit():
        held = next((one for one in service.reader.overrides() if one.id == int(form["withdraw"])), None)
        if held is None or (held.student, held.exercise) != (account.student, exercise) or held.withdrawn_at is not None:
            raise people.StaffError("this mark is no longer set by hand", remedy="Load the page again.")
        with service.staff_writing() as store:
            store.withdraw_override(held.id)
        detail = f"{exercise}: override {held.id} withdrawn"
    else:
        full = full_points(service.marking.points[exercise])
        if not POINTS.fullmatch(points) or Fraction(points.replace(",", ".")) > full:
            raise people.StaffError(f"{points!r} is not a number of points from 0 to {full}", remedy="Use at most two decimals.")
        if not reason or len(reason) > LONGEST_REASON:
            raise people.StaffError("a mark set by hand needs a reason", remedy=f"Write one of at most {LONGEST_REASON} characters.")
        value = Fraction(points.replace(",", "."))
        with service.staff_writing() as store:
            store.put_override(student=account.student, exercise=exercise, points=value, reason=reason, author=visitor.account.email)
        detail = f"{exercise}: {brief(value)} points, because: {reason}"
    with service.database.writing() as connection:
        note(connection, visitor.account.id, "mark set by hand", account.student, detail)


# ---------------------------------------------------------------------------------------------------------------------- people


def _people_page(request: Request, service: Service, visitor: Visitor, *, status: int = 200, **values: object) -> HTMLResponse:
    shown = {"taken": None, "links": (), "problem": "", **values}
    return page(
        request,
        "people.html",
        visitor,
        status=status,
        accounts=all_accounts(service.database),
        may_change=visitor.account.role is Role.INSTRUCTOR,
        days=service.settings.invitation_days,
        **shown,
    )


@router.get("/people")
def everybody(request: Request, service: Here, visitor: Staff) -> HTMLResponse:
    """Who has an account."""
    return _people_page(request, service, visitor)


@router.post("/people")
async def roster(request: Request, service: Here, visitor: Instructor) -> Response:
    """Read a roster, and make accounts for who is on it."""
    form = await request.form(max_files=1, max_fields=5)
    try:
        expect_form(visitor, form.get("form"))
        file = form.get("file")
        name, body = (file.filename or "", await file.read()) if isinstance(file, UploadFile) else ("", b"")
    finally:
        await form.close()
    try:
        taken = await run_in_threadpool(people.take_roster, service, name, body, by=visitor.account.id)
    except LayerwiseError as error:
        answer = told(error)
        return await run_in_threadpool(_people_page, request, service, visitor, status=answer.status, problem=answer.sentence)
    return await run_in_threadpool(_people_page, request, service, visitor, taken=taken)


@router.post("/invitations")
async def invitations(request: Request, service: Here, visitor: Instructor) -> Response:
    """Make links: for one account, or for all that have no password yet. They are shown this once."""
    form = await fields(request)
    expect_form(visitor, form.get("form"))

    def made() -> HTMLResponse:
        if form.get("account", "").isdigit():
            chosen_ = [somebody_called(service, int(form["account"][:12]))]
        else:
            chosen_ = [one for one in all_accounts(service.database) if not one.has_password and not one.disabled]
        days, by = service.settings.invitation_days, visitor.account.id
        base = service.settings.public_url
        links = [(one, f"{base}/invitations/{invite(service.database, one, days=days, by=by)}") for one in chosen_]
        return _people_page(request, service, visitor, links=links)

    return await run_in_threadpool(made)


@router.post("/people/{number}/access")
async def access(request: Request, service: Here, visitor: Instructor, number: int) -> Response:
    """Close an account, or open it again. One's own stays: a service must not lose its last instructor by a slip."""
    form = await fields(request)
    expect_form(visitor, form.get("form"))
    account = await run_in_threadpool(somebody_called, service, number)
    if account.id == visitor.account.id:
        raise HTTPException(422, "You cannot close your own account. Ask another instructor to do it.")
    await run_in_threadpool(set_disabled, service.database, account, disabled=form.get("to") == "closed", by=visitor.account.id)
    return redirect("/staff/people")


@router.post("/uploads/{number}/again")
async def again(request: Request, service: Here, visitor: Instructor, found: OwnUpload) -> Response:
    """Grade what was set aside."""
    expect_form(visitor, (await fields(request)).get("form"))
    await run_in_threadpool(uploads.try_again, service.database, found, by=visitor.account.id)
    service.grading.nudge()
    return redirect(f"/uploads/{found.id}")


@router.get("/log")
def log(request: Request, service: Here, visitor: Staff, action: Annotated[str, Query(max_length=100)] = "") -> HTMLResponse:
    """Who did what, and when."""
    return page(request, "log.html", visitor, lines=people.log_of(service.database, action=action), action=action)

