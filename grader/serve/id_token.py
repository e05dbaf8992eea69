"""Read an ID token: who it says signs in, once everything about it was verified (OpenID Connect Core 1.0, section 3.1.3.7)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import jwt

from grader.serve.single_sign_on import SignOn

# Clocks differ, and a token is verified a second after it was made.
LEEWAY_S = 60
# None of them has a key that two know: with HS256, whoever has the provider's public key could sign (CVE-2022-29217, CVE-2026-48526).
FAMILIES = {
    "RSA": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    "EC": ("ES256", "ES384", "ES512"),
    "OKP": ("EdDSA",),
}
ALGORITHMS = frozenset(name for names in FAMILIES.values() for name in names)
MOST_KEYS = 50
LONGEST_SUBJECT = 255


class TokenError(Exception):
    """The token proves nothing; the text says why, without a word of the token."""


class KeyUnknown(TokenError):  # noqa: N818 - it is named after what it says
    """No key that is known has signed it: the provider may have new ones."""


def algorithm_of(token: str, allowed: frozenset[str]) -> tuple[str, str | None]:
    """With what a token says it is signed: an algorithm that is allowed, and the name of the key, if it has one. Raises TokenError."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise TokenError("it is not a signed token") from error
    algorithm, key = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS & allowed:
        raise TokenError("it is signed in a way that is not accepted, or not signed")
    return algorithm, key if isinstance(key, str) else None


def fitting_keys(keys: Sequence[Any], algorithm: str, name: str | None) -> list[jwt.PyJWK]:
    """The keys that may have signed: for signatures, for this algorithm, and of this name if the token gives one."""
    found = []
    for key in keys[:MOST_KEYS]:
        if not isinstance(key, dict) or key.get("use", "sig") != "sig" or key.get("alg", algorithm) != algorithm:
            continue
        if algorithm not in FAMILIES.get(str(key.get("kty")), ()) or (name is not None and key.get("kid") != name):
            continue
        try:
            found.append(jwt.PyJWK(key, algorithm))
        except (jwt.PyJWTError, ValueError, TypeError):
            # A key that cannot be read signs nothing; another one may have.
            continue
    return found


def verify(token: str, keys: Sequence[Any], sign_on: SignOn, *, nonce: str, allowed: frozenset[str]) -> dict[str, Any]:
    """What a token claims, once it is proved.

    Raises
    ------
    KeyUnknown
        If none of `keys` has signed it.
    TokenError
        If it is not signed as it must be, by somebody else, for somebody else, for another sign-in, too old, or from the future.
    """
    algorithm, name = algorithm_of(token, allowed)
    claims = None
    for key in fitting_keys(keys, algorithm, name):
        try:
            claims = _decoded(token, key, algorithm, sign_on)
            break
        except jwt.InvalidSignatureError:
            continue
    if claims is None:
        raise KeyUnknown("it is not signed with any of the provider's keys")
    said = claims.get("nonce")
    if not isinstance(said, str) or not hmac.compare_digest(said.encode("utf-8", "replace"), nonce.encode()):
        raise TokenError("it was made for another sign-in (nonce)")
    _expect_for_us(claims, sign_on)
    subject = claims["sub"]
    # Core, section 2: at most 255 ASCII characters.
    if not subject or len(subject) > LONGEST_SUBJECT or not subject.isascii() or not subject.isprintable():
        raise TokenError("its subject cannot be used")
    return claims


def _decoded(token: str, key: jwt.PyJWK, algorithm: str, sign_on: SignOn) -> dict[str, Any]:
    try:
        return jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            issuer=sign_on.issuer,
            audience=sign_on.client_id,
            leeway=LEEWAY_S,
            options={"require": ["iss", "sub", "aud", "exp", "iat"], "enforce_minimum_key_length": True},
        )
    except jwt.InvalidSignatureError:
        raise
    except jwt.ExpiredSignatureError as error:
        raise TokenError("it has expired already: the clock of this server or the provider's is wrong") from error
    except jwt.ImmatureSignatureError as error:
        raise TokenError("it is from the future: the clock of this server or the provider's is wrong") from error
    except jwt.InvalidIssuerError as error:
        raise TokenError("it comes from another issuer") from error
    except jwt.InvalidAudienceError as error:
        raise TokenError("it was made for another service (audience)") from error
    except jwt.MissingRequiredClaimError as error:
        raise TokenError(f"it lacks the claim {error.claim}") from error
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise TokenError(f"it cannot be used ({type(error).__name__})") from error


def _expect_for_us(claims: Mapping[str, Any], sign_on: SignOn) -> None:
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if not set(audience) <= {sign_on.client_id, *sign_on.audiences}:
        raise TokenError("it was made for other services as well (audience)")
    if claims.get("azp", None if len(audience) > 1 else sign_on.client_id) != sign_on.client_id:
        raise TokenError("it was issued to another service (azp)")


def unpadded(data: bytes) -> str:
    """Bytes as every part of a token writes them (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def expect_hash(claims: Mapping[str, Any], algorithm: str, access_token: str) -> None:
    """Raise TokenError if an ID token says that it came with another access token (Core, section 3.1.3.6)."""
    if "at_hash" not in claims:
        return
    digest = hashlib.new(f"sha{algorithm[2:]}" if algorithm[2:].isdigit() else "sha512", access_token.encode("utf-8", "replace")).digest()
    half = unpadded(digest[: len(digest) // 2])
    if not hmac.compare_digest(half.encode(), str(claims["at_hash"]).encode("utf-8", "replace")):
        raise TokenError("it belongs to another access token (at_hash)")
