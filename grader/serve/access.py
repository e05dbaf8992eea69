"""Who may: every route declares one of these, and a test tries every route as everybody."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials
from starlette.exceptions import HTTPException

from grader.serve.accounts import Role
from grader.serve.service import Service
from grader.serve.sessions import Kind, Visitor, find_visitor
from grader.serve.uploads import Upload, find_upload

COOKIE = "layerwise_session"
# A name that browsers accept from the host itself alone, over https (RFC 6265bis, section 4.1.3).
ENCRYPTED_COOKIE = "__Host-layerwise_session"
NOT_THERE = "There is nothing here, or you may not see it."

bearer = HTTPBearer(auto_error=False, description="A token of POST /api/v1/sessions, as `grade login` keeps it.")


class SignInFirst(Exception):  # noqa: N818 - it is what the visitor has to do
    """Nobody is signed in."""


def service_of(request: Request) -> Service:
    """The service that a request came to."""
    service: Service = request.app.state.service
    return service


def cookie_name(service: Service) -> str:
    """What the cookie is called here."""
    return ENCRYPTED_COOKIE if service.settings.is_encrypted else COOKIE


Here = Annotated[Service, Depends(service_of)]
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


def somebody(request: Request, service: Here, token: Bearer) -> Visitor | None:
    """Who sends the request, None if nobody is signed in."""
    if token is not None:
        visitor = find_visitor(service.database, token.credentials, Kind.TERMINAL, service.settings)
    else:
        cookie = request.cookies.get(cookie_name(service), "")
        visitor = find_visitor(service.database, cookie, Kind.BROWSER, service.settings)
    if visitor is not None:
        service.requests.use(f"account {visitor.account.id}")
    return visitor


Anyone = Annotated[Visitor | None, Depends(somebody)]


def signed_in(visitor: Anyone) -> Visitor:
    """Anybody who is signed in."""
    if visitor is None:
        raise SignInFirst
    return visitor


SignedIn = Annotated[Visitor, Depends(signed_in)]


def a_student(visitor: SignedIn) -> Visitor:
    """A student, who hands in."""
    if visitor.account.role is not Role.STUDENT:
        raise HTTPException(403, "Only students can hand in work. To try it out, sign in with a student account.")
    return visitor


def staff(visitor: SignedIn) -> Visitor:
    """An assistant or an instructor. To others there is no such page."""
    if not visitor.is_staff:
        raise HTTPException(404, NOT_THERE)
    return visitor


def instructor(visitor: SignedIn) -> Visitor:
    """An instructor."""
    if not visitor.is_staff:
        raise HTTPException(404, NOT_THERE)
    if visitor.account.role is not Role.INSTRUCTOR:
        raise HTTPException(403, "Only instructors may do this. Ask one of them.")
    return visitor


def is_id(number: int) -> bool:
    """Whether a number may be of a row: what the database counts with is bounded, and a larger one is of nothing."""
    return 0 < number < 2**31


def own_upload(number: int, visitor: SignedIn, service: Here) -> Upload:
    """An upload that is the visitor's to see. One of somebody else's is not there: its number tells nothing."""
    upload = find_upload(service.database, number) if is_id(number) else None
    if upload is None or not visitor.may_see(upload.student):
        raise HTTPException(404, NOT_THERE)
    return upload


AStudent = Annotated[Visitor, Depends(a_student)]
Staff = Annotated[Visitor, Depends(staff)]
Instructor = Annotated[Visitor, Depends(instructor)]
OwnUpload = Annotated[Upload, Depends(own_upload)]


def expect_form(visitor: Visitor, sent: object) -> None:
    """Raise unless a form was made for this very session. A terminal's requests have none: no page can send its token."""
    if visitor.form and not (isinstance(sent, str) and hmac.compare_digest(visitor.form.encode(), sent.encode("utf-8", "replace"))):
        raise HTTPException(403, "This form is from another session. Go back, load the page again, and send it once more.")
