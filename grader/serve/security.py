"""What stands before every route: bounds on what is read, headers on what is sent, and no word from another site's pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# What anything but an upload may send: a sign-in, an invitation, a short form.
SMALL_BYTES = 64 * 1024
# Around a file there are the other fields of its form; a pasted text grows where signs are written as %XX.
AROUND_BYTES = 1024 * 1024
UPLOAD_PATHS = frozenset({"/uploads", "/api/v1/uploads", "/staff/people", "/staff/exports"})
# What a learning platform's page sends. Neither goes by a session: both have words of their own, bound to the browser (docs/lti.md).
FOREIGN_PATHS = frozenset({"/lti/login", "/lti/launch"})
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "x-frame-options": "DENY",
}
TRANSPORT = "max-age=31536000"
# Files are asked for anew soon after an upgrade, and not for every page.
KEPT_A_WHILE = "public, max-age=600"
FOREIGN = "This was sent from a page of another site, so it was not accepted. Open this service in your browser, and send it from there."


class Guard:
    """Wraps the whole service."""

    def __init__(self, app: ASGIApp, *, upload_bytes: int, is_encrypted: bool) -> None:
        self.app = app
        self.upload_bytes = upload_bytes
        self.is_encrypted = is_encrypted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        sending = self._with_headers(scope, send)
        if scope["method"] not in SAFE_METHODS and scope["path"] not in FOREIGN_PATHS and is_foreign(headers):
            await PlainTextResponse(FOREIGN, status_code=403)(scope, receive, sending)
            return
        limit = self.upload_bytes + AROUND_BYTES if scope["path"] in UPLOAD_PATHS else SMALL_BYTES
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > limit:
            await PlainTextResponse(too_large(limit), status_code=413)(scope, receive, sending)
            return
        await self.app(scope, bounded(receive, limit), sending)

    def _with_headers(self, scope: Scope, send: Send) -> Callable[[Message], Awaitable[None]]:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                dress(MutableHeaders(scope=message), scope["path"], is_encrypted=self.is_encrypted)
            await send(message)

        return sending


def dress(headers: MutableHeaders, path: str, *, is_encrypted: bool) -> None:
    """Give an answer the headers that every answer has."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if is_encrypted:
        headers["strict-transport-security"] = TRANSPORT
    # What a signed-in person sees is nobody else's, nor that of who sits down at the machine next.
    if path.startswith(("/static/", "/style/")):
        headers.setdefault("cache-control", KEPT_A_WHILE)
    else:
        headers["cache-control"] = "no-store"


def bounded(receive: Receive, limit: int) -> Receive:
    """Count what is read, since a request need not say how long it is, and need not be right about it."""
    seen = 0

    async def receiving() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(413, too_large(limit))
        return message

    return receiving


def too_large(limit: int) -> str:
    """The sentence about a request that is too long."""
    shown = f"{limit // 2**20} MiB" if limit >= 2**20 else f"{limit // 2**10} KiB"
    return f"This is more than {shown}. Hand in only code, without data, plots and environments."


def is_foreign(headers: Headers) -> bool:
    """Whether a browser says that a page of another site sends this (Fetch Metadata, W3C; Origin, RFC 6454). A terminal says nothing."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")
