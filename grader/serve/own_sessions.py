"""One's own sessions: in which browsers and terminals somebody is signed in, and how one is ended from another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from grader.serve import tables
from grader.serve.database import Database, note, now
from grader.serve.passwords import fingerprint
from grader.serve.service import Service
from grader.serve.sessions import Kind, Visitor, begin_session

LONGEST_NAME = 80
# What browsers call themselves, those first that give the names of others as well.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS X": "macOS", "Linux": "Linux"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSession:
    """Where somebody is signed in. ``name`` is what its token is kept as, which nobody can sign in by."""

    name: str
    kind: Kind
    agent: str
    made_at: datetime
    seen_at: datetime
    is_this: bool


def sessions_of(service: Service, visitor: Visitor) -> list[OwnSession]:
    """The visitor's sessions that hold, the last used first."""
    columns, time = tables.sessions.c, now()
    query = select(tables.sessions).where(columns.account == visitor.account.id, columns.expires_at > time).order_by(columns.seen_at.desc())
    with service.database.reading() as connection:
        rows = connection.execute(query).mappings().all()
    idle = timedelta(days=service.settings.idle_days)
    return [
        OwnSession(
            name=row["token"],
            kind=Kind(row["kind"]),
            agent=agent_in_words(row["agent"]),
            made_at=row["made_at"],
            seen_at=row["seen_at"],
            is_this=row["token"] == fingerprint(visitor.token),
        )
        for row in rows
        if row["seen_at"] + idle > time
    ]


def agent_in_words(agent: str) -> str:
    """What somebody knows a browser by; what names none is shown as it is."""
    browser = next((name for sign, name in BROWSERS.items() if sign in agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in agent), "")
    return f"{browser} on {system}" if browser and system else agent


def end_one(database: Database, visitor: Visitor, name: str) -> bool:
    """End one of the visitor's own sessions; False if it is none of them."""
    columns = tables.sessions.c
    with database.writing() as connection:
        return connection.execute(delete(tables.sessions).where(columns.token == name, columns.account == visitor.account.id)).rowcount == 1


def end_others(database: Database, visitor: Visitor) -> None:
    """End all of the visitor's sessions but this one."""
    columns = tables.sessions.c
    others = (columns.account == visitor.account.id) & (columns.token != fingerprint(visitor.token))
    with database.writing() as connection:
        connection.execute(delete(tables.sessions).where(others))


def token_for_terminal(service: Service, visitor: Visitor, name: str) -> str:
    """Make a token for `grade login --token`, which is shown once and kept nowhere. Raises TooOften."""
    service.sign_ins.use(f"token {visitor.account.id}")
    agent = name.strip()[:LONGEST_NAME] or "made on a page"
    token = begin_session(service.database, visitor.account, Kind.TERMINAL, service.settings, agent)
    with service.database.writing() as connection:
        note(connection, visitor.account.id, "token made", visitor.account.email, "for a terminal")
    return token
