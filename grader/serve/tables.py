"""The service's own tables, in the database of the store. No password and no token stands in them, only what either can be checked by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Index, Integer, LargeBinary, MetaData, Table, Text, insert, inspect, select, text

from grader.store.errors import StoreError
from grader.store.tables import COUNTED, Instant, Words, needed, number

TABLES = MetaData()

meta = Table("serve_meta", TABLES, Column("name", Text, primary_key=True), needed("value", Text))

accounts = Table(
    "serve_accounts",
    TABLES,
    number(),
    # Of the roster; empty for staff, so it cannot be unique by itself.
    needed("student", Words),
    needed("name", Words),
    # As it was typed, but in lower case: it is what somebody signs in by.
    needed("email", Words, unique=True),
    needed("role", Text),
    needed("password", Text),
    needed("disabled", Boolean),
    needed("made_at", Instant),
    **COUNTED,
)
HAS_STUDENT = accounts.c.student != ""
Index("serve_accounts_by_student", accounts.c.student, unique=True, sqlite_where=HAS_STUDENT, postgresql_where=HAS_STUDENT)

invitations = Table(
    "serve_invitations",
    TABLES,
    Column("token", Text, primary_key=True),
    needed("account", Integer, index=True),
    needed("expires_at", Instant),
    Column("used_at", Instant),
)

sessions = Table(
    "serve_sessions",
    TABLES,
    Column("token", Text, primary_key=True),
    needed("account", Integer, index=True),
    # A browser's session is no token for a terminal, and the other way round.
    needed("kind", Text),
    needed("made_at", Instant),
    needed("seen_at", Instant),
    needed("expires_at", Instant),
    needed("agent", Words),
)

uploads = Table(
    "serve_uploads",
    TABLES,
    number(),
    needed("account", Integer),
    needed("student", Words),
    needed("received_at", Instant),
    needed("name", Words),
    # The exercise that it was handed in for; empty for all that it holds.
    needed("exercise", Words),
    needed("attempt", Integer),
    needed("sha256", Text),
    needed("size", Integer),
    needed("body", LargeBinary),
    needed("state", Text),
    needed("tries", Integer),
    # Of the store, once it could be read.
    Column("handin", Integer),
    needed("digest", Text),
    # What it counts for, once that is known: a JSON object of exercises and the keys of their records in the store.
    needed("exercises", Words),
    needed("sentence", Words),
    Column("finished_at", Instant),
    Index("serve_uploads_by_student", "student"),
    Index("serve_uploads_by_state", "state"),
    **COUNTED,
)

audit = Table(
    "serve_audit",
    TABLES,
    number(),
    needed("at", Instant),
    needed("account", Integer),
    needed("action", Text),
    needed("subject", Words),
    needed("detail", Words),
    **COUNTED,
)

# Step number n lifts version n to n + 1, and stays as it is for ever, in SQL of its own.
STEPS: tuple[Callable[[Connection], None], ...] = ()
MAKING_TABLES = 0x6C77_7376


def prepare(connection: Connection, place: str) -> None:
    """Make the tables, or lift older ones, inside of the transaction of `connection`.

    Raises
    ------
    StoreError
        If they were written by a newer Layerwise.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MAKING_TABLES})
    newest = len(STEPS) + 1
    if not inspect(connection).has_table(meta.name):
        TABLES.create_all(connection, checkfirst=False)
        connection.execute(insert(meta), [{"name": "schema", "value": str(newest)}])
        return
    found: Any = connection.execute(select(meta.c.value).where(meta.c.name == "schema")).scalar()
    version = int(found)
    if version > newest:
        raise StoreError(f"the service at {place} was written by a newer Layerwise", remedy="Upgrade Layerwise; nothing was changed.")
    for step in STEPS[version - 1 :]:
        step(connection)
    if version < newest:
        connection.execute(meta.update().where(meta.c.name == "schema").values(value=str(newest)))
