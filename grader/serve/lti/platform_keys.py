"""The public keys of platforms, by which their words are known. They change them when they like."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import jwt

from grader.serve.lti.fetching import PlatformError, fetch

FRESH_S = 3600.0
# Of keys that could not be fetched anew: a platform that is down for an evening has not lost its keys.
STALE_S = 86400.0
# A token may name any key: nobody makes us ask a platform more often than this.
ASK_EVERY_S = 10.0
MOST_KEYS = 50


class PlatformKeys:
    """Those of all platforms, remembered by the address that they come from."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, dict[str, jwt.PyJWK]]] = {}
        self._asked: dict[str, float] = {}

    def find(self, address: str, key_id: str) -> jwt.PyJWK | None:
        """The key of this name; None if the platform has none.

        Raises
        ------
        PlatformError
            If it is not known, and cannot be fetched.
        """
        with self._lock:
            fetched_at, known = self._known.get(address, (-STALE_S, {}))
            age, since = self._clock() - fetched_at, self._clock() - self._asked.get(address, -STALE_S)
            if (key_id in known and age < FRESH_S) or (known and since < ASK_EVERY_S):
                return known.get(key_id) if age < STALE_S else None
            self._asked[address] = self._clock()
        try:
            found = read_key_set(fetch(address).document())
        except PlatformError:
            if key_id in known and age < STALE_S:
                return known[key_id]
            raise
        with self._lock:
            self._known[address] = (self._clock(), found)
        return found.get(key_id)


def read_key_set(document: Any) -> dict[str, jwt.PyJWK]:
    """The keys of a JWK set by their names. What is no public key to sign with, or too short, is left out. Raises PlatformError."""
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list):
        raise PlatformError("the platform's list of keys is not a JWK set", remedy="An instructor can check its address under Platforms.")
    found = {}
    for one in keys[:MOST_KEYS]:
        if not isinstance(one, dict) or one.get("kty") not in ("RSA", "EC") or one.get("use", "sig") != "sig" or not one.get("kid"):
            continue
        try:
            key = jwt.PyJWK.from_dict(one)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            continue
        if getattr(key.key, "key_size", 0) >= (2048 if one["kty"] == "RSA" else 256):
            found[str(one["kid"])] = key
    return found
