"""Choose the exercise of an assignment from inside of the platform (LTI Deep Linking 2.0)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from grader.serve.accounts import Account, Role
from grader.serve.database import Database, note, now
from grader.serve.lti import claims as words
from grader.serve.lti.fetching import address_problem
from grader.serve.lti.keys import Keys
from grader.serve.lti.launch import AGAIN, Launch, LaunchRefused
from grader.serve.lti.registrations import Platform, begin_flow, end_flow, find_platform
from grader.serve.lti.sending import line_item_document
from grader.serve.passwords import new_token
from grader.serve.service import Service

LASTS = timedelta(hours=1)
ANSWER_S = 300
WHOLE_COURSE = ""


def begin_choice(connection: Connection, launch: Launch, account: Account) -> str:
    """Remember where a choice goes; give the token of the page where it is made, which is for one choice by an instructor.

    Raises
    ------
    LaunchRefused
        If the platform cannot take one, or somebody else chooses.
    """
    settings = launch.choosing
    address, accepted = str(settings.get("deep_link_return_url") or ""), settings.get("accept_types")
    if account.role is not Role.INSTRUCTOR:
        raise LaunchRefused("only instructors can choose exercises", remedy="Ask one of them.")
    if address_problem(address) or not isinstance(accepted, list) or "ltiResourceLink" not in accepted:
        raise LaunchRefused("the platform did not say where to send your choice, or takes no links here", remedy=AGAIN)
    data = {
        "platform": launch.platform.id,
        "deployment": launch.deployment,
        "return": address,
        "data": settings.get("data"),
        "account": account.id,
    }
    return begin_flow(connection, "choice", data, LASTS)


def end_choice(database: Database, token: str, exercise: str) -> tuple[Platform, dict[str, Any]] | None:
    """What a choice was about, once; None if it was made, or has expired."""
    with database.writing() as connection:
        flow = end_flow(connection, "choice", token)
        if flow is not None:
            note(connection, flow["account"], "exercise chosen", exercise or "the whole course", "for an assignment of a platform")
    platform = find_platform(database, flow["platform"]) if flow else None
    return (platform, flow) if platform is not None and flow is not None else None


def response_token(service: Service, keys: Keys, platform: Platform, flow: Mapping[str, Any], exercise: str) -> str:
    """The choice, signed, as the browser takes it back to the platform."""
    time = int(now().timestamp())
    claims: dict[str, Any] = {
        "iss": platform.client_id,
        "aud": platform.issuer,
        "iat": time,
        "exp": time + ANSWER_S,
        "nonce": new_token(),
        words.CLAIM + "deployment_id": flow["deployment"],
        words.CLAIM + "message_type": words.CHOSEN,
        words.CLAIM + "version": words.VERSION,
        words.DEEP_LINKING + "content_items": [content_item(service, exercise)],
    }
    if flow["data"] is not None:
        # The platform's own, given back as it came.
        claims[words.DEEP_LINKING + "data"] = flow["data"]
    return keys.sign(claims)


def content_item(service: Service, exercise: str) -> dict[str, Any]:
    """A link to an exercise with its column for marks, or to the whole course."""
    item: dict[str, Any] = {
        "type": "ltiResourceLink",
        "url": service.settings.public_url + words.LAUNCH_PATH,
        "title": service.course.title or service.course.name,
        # A page of ours stands in no other one.
        "window": {"targetName": "_blank"},
    }
    if exercise == WHOLE_COURSE:
        return item
    column = line_item_document(service, exercise)
    return item | {"title": column["label"], "custom": {"exercise": exercise}, "lineItem": column}
