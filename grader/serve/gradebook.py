"""The marks of everybody, and how one of them came about: for staff alone, since hidden requirements are in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from grader.classwork import Mark, Revision, Student
from grader.export.gradebook import render_gradebook, state_of
from grader.marks.stored import about_course
from grader.marks.story import Section, Source, tell
from grader.marks.total import Total, total_of
from grader.serve import tables, uploads
from grader.serve.accounts import Role, all_accounts
from grader.serve.database import now
from grader.serve.service import Service

if TYPE_CHECKING:
    from grader.classwork import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One student in the gradebook. ``account`` is the number of the account."""

    account: int
    student: Student
    marks: Mapping[str, Mark]
    total: Total
    state: str


def rows_of(service: Service) -> tuple[Row, ...]:
    """Everybody's marks, in the order of their ids; made anew only when something has been graded, set or changed since."""
    rows: tuple[Row, ...] = service.class_marks.get(_said(service), lambda: _rows(service))
    return rows


def _said(service: Service) -> object:
    columns = tables.uploads.c
    graded = select(func.count(), func.max(columns.finished_at)).where(columns.state == uploads.State.GRADED.value)
    people = select(func.count(), func.max(tables.accounts.c.id))
    with service.database.reading() as connection:
        counted = [tuple(connection.execute(query).one()) for query in (graded, people)]
    return counted, [(one.id, one.withdrawn_at) for one in service.reader.overrides()]


def _rows(service: Service) -> tuple[Row, ...]:
    accounts = [account for account in all_accounts(service.database) if account.role is Role.STUDENT]
    students = [Student(id=account.student, name=account.name, email=account.email) for account in accounts]
    marks = service.marking.of_class(service.reader, service.database, students)
    return tuple(_row(service, account.id, student, marks.get(student.id, {})) for account, student in zip(accounts, students, strict=True))


def _row(service: Service, account: int, student: Student, marks: Mapping[str, Mark]) -> Row:
    total = total_of(student.id, marks.values(), service.marking.weights)
    return Row(account=account, student=student, marks=marks, total=total, state=state_of(marks.values()))


def chosen(rows: tuple[Row, ...], *, search: str, sort: str, descending: bool) -> list[Row]:
    """The rows whose id, name or address holds what is searched, sorted by a column; what is not known comes last."""
    word = search.casefold()
    found = [row for row in rows if word in "\n".join((row.student.id, row.student.name, row.student.email)).casefold()]
    if sort in ("name", "student"):
        found.sort(key=lambda row: (row.student.name if sort == "name" else row.student.id).casefold(), reverse=descending)
    elif sort == "total":
        found.sort(key=lambda row: row.total.points, reverse=descending)
    elif any(sort in row.marks for row in found):
        found.sort(key=lambda row: row.marks[sort].final if sort in row.marks else Fraction(-1), reverse=descending)
    return found


def revision_of(service: Service, rows: tuple[Row, ...]) -> Revision:
    """The marks as a revision, such as every export reads; it is not stored."""
    return Revision(
        id=0,
        made_at=now(),
        command="serve",
        policy=service.marking.policy,
        points=service.marking.points,
        marks=tuple(mark for row in rows for mark in row.marks.values()),
        **about_course(service.course),
    )


def gradebook_csv(service: Service) -> str:
    """The gradebook as ``grade batch`` writes it."""
    rows = rows_of(service)
    return render_gradebook([row.student for row in rows], revision_of(service, rows))


def story_of(service: Service, row: Row) -> dict[str, tuple[Section, ...]]:
    """How each mark of a student came about."""
    store = service.reader
    counted = uploads.counted_for(service.database, row.student.id)
    handins = {number: dataclasses.replace(store.handin(number), current=True) for number in counted}
    keys = {(handins[number].digest, name): key for number, own in counted.items() for name, key in own.items()}
    requirements = {
        (name, check.function, check.name): " ".join(check.requirement.split())
        for name, checks in service.cards.checks.items()
        for check in checks
    }
    revision = revision_of(service, (row,))
    overrides = store.overrides()

    def record(digest: str, exercise: str) -> Record | None:
        key = keys.get((digest, exercise))
        return store.record(key) if key else None

    told = {}
    for exercise in service.marking.points:
        source = Source(
            revision=revision,
            handins=[handins[number] for number, own in counted.items() if exercise in own],
            overrides=overrides,
            record=record,
            record_of=store.record,
            requirements=requirements,
        )
        told[exercise] = tell(row.student.id, exercise, source)
    return told
