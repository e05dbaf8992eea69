"""Sign in with a university: there, and back. And for instructors, who is linked to whom."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from grader.errors import LayerwiseError
from grader.safe_text import safe_text
from grader.serve.access import NOT_THERE, Here, Instructor, Staff, expect_form, is_id
from grader.serve.drawing import page
from grader.serve.entering import use_place
from grader.serve.identities import FLOW, Flow, admit, all_identities, begin_flow, end_flow, person_of, unlink
from grader.serve.pages import enter, fields, local, redirect
from grader.serve.provider import Provider, SignOnError
from grader.serve.service import Service
from grader.serve.telling import told

LOG = logging.getLogger("layerwise")
router = APIRouter(include_in_schema=False)
BACK = "/single-sign-on/back"
COOKIE = "layerwise_sign_on_"
CODE = re.compile(r"[\x20-\x7e]{1,4000}")
STATE = re.compile(r"[\w-]{20,100}", re.ASCII)
# What providers say when nobody has signed in (RFC 6749, section 4.1.2.1; OpenID Connect Core, section 3.1.2.6).
DECLINED = frozenset({"access_denied", "login_required", "interaction_required", "consent_required", "account_selection_required"})
AWAY = frozenset({"server_error", "temporarily_unavailable"})
T = TypeVar("T")


def provider_of(service: Service) -> Provider:
    """The provider. Raises 404 where there is none."""
    if service.provider is None:
        raise HTTPException(404, NOT_THERE)
    return service.provider


def cookie_of(service: Service, state: str) -> str:
    """The cookie of one sign-in: each has its own, so that two tabs do not take it from each other."""
    return f"{'__Host-' if service.settings.is_encrypted else ''}{COOKIE}{state[:12]}"


async def _apart(provider: Provider, run: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(provider.threads, run)


def _refused(request: Request, error: LayerwiseError) -> HTMLResponse:
    answer = told(error)
    status = error.status if isinstance(error, SignOnError) else answer.status
    response = page(request, "sign_in.html", None, status=status, next="/", email="", problem=answer.sentence)
    response.headers.update(answer.headers)
    return response


@router.get("/single-sign-on")
async def begin(request: Request, service: Here, next: Annotated[str, Query(max_length=500)] = "/") -> Response:  # noqa: A002 - as on the page before
    """Go to the provider."""
    provider = provider_of(service)

    def begun() -> tuple[Flow, str]:
        use_place(service, request)
        # Before anything is kept: while the provider is away, there is nothing to begin.
        provider.endpoints()
        flow = begin_flow(service.database, local(next))
        back = service.settings.public_url + BACK
        return flow, provider.address(state=flow.state, nonce=flow.nonce, verifier=flow.verifier, back=back)

    try:
        flow, address = await _apart(provider, begun)
    except LayerwiseError as error:
        return _refused(request, error)
    response = RedirectResponse(address, status_code=303)
    _set_cookie(response, service, flow.state, flow.browser, int(FLOW.total_seconds()))
    return response


def _set_cookie(response: Response, service: Service, state: str, value: str, age: int) -> None:
    # Lax: the provider sends the browser back by a link, with which such a cookie goes along.
    secure = service.settings.is_encrypted
    response.set_cookie(cookie_of(service, state), value, max_age=age, path="/", secure=secure, httponly=True, samesite="lax")


@router.get(BACK)
async def back(
    request: Request,
    service: Here,
    state: Annotated[str, Query(max_length=4000)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    error: Annotated[str, Query(max_length=4000)] = "",
    error_description: Annotated[str, Query(max_length=4000)] = "",
    iss: Annotated[str | None, Query(max_length=4000)] = None,
) -> Response:
    """Come back from the provider."""
    provider = provider_of(service)
    state = state if STATE.fullmatch(state) else ""
    flow = Flow(state=state, browser=request.cookies.get(cookie_of(service, state), "")[:100])

    def entered() -> Response:
        then = _ended(request, service, flow)
        provider.expect_itself(iss)
        if error or not CODE.fullmatch(code):
            raise _declined(error, error_description)
        claims = provider.who(code=code, verifier=flow.verifier, nonce=flow.nonce, back=service.settings.public_url + BACK)
        account = admit(service.database, person_of(claims, provider.sign_on), provider.sign_on)
        # Looked at again: what is in the database is no reason to go anywhere else.
        return enter(request, service, account, local(then))

    try:
        response = await _apart(provider, entered)
    except LayerwiseError as refused:
        response = _refused(request, refused)
    if state and flow.browser:
        _set_cookie(response, service, state, "", 0)
    return response


def _ended(request: Request, service: Service, flow: Flow) -> str:
    """End a sign-in. One that holds was counted when it began: behind one address may sit a whole computer room."""
    try:
        return end_flow(service.database, flow)
    except SignOnError:
        use_place(service, request)
        raise


def _declined(error: str, description: str) -> SignOnError:
    """What is said where a provider sends somebody back with an error. Its own words are for the log alone: a link could hold any."""
    LOG.warning("single sign-on: the provider answers %s %s", safe_text(error[:60]), safe_text(description[:300]))
    if error in DECLINED:
        return SignOnError("your university did not sign you in, or you declined there", remedy="Sign in again.")
    if error in AWAY:
        return SignOnError("your university's sign-in is not working at the moment", remedy="Try again in a few minutes.", status=503)
    return SignOnError(
        "your university's sign-in rejected this service's request",
        remedy="Tell your instructor; the reason is in the log of the service.",
        status=502,
    )


# ----------------------------------------------------------------------------------------------------------------------- staff


@router.get("/staff/identities")
def identities(request: Request, service: Here, visitor: Staff) -> HTMLResponse:
    """Who signs in as whom."""
    return page(request, "identities.html", visitor, identities=all_identities(service.database))


@router.post("/staff/identities/{number}/unlink")
async def forget(request: Request, service: Here, visitor: Instructor, number: int) -> Response:
    """Forget a link."""
    expect_form(visitor, (await fields(request)).get("form"))
    if not is_id(number) or not await run_in_threadpool(unlink, service.database, number, by=visitor.account.id):
        raise HTTPException(404, NOT_THERE)
    return redirect("/staff/identities")
