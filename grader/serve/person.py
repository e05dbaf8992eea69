"""All that a service keeps of one student: to be given to them (GDPR, article 15), or to be deleted (article 17).

Which rows are theirs is asked of the tables themselves, so that a table that comes later is not forgotten: a column ``student`` holds the
id of a student, ``account`` the number of an account, ``upload`` that of an upload, and ``digest`` names a work.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, Table, delete, or_, select, update

from grader.errors import ExitCode, LayerwiseError
from grader.records import from_bytes
from grader.serve import tables
from grader.serve.accounts import Account, Role, account_of
from grader.serve.database import Database, note
from grader.store import tables as stored
from grader.store.connect import WAIT_S, Address

# What opens a door is nobody's to take away, its owner's neither: what was given out could be found.
SECRET = frozenset({"password", "token", "browser"})
# Works and results, kept under what they are and not whose they are; `submission_of` and the scorecards give them out.
BY_CONTENT = frozenset({"submissions", "problems", "records", "failures"})


class PersonError(LayerwiseError):
    """Nobody is known by this name, or what is asked for cannot be done for them."""

    exit_code = ExitCode.SUBMISSION_UNREADABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A student: the account, 0 if there is none, the id, the address, and all works that were handed in by nobody else."""

    account: int
    student: str
    email: str
    uploads: tuple[int, ...]
    handins: tuple[int, ...]
    digests: tuple[str, ...]
    keys: tuple[str, ...]


def find_student(connection: Connection, who: str) -> Known:
    """Whom an address or an id means.

    Raises
    ------
    PersonError
        If nobody is called so, or it is somebody who teaches.
    """
    columns = tables.accounts.c
    row = (
        connection.execute(select(tables.accounts).where(or_(columns.email == who.strip().lower(), columns.student == who)))
        .mappings()
        .first()
    )
    account: Account | None = account_of(row) if row else None
    if account is not None and account.role is not Role.STUDENT:
        remedy = "Decisions of teaching staff are part of other people's marks and cannot be deleted. Close the account instead."
        raise PersonError(f"{account.email} is not a student", remedy=remedy)
    student = account.student if account else who
    listed = connection.execute(select(stored.students.c.email).where(stored.students.c.id == student)).scalar()
    uploads = tuple(connection.execute(select(tables.uploads.c.id).where(tables.uploads.c.student == student)).scalars())
    handins = tuple(connection.execute(select(stored.handins.c.id).where(stored.handins.c.student == student)).scalars())
    if account is None and listed is None and not uploads and not handins:
        raise PersonError(f"there is no student with the address or id {who}", remedy="Give an email address, or the id in the gradebook.")
    digests = _own_works(connection, student)
    keys = connection.execute(select(stored.records.c.key).where(stored.records.c.digest.in_(digests))).scalars()
    return Known(
        account=account.id if account else 0,
        student=student,
        email=account.email if account else listed or "",
        uploads=uploads,
        handins=handins,
        digests=digests,
        keys=tuple(keys),
    )


def _own_works(connection: Connection, student: str) -> tuple[str, ...]:
    """Works that this student has handed in, and nobody else."""
    columns = stored.handins.c
    own = set(connection.execute(select(columns.digest).where(columns.student == student, columns.digest != "")).scalars())
    others = set(connection.execute(select(columns.digest).where(columns.student != student)).scalars())
    return tuple(sorted(own - others))


def rows_of(known: Known) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Each table that may hold something of a student, with what is true of their rows."""
    for table in (*tables.TABLES.sorted_tables, *stored.TABLES.sorted_tables):
        columns, whose = table.c, []
        if "student" in columns:
            whose.append(columns.student == known.student)
        if "account" in columns and known.account:
            whose.append(columns.account == known.account)
        if "upload" in columns:
            whose.append(columns.upload.in_(known.uploads))
        if table.name in BY_CONTENT and "digest" in columns:
            whose.append(columns.digest.in_(known.digests))
        whose += _special(table, known)
        if whose:
            yield table, or_(*whose)


def _special(table: Table, known: Known) -> list[ColumnElement[bool]]:
    """What the names of the columns do not tell."""
    columns, names = table.c, [name for name in (known.student, known.email) if name]
    if table is tables.accounts:
        return [columns.id == known.account]
    if table is tables.audit:
        return [columns.subject.in_(names)]
    if table is stored.students:
        return [columns.id == known.student]
    if table is stored.problems:
        return [columns.name == known.student]
    if table is stored.failures:
        return [columns.key.in_(known.keys)]
    if table is stored.events:
        again = (columns.kind == "hand-in read again") & columns.subject.in_([str(number) for number in known.handins])
        return [columns.subject.in_((known.student, *known.keys)), again]
    return []


# ----------------------------------------------------------------------------------------------------------------------- giving out


def copy_of(connection: Connection, known: Known) -> dict[str, list[dict[str, Any]]]:
    """All rows of a student as JSON, by table, without what opens a door and without bodies, which are files of their own."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table, theirs in rows_of(known):
        if table.name in BY_CONTENT:
            continue
        columns = [column for column in table.c if column.name not in SECRET and not isinstance(column.type, LargeBinary)]
        rows = connection.execute(select(*columns).where(theirs)).mappings().all()
        if rows:
            found[table.name] = [{name: _json(value) for name, value in row.items()} for row in rows]
    return found


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Fraction) else value


# ----------------------------------------------------------------------------------------------------------------------- forgetting


def forget(connection: Connection, known: Known) -> dict[str, int]:
    """Delete all of a student, in the transaction of `connection`; give how many rows of each table.

    A work that somebody else has handed in as well stays, under the other's name. The log keeps one line: that account so-and-so is gone.
    """
    _hand_over(connection, known)
    texts = _texts_of(connection, known.digests)
    deleted = {}
    for table, theirs in rows_of(known):
        count = connection.execute(delete(table).where(theirs)).rowcount
        if count:
            deleted[table.name] = count
    orphans = texts - _texts_of(connection, None)
    for name in orphans:
        connection.execute(delete(stored.texts).where(stored.texts.c.hash == name))
    if orphans:
        deleted[stored.texts.name] = len(orphans)
    note(connection, 0, "student forgotten", f"account {known.account}", f"{sum(deleted.values())} rows")
    return deleted


def _hand_over(connection: Connection, known: Known) -> None:
    """Name another who has handed the same in, where a work bears the name of the one who did so first."""
    columns = stored.submissions.c
    query = select(columns.digest).where(columns.name == known.student, columns.digest.not_in(known.digests))
    for digest in connection.execute(query).scalars().all():
        others = select(stored.handins.c.student).where(stored.handins.c.digest == digest, stored.handins.c.student != known.student)
        name = connection.execute(others.limit(1)).scalar()
        connection.execute(update(stored.submissions).where(columns.digest == digest).values(name=name or ""))


def _texts_of(connection: Connection, digests: tuple[str, ...] | None) -> set[str]:
    """The hashes of the texts of some works, of all if None."""
    query = select(stored.submissions.c.files)
    if digests is not None:
        query = query.where(stored.submissions.c.digest.in_(digests))
    return {name for body in connection.execute(query).scalars() for *_rest, name in from_bytes(body)}


def wipe(address: Address) -> None:
    """See to it that what was deleted is in no corner of SQLite's file any more. Nobody may have it open."""
    if address.path is None:
        return
    with contextlib.closing(sqlite3.connect(address.path, timeout=WAIT_S, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# ---------------------------------------------------------------------------------------------------------------------- whole steps


def export_of(database: Database, who: str) -> tuple[Known, Mapping[str, list[dict[str, Any]]]]:
    """What is kept of somebody. Raises PersonError."""
    with database.reading() as connection:
        known = find_student(connection, who)
        return known, copy_of(connection, known)


def forget_student(database: Database, who: str) -> dict[str, int]:
    """Delete somebody, for good. Raises PersonError."""
    with database.writing() as connection:
        return forget(connection, find_student(connection, who))
