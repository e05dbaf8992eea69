"""A university's single sign-on: what the operator says of it, in a TOML file. docs/single-sign-on.md describes every key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from grader.errors import ExitCode, LayerwiseError
from grader.serve.accounts import Role

AT_HOME = frozenset({"localhost", "127.0.0.1", "::1"})
EMAIL_CLAIM = "email"
MOST_FILE_BYTES = 64 * 1024


class SignOnSettingsError(LayerwiseError):
    """The file about single sign-on cannot be used."""

    exit_code = ExitCode.STORE_UNUSABLE


class Entry(StrEnum):
    """Who of those whom the provider vouches for may come in: those on the roster, or everybody, as a student."""

    CLOSED = "closed"
    OPEN = "open"


class Passwords(StrEnum):
    """Who may still sign in by password."""

    EVERYBODY = "everybody"
    INSTRUCTORS = "instructors"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRoles:
    """Which groups make somebody staff: the values of ``claim`` that do, for each role."""

    claim: str
    groups: Mapping[Role, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOn:
    """One provider. ``identify_by`` are the claims by which somebody is found at the first sign-in; from then on, the identity is known."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    label: str = "Sign in with your university"
    identify_by: tuple[str, ...] = (EMAIL_CLAIM,)
    domains: frozenset[str] = frozenset()
    entry: Entry = Entry.CLOSED
    passwords: Passwords = Passwords.EVERYBODY
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    # Others that an ID token may be for as well as for us (OpenID Connect Core, section 3.1.3.7, rule 3).
    audiences: frozenset[str] = frozenset()
    roles: GroupRoles | None = None

    @property
    def is_at_home(self) -> bool:
        """Whether the provider is on this very machine, as in a trial, where nobody listens on the way."""
        return is_at_home(self.issuer)


def is_at_home(url: str) -> bool:
    """Whether an address is one of this machine."""
    return (urlsplit(url).hostname or "") in AT_HOME


def is_safe(url: str, *, at_home: bool = False) -> bool:
    """Whether what is sent to a URL is encrypted on its way, or stays on this machine where `at_home` allows that."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    is_plain = url.isascii() and url.isprintable() and " " not in url and not parts.fragment and parts.username is None
    return bool(host) and is_plain and (parts.scheme == "https" or (at_home and parts.scheme == "http" and is_at_home(url)))


# ------------------------------------------------------------------------------------------------------------------------- file

KEYS = frozenset(
    {"issuer", "client_id", "secret_file", "label", "identify_by", "domains", "people", "passwords", "scopes", "audiences", "roles"}
)


def read_sign_on(path: Path, secret: str = "") -> SignOn:
    """Read the file about a provider. `secret` is what the environment says; it comes before ``secret_file``.

    Raises
    ------
    SignOnSettingsError
        If the file cannot be read, a key is unknown or missing, or a value cannot be used. A secret is in no message.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_FILE_BYTES)
        values = tomllib.loads(data.decode("utf-8"))
    except (OSError, ValueError) as error:
        raise SignOnSettingsError(f"{path} cannot be read: {error}", remedy="docs/single-sign-on.md has an example.") from error
    try:
        return parse_sign_on(values, secret=secret or _secret_of(values, path.parent))
    except SignOnSettingsError as error:
        raise SignOnSettingsError(f"{path}: {error}", remedy=error.remedy) from error


def _secret_of(values: Mapping[str, Any], folder: Path) -> str:
    name = values.get("secret_file")
    if name is None:
        return ""
    if not isinstance(name, str) or not name:
        raise SignOnSettingsError("secret_file must be the path of a file")
    try:
        secret = (folder / name).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        # Of a file that is no text, the error would show a part.
        raise SignOnSettingsError(f"{folder / name} cannot be read: {getattr(error, 'strerror', None) or 'it is not text'}") from error
    if not secret:
        raise SignOnSettingsError(f"{folder / name} is empty", remedy="Put the client secret from the provider into it.")
    return secret


def parse_sign_on(values: Mapping[str, Any], *, secret: str = "") -> SignOn:
    """What a TOML document says of a provider. Raises SignOnSettingsError."""
    unknown = sorted(set(values) - KEYS)
    if unknown:
        in_the_open = "client_secret" in unknown
        cure = "Put it into a file of its own, and name that in secret_file." if in_the_open else f"The keys are {', '.join(sorted(KEYS))}."
        raise SignOnSettingsError(f"{'client_secret' if in_the_open else unknown[0]} is not a key of this file", remedy=cure)
    issuer, defaults = _text(values, "issuer"), SignOn(issuer="", client_id="")
    if not is_safe(issuer, at_home=True) or urlsplit(issuer).query:
        remedy = "Give the https:// address by which the provider names itself, without a query."
        raise SignOnSettingsError(f"{issuer!r} is not an issuer", remedy=remedy)
    scopes = _texts(values, "scopes", defaults.scopes)
    if "openid" not in scopes:
        raise SignOnSettingsError("scopes must contain openid", remedy="Without it a provider does not say who somebody is.")
    return SignOn(
        issuer=issuer,
        client_id=_text(values, "client_id"),
        client_secret=secret,
        label=_text(values, "label", defaults.label),
        identify_by=_texts(values, "identify_by", defaults.identify_by),
        domains=frozenset(domain.lower().removeprefix("@") for domain in _texts(values, "domains", ())),
        entry=_one_of(Entry, values, "people", defaults.entry),
        passwords=_one_of(Passwords, values, "passwords", defaults.passwords),
        scopes=scopes,
        audiences=frozenset(_texts(values, "audiences", ())),
        roles=_roles(values.get("roles")),
    )


def _text(values: Mapping[str, Any], key: str, default: str | None = None) -> str:
    found = values.get(key, default)
    if not isinstance(found, str) or not found.strip() or not found.isprintable() or len(found) > 500:
        raise SignOnSettingsError(f"{key} is missing" if found is None else f"{key} must be a string on one line, at most 500 long")
    return found


def _texts(values: Mapping[str, Any], key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    found = values.get(key, list(default))
    found = [found] if isinstance(found, str) else found
    are_texts = isinstance(found, list) and all(isinstance(one, str) and one and one.isprintable() for one in found)
    if not are_texts or (default and not found):
        raise SignOnSettingsError(
            f"{key} must be a list of strings, and may not be empty" if default else f"{key} must be a list of strings"
        )
    return tuple(found)


def _one_of(kind: Any, values: Mapping[str, Any], key: str, default: Any) -> Any:
    found = values.get(key, default)
    if found not in list(kind):
        raise SignOnSettingsError(f"{key} must be {' or '.join(repr(one.value) for one in kind)}, not {found!r}")
    return kind(found)


def _roles(found: Any) -> GroupRoles | None:
    if found is None:
        return None
    staff = {role.value: role for role in (Role.ASSISTANT, Role.INSTRUCTOR)}
    if not isinstance(found, dict) or not set(found) <= {"claim", *staff} or len(found) < 2:
        raise SignOnSettingsError("[roles] needs a `claim`, and a list of groups under `assistant` or `instructor`, and nothing else")
    groups = {role: frozenset(_texts(found, name, ())) for name, role in staff.items() if name in found}
    return GroupRoles(claim=_text(found, "claim"), groups=groups)
