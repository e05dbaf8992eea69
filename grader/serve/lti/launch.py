"""A launch: somebody comes from a platform, which says who it is (OpenID Connect third-party login; LTI 1.3)."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt

from grader.errors import ExitCode, LayerwiseError
from grader.serve.database import Database, now
from grader.serve.lti import claims as words
from grader.serve.lti.platform_keys import PlatformKeys
from grader.serve.lti.registrations import Platform, begin_flow, end_flow, find_platform, look_at_flow, platform_called
from grader.serve.passwords import fingerprint, new_token

LOG = logging.getLogger("layerwise")
LASTS = timedelta(minutes=10)
LEEWAY = timedelta(seconds=60)
# Signatures by a key of the platform's own alone: a token "signed" with its public key as a password, or not at all, is none.
ALGORITHMS = ("RS256", "RS384", "RS512", "ES256")
NEEDED = ("iss", "aud", "sub", "exp", "iat", "nonce")
LONGEST = 255
AGAIN = "Go back to your course on the platform, and open the link again."
NEW_WINDOW = "Open the link in a new window: inside another site's page, your browser keeps no cookie of this service."


class LaunchRefused(LayerwiseError):  # noqa: N818 - it is named after what it says
    """Somebody does not come in this way, and why."""

    exit_code = ExitCode.SUBMISSION_UNREADABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What a platform says, verified. ``custom`` and what else is text comes from people who may write anything."""

    platform: Platform
    kind: str
    sub: str
    name: str
    email: str
    person_id: str
    roles: frozenset[str]
    deployment: str
    context: str
    context_title: str
    resource_link: str
    link_title: str
    custom: Mapping[str, str]
    target: str
    endpoint: Mapping[str, Any] = field(default_factory=dict)
    memberships_url: str = ""
    choosing: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A login that has begun: where the browser goes, and what it keeps meanwhile."""

    address: str
    cookie: str
    secret: str


def cookie_of(state: str) -> str:
    """The name of the cookie of one launch, so that two at once do not mix."""
    return f"lti_{fingerprint(state)[:16]}"


# ------------------------------------------------------------------------------------------------------------------------ begin


def begin_login(database: Database, public_url: str, sent: Mapping[str, str]) -> Begun:
    """Answer a platform that wants somebody to come in: send them back there, to be told who it is.

    Raises
    ------
    LaunchRefused
        If the platform is not registered, or wants to lead somewhere else.
    """
    issuer, client_id = sent.get("iss", ""), sent.get("client_id", "")
    platform = platform_called(database, issuer, client_id)
    if platform is None:
        raise LaunchRefused("this platform is not registered here", remedy="An instructor can register it under Platforms.")
    deployment = sent.get("lti_deployment_id", "")
    if deployment and deployment not in platform.deployments:
        raise LaunchRefused("this deployment of the platform is not registered here", remedy="An instructor can add it under Platforms.")
    if not sent.get("login_hint"):
        raise LaunchRefused("the platform did not say who wants to sign in", remedy=AGAIN)
    expect_ours(sent.get("target_link_uri", ""), public_url)
    nonce, secret = new_token(), new_token()
    with database.writing() as connection:
        data = {"platform": platform.id, "nonce": nonce, "browser": fingerprint(secret)}
        state = begin_flow(connection, "login", data, LASTS)
    asked = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.client_id,
        "redirect_uri": public_url + words.LAUNCH_PATH,
        "state": state,
        "nonce": nonce,
        "login_hint": sent["login_hint"],
    }
    if sent.get("lti_message_hint"):
        asked["lti_message_hint"] = sent["lti_message_hint"]
    between = "&" if urlsplit(platform.authorization_url).query else "?"
    return Begun(address=f"{platform.authorization_url}{between}{urlencode(asked)}", cookie=cookie_of(state), secret=secret)


def expect_ours(address: str, public_url: str) -> str:
    """The path of an address of this service. Raises LaunchRefused if it is of anywhere else."""
    path = address.removeprefix(public_url)
    if not address.startswith(public_url) or (path and path[0] not in "/?") or "\\" in path or not path.isprintable():
        raise LaunchRefused(
            "the platform's link does not lead to this service", remedy="Tell your instructor: the address of this tool there is wrong."
        )
    return urlsplit(path or "/").path


# ---------------------------------------------------------------------------------------------------------------------- complete


def complete_login(database: Database, keys: PlatformKeys, public_url: str, sent: Mapping[str, str], cookies: Mapping[str, str]) -> Launch:
    """What the platform says of somebody who has come back from it, once it is verified. The state holds once, whatever comes of it.

    Raises
    ------
    LaunchRefused
        If anything about it is not as it must be.
    PlatformError
        If the platform's keys are needed, and it does not answer.
    """
    state = sent.get("state", "")
    with database.reading() as connection:
        known = look_at_flow(connection, "login", state)
    if known is None:
        raise LaunchRefused("this sign-in from the platform has expired or was already used", remedy=AGAIN)
    # Before it is used up: whoever knows a state alone must not spoil the launch of somebody else.
    secret = cookies.get(cookie_of(state), "")
    if not secret or not hmac.compare_digest(fingerprint(secret), known["browser"]):
        raise LaunchRefused("this sign-in was started in another browser, or this browser did not keep its cookie", remedy=NEW_WINDOW)
    with database.writing() as connection:
        flow = end_flow(connection, "login", state)
    platform = find_platform(database, known["platform"])
    if flow is None or platform is None:
        raise LaunchRefused("this sign-in from the platform has expired or was already used", remedy=AGAIN)
    if sent.get("error"):
        LOG.info("%s refused a launch: %.100r", platform.name, sent["error"])
        raise LaunchRefused("the platform did not confirm who you are", remedy="Sign in there, and open the link again.")
    return read_launch(platform, verify(platform, keys, sent.get("id_token", ""), flow["nonce"]), public_url)


def verify(platform: Platform, keys: PlatformKeys, token: str, nonce: str) -> dict[str, Any]:
    """The claims of an id token. Raises LaunchRefused or PlatformError."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise LaunchRefused("the platform's message is not signed in a way that is accepted", remedy=AGAIN)
        key = keys.find(platform.jwks_url, str(header.get("kid", "")))
        if key is None:
            raise LaunchRefused("the platform's message is not signed with any of the platform's keys", remedy=AGAIN)
        found: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            audience=platform.client_id,
            issuer=platform.issuer,
            leeway=LEEWAY,
            options={"require": list(NEEDED)},
        )
    except jwt.ExpiredSignatureError as error:
        raise LaunchRefused("this sign-in from the platform has expired", remedy=AGAIN) from error
    except jwt.ImmatureSignatureError as error:
        raise LaunchRefused("the clocks of the platform and of this service differ", remedy="Tell your instructor.") from error
    except jwt.PyJWTError as error:
        LOG.warning("a launch from %s was refused: %s", platform.name, type(error).__name__)
        raise LaunchRefused(
            "the platform's message is not meant for this service, or does not come from the platform", remedy=AGAIN
        ) from error
    # OpenID Connect core, section 3.1.3.7, steps 4 and 5.
    several = isinstance(found["aud"], list) and len(found["aud"]) > 1
    if found.get("azp", platform.client_id) != platform.client_id or (several and "azp" not in found):
        raise LaunchRefused("the platform's message is meant for another service", remedy=AGAIN)
    if not isinstance(found["nonce"], str) or not hmac.compare_digest(found["nonce"].encode("utf-8", "replace"), nonce.encode()):
        raise LaunchRefused("the platform's message does not belong to this sign-in", remedy=AGAIN)
    if found["iat"] < (now() - LASTS - LEEWAY).timestamp():
        raise LaunchRefused("this sign-in from the platform has expired", remedy=AGAIN)
    return found


def read_launch(platform: Platform, found: Mapping[str, Any], public_url: str) -> Launch:
    """What a verified message holds. Raises LaunchRefused if that is no launch of LTI 1.3 by a deployment that is registered."""
    kind = found.get(words.CLAIM + "message_type")
    if kind not in (words.LAUNCH, words.CHOOSING) or found.get(words.CLAIM + "version") != words.VERSION:
        raise LaunchRefused("this is not an LTI 1.3 launch", remedy=AGAIN)
    deployment = text_of(found, words.CLAIM + "deployment_id")
    if not deployment or deployment not in platform.deployments:
        raise LaunchRefused("this deployment of the platform is not registered here", remedy="An instructor can add it under Platforms.")
    context, link = part_of(found, words.CLAIM + "context"), part_of(found, words.CLAIM + "resource_link")
    custom = part_of(found, words.CLAIM + "custom")
    sub = text_of(found, "sub")
    if not sub:
        raise LaunchRefused("the platform did not say who you are", remedy="Tell your instructor: the platform must be set to do so.")
    if not text_of(context, "id") or (kind == words.LAUNCH and not text_of(link, "id")):
        raise LaunchRefused("the platform did not say which course you come from", remedy="Open the link from inside a course.")
    roles = found.get(words.CLAIM + "roles")
    return Launch(
        platform=platform,
        kind=kind,
        sub=sub,
        name=text_of(found, "name") or f"{text_of(found, 'given_name')} {text_of(found, 'family_name')}".strip(),
        email=text_of(found, "email").lower(),
        person_id=text_of(part_of(found, words.CLAIM + "lis"), "person_sourcedid"),
        roles=frozenset(one for one in roles if isinstance(one, str)) if isinstance(roles, list) else frozenset(),
        deployment=deployment,
        context=text_of(context, "id"),
        context_title=text_of(context, "title") or text_of(context, "label"),
        resource_link=text_of(link, "id"),
        link_title=text_of(link, "title"),
        custom={str(name): value for name, value in custom.items() if isinstance(value, str) and len(value) <= LONGEST},
        target=expect_ours(str(found.get(words.CLAIM + "target_link_uri", public_url)), public_url),
        endpoint=part_of(found, words.ENDPOINT),
        memberships_url=str(part_of(found, words.ROSTER).get("context_memberships_url") or ""),
        choosing=part_of(found, words.DEEP_LINKING + "deep_linking_settings"),
    )


def part_of(found: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A claim that is an object; an empty one if it is none."""
    part = found.get(name)
    return part if isinstance(part, dict) else {}


def text_of(found: Mapping[str, Any], name: str) -> str:
    """A claim that is a text; an empty one if it is none, or longer than any is."""
    text = found.get(name)
    return text.strip() if isinstance(text, str) and len(text) <= LONGEST else ""
