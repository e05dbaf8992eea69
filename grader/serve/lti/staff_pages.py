"""What staff see of platforms: registrations, connected courses, and the marks that did not arrive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from grader.errors import LayerwiseError
from grader.serve.access import NOT_THERE, Here, Instructor, Staff, expect_form
from grader.serve.accounts import Role, find_account
from grader.serve.database import note
from grader.serve.drawing import page
from grader.serve.lti import claims as words
from grader.serve.lti import joining, registrations, scores
from grader.serve.lti.registrations import LtiError
from grader.serve.lti.roster import take_members
from grader.serve.lti.state import Lti, lti_of
from grader.serve.pages import redirect
from grader.serve.service import Service
from grader.serve.sessions import Visitor
from grader.serve.telling import told

router = APIRouter(prefix="/staff/lti", include_in_schema=False)
HOME = "/staff/lti"
MOST_FIELDS = 20


async def _fields(request: Request) -> dict[str, str]:
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _page(request: Request, service: Service, visitor: Visitor, *, status: int = 200, **values: object) -> Response:
    url = service.settings.public_url
    shown: dict[str, Any] = {"problem": "", "taken": None, "joining_link": "", "typed": {}, **values}
    addresses = {
        "Login (initiation) address": url + words.LOGIN_PATH,
        "Redirection address": url + words.LAUNCH_PATH,
        "Tool address (target link)": url + words.LAUNCH_PATH,
        "Address to choose content": url + words.CHOOSE_PATH,
        "Public keys (JWKS)": url + words.KEYS_PATH,
    }
    return page(
        request,
        "lti.html",
        visitor,
        status=status,
        platforms=registrations.all_platforms(service.database),
        contexts=registrations.all_contexts(service.database),
        links=registrations.all_links(service.database),
        people={number: len(own) for number, own in registrations.people_of(service.database).items()},
        carries=scores.can_carry,
        counts=scores.counts(service.database),
        troubles=scores.troubles(service.database),
        addresses=addresses,
        may_change=visitor.account.role is Role.INSTRUCTOR,
        **shown,
    )


@router.get("")
def overview(request: Request, service: Here, visitor: Staff) -> Response:
    """Platforms, their courses, and the marks on their way."""
    return _page(request, service, visitor)


async def _do(
    request: Request, service: Service, visitor: Visitor, form: dict[str, str], change: Callable[[], dict[str, Any] | None]
) -> Response:
    """Do what a form asks for; what it gives is shown, and what cannot be done is said on the same page."""
    expect_form(visitor, form.get("form"))
    try:
        shown = await run_in_threadpool(change)
    except LayerwiseError as error:
        answer = told(error)
        shown = {"status": answer.status, "problem": answer.sentence, "typed": form}
    if shown is None:
        return redirect(HOME)
    return await run_in_threadpool(lambda: _page(request, service, visitor, **shown))


def _platform(service: Service, number: int) -> registrations.Platform:
    found = registrations.find_platform(service.database, number)
    if found is None:
        raise HTTPException(404, NOT_THERE)
    return found


@router.post("/platforms")
async def register(request: Request, service: Here, visitor: Instructor) -> Response:
    """Register a platform by its five values."""
    form = await _fields(request)

    def change() -> None:
        registrations.add_platform(service.database, form, by=visitor.account.id)

    return await _do(request, service, visitor, form, change)


@router.post("/platforms/{number}")
async def change_platform(request: Request, service: Here, visitor: Instructor, number: int) -> Response:
    """Change what a platform may do, or remove it."""
    form = await _fields(request)

    def change() -> None:
        platform = _platform(service, number)
        if "remove" in form:
            if form.get("sure") != "yes":
                raise LtiError(f"{platform.name} was not removed", remedy="Tick the box beside the button first.")
            registrations.remove_platform(service.database, platform, by=visitor.account.id)
        else:
            registrations.change_platform(service.database, platform, form, by=visitor.account.id)

    return await _do(request, service, visitor, form, change)


@router.post("/joining")
async def joining_link(request: Request, service: Here, visitor: Instructor) -> Response:
    """Make a link by which one platform registers by itself. It is shown this once."""
    form = await _fields(request)

    def change() -> dict[str, object]:
        token = joining.begin_joining(service.database, by=visitor.account.id)
        return {"joining_link": f"{service.settings.public_url}/lti/register/{token}"}

    return await _do(request, service, visitor, form, change)


@router.post("/courses/{number}")
async def change_course(request: Request, service: Here, visitor: Instructor, number: int) -> Response:
    """Connect a course of a platform, disconnect it, or read who is in it."""
    form = await _fields(request)
    lti = lti_of(request)

    def change() -> dict[str, object] | None:
        context = next((one for one in registrations.all_contexts(service.database) if one.id == number), None)
        if context is None:
            raise HTTPException(404, NOT_THERE)
        if "roster" in form:
            if not context.connected:
                raise LtiError("this course is not connected", remedy="Connect it first.")
            platform = _platform(service, context.platform)
            taken = take_members(service, lti.calls, platform, context, by=visitor.account.id)
            lti.sending.nudge()
            return {"taken": taken}
        registrations.set_connected(service.database, context, connected=form.get("to") == "connected", by=visitor.account.id)
        lti.sending.nudge()
        return None

    return await _do(request, service, visitor, form, change)


@router.post("/scores")
async def send_again(request: Request, service: Here, visitor: Instructor) -> Response:
    """Send what was given up once more."""
    form = await _fields(request)

    def change() -> None:
        scores.send_again(service.database, by=visitor.account.id)
        lti_of(request).sending.nudge()

    return await _do(request, service, visitor, form, change)


@router.post("/people")
async def unlink(request: Request, service: Here, visitor: Instructor) -> Response:
    """Forget who somebody is on platforms."""
    form = await _fields(request)

    def change() -> None:
        email = form.get("email", "").strip()
        account = find_account(service.database, email=email) if email else None
        if account is None or not registrations.unlink_account(service.database, account, by=visitor.account.id):
            raise LtiError("no account with this address is linked to a platform", remedy="The page People lists all accounts.")

    return await _do(request, service, visitor, form, change)


@router.post("/keys")
async def rotate(request: Request, service: Here, visitor: Instructor) -> Response:
    """Make a new key."""
    form = await _fields(request)
    lti: Lti = lti_of(request)

    def change() -> None:
        key = lti.keys.rotate()
        with service.database.writing() as connection:
            note(connection, visitor.account.id, "key made", "LTI", key.id)

    return await _do(request, service, visitor, form, change)
