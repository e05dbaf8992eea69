"""Ask a platform something: over https, within bounds of time and size, and nobody to whom it points us on the way."""

from __future__ import annotations

import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx2

from grader.errors import ExitCode, LayerwiseError

MOST_BYTES = 1024 * 1024
LONGEST_S = 15.0
LONGEST_ADDRESS = 2000
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
# True for who waits in front of a page, and for a mark that is sent again by itself.
AWAY = "Wait a few minutes; the platform may be down or busy."


class PlatformError(LayerwiseError):
    """A platform does not answer, or not as LTI says. ``status`` is the one of its answer, 0 if there was none; ``after_s`` is when it
    wants to be asked again, 0 if it does not say.
    """

    exit_code = ExitCode.STORE_UNUSABLE

    def __init__(self, message: str, *, remedy: str = "", status: int = 0, after_s: float = 0) -> None:
        super().__init__(message, remedy=remedy)
        self.status, self.after_s = status, after_s


class AddressRefused(PlatformError):  # noqa: N818 - it is named after what it says
    """An address that is not asked, whoever has typed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, within the bounds."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    def document(self) -> Any:
        """The JSON of it. Raises PlatformError if it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise PlatformError("the platform's answer is not JSON") from error


def address_problem(address: str) -> str:
    """Why a service's address is not used, as a part of a sentence; empty if it is."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "is not a valid address"
    if len(address) > LONGEST_ADDRESS or not host or not address.isascii() or not address.isprintable() or " " in address or port == 0:
        return "is not a valid address"
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "has a name, a password or a fragment in it"
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOCAL_NAMES):
        return "does not begin with https://"
    return "" if host in LOCAL_NAMES or not _is_barred(host) else "leads to this machine or to a reserved address"


def _is_barred(host: str) -> bool:
    """Whether this is the number of this machine itself, or of what a cloud tells its machines alone. A department's own network is
    left: platforms stand there.
    """
    try:
        number = ipaddress.ip_address(host.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    mapped = getattr(number, "ipv4_mapped", None)
    number = mapped or number
    return number.is_loopback or number.is_link_local or number.is_multicast or number.is_unspecified


def expect_address(address: str, what: str = "this address") -> str:
    """The address. Raises AddressRefused if it is not used."""
    problem = address_problem(address)
    if problem:
        raise AddressRefused(f"{what} {problem}: {address[:200]}", remedy="Copy it from the platform; it begins with https://.")
    return address


def fetch(
    address: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    form: Mapping[str, str] | None = None,
) -> Answer:
    """Ask. What is no 2xx is raised too, so that nobody takes it for an answer.

    Raises
    ------
    PlatformError
        If the address is not used, nobody answers in time, the answer is too long, leads elsewhere, or says that it failed.
    """
    expect_address(address)
    host = urlsplit(address).hostname or ""
    _expect_host(host)
    until = time.monotonic() + LONGEST_S
    try:
        # No proxy and no .netrc of the environment, and no redirection: the address was looked at, and where it points to was not.
        with (
            httpx2.Client(timeout=LONGEST_S / 3, follow_redirects=False, trust_env=False, verify=authorities()) as client,
            # Nothing is packed, so that what is counted is what is kept.
            client.stream(
                method, address, headers={**(headers or {}), "accept-encoding": "identity"}, content=body, data=form
            ) as response,
        ):
            _expect_peer(response, host)
            answer = Answer(status=response.status_code, body=_read(response, host, until), headers=response.headers)
    except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as error:
        raise PlatformError(f"{host} does not answer ({type(error).__name__})", remedy=AWAY) from error
    if not 200 <= answer.status < 300:
        raise PlatformError(_refusal(host, answer), status=answer.status, after_s=_after(answer))
    return answer


@cache
def authorities() -> ssl.SSLContext:
    """Who vouches for a platform's name: those whom this machine trusts. To read them takes longer than to ask."""
    return ssl.create_default_context()


def _expect_host(host: str) -> None:
    """Refuse a name that leads to this machine, before anything is sent there."""
    try:
        found = [] if host in LOCAL_NAMES else socket.getaddrinfo(host, None)
    except (OSError, UnicodeError) as error:
        raise PlatformError(f"{host[:200]} is not found", remedy="Check the address; if it is right, wait a few minutes.") from error
    if any(_is_barred(str(one[4][0])) for one in found):
        raise PlatformError(f"{host} leads to this machine or to a reserved address")


def _expect_peer(response: httpx2.Response, host: str) -> None:
    """Refuse an answer from there too: the name may lead elsewhere when it is asked a second time (DNS rebinding)."""
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    if peer and host not in LOCAL_NAMES and _is_barred(str(peer[0])):
        raise PlatformError(f"{host} leads to this machine or to a reserved address")


def _read(response: httpx2.Response, host: str, until: float) -> bytes:
    read = bytearray()
    for chunk in response.iter_raw(16 * 1024):
        read += chunk
        if len(read) > MOST_BYTES:
            raise PlatformError(f"{host} sent more than {MOST_BYTES // 2**20} MiB, which is too much", status=response.status_code)
        if time.monotonic() > until:
            raise PlatformError(f"{host} takes longer than {LONGEST_S:.0f} seconds", remedy=AWAY)
    return bytes(read)


def _refusal(host: str, answer: Answer) -> str:
    words = " ".join(answer.body[:300].decode("utf-8", "replace").split())
    return f"{host} answered {answer.status}{': ' if words else ''}{words[:200]}"


def _after(answer: Answer) -> float:
    said = answer.headers.get("retry-after", "")
    return min(float(said), 86400.0) if said.isascii() and said.isdigit() else 0.0
