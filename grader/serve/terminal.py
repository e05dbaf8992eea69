"""What a terminal says to a service: sign in, hand in, read the scorecard. It needs nothing but Python."""

from __future__ import annotations

import contextlib
import io
import json
import os
import time
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from grader import __version__
from grader.errors import ExitCode, LayerwiseError
from grader.safe_text import safe_text
from grader.secrecy import write_private
from grader.submission.candidate import Bounds
from grader.submission.folder import find_in_folder

TIMEOUT_S = 60
MOST_ANSWER_BYTES = 16 * 1024 * 1024
AT_HOME = frozenset({"localhost", "127.0.0.1", "::1"})
DONE = frozenset({"graded", "unreadable", "lost"})


class ServiceError(LayerwiseError):
    """The service cannot be reached, or refuses."""

    exit_code = ExitCode.SUBMISSION_UNREADABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody is signed in."""

    url: str
    token: str = ""
    course: str = ""


class _Stay(HTTPRedirectHandler):
    """Goes nowhere else: the header with the token would go along."""

    def redirect_request(self, *args: Any) -> None:
        return


class Line:
    """A line to one service."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._opener: OpenerDirector = build_opener(_Stay())

    def ask(self, method: str, path: str, body: bytes | None = None, *, kind: str = "application/json") -> bytes:
        """Ask and give the answer.

        Raises
        ------
        ServiceError
            If there is none, or it is a refusal, in the service's own words.
        """
        headers = {"User-Agent": f"layerwise/{__version__}", "Content-Type": kind}
        if self.place.token:
            headers["Authorization"] = f"Bearer {self.place.token}"
        request = Request(f"{self.place.url}{path}", data=body, method=method, headers=headers)  # noqa: S310 - `parse_url` lets http in alone
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                return _read(answer)
        except HTTPError as error:
            raise ServiceError(_refusal(error), remedy=_remedy(error)) from error
        except (OSError, HTTPException) as error:
            reason = safe_text(str(getattr(error, "reason", error)))
            raise ServiceError(f"{self.place.url} does not answer: {reason}", remedy="Check the address, or try again later.") from error

    def ask_json(self, method: str, path: str, body: object = None) -> Any:
        """Ask with JSON, and read JSON."""
        data = self.ask(method, path, None if body is None else json.dumps(body).encode())
        try:
            return json.loads(data)
        except ValueError as error:
            raise ServiceError(f"{self.place.url} answers, but is not a Layerwise service", remedy="Check the address.") from error


def _read(answer: HTTPResponse) -> bytes:
    data = answer.read(MOST_ANSWER_BYTES + 1)
    if len(data) > MOST_ANSWER_BYTES:
        raise ServiceError("the service's answer is too long", remedy="Check the address.")
    return data


def _refusal(error: HTTPError) -> str:
    with contextlib.suppress(ValueError, OSError, TypeError, KeyError):
        return safe_text(str(json.loads(error.read(65536))["detail"])).rstrip(".")
    return f"the service refused this ({error.code})"


def _remedy(error: HTTPError) -> str:
    if error.code == 401:
        return "Sign in with `grade login URL`."
    return ""


def parse_url(url: str, *, plain: bool = False) -> str:
    """The address of a service without what does not belong to it.

    Raises
    ------
    ServiceError
        If it is none, or a password would travel unencrypted to another machine and `plain` does not allow that.
    """
    parts = urlsplit(url if "://" in url else f"https://{url}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ServiceError(f"{url!r} is not the address of a service", remedy="Give one such as https://grades.example.org.")
    if parts.scheme == "http" and parts.hostname not in AT_HOME and not plain:
        raise ServiceError(f"{url} would send your password unencrypted", remedy="Give its https:// address, or --plain to send it anyway.")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"


# ------------------------------------------------------------------------------------------------------------- where we are known


def token_file() -> Path:
    """Where the token is kept: in the user's own configuration (XDG Base Directory Specification)."""
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "layerwise" / "service.json"


def remember(place: Place) -> Path:
    """Keep a place; nobody but the user may read it."""
    path = token_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    write_private(path, json.dumps(asdict(place)))
    return path


def recall() -> Place:
    """Where the user is signed in. Raises ServiceError if nowhere."""
    try:
        found = json.loads(token_file().read_text(encoding="utf-8"))
        return Place(url=str(found["url"]), token=str(found["token"]), course=str(found["course"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ServiceError("you are not signed in", remedy="Sign in with `grade login URL`.") from error


# --------------------------------------------------------------------------------------------------------------------- handing in


def pack(path: Path) -> tuple[str, bytes]:
    """A file as it is; of a folder, the Python files and notebooks in it, as a zip. Raises ServiceError if there is nothing to send."""
    try:
        if not path.is_dir():
            return path.name, path.read_bytes()
        bounds = Bounds()
        found = [one for one in find_in_folder(path, bounds) if one.read is not None and not one.problem]
        files = [(one.path, one.read(bounds.notebook_bytes)) for one in found if one.read is not None]
    except (OSError, ValueError) as error:
        raise ServiceError(f"{safe_text(str(path))} cannot be read: {safe_text(str(error))}") from error
    if not files:
        raise ServiceError(f"{safe_text(str(path))} holds no Python file", remedy="Name a folder, a .py file, a notebook or a .zip.")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return f"{path.resolve().name or 'work'}.zip", packed.getvalue()


def send(line: Line, name: str, body: bytes, exercise: str = "") -> dict[str, Any]:
    """Hand in; give what the service says of the upload, which it has kept by then."""
    query = urlencode({"name": name, **({"exercise": exercise} if exercise else {})}, quote_via=quote)
    taken: dict[str, Any] = json.loads(line.ask("POST", f"/api/v1/uploads?{query}", body, kind="application/octet-stream"))
    return taken


def follow(line: Line, number: int, *, pause_s: float = 0.5) -> Iterator[dict[str, Any]]:
    """How an upload goes, again and again until it is done."""
    while True:
        state: dict[str, Any] = line.ask_json("GET", f"/api/v1/uploads/{number}")
        yield state
        if state["state"] in DONE:
            return
        time.sleep(pause_s)
        pause_s = min(5.0, pause_s * 1.2)
