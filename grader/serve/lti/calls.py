"""Ask a platform's services in our own name: a token for each, got by a signed word of ours (RFC 7523, LTI's security framework)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from grader.serve.database import now
from grader.serve.lti.fetching import Answer, PlatformError, fetch
from grader.serve.lti.keys import Keys
from grader.serve.lti.registrations import Platform
from grader.serve.passwords import new_token

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_S = 60
# A token that is about to expire does so on the way.
MARGIN_S = 30.0
LONGEST_TOKEN = 16_000


class Calls:
    """What platforms are asked, with the tokens that they gave remembered while they hold."""

    def __init__(self, keys: Keys, clock: Callable[[], float] = time.monotonic) -> None:
        self._keys = keys
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[tuple[int, str], tuple[float, str]] = {}

    def ask(
        self,
        platform: Platform,
        address: str,
        scope: str,
        *,
        accept: str = "",
        kind: str = "",
        document: Mapping[str, Any] | None = None,
    ) -> Answer:
        """GET an address, or POST a document to it. A token that does not hold any more is got anew, once. Raises PlatformError."""
        try:
            return self._ask(platform, address, scope, accept, kind, document)
        except PlatformError as error:
            if error.status != 401:
                raise
        with self._lock:
            self._tokens.pop((platform.id, scope), None)
        return self._ask(platform, address, scope, accept, kind, document)

    def _ask(self, platform: Platform, address: str, scope: str, accept: str, kind: str, document: Mapping[str, Any] | None) -> Answer:
        headers = {"authorization": f"Bearer {self._token(platform, scope)}", "accept": accept or kind or "application/json"}
        if document is None:
            return fetch(address, headers=headers)
        return fetch(address, method="POST", headers={**headers, "content-type": kind}, body=json.dumps(document).encode())

    def _token(self, platform: Platform, scope: str) -> str:
        with self._lock:
            until, token = self._tokens.get((platform.id, scope), (0.0, ""))
        if token and until > self._clock():
            return token
        time_ = int(now().timestamp())
        assertion = self._keys.sign(
            {
                "iss": platform.client_id,
                "sub": platform.client_id,
                "aud": platform.token_audience or platform.token_url,
                "iat": time_,
                "exp": time_ + ASSERTION_S,
                "jti": new_token(),
            }
        )
        form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION, "client_assertion": assertion, "scope": scope}
        try:
            answer = fetch(platform.token_url, method="POST", headers={"accept": "application/json"}, form=form).document()
        except PlatformError as error:
            # Whatever it says, it is about us and not about what was to be asked.
            raise PlatformError(f"{platform.name} gave no access token: {error}", remedy=error.remedy, after_s=error.after_s) from error
        said = answer if isinstance(answer, dict) else {}
        found, lasts = said.get("access_token"), said.get("expires_in", 60)
        token = found if isinstance(found, str) else ""
        if not token.isascii() or not token.isprintable() or not 0 < len(token) < LONGEST_TOKEN:
            raise PlatformError(f"{platform.name} gave no access token", remedy="It may hold an old key of this service; see docs/lti.md.")
        seconds = float(lasts) if isinstance(lasts, (int, float)) else 60.0
        with self._lock:
            self._tokens[(platform.id, scope)] = (self._clock() + max(0.0, min(seconds, 3600.0) - MARGIN_S), token)
        return token
