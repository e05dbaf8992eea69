"""Passwords and tokens: only what they can be checked by is ever kept."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable
from functools import cache, partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200
TOKEN_BYTES = 32
# RFC 9106, section 4, second recommended option: 64 MiB each, so a flood of sign-ins must not take all memory there is.
AT_ONCE = threading.Semaphore(2)
# Threads of their own, so that a computer room that signs in at once does not take those by which pages are made.
_THREADS: RunVar[CapacityLimiter] = RunVar("threads for passwords")
Given = ParamSpec("Given")
Result = TypeVar("Result")


@cache
def hasher() -> PasswordHasher:
    """The hasher with the library's own parameters, which follow RFC 9106."""
    return PasswordHasher()


@cache
def _nobody() -> str:
    return hasher().hash(secrets.token_urlsafe(TOKEN_BYTES))


def password_problem(password: str, *others: str) -> str:
    """Why a password cannot be used, as a sentence; empty if it can. `others` are what anybody would try first: a name, an address."""
    if len(password) < SHORTEST:
        return f"A password must have at least {SHORTEST} characters."
    if len(password) > LONGEST:
        return f"A password can have at most {LONGEST} characters."
    if len(set(password)) < 4 or password.casefold() in {other.casefold() for other in others if other}:
        return "This password is easy to guess. Use several words, for example."
    return ""


def hash_password(password: str) -> str:
    """The argon2id hash of a password, with its salt and parameters."""
    with AT_ONCE:
        return hasher().hash(password)


def is_password(hashed: str, password: str) -> bool:
    """Whether a password is the one that was hashed. Without a hash it is not, and that takes as long: nobody learns who has an account."""
    if len(password) > LONGEST:
        return False
    with AT_ONCE:
        try:
            return hasher().verify(hashed or _nobody(), password) and bool(hashed)
        except (VerificationError, InvalidHashError):
            return False


async def in_own_thread(function: Callable[Given, Result], /, *given: Given.args, **named: Given.kwargs) -> Result:
    """Call something that hashes a password, waiting for its turn without a thread."""
    try:
        threads = _THREADS.get()
    except LookupError:
        threads = CapacityLimiter(2)
        _THREADS.set(threads)
    return await run_sync(partial(function, *given, **named), limiter=threads)


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def fingerprint(token: str) -> str:
    """What a token is kept as. It is random and long, so a plain hash says nothing about it."""
    return hashlib.sha256(b"layerwise token" + token.encode("utf-8", "replace")).hexdigest()


def form_token(token: str) -> str:
    """What a form of this session carries, so that a foreign page cannot send it. It gives nothing of the session's own token away."""
    return hashlib.sha256(b"layerwise form" + token.encode("utf-8", "replace")).hexdigest()
