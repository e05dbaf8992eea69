"""What is known of platforms: their registrations, the courses that are connected, the links in them, and who is who."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from grader.errors import ExitCode, LayerwiseError
from grader.serve import tables
from grader.serve.accounts import Account, account_of
from grader.serve.database import Database, note, now
from grader.serve.lti.fetching import expect_address
from grader.serve.passwords import fingerprint, new_token

LONGEST = 255
# Of courses that ask to be connected: a platform that is broken must not fill the database.
MOST_ASKING = 200
ADDRESSES = ("authorization_url", "token_url", "jwks_url")
FLAGS = ("admits_staff", "trusts_emails", "makes_accounts")


class LtiError(LayerwiseError):
    """Something about a platform that cannot be done."""

    exit_code = ExitCode.STORE_UNUSABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A learning platform as it was registered. ``admits_staff``: teachers come in by it. ``trusts_emails``: somebody is known by the
    email address that it says. ``makes_accounts``: who learns there and is not known gets an account.
    """

    id: int
    name: str
    issuer: str
    client_id: str
    authorization_url: str
    token_url: str
    jwks_url: str
    token_audience: str
    deployments: tuple[str, ...]
    admits_staff: bool
    trusts_emails: bool
    makes_accounts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A course of a platform."""

    id: int
    platform: int
    deployment: str
    context: str
    title: str
    connected: bool
    memberships_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A place in such a course that leads to an exercise, or to the whole course here, and where its marks go."""

    id: int
    context: int
    resource_link: str
    title: str
    exercise: str
    line_item: str
    line_items: str
    scopes: tuple[str, ...]


def platform_of(row: Mapping[Any, Any]) -> Platform:
    """A platform from its row."""
    values = {name: row[name] for name in Platform.__slots__}
    return Platform(**{**values, "deployments": tuple(json.loads(row["deployments"]))})


def context_of(row: Mapping[Any, Any]) -> Context:
    """A course from its row."""
    return Context(**{name: row[name] for name in Context.__slots__})


def link_of(row: Mapping[Any, Any]) -> Link:
    """A link from its row."""
    values = {name: row[name] for name in Link.__slots__}
    return Link(**{**values, "scopes": tuple(json.loads(row["scopes"]))})


# -------------------------------------------------------------------------------------------------------------------- platforms


def add_platform(database: Database, values: Mapping[str, Any], *, by: int) -> Platform:
    """Register a platform.

    Raises
    ------
    LtiError, PlatformError
        If a value is missing, an address is none that is used, or it is registered already.
    """
    row = {**checked(values), "made_at": now()}
    columns = tables.lti_platforms.c
    with database.writing() as connection:
        same = (columns.issuer == row["issuer"], columns.client_id == row["client_id"])
        if connection.execute(select(columns.id).where(*same)).first():
            raise LtiError(
                f"{row['issuer']} with the client id {row['client_id']} is already registered",
                remedy="Change that registration, or remove it first.",
            )
        number = connection.execute(insert(tables.lti_platforms).values(**row).returning(columns.id)).scalar_one()
        note(connection, by, "platform registered", row["name"], f"{row['issuer']}, client {row['client_id']}, {_flags(row)}")
    return platform_of({"id": number, **row})


def change_platform(database: Database, platform: Platform, values: Mapping[str, Any], *, by: int) -> None:
    """Change what a platform may do, and its deployments. Raises LtiError."""
    row: dict[str, Any] = {flag: bool(values.get(flag)) for flag in FLAGS}
    row["deployments"] = json.dumps(deployments_in(str(values.get("deployments", ""))))
    with database.writing() as connection:
        connection.execute(update(tables.lti_platforms).where(tables.lti_platforms.c.id == platform.id).values(**row))
        before = _flags({flag: getattr(platform, flag) for flag in FLAGS} | {"deployments": json.dumps(platform.deployments)})
        note(connection, by, "platform changed", platform.name, f"{_flags(row)}; before: {before}")


def _flags(row: Mapping[str, Any]) -> str:
    return f"deployments {row['deployments']}, " + ", ".join(f"{flag} {'yes' if row[flag] else 'no'}" for flag in FLAGS)


def remove_platform(database: Database, platform: Platform, *, by: int) -> None:
    """Forget a platform, and all that is known through it. Accounts and marks stay."""
    contexts = select(tables.lti_contexts.c.id).where(tables.lti_contexts.c.platform == platform.id)
    links = select(tables.lti_links.c.id).where(tables.lti_links.c.context.in_(contexts))
    with database.writing() as connection:
        connection.execute(delete(tables.lti_scores).where(tables.lti_scores.c.link.in_(links)))
        connection.execute(delete(tables.lti_links).where(tables.lti_links.c.context.in_(contexts)))
        connection.execute(delete(tables.lti_contexts).where(tables.lti_contexts.c.platform == platform.id))
        connection.execute(delete(tables.lti_people).where(tables.lti_people.c.platform == platform.id))
        connection.execute(delete(tables.lti_platforms).where(tables.lti_platforms.c.id == platform.id))
        note(connection, by, "platform removed", platform.name, platform.issuer)


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a registration. Raises LtiError or PlatformError."""
    texts = {name: str(values.get(name, "")).strip() for name in ("name", "issuer", "client_id", "token_audience", *ADDRESSES)}
    texts["name"] = texts["name"] or texts["issuer"]
    for name in ("issuer", "client_id"):
        if not texts[name] or len(texts[name]) > LONGEST:
            raise LtiError(
                f"the platform's {name.replace('_', ' ')} is missing, or longer than {LONGEST} characters",
                remedy="Copy it from the platform.",
            )
    for name in ADDRESSES:
        expect_address(texts[name], f"the {name.replace('_url', '')} address")
    if len(texts["name"]) > LONGEST or len(texts["token_audience"]) > LONGEST:
        raise LtiError(f"a name or an audience can have at most {LONGEST} characters", remedy="Give a shorter one.")
    deployments = json.dumps(deployments_in(str(values.get("deployments", ""))))
    return {**texts, "deployments": deployments, **{flag: bool(values.get(flag)) for flag in FLAGS}}


def deployments_in(text: str) -> list[str]:
    """Deployment ids, one to a word. Raises LtiError."""
    found = list(dict.fromkeys(re.split(r"[\s,]+", text.strip()))) if text.strip() else []
    if len(found) > 50 or any(len(one) > LONGEST for one in found):
        raise LtiError("these are not deployment ids", remedy="Copy them from the platform; put a space between two.")
    return found


def all_platforms(database: Database) -> list[Platform]:
    """Every registration."""
    with database.reading() as connection:
        rows = connection.execute(select(tables.lti_platforms).order_by(tables.lti_platforms.c.id)).mappings().all()
    return [platform_of(row) for row in rows]


def find_platform(database: Database, number: int) -> Platform | None:
    """The platform of this number; None if there is none."""
    return next((one for one in all_platforms(database) if one.id == number), None)


def platform_called(database: Database, issuer: str, client_id: str) -> Platform | None:
    """The platform that says that it is this one; one issuer may stand for many customers, who differ by client."""
    found = [one for one in all_platforms(database) if one.issuer == issuer and client_id in ("", one.client_id)]
    return found[0] if len(found) == 1 else None


# ------------------------------------------------------------------------------------------------------------ courses and links


def seen_context(connection: Connection, platform: int, *, deployment: str, context: str, title: str, memberships_url: str) -> Context:
    """Note that somebody came from a course of a platform, and give what is known of it. Raises LtiError if too many ask already."""
    columns = tables.lti_contexts.c
    same = (columns.platform == platform, columns.deployment == deployment, columns.context == context)
    row = connection.execute(select(tables.lti_contexts).where(*same)).mappings().first()
    values = {"title": title[:LONGEST], "memberships_url": memberships_url}
    if row is None:
        asking = connection.execute(select(func.count()).where(columns.platform == platform, columns.connected.is_(False))).scalar_one()
        if asking >= MOST_ASKING:
            raise LtiError("too many courses of this platform are waiting to be connected", remedy="Tell your instructor.")
        made = {"platform": platform, "deployment": deployment, "context": context, "connected": False, "made_at": now(), **values}
        row = connection.execute(insert(tables.lti_contexts).values(**made).returning(*columns)).mappings().one()
    elif any(row[name] != value for name, value in values.items()):
        connection.execute(update(tables.lti_contexts).where(columns.id == row["id"]).values(**values))
    return context_of({**row, **values})


def set_connected(database: Database, context: Context, *, connected: bool, by: int) -> None:
    """Let people in from a course, or not any more."""
    with database.writing() as connection:
        connection.execute(update(tables.lti_contexts).where(tables.lti_contexts.c.id == context.id).values(connected=connected))
        note(connection, by, "course connected" if connected else "course disconnected", context.title or context.context)


def all_contexts(database: Database) -> list[Context]:
    """Every course that somebody has come from."""
    with database.reading() as connection:
        rows = connection.execute(select(tables.lti_contexts).order_by(tables.lti_contexts.c.id)).mappings().all()
    return [context_of(row) for row in rows]


def seen_link(connection: Connection, context: int, values: Mapping[str, Any]) -> None:
    """Keep what a launch says of the link that it came by."""
    columns = tables.lti_links.c
    same = (columns.context == context, columns.resource_link == values["resource_link"])
    row = {**values, "scopes": json.dumps(list(values["scopes"]))}
    before = connection.execute(select(tables.lti_links).where(*same)).mappings().first()
    if before is None:
        connection.execute(insert(tables.lti_links).values(context=context, **row))
    else:
        # A line item that we made stays: the platform names only those of its own.
        row["line_item"] = row["line_item"] or (before["line_item"] if before["exercise"] == row["exercise"] else "")
        if any(before[name] != value for name, value in row.items()):
            connection.execute(update(tables.lti_links).where(columns.id == before["id"]).values(**row))


def all_links(database: Database) -> list[Link]:
    """Every link."""
    with database.reading() as connection:
        rows = connection.execute(select(tables.lti_links).order_by(tables.lti_links.c.id)).mappings().all()
    return [link_of(row) for row in rows]


# ----------------------------------------------------------------------------------------------------------------------- people


def person_of(connection: Connection, platform: int, sub: str) -> Account | None:
    """The account of somebody on a platform; None if there is none."""
    columns = tables.lti_people.c
    query = select(tables.accounts).join_from(tables.lti_people, tables.accounts, columns.account == tables.accounts.c.id)
    row = connection.execute(query.where(columns.platform == platform, columns.sub == sub)).mappings().first()
    return account_of(row) if row else None


def link_person(connection: Connection, platform: Platform, sub: str, account: Account, *, by: int, how: str) -> None:
    """Say who somebody on a platform is here, for good: an email address may be somebody else's next year, and a sub never is.

    Raises
    ------
    LtiError
        If the account is already somebody else's there.
    """
    columns = tables.lti_people.c
    other = connection.execute(select(columns.sub).where(columns.platform == platform.id, columns.account == account.id)).scalar()
    if other is not None and other != sub:
        remedy = "An instructor can unlink it under Platforms."
        raise LtiError(f"the account {account.email} is linked to somebody else on {platform.name}", remedy=remedy)
    if other is None:
        connection.execute(insert(tables.lti_people).values(platform=platform.id, sub=sub, account=account.id, made_at=now()))
        note(connection, by, "linked to a platform", account.email, f"{platform.name}: {how}")


def unlink_account(database: Database, account: Account, *, by: int) -> int:
    """Forget who an account is on all platforms; give on how many it was somebody. What was to be sent there is dropped."""
    with database.writing() as connection:
        gone = connection.execute(delete(tables.lti_people).where(tables.lti_people.c.account == account.id)).rowcount
        connection.execute(delete(tables.lti_scores).where(tables.lti_scores.c.account == account.id))
        if gone:
            note(connection, by, "unlinked from platforms", account.email)
    return int(gone)


def people_of(database: Database) -> dict[int, dict[int, str]]:
    """Who everybody is: for each platform, the sub of each account."""
    found: dict[int, dict[int, str]] = {}
    with database.reading() as connection:
        for platform, sub, account in connection.execute(
            select(tables.lti_people.c.platform, tables.lti_people.c.sub, tables.lti_people.c.account)
        ):
            found.setdefault(platform, {})[account] = sub
    return found


# ------------------------------------------------------------------------------------------------------------------------ flows


def begin_flow(connection: Connection, kind: str, data: Mapping[str, Any], lasts: timedelta) -> str:
    """Remember what somebody is in the middle of; give the token that leads back to it. What has expired is swept out on the way."""
    token, time = new_token(), now()
    connection.execute(delete(tables.lti_flows).where(tables.lti_flows.c.expires_at < time))
    row = {"token": fingerprint(token), "kind": kind, "data": json.dumps(data), "expires_at": time + lasts}
    connection.execute(insert(tables.lti_flows).values(**row))
    return token


def look_at_flow(connection: Connection, kind: str, token: str) -> dict[str, Any] | None:
    """What a token leads to; None if it is none, of another kind, or too old."""
    columns = tables.lti_flows.c
    row = connection.execute(select(tables.lti_flows).where(columns.token == fingerprint(token), columns.kind == kind)).mappings().first()
    if row is None or row["expires_at"] <= now():
        return None
    data: dict[str, Any] = json.loads(row["data"])
    return data


def end_flow(connection: Connection, kind: str, token: str) -> dict[str, Any] | None:
    """What a token leads to, which it does this once."""
    data = look_at_flow(connection, kind, token)
    columns = tables.lti_flows.c
    gone = connection.execute(delete(tables.lti_flows).where(columns.token == fingerprint(token), columns.kind == kind))
    return data if gone.rowcount == 1 else None
