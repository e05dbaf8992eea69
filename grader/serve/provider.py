"""A provider of single sign-on: where it wants people to be sent, and who has come back (OpenID Connect Core 1.0, section 3.1)."""

from __future__ import annotations

import base64
import hashlib
import logging
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

from grader.errors import ExitCode, LayerwiseError
from grader.safe_text import safe_text
from grader.serve.fetching import FetchError, fetch_json, new_client
from grader.serve.id_token import ALGORITHMS, KeyUnknown, TokenError, algorithm_of, expect_hash, unpadded, verify
from grader.serve.single_sign_on import SignOn, is_safe

LOG = logging.getLogger("layerwise")
# How long what a provider says of itself is believed, so that a key that it has given up signs nothing for longer.
BELIEVED_S = 3600.0
# A token by an unknown key makes us look again, but not for every such token.
AGAIN_AFTER_S = 30.0
# Who comes while the provider is away is told so at once, and does not wait for it as well.
AWAY_S = 5.0
# Threads of our own: a slow provider must not take those that pages are made by.
AT_ONCE = 8


class SignOnError(LayerwiseError):
    """Nobody has signed in; the sentence is for who tried, ``status`` for the browser."""

    exit_code = ExitCode.SUBMISSION_UNREADABLE

    def __init__(self, message: str, *, remedy: str = "", status: int = 403) -> None:
        super().__init__(message, remedy=remedy)
        self.status = status


def provider_is_away(what: str, error: FetchError) -> SignOnError:
    """What is said while the provider does not answer, and to whoever reads the log."""
    LOG.warning("single sign-on: %s: %s", what, safe_text(str(error)))
    return SignOnError(
        f"your university's sign-in did not answer as it should: {error}",
        remedy="Try again in a minute; if that does not help, tell your instructor.",
        status=503,
    )


def not_proved(error: TokenError) -> SignOnError:
    """What is said of an answer that proves nothing."""
    LOG.warning("single sign-on: an ID token was refused: %s", error)
    remedy = "Sign in again; if that does not help, tell your instructor."
    return SignOnError(f"your university's answer could not be accepted: {error}", remedy=remedy, status=502)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """What a provider says of itself (OpenID Connect Discovery 1.0, section 3)."""

    authorization: str
    token: str
    keys: str
    userinfo: str
    names_itself: bool
    algorithms: frozenset[str]
    authentication: frozenset[str]


def parse_endpoints(found: Mapping[str, Any], sign_on: SignOn) -> Endpoints:
    """The description, if it is one of this very issuer and leads to safe places alone. Raises FetchError."""
    if found.get("issuer") != sign_on.issuer:
        raise FetchError("its issuer is not the one in the settings")
    urls = {name: found.get(name, "") for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")}
    for name, url in urls.items():
        missing_is_fine = name == "userinfo_endpoint" and not url
        if not missing_is_fine and not (isinstance(url, str) and is_safe(url, at_home=sign_on.is_at_home)):
            raise FetchError(f"its {name} is missing or not encrypted")
    algorithms = found.get("id_token_signing_alg_values_supported")
    methods = found.get("token_endpoint_auth_methods_supported")
    return Endpoints(
        authorization=urls["authorization_endpoint"],
        token=urls["token_endpoint"],
        keys=urls["jwks_uri"],
        userinfo=urls["userinfo_endpoint"],
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        algorithms=_names(algorithms, ALGORITHMS),
        authentication=_names(methods, frozenset({"client_secret_basic"})),
    )


def _names(found: Any, default: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in found if isinstance(one, str)) if isinstance(found, list) else default


class Provider:
    """One provider. Nothing is asked of it before somebody wants to sign in, so that a service starts without it."""

    def __init__(self, sign_on: SignOn) -> None:
        self.sign_on = sign_on
        self._lock = threading.Lock()
        self._client: Any = None
        self._endpoints: tuple[float, Endpoints] | None = None
        self._keys: tuple[float, list[Any]] | None = None
        self._away: tuple[float, FetchError] | None = None
        self.threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="single-sign-on")

    def close(self) -> None:
        """Let go of threads and connections."""
        self.threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    def _fetch(self, url: str, **how: Any) -> dict[str, Any]:
        with self._lock:
            self._client = self._client or new_client()
        return fetch_json(self._client, url, **how)

    def endpoints(self) -> Endpoints:
        """What the provider says of itself. Raises SignOnError."""
        held, away = self._endpoints, self._away
        if held is None or time.monotonic() - held[0] > BELIEVED_S:
            if away is not None and time.monotonic() - away[0] < AWAY_S:
                raise provider_is_away("the description of the provider", away[1])
            try:
                found = self._fetch(self.sign_on.issuer.rstrip("/") + "/.well-known/openid-configuration")
                held = (time.monotonic(), parse_endpoints(found, self.sign_on))
            except FetchError as error:
                self._away = (time.monotonic(), error)
                raise provider_is_away("the description of the provider", error) from error
            self._endpoints = held
        return held[1]

    def _key_set(self, *, not_older_than_s: float) -> list[Any]:
        held = self._keys
        if held is None or time.monotonic() - held[0] > not_older_than_s:
            try:
                found = self._fetch(self.endpoints().keys).get("keys")
            except FetchError as error:
                raise provider_is_away("the keys of the provider", error) from error
            held = (time.monotonic(), found if isinstance(found, list) else [])
            self._keys = held
        return held[1]

    def address(self, *, state: str, nonce: str, verifier: str, back: str) -> str:
        """Where somebody is sent to sign in. Raises SignOnError."""
        asked = {
            "response_type": "code",
            "client_id": self.sign_on.client_id,
            "redirect_uri": back,
            "scope": " ".join(self.sign_on.scopes),
            "state": state,
            "nonce": nonce,
            # RFC 7636: the code is of no use to whoever has not begun this sign-in.
            "code_challenge": unpadded(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
        }
        url = self.endpoints().authorization
        return f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}"

    def expect_itself(self, named: str | None) -> None:
        """Raise SignOnError if an answer names another issuer: somebody mixes providers up (RFC 9207)."""
        if named != self.sign_on.issuer and (named is not None or self.endpoints().names_itself):
            LOG.warning("single sign-on: an answer was from %s", "another issuer" if named else "nobody, though the provider names itself")
            raise SignOnError("this answer does not come from your university's sign-in", remedy="Sign in again.", status=400)

    def who(self, *, code: str, verifier: str, nonce: str, back: str) -> dict[str, Any]:
        """The claims of whom a code is for, verified.

        Raises
        ------
        SignOnError
            If the provider does not answer, refuses the code, or its answer proves nothing.
        """
        answer = self._exchange(code, verifier, back)
        token, access = answer.get("id_token"), answer.get("access_token")
        if not isinstance(token, str):
            raise not_proved(TokenError("it has no ID token"))
        try:
            claims = self._verified(token, nonce)
            if isinstance(access, str):
                expect_hash(claims, algorithm_of(token, ALGORITHMS)[0], access)
            return {**self._more(claims, access), **claims}
        except TokenError as error:
            raise not_proved(error) from error

    def _exchange(self, code: str, verifier: str, back: str) -> dict[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        headers = {}
        endpoints, sign_on = self.endpoints(), self.sign_on
        if sign_on.client_secret and "client_secret_basic" in endpoints.authentication:
            # RFC 6749, section 2.3.1: each is written as in a form before they are joined.
            pair = f"{quote_plus(sign_on.client_id)}:{quote_plus(sign_on.client_secret)}"
            headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form["client_id"] = sign_on.client_id
            if sign_on.client_secret:
                form["client_secret"] = sign_on.client_secret
        try:
            return self._fetch(endpoints.token, form=form, headers=headers)
        except FetchError as error:
            raise _refused(error) from error

    def _verified(self, token: str, nonce: str) -> dict[str, Any]:
        allowed = self.endpoints().algorithms
        try:
            return verify(token, self._key_set(not_older_than_s=BELIEVED_S), self.sign_on, nonce=nonce, allowed=allowed)
        except KeyUnknown:
            # Providers change their keys (Core, section 10.1.1).
            keys = self._key_set(not_older_than_s=AGAIN_AFTER_S)
            return verify(token, keys, self.sign_on, nonce=nonce, allowed=allowed)

    def _more(self, claims: Mapping[str, Any], access: object) -> dict[str, Any]:
        """What many providers say at the userinfo endpoint alone (Core, section 5.4), if anything is missing that we go by."""
        sign_on, url = self.sign_on, self.endpoints().userinfo
        wanted = {*sign_on.identify_by, "email_verified", "name", *([sign_on.roles.claim] if sign_on.roles else [])}
        if not url or not isinstance(access, str) or wanted <= set(claims):
            return {}
        if not access.isascii() or not access.isprintable():
            raise TokenError("its access token cannot be used")
        try:
            found = self._fetch(url, headers={"authorization": f"Bearer {access}"})
        except FetchError as error:
            raise provider_is_away("the userinfo endpoint", error) from error
        # Core, section 5.3.2: otherwise it may be about somebody else.
        if found.get("sub") != claims["sub"]:
            raise TokenError("what it says at its userinfo endpoint is about somebody else")
        return _without_halves(claims, found)


def _without_halves(claims: Mapping[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """No address from one place, and from the other whether some address is verified."""
    if "email" in claims:
        dropped = set() if found.get("email") == claims["email"] else {"email_verified"}
    else:
        dropped = {"email"} if "email_verified" in claims else set()
    return {name: value for name, value in found.items() if name not in dropped}


def _refused(error: FetchError) -> SignOnError:
    code = error.answer.get("error")
    if error.status not in (400, 401) or not isinstance(code, str):
        return provider_is_away("the token endpoint", error)
    description = str(error.answer.get("error_description", ""))
    LOG.warning("single sign-on: the token endpoint refuses: %s %s", safe_text(code[:60]), safe_text(description[:300]))
    if code == "invalid_grant":
        return SignOnError("this sign-in took too long or was already used", remedy="Sign in again.", status=400)
    return SignOnError(
        "your university's sign-in no longer knows this service, or does not accept its secret",
        remedy="Tell your instructor; the reason is in the log of the service.",
        status=502,
    )
