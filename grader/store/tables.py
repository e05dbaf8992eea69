"""The tables of a store, the same for SQLite and PostgreSQL. docs/store.md says what is in each."""

from __future__ import annotations

import re
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Boolean, Column, Dialect, Float, Index, Integer, LargeBinary, MetaData, Table, Text, TypeDecorator, UniqueConstraint

from grader.records import decode_time, encode_time

# PostgreSQL takes no NUL in a text, and neither database takes a lone surrogate; the name of a file and a sentence about it may hold both.
UNSTORABLE = re.compile(r"[\\\x00\ud800-\udfff]")
STORED = re.compile(r"\\(\\|u[0-9a-f]{4})")


class Words(TypeDecorator[str]):
    r"""Any text. What a database does not take is written as ``\uNNNN``, and a backslash as two."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Escape."""
        return None if value is None else UNSTORABLE.sub(_escaped, value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """Undo it."""
        return None if value is None else STORED.sub(_unescaped, value)


def _escaped(found: re.Match[str]) -> str:
    return "\\\\" if found[0] == "\\" else f"\\u{ord(found[0]):04x}"


def _unescaped(found: re.Match[str]) -> str:
    return "\\" if found[1] == "\\" else chr(int(found[1][1:], 16))


class Instant(TypeDecorator[datetime]):
    """An aware time, as ISO 8601 in UTC: SQLite has no type for it, and PostgreSQL would give it back in the zone of the session."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write it."""
        return None if value is None else encode_time(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Read it."""
        return None if value is None else decode_time(value)


class Exact(TypeDecorator[Fraction]):
    """A fraction, as ``1/3``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:
        """Write it."""
        return None if value is None else str(Fraction(value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Fraction | None:
        """Read it."""
        return None if value is None else Fraction(value)


def needed(name: str, kind: Any, **options: Any) -> Column[Any]:
    """A column that is never NULL."""
    return Column(name, kind, nullable=False, **options)


def number() -> Column[Any]:
    """The primary key of a table whose rows are counted. An id is never given twice, even if somebody deletes rows by hand."""
    return Column("id", Integer, primary_key=True, autoincrement=True)


TABLES = MetaData()
COUNTED: dict[str, Any] = {"sqlite_autoincrement": True}

meta = Table("meta", TABLES, Column("name", Text, primary_key=True), needed("value", Text))

intakes = Table("intakes", TABLES, number(), needed("begun_at", Instant), Column("closed_at", Instant), **COUNTED)

students = Table(
    "students",
    TABLES,
    Column("id", Words, primary_key=True),
    needed("position", Integer),
    needed("intake", Integer),
    needed("name", Words),
    needed("section", Words),
    needed("email", Words),
    needed("columns", LargeBinary),
)

# Of files, by the hash of what was read from them: a notebook and a file with the same bytes are read differently.
texts = Table("texts", TABLES, Column("hash", Text, primary_key=True), needed("body", LargeBinary))

submissions = Table("submissions", TABLES, Column("digest", Text, primary_key=True), needed("name", Words), needed("files", LargeBinary))

# Equal works of two students are one submission, but each has its own problems (a name of a file that could not be used).
problems = Table(
    "problems",
    TABLES,
    Column("digest", Text, primary_key=True),
    Column("name", Words, primary_key=True),
    needed("body", LargeBinary),
)

handins = Table(
    "handins",
    TABLES,
    number(),
    needed("intake", Integer),
    needed("student", Words),
    needed("source", Words),
    # Empty where nothing could be read, and no time where there is none: NULLs are never equal to each other in a unique constraint.
    needed("digest", Text),
    needed("submitted_at", Text),
    needed("attempt", Integer),
    needed("parts", LargeBinary),
    needed("error", Words),
    needed("first_seen_at", Instant),
    # A JSON list of those that it counts for; empty for all.
    needed("exercises", Words, server_default=""),
    UniqueConstraint("student", "source", "digest", "submitted_at"),
    **COUNTED,
)

# What many records have in common: on what they were made, and their verdicts alone, which most of a class share.
shared = Table("shared", TABLES, Column("hash", Text, primary_key=True), needed("body", LargeBinary))

records = Table(
    "records",
    TABLES,
    Column("key", Text, primary_key=True),
    needed("digest", Text),
    needed("exercise", Words),
    needed("machine", Text),
    needed("verdicts", Text),
    needed("started_at", Text),
    needed("duration_s", Float(53)),
    # Of the outcome before compression: what a second writing of the same key is compared with, and what every reading is.
    needed("content", Text),
    needed("body", LargeBinary),
)

failures = Table("failures", TABLES, number(), needed("key", Text, index=True), needed("at", Instant), needed("sentence", Words), **COUNTED)

overrides = Table(
    "overrides",
    TABLES,
    number(),
    needed("student", Words),
    needed("exercise", Words),
    needed("points", Exact),
    needed("reason", Words),
    needed("author", Words),
    needed("made_at", Instant),
    Column("withdrawn_at", Instant),
    **COUNTED,
)

revisions = Table(
    "revisions",
    TABLES,
    number(),
    needed("made_at", Instant),
    needed("command", Words),
    needed("course", Words),
    needed("course_version", Words),
    needed("course_digest", Text),
    needed("seed_fingerprint", Text),
    needed("policy", LargeBinary),
    needed("points", LargeBinary),
    **COUNTED,
)

marks = Table(
    "marks",
    TABLES,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    needed("student", Words),
    needed("exercise", Words),
    needed("points", Integer),
    needed("max_points", Integer),
    needed("final", Exact),
    Column("handin", Integer),
    needed("record", Text),
    needed("late_days", Integer),
    needed("late_factor", Exact),
    Column("override", Integer),
    needed("pending", Boolean),
)

events = Table(
    "events",
    TABLES,
    number(),
    needed("at", Instant),
    needed("kind", Words),
    needed("subject", Words),
    needed("detail", Words),
    Index("events_by_subject", "subject"),
    **COUNTED,
)
