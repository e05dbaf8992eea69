"""Sessions: who is at the other end of a request. A browser has a cookie, a terminal a token in a header; neither serves as the other."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, insert, select, update

from grader.serve import tables
from grader.serve.accounts import STAFF, Account, account_of
from grader.serve.database import Database, now
from grader.serve.passwords import fingerprint, form_token, new_token
from grader.serve.settings import Settings
from grader.store import StoreError

# When somebody was last seen is written at most this often.
SEEN_EVERY = timedelta(minutes=5)
LONGEST_TOKEN = 100


class Kind(StrEnum):
    """Where a session lives."""

    BROWSER = "browser"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who has sent a request. ``form`` is what this session's forms carry, empty for a terminal, which no foreign page can speak for."""

    account: Account
    token: str
    form: str

    @property
    def is_staff(self) -> bool:
        """Whether this is somebody who teaches."""
        return self.account.role in STAFF

    def may_see(self, student: str) -> bool:
        """Whether the work of a student is this visitor's to look at."""
        return self.is_staff or (bool(student) and self.account.student == student)


def begin_session(database: Database, account: Account, kind: Kind, settings: Settings, agent: str = "") -> str:
    """Begin a session; give its token, which is kept nowhere. Sessions that have ended are swept out on the way."""
    token, time = new_token(), now()
    with database.writing() as connection:
        connection.execute(delete(tables.sessions).where(tables.sessions.c.account == account.id, tables.sessions.c.expires_at < time))
        connection.execute(
            insert(tables.sessions).values(
                token=fingerprint(token),
                account=account.id,
                kind=kind.value,
                made_at=time,
                seen_at=time,
                expires_at=time + timedelta(days=settings.session_days),
                agent=agent[:200],
            )
        )
    return token


def find_visitor(database: Database, token: str, kind: Kind, settings: Settings) -> Visitor | None:
    """Whose session this is; None if it is none, has ended, or was idle for too long."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    columns, time = tables.sessions.c, now()
    query = (
        select(tables.accounts, columns.seen_at, columns.expires_at)
        .join_from(tables.sessions, tables.accounts, columns.account == tables.accounts.c.id)
        .where(columns.token == fingerprint(token), columns.kind == kind.value)
    )
    with database.reading() as connection:
        row = connection.execute(query).mappings().first()
    if row is None or row["disabled"] or row["expires_at"] <= time or row["seen_at"] + timedelta(days=settings.idle_days) <= time:
        return None
    if time - row["seen_at"] > SEEN_EVERY:
        # A full disk must not keep anybody from reading.
        with contextlib.suppress(StoreError), database.writing() as connection:
            connection.execute(update(tables.sessions).where(columns.token == fingerprint(token)).values(seen_at=time))
    return Visitor(account=account_of(row), token=token, form=form_token(token) if kind is Kind.BROWSER else "")


def end_session(database: Database, token: str) -> None:
    """End a session. One that is not there has ended."""
    with database.writing() as connection:
        connection.execute(delete(tables.sessions).where(tables.sessions.c.token == fingerprint(token)))
