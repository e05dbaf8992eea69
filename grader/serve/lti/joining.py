"""Register with a platform by one address (LTI Dynamic Registration 1.0): it tells what it is, and we tell what we are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from grader.serve.database import Database, note
from grader.serve.lti import claims as words
from grader.serve.lti.fetching import PlatformError, expect_address, fetch
from grader.serve.lti.launch import LaunchRefused
from grader.serve.lti.registrations import Platform, add_platform, begin_flow, end_flow
from grader.serve.service import Service

LASTS = timedelta(days=2)
SCOPES = (words.SCORE, words.LINE_ITEM, words.MEMBERSHIP)
# What these platforms call the places where an instructor chooses; others ignore it.
PLACEMENTS = ("assignment_selection", "link_selection", "ContentArea")
# Instructure's hosts speak for Canvas's issuer, which is the same for all of its customers.
CANVAS = (".instructure.com", ".canvaslms.com")
BY_HAND = "Register it by hand under Platforms, with its five values."
USED = "this registration link has expired or was already used"


def begin_joining(database: Database, *, by: int) -> str:
    """Make a token by which one platform may register, once."""
    with database.writing() as connection:
        note(connection, by, "registration link made", "")
        return begin_flow(connection, "joining", {"by": by}, LASTS)


def join(service: Service, token: str, configuration_url: str, registration_token: str) -> Platform:
    """Register with the platform that an administrator there has given the link to. It may nothing before an instructor says so here.

    Raises
    ------
    LaunchRefused
        If the link does not hold.
    PlatformError, LtiError
        If the platform does not do what the specification says.
    """
    # Before the link is used up: a slip of the pen in an address must not spoil it.
    expect_address(configuration_url, "the link to the platform's configuration")
    with service.database.writing() as connection:
        flow = end_flow(connection, "joining", token)
    if flow is None:
        raise LaunchRefused(USED, remedy="Ask for a new one; an instructor makes it under Platforms.")
    configuration = read_configuration(configuration_url)
    headers = {"content-type": "application/json", "accept": "application/json"}
    if registration_token:
        if not registration_token.isascii() or not registration_token.isprintable():
            raise LaunchRefused("the registration token of the platform is not valid", remedy="Start the registration again there.")
        headers["authorization"] = f"Bearer {registration_token}"
    body = json.dumps(registration(service)).encode()
    registered = fetch(configuration["registration_endpoint"], method="POST", headers=headers, body=body).document()
    client_id = registered.get("client_id") if isinstance(registered, dict) else None
    if not isinstance(client_id, str):
        raise PlatformError("the platform sent no client id", remedy=BY_HAND)
    tool = registered.get(words.TOOL)
    deployment = tool.get("deployment_id") if isinstance(tool, dict) else None
    about = configuration.get(words.PLATFORM)
    product = about.get("product_family_code") if isinstance(about, dict) else None
    values = {
        "name": f"{str(product or 'platform').title()[:60]} at {urlsplit(configuration['issuer']).hostname}",
        "issuer": configuration["issuer"],
        "client_id": client_id,
        "authorization_url": configuration["authorization_endpoint"],
        "token_url": configuration["token_endpoint"],
        "jwks_url": configuration["jwks_uri"],
        "token_audience": configuration.get("authorization_server") or "",
        "deployments": deployment if isinstance(deployment, str) else "",
    }
    return add_platform(service.database, values, by=flow["by"])


def read_configuration(address: str) -> dict[str, Any]:
    """What a platform says of itself, at an address of its own.

    Raises
    ------
    PlatformError
        If it is not complete, or is about an issuer somewhere else.
    """
    found = fetch(address, headers={"accept": "application/json"}).document()
    names = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint")
    if not isinstance(found, dict) or any(not isinstance(found.get(name), str) for name in names):
        raise PlatformError("the platform's configuration is not complete", remedy=BY_HAND)
    for name in names:
        expect_address(found[name], f"the platform's {name}")
    # Otherwise anybody could register in the name of another platform (Dynamic Registration 1.0, section 3.5.1).
    at, issuer = urlsplit(address).hostname or "", urlsplit(found["issuer"]).hostname or ""
    is_canvas = issuer.startswith("canvas.") and issuer.endswith(".instructure.com") and at.endswith(CANVAS)
    if at != issuer and not at.endswith(f".{issuer}") and not is_canvas:
        raise PlatformError(f"the configuration at {at} is for another platform, {issuer}", remedy=BY_HAND)
    return found


def registration(service: Service) -> dict[str, Any]:
    """What we are, as a platform wants to read it."""
    url, title = service.settings.public_url, service.course.title or service.course.name
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": url + words.LOGIN_PATH,
        "redirect_uris": [url + words.LAUNCH_PATH],
        "client_name": title,
        "jwks_uri": url + words.KEYS_PATH,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(SCOPES),
        words.TOOL: tool_configuration(url, title),
    }


def tool_configuration(url: str, title: str) -> Mapping[str, Any]:
    """The part of it that LTI adds."""
    return {
        "domain": urlsplit(url).netloc,
        "target_link_uri": url + words.LAUNCH_PATH,
        "description": "Hand in exercises and read scorecards.",
        "claims": ["iss", "sub", "name", "given_name", "family_name", "email"],
        "messages": [
            {"type": words.LAUNCH, "target_link_uri": url + words.LAUNCH_PATH},
            {
                "type": words.CHOOSING,
                "target_link_uri": url + words.CHOOSE_PATH,
                "label": f"Choose an exercise from {title}",
                "placements": list(PLACEMENTS),
            },
        ],
    }
