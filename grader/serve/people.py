"""The roster, invitations and the log, as staff handle them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from grader.classwork import Student
from grader.errors import ExitCode, LayerwiseError
from grader.intake import read_roster
from grader.serve import tables
from grader.serve.accounts import AccountError, Role, add_account, all_accounts
from grader.serve.database import Database, note
from grader.serve.service import Service

MOST_LINES = 500


class StaffError(LayerwiseError):
    """What somebody who teaches asks for cannot be done."""

    exit_code = ExitCode.SUBMISSION_UNREADABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of a roster: who has an account now, who had one, and who cannot have one, each with the reason."""

    made: int
    known: int
    refused: tuple[str, ...]


def take_roster(service: Service, name: str, body: bytes, *, by: int) -> Taken:
    """Make an account for everybody on a roster who has none. Nobody is removed: close an account to keep somebody out.

    Raises
    ------
    IntakeError
        If it cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="layerwise-") as folder:
        path = Path(folder) / "roster.csv"
        path.write_bytes(body)
        students = read_roster(path)
    taken = _make_accounts(service.database, students, name, by=by)
    # So that commands in a terminal know what people are called.
    with service.staff_writing() as store:
        store.put_students(students)
    return taken


def _make_accounts(database: Database, students: tuple[Student, ...], name: str, *, by: int) -> Taken:
    there = {account.student for account in all_accounts(database)}
    made, refused = 0, []
    with database.writing() as connection:
        for student in students:
            if student.id in there:
                continue
            email = student.email or (student.id if "@" in student.id else "")
            try:
                add_account(connection, name=student.name, email=email, role=Role.STUDENT, student=student.id, by=by)
                made += 1
            except AccountError as error:
                refused.append(f"{student.id}: {error if email else 'the roster has no email address'}")
        note(connection, by, "roster read", name, f"{len(students)} students, {made} accounts made, {len(refused)} refused")
    return Taken(made=made, known=len(students) - made - len(refused), refused=tuple(refused))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the log."""

    at: datetime
    who: str
    action: str
    subject: str
    detail: str


def log_of(database: Database, *, action: str = "") -> list[Line]:
    """What was done last, the newest first; of one kind, if one is given."""
    columns = tables.audit.c
    query = select(tables.audit, tables.accounts.c.email).outerjoin(tables.accounts, tables.accounts.c.id == columns.account)
    if action:
        query = query.where(columns.action == action)
    with database.reading() as connection:
        rows = connection.execute(query.order_by(columns.id.desc()).limit(MOST_LINES)).mappings().all()
    return [_line(row) for row in rows]


def _line(row: Mapping[Any, Any]) -> Line:
    who = row["email"] or "a command on the server"
    return Line(at=row["at"], who=who, action=row["action"], subject=row["subject"], detail=row["detail"])
