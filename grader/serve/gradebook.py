"""The marks of everybody, and how one of them came about: for staff alone, since what hidden checks have found is in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from grader.batch.marking import keep
from grader.classwork import Mark, Revision, Student
from grader.export.gradebook import render_gradebook, state_of
from grader.marks.story import Section, Source, tell
from grader.marks.total import Total, total_of
from grader.serve import tables, uploads
from grader.serve.accounts import Account, Role, all_accounts
from grader.serve.database import now
from grader.serve.service import Service

if TYPE_CHECKING:
    from grader.classwork import Record
    from grader.marks.marking import Points
    from grader.serve.editions import Editions
    from grader.serve.marks import Published
    from grader.store import Store


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
    rows: tuple[Row, ...] = service.class_marks.get(_said(service), lambda: rows_now(service))
    return rows


def _said(service: Service) -> object:
    columns = tables.uploads.c
    graded = select(func.count(), func.max(columns.finished_at)).where(columns.state == uploads.State.GRADED.value)
    people = select(func.count(), func.max(tables.accounts.c.id))
    published = select(func.max(tables.regrades.c.ended_at)).where(tables.regrades.c.after.is_not(None))
    with service.database.reading() as connection:
        counted = [tuple(connection.execute(query).one()) for query in (graded, people)]
        regraded = connection.execute(published).scalar()
    held = [(one.id, one.withdrawn_at) for one in service.reader.overrides()]
    return counted, held, service.marking.policy, service.cards.editions.mark, regraded


def rows_now(service: Service) -> tuple[Row, ...]:
    """Everybody's marks, as they stand."""
    accounts, students = _class(service)
    return _rows(service, accounts, students, service.marking.of_class(service.reader, service.database, students))


def rows_with(service: Service, published: Published, editions: Editions) -> tuple[Row, ...]:
    """Everybody's marks as they would be by other records, with other editions of the checks in force."""
    accounts, students = _class(service)
    return _rows(service, accounts, students, service.marking.with_records(service.reader, students, published, editions))


def _class(service: Service) -> tuple[list[Account], list[Student]]:
    accounts = [account for account in all_accounts(service.database) if account.role is Role.STUDENT]
    return accounts, students_of(service.reader, accounts)


def _rows(
    service: Service, accounts: Sequence[Account], students: Sequence[Student], marks: Mapping[str, Mapping[str, Mark]]
) -> tuple[Row, ...]:
    weights = service.marking.weights
    return tuple(_row(account.id, student, marks.get(student.id, {}), weights) for account, student in zip(accounts, students, strict=True))


def students_of(store: Store, accounts: Iterable[Account]) -> list[Student]:
    """The class as an export knows it: who has an account, with what a roster that the store has read says of them besides."""
    known = {student.id: student for student in store.students(former=True)}
    return [
        dataclasses.replace(known.get(one.student, Student(id=one.student)), name=one.name, email=one.email)
        for one in accounts
        if one.role is Role.STUDENT
    ]


def keep_class(store: Store, students: Sequence[Student]) -> None:
    """Tell the store who is in the class, so that a terminal marks the same people. What was handed in before stays as it is."""
    if store.students() != tuple(students):
        store.put_students(students)


def keep_marks(service: Service, *, command: str = "serve") -> Revision:
    """Keep the marks as they stand as a revision, unless the newest says the same: what every command of a terminal reads."""
    rows = rows_of(service)
    with service.staff_writing() as store, store.together():
        keep_class(store, [row.student for row in rows])
        return keep(store, revision_of(service, rows, command=command))


def _row(account: int, student: Student, marks: Mapping[str, Mark], weights: Mapping[str, Fraction]) -> Row:
    total = total_of(student.id, marks.values(), weights)
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


def revision_of(service: Service, rows: tuple[Row, ...], *, command: str = "serve", editions: Editions | None = None) -> Revision:
    """The marks as a revision, such as every export reads; it is not stored. `editions` are those that they were marked by."""
    editions = editions or service.cards.editions
    return Revision(
        id=0,
        made_at=now(),
        command=command,
        policy=service.marking.policy,
        points={name: plain(points) for name, points in editions.points.items()},
        marks=tuple(mark for row in rows for mark in row.marks.values()),
        **editions.about,
    )


def plain(points: Points) -> dict[str, dict[str, int]]:
    """The points of an exercise as a revision has them."""
    return {function: dict(own) for function, own in points.items()}


def gradebook_csv(service: Service) -> str:
    """The gradebook as ``grade batch`` writes it."""
    rows = rows_of(service)
    return render_gradebook([row.student for row in rows], revision_of(service, rows))


def story_of(service: Service, row: Row) -> dict[str, tuple[Section, ...]]:
    """How each mark of a student came about."""
    store, editions = service.reader, service.cards.editions
    works = service.marking.works(store.handins(row.student.id), uploads.counted_for(service.database, row.student.id))
    revision = revision_of(service, (row,))
    overrides = store.overrides()

    def record(digest: str, exercise: str) -> Record | None:
        key = works.keys.get((digest, exercise))
        return store.record(key) if key else None

    told = {}
    for exercise in revision.points:
        counts = store.record(row.marks[exercise].record) if row.marks[exercise].record else None
        # What lost points is told in the words of the checks that it lost them to.
        edition = (editions.of(counts.outcome) if counts else None) or editions.in_force[exercise]
        source = Source(
            revision=dataclasses.replace(revision, points={**revision.points, exercise: plain(edition.points)}),
            handins=works.handins,
            overrides=overrides,
            record=record,
            record_of=store.record,
            requirements={(exercise, check.function, check.name): " ".join(check.requirement.split()) for check in edition.checks},
            points_of=lambda found: editions.points_for(found.outcome),
        )
        told[exercise] = tell(row.student.id, exercise, source)
    return told
