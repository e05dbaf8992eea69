"""Who may come in: accounts and the invitations by which they begin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from grader.errors import ExitCode, LayerwiseError
from grader.serve import tables
from grader.serve.database import Database, note, now
from grader.serve.passwords import fingerprint, hash_password, is_password, new_token, password_problem

EMAIL = re.compile(r"[^\s@<>\"',;:\\]{1,64}@[^\s@<>\"',;:\\]{1,190}")
STUDENT = re.compile(r"\S(?:.{0,198}\S)?")


class Role(StrEnum):
    """What somebody may do."""

    STUDENT = "student"
    ASSISTANT = "assistant"
    INSTRUCTOR = "instructor"


STAFF = frozenset({Role.ASSISTANT, Role.INSTRUCTOR})


class AccountError(LayerwiseError):
    """An account cannot be made or used this way."""

    exit_code = ExitCode.STORE_UNUSABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may sign in. ``student`` is the id of the roster, empty for staff. Of the password there is only whether it is set."""

    id: int
    student: str
    name: str
    email: str
    role: Role
    has_password: bool
    disabled: bool


def account_of(row: Mapping[Any, Any]) -> Account:
    """An account from its row."""
    return Account(
        id=row["id"],
        student=row["student"],
        name=row["name"],
        email=row["email"],
        role=Role(row["role"]),
        has_password=bool(row["password"]),
        disabled=row["disabled"],
    )


def make_account(database: Database, *, name: str, email: str, role: Role, student: str = "", by: int = 0) -> Account:
    """Make an account, which nobody can sign in to before an invitation was accepted.

    Raises
    ------
    AccountError
        If the address is none or taken, or a student has no id or one that is taken.
    """
    with database.writing() as connection:
        return add_account(connection, name=name, email=email, role=role, student=student, by=by)


def add_account(connection: Connection, *, name: str, email: str, role: Role, student: str = "", by: int = 0) -> Account:
    """Make an account within a transaction; see ``make_account``."""
    email, student = email.strip().lower(), student.strip()
    if not EMAIL.fullmatch(email):
        raise AccountError(f"{email!r} is not an email address", remedy="Write it as ada@example.org.")
    if role is Role.STUDENT and not STUDENT.fullmatch(student):
        raise AccountError("a student needs an id", remedy="Give the one from the roster; the gradebook shows it.")
    if role is not Role.STUDENT and student:
        raise AccountError(f"an {role} has no student id", remedy="Leave the id out.")
    columns = tables.accounts.c
    if connection.execute(select(columns.id).where(columns.email == email)).first():
        raise AccountError(f"there is already an account with the address {email}")
    if student and connection.execute(select(columns.id).where(columns.student == student)).first():
        raise AccountError(f"there is already an account of the student {student}")
    values = {"student": student, "name": name.strip(), "email": email, "role": role.value, "password": "", "disabled": False}
    number = connection.execute(insert(tables.accounts).values(**values, made_at=now()).returning(columns.id)).scalar_one()
    note(connection, by, "account made", email, role.value)
    return account_of({"id": number, **values})


def find_account(database: Database, *, email: str = "", number: int = 0, student: str = "") -> Account | None:
    """The account with this address, number or student id; None if there is none."""
    columns = tables.accounts.c
    wanted = columns.id == number if number else columns.student == student if student else columns.email == email.strip().lower()
    with database.reading() as connection:
        row = connection.execute(select(tables.accounts).where(wanted)).mappings().first()
    return account_of(row) if row else None


def all_accounts(database: Database) -> list[Account]:
    """Everybody, staff first, students by id."""
    with database.reading() as connection:
        rows = connection.execute(select(tables.accounts).order_by(tables.accounts.c.student, tables.accounts.c.email)).mappings().all()
    return [account_of(row) for row in rows]


def set_disabled(database: Database, account: Account, *, disabled: bool, by: int = 0) -> None:
    """Close an account, ending all of its sessions, or open it again."""
    with database.writing() as connection:
        connection.execute(update(tables.accounts).where(tables.accounts.c.id == account.id).values(disabled=disabled))
        if disabled:
            connection.execute(delete(tables.sessions).where(tables.sessions.c.account == account.id))
        note(connection, by, "account closed" if disabled else "account opened", account.email)


# ------------------------------------------------------------------------------------------------------------------ invitations


def invite(database: Database, account: Account, *, days: int, by: int = 0) -> str:
    """Make an invitation, by which a password is set for the first time or anew; give its token, which is kept nowhere.

    Earlier ones of the account that were not used lose their force.
    """
    token = new_token()
    with database.writing() as connection:
        columns = tables.invitations.c
        connection.execute(delete(tables.invitations).where(columns.account == account.id, columns.used_at.is_(None)))
        expires = now() + timedelta(days=days)
        connection.execute(insert(tables.invitations).values(token=fingerprint(token), account=account.id, expires_at=expires))
        note(connection, by, "invited", account.email)
    return token


def invited(database: Database, token: str) -> Account | None:
    """Whom an invitation is for; None if it is none, was used, or has expired."""
    with database.reading() as connection:
        return _invited(connection, token)


def _invited(connection: Connection, token: str) -> Account | None:
    columns = tables.invitations.c
    query = select(tables.accounts, columns.expires_at).join_from(
        tables.invitations, tables.accounts, columns.account == tables.accounts.c.id
    )
    row = connection.execute(query.where(columns.token == fingerprint(token), columns.used_at.is_(None))).mappings().first()
    return account_of(row) if row and row["expires_at"] > now() and not row["disabled"] else None


def accept_invitation(database: Database, token: str, password: str) -> Account:
    """Set the password of whom an invitation is for, once, and end all of their sessions.

    Raises
    ------
    AccountError
        If the invitation does not hold, or the password cannot be used.
    """
    account = invited(database, token)
    if account is None:
        raise AccountError("this invitation is no longer valid", remedy="Ask for a new one.")
    problem = password_problem(password, account.email, account.name, account.student)
    if problem:
        raise AccountError(problem)
    hashed = hash_password(password)
    with database.writing() as connection:
        # Looked at again where nobody else can use it meanwhile.
        used = (
            update(tables.invitations)
            .where(tables.invitations.c.token == fingerprint(token), tables.invitations.c.used_at.is_(None))
            .values(used_at=now())
        )
        if connection.execute(used).rowcount != 1:
            raise AccountError("this invitation is no longer valid", remedy="Ask for a new one.")
        connection.execute(update(tables.accounts).where(tables.accounts.c.id == account.id).values(password=hashed))
        connection.execute(delete(tables.sessions).where(tables.sessions.c.account == account.id))
        note(connection, account.id, "password set", account.email)
    return account


def check_password(database: Database, email: str, password: str) -> Account | None:
    """The account with this address and password; None if there is none, or it is closed. It takes as long either way."""
    with database.reading() as connection:
        row = connection.execute(select(tables.accounts).where(tables.accounts.c.email == email.strip().lower())).mappings().first()
    matches = is_password(row["password"] if row else "", password)
    return account_of(row) if row and matches and not row["disabled"] else None
