"""Fetch from another server what we do not trust to be short, quick or where it says: within bounds, and going nowhere else."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import httpx2

from grader import __version__

# A server that sends one byte at a time keeps within the bound for a read, so there is one for the whole as well.
READ_S, WHOLE_S = 5.0, 10.0
MOST_BYTES = 512 * 1024


class FetchError(Exception):
    """There was no answer that can be used; the text says why, and holds nothing that was sent."""

    def __init__(self, reason: str, *, status: int = 0, answer: Mapping[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        # Of a refusal in JSON (RFC 6749, section 5.2), what it says.
        self.answer = answer or {}


def new_client() -> httpx2.Client:
    """A client that follows no redirect, since what it sends is meant for one server alone."""
    headers = {"user-agent": f"layerwise/{__version__}", "accept": "application/json", "accept-encoding": "identity"}
    return httpx2.Client(timeout=READ_S, follow_redirects=False, headers=headers)


def fetch_json(
    client: httpx2.Client,
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """GET a JSON object, or POST a form for one.

    Raises
    ------
    FetchError
        If nobody answers in time, the answer is too long, no JSON object, or no success.
    """
    until = time.monotonic() + WHOLE_S
    try:
        with client.stream("GET" if form is None else "POST", url, data=form, headers=headers) as answer:
            # What is packed could unpack to anything.
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise FetchError("it answers in an encoding that was not asked for")
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise FetchError(f"its answer is longer than {MOST_BYTES // 1024} KiB")
                if time.monotonic() > until:
                    raise FetchError(f"it has not answered within {WHOLE_S:g} seconds")
            status = answer.status_code
    except httpx2.TimeoutException as error:
        raise FetchError(f"it has not answered within {READ_S:g} seconds") from error
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        raise FetchError(f"it cannot be reached ({type(error).__name__})") from error
    return _object(status, body)


def _object(status: int, body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if 300 <= status < 400:
        raise FetchError("it answers with a redirect, which is not followed", status=status)
    if status != 200:
        raise FetchError(f"it answers with status {status}", status=status, answer=found if isinstance(found, dict) else None)
    if not isinstance(found, dict):
        raise FetchError("its answer is not a JSON object", status=status)
    return found
