"""Put the service together: routes, what stands before them, and how every error is told."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from grader import __version__
from grader.errors import LayerwiseError
from grader.serve import (
    api,
    class_pages,
    comparison_pages,
    exports_pages,
    figures_pages,
    hints_pages,
    own_sessions_pages,
    pages,
    regrading_pages,
    rules_pages,
    single_sign_on_pages,
    staff,
)
from grader.serve.access import NOT_THERE, SignInFirst
from grader.serve.drawing import page
from grader.serve.lti import pages as lti_pages
from grader.serve.lti import staff_pages as lti_staff_pages
from grader.serve.lti.state import Lti
from grader.serve.pages import local, redirect
from grader.serve.security import Guard, dress
from grader.serve.service import Service
from grader.serve.telling import told

BROKEN = "Something went wrong in the service. It is not your fault: try again, and tell your instructor if it happens again."


def create_app(service: Service) -> FastAPI:
    """Make the ASGI application of a service; it begins to grade when the application starts, and ends with it."""
    lti = Lti(service)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service.start()
        lti.sending.start()
        try:
            yield
        finally:
            lti.sending.stop()
            service.close()

    app = FastAPI(
        title="Layerwise",
        version=__version__,
        description="Hand in, and read scorecards. What a scorecard holds is described by `grade schema`.",
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        # These pages would load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = service
    app.state.lti = lti
    app.include_router(api.router)
    app.include_router(pages.router)
    app.include_router(staff.router)
    app.include_router(single_sign_on_pages.router)
    app.include_router(own_sessions_pages.router)
    app.include_router(rules_pages.router)
    app.include_router(regrading_pages.router)
    app.include_router(class_pages.router)
    app.include_router(figures_pages.router)
    app.include_router(hints_pages.router)
    app.include_router(comparison_pages.router)
    app.include_router(exports_pages.router)
    app.include_router(lti_pages.router)
    app.include_router(lti_staff_pages.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).with_name("static")), name="static")
    app.add_middleware(Guard, upload_bytes=service.settings.upload_bytes, is_encrypted=service.settings.is_encrypted)
    app.add_exception_handler(SignInFirst, _sign_in_first)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(LayerwiseError, _layerwise)
    app.add_exception_handler(Exception, _broken)
    return app


def is_api(request: Request) -> bool:
    """Whether a program asks, who wants JSON."""
    return request.url.path.startswith("/api/")


def _say(request: Request, status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    if is_api(request):
        return JSONResponse({"detail": sentence}, status_code=status, headers=headers)
    response = page(request, "error.html", None, status=status, title=sentence.partition(". ")[0].rstrip("."), sentence=sentence)
    response.headers.update(headers or {})
    return response


async def _sign_in_first(request: Request, error: Exception) -> Response:
    if is_api(request):
        return JSONResponse({"detail": "Sign in first."}, status_code=401, headers={"www-authenticate": "Bearer"})
    if request.method != "GET":
        return _say(request, 401, "Your session has ended, so nothing was sent. Sign in, and send it again.")
    return redirect("/sign-in" if request.url.path == "/" else f"/sign-in?next={local(request.url.path)}")


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as it was registered
    # What the framework says of an address that is none is no sentence.
    sentence = NOT_THERE if error.status_code == 404 and error.detail == "Not Found" else str(error.detail)
    return _say(request, error.status_code, sentence, dict(error.headers or {}))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as it was registered
    # What was sent is not sent back: it may be a password.
    places = ", ".join(sorted({".".join(str(part) for part in one["loc"]) for one in error.errors()}))
    return _say(request, 422, f"This was not sent as it should be ({places}). Go back, load the page again, and send it once more.")


async def _layerwise(request: Request, error: Exception) -> Response:
    assert isinstance(error, LayerwiseError)  # noqa: S101 - as it was registered
    answer = told(error)
    return _say(request, answer.status, answer.sentence, answer.headers)


async def _broken(request: Request, error: Exception) -> Response:
    """Nothing of a fault of ours is shown; the server's log has it."""
    response = JSONResponse({"detail": BROKEN}, status_code=500) if is_api(request) else PlainTextResponse(BROKEN, status_code=500)
    # The framework answers a fault before everything that was added to it, the guard as well.
    dress(response.headers, request.url.path, is_encrypted=request.app.state.service.settings.is_encrypted)
    return response
