"""The doors for those who come from a platform. Two of them take what another site's page sends, which is the point of them."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from grader.errors import LayerwiseError
from grader.serve.access import Here, SignedIn, expect_form
from grader.serve.drawing import page
from grader.serve.entering import place_of
from grader.serve.lti import choosing, joining
from grader.serve.lti import claims as words
from grader.serve.lti.entering import NotKnown, enter
from grader.serve.lti.fetching import AddressRefused, PlatformError
from grader.serve.lti.launch import LASTS, NEW_WINDOW, Launch, LaunchRefused, begin_login, complete_login, expect_ours
from grader.serve.lti.registrations import begin_flow, end_flow, find_platform, link_person, look_at_flow
from grader.serve.lti.state import lti_of
from grader.serve.pages import enter as begin_browser_session
from grader.serve.pages import fields, redirect
from grader.serve.security import CONTENT_POLICY
from grader.serve.service import Service
from grader.serve.telling import told

router = APIRouter(prefix="/lti", include_in_schema=False)
MOST_FIELDS = 40
LOGIN_FIELDS = ("iss", "client_id", "login_hint", "target_link_uri", "lti_message_hint", "lti_deployment_id")
LINK_COOKIE = "lti_link"
GONE = "This has expired or was already done. Start again from your course on the platform."
# What stands in a page of a platform has nothing of anybody's in it, and nothing to click that could do harm.
FRAMED = CONTENT_POLICY.replace("frame-ancestors 'none'", "frame-ancestors https: http://localhost:* http://127.0.0.1:*")


def framed(response: Response, *, form_to: str = "") -> Response:
    """Let a page stand inside of one of a platform, and its form go there."""
    parts = urlsplit(form_to)
    policy = FRAMED.replace("form-action 'self'", f"form-action 'self' {parts.scheme}://{parts.netloc}") if form_to else FRAMED
    response.headers["content-security-policy"] = policy
    return response


def keep_cookie(response: Response, service: Service, name: str, value: str, *, foreign: bool) -> None:
    """Set a cookie for ten minutes. A `foreign` one also comes along when a page of another site sends a form here.

    Browsers take ``SameSite=None`` from https alone, and inside of another site's page only ``Partitioned`` (CHIPS).
    """
    secure = service.settings.is_encrypted
    site = "SameSite=None; Partitioned" if foreign and secure else "SameSite=Lax"
    age = 0 if not value else int(LASTS.total_seconds())
    header = f"{prefix(service)}{name}={value}; Max-Age={age}; Path=/; HttpOnly; {site}{'; Secure' if secure else ''}"
    response.headers.append("set-cookie", header)


def prefix(service: Service) -> str:
    """What the names of cookies begin with."""
    return "__Host-" if service.settings.is_encrypted else ""


def cookies_of(request: Request, service: Service) -> dict[str, str]:
    """Our cookies, by the rest of their names."""
    begin = prefix(service)
    return {name.removeprefix(begin): value for name, value in request.cookies.items() if name.startswith(begin)}


def refused(request: Request, error: LayerwiseError) -> Response:
    """Say why somebody does not come in, wherever the page stands."""
    answer = told(error)
    away = isinstance(error, PlatformError) and not isinstance(error, AddressRefused)
    status = 403 if isinstance(error, LaunchRefused) else 502 if away else answer.status
    shown = page(request, "lti_refused.html", None, status=status, sentence=answer.sentence)
    shown.headers.update(answer.headers)
    return framed(shown)


def is_framed(request: Request) -> bool:
    """Whether a browser says that this is for a part of another page."""
    return request.headers.get("sec-fetch-dest") in ("iframe", "frame", "embed", "object")


async def _sent(request: Request) -> dict[str, str]:
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return {name: value for name, value in form.items() if isinstance(value, str)}


# ---------------------------------------------------------------------------------------------------------------------- coming in


@router.get("/keys")
async def keys(request: Request) -> JSONResponse:
    """Our public keys."""
    return JSONResponse(await run_in_threadpool(lti_of(request).keys.published), media_type="application/json")


@router.get("/login")
def login(request: Request, service: Here) -> Response:
    """A platform says that somebody wants to come in."""
    return _login(request, service, dict(request.query_params.items()))


@router.post("/login")
async def login_form(request: Request, service: Here) -> Response:
    """The same, by a form."""
    return await run_in_threadpool(_login, request, service, await _sent(request))


def _login(request: Request, service: Service, sent: dict[str, str]) -> Response:
    lti_of(request).launches.use(place_of(request))
    try:
        begun = begin_login(service.database, service.settings.public_url, sent)
        is_choice = expect_ours(sent.get("target_link_uri", ""), service.settings.public_url) == words.CHOOSE_PATH
    except LayerwiseError as error:
        return refused(request, error)
    if is_framed(request) and not is_choice:
        known = {name: sent[name] for name in LOGIN_FIELDS if name in sent}
        # Not inside of the page of a platform: there browsers keep no session, and whose page it is could not be seen.
        return framed(page(request, "lti_open.html", None, address=f"{words.LOGIN_PATH}?{urlencode(known)}"))
    response = redirect(begun.address)
    keep_cookie(response, service, begun.cookie, begun.secret, foreign=True)
    return response


@router.post("/launch")
async def launch(request: Request, service: Here) -> Response:
    """The platform says who it is."""
    return await run_in_threadpool(_launch, request, service, await _sent(request))


def _launch(request: Request, service: Service, sent: dict[str, str]) -> Response:
    lti = lti_of(request)
    lti.launches.use(place_of(request))
    found: Launch | None = None
    try:
        found = complete_login(service.database, lti.platform_keys, service.settings.public_url, sent, cookies_of(request, service))
        account, path = enter(service, found)
        if found.kind == words.CHOOSING:
            with service.database.writing() as connection:
                token = choosing.begin_choice(connection, found, account)
            return redirect(f"/lti/choices/{token}")
        if is_framed(request):
            raise LaunchRefused("this page is shown inside another site's page", remedy=NEW_WINDOW)
    except NotKnown as error:
        return _ask_who(request, service, found, error)
    except LayerwiseError as error:
        return refused(request, error)
    lti.sending.nudge()
    return begin_browser_session(request, service, account, path)


# -------------------------------------------------------------------------------------------------------------------------- who


def _ask_who(request: Request, service: Service, found: Launch | None, error: NotKnown) -> Response:
    """Let somebody say who they are here, by signing in once. Only this browser can: the link would otherwise catch whoever opens it."""
    if found is None or found.kind != words.LAUNCH or is_framed(request):
        return refused(request, error)
    data = {"platform": found.platform.id, "sub": found.sub, "who": found.name or found.email or found.sub}
    with service.database.writing() as connection:
        token = begin_flow(connection, "link", data, LASTS)
    response = redirect("/lti/link")
    keep_cookie(response, service, LINK_COOKIE, token, foreign=False)
    return response


@router.get("/link")
def link(request: Request, service: Here, visitor: SignedIn) -> Response:
    """Where somebody who is signed in says that it is they who came from a platform."""
    with service.database.reading() as connection:
        flow = look_at_flow(connection, "link", cookies_of(request, service).get(LINK_COOKIE, ""))
    platform = find_platform(service.database, flow["platform"]) if flow else None
    if flow is None or platform is None:
        raise HTTPException(404, GONE)
    return page(request, "lti_link.html", visitor, who=flow["who"], platform=platform.name)


@router.post("/link")
async def linked(request: Request, service: Here, visitor: SignedIn) -> Response:
    """Link the account of the session."""
    expect_form(visitor, (await fields(request)).get("form"))

    def done() -> None:
        with service.database.writing() as connection:
            flow = end_flow(connection, "link", cookies_of(request, service).get(LINK_COOKIE, ""))
            platform = find_platform(service.database, flow["platform"]) if flow else None
            if flow is None or platform is None:
                raise HTTPException(404, GONE)
            link_person(connection, platform, flow["sub"], visitor.account, by=visitor.account.id, how="by its owner")

    await run_in_threadpool(done)
    lti_of(request).sending.nudge()
    response = redirect("/")
    keep_cookie(response, service, LINK_COOKIE, "", foreign=False)
    return response


# ----------------------------------------------------------------------------------------------------------------------- choice


@router.get("/choices/{token}")
def choice(request: Request, service: Here, token: str) -> Response:
    """Where an instructor chooses an exercise for an assignment there. Who has the token has come from the platform a moment ago."""
    with service.database.reading() as connection:
        flow = look_at_flow(connection, "choice", token)
    if flow is None:
        raise HTTPException(404, GONE)
    return framed(page(request, "lti_choose.html", None, exercises=service.course.exercises, token=token))


@router.post("/choices/{token}")
async def chosen(request: Request, service: Here, token: str) -> Response:
    """Sign the choice, and let the browser take it back."""
    exercise = (await fields(request)).get("exercise", "")
    if exercise and exercise not in {one.name for one in service.course.exercises}:
        raise HTTPException(422, "There is no such exercise. Go back, and choose one from the list.")

    def answer() -> Response:
        ended = choosing.end_choice(service.database, token, exercise)
        if ended is None:
            raise HTTPException(404, GONE)
        platform, flow = ended
        signed = choosing.response_token(service, lti_of(request).keys, platform, flow, exercise)
        shown: dict[str, Any] = {"address": flow["return"], "token": signed, "platform": platform.name, "exercise": exercise}
        return framed(page(request, "lti_chosen.html", None, **shown), form_to=flow["return"])

    return await run_in_threadpool(answer)


# --------------------------------------------------------------------------------------------------------------------- register


@router.get("/register/{token}")
def register(
    request: Request,
    service: Here,
    token: str,
    openid_configuration: Annotated[str, Query(max_length=2000)] = "",
    registration_token: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """A platform registers, by a link that an instructor has made."""
    lti_of(request).launches.use(place_of(request))
    try:
        platform = joining.join(service, token, openid_configuration, registration_token)
    except LayerwiseError as error:
        return refused(request, error)
    return framed(page(request, "lti_registered.html", None, platform=platform.name))
