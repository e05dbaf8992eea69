"""Overrides, revisions and events in a store: what people decided, what came of it, and what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select, update

from grader.classwork import Event, Mark, Override, Revision
from grader.records import decode_policy, encode_policy, from_bytes, to_bytes
from grader.store import tables
from grader.store.errors import StoreError
from grader.store.rows import insert_counted

MARK_FIELDS = tuple(field.name for field in fields(Mark))

# ----------------------------------------------------------------------------------------------------------------------- overrides


def put_override(connection: Connection, *, student: str, exercise: str, points: Fraction, reason: str, author: str) -> Override:
    """Keep a mark set by hand."""
    values = {"student": student, "exercise": exercise, "points": points, "reason": reason, "author": author, "made_at": datetime.now(UTC)}
    number = insert_counted(connection, tables.overrides, **values)
    return Override(id=number, **values)  # type: ignore[arg-type]  # the values are of six types


def withdraw_override(connection: Connection, number: int) -> Override:
    """Withdraw one, once. Raises StoreError if there is none of this number, or it is withdrawn already."""
    override = next((one for one in find_overrides(connection) if one.id == number), None)
    if override is None:
        raise StoreError(f"there is no override {number}", remedy="`grade override --list` shows them all.")
    if override.withdrawn_at is not None:
        raise StoreError(f"override {number} was already withdrawn, at {override.withdrawn_at:%Y-%m-%d %H:%M} UTC")
    connection.execute(update(tables.overrides).where(tables.overrides.c.id == number).values(withdrawn_at=datetime.now(UTC)))
    return next(one for one in find_overrides(connection) if one.id == number)


def find_overrides(connection: Connection) -> tuple[Override, ...]:
    """All that were ever made, the oldest first, withdrawn ones too."""
    return tuple(Override(**row) for row in connection.execute(select(tables.overrides).order_by(tables.overrides.c.id)).mappings())


# ----------------------------------------------------------------------------------------------------------------------- revisions


def put_revision(connection: Connection, revision: Revision) -> int:
    """Keep a state of all marks, as the newest; give its number, whatever number it came with."""
    values = {
        "made_at": revision.made_at,
        "command": revision.command,
        "course": revision.course,
        "course_version": revision.course_version,
        "course_digest": revision.course_digest,
        "seed_fingerprint": revision.seed_fingerprint,
        "policy": to_bytes(encode_policy(revision.policy)),
        "points": to_bytes(revision.points),
    }
    number = insert_counted(connection, tables.revisions, **values)
    rows = [
        {"revision": number, "position": position} | {name: getattr(mark, name) for name in MARK_FIELDS}
        for position, mark in enumerate(revision.marks)
    ]
    if rows:
        connection.execute(tables.marks.insert(), rows)
    return number


def find_revision(connection: Connection, number: int | None) -> Revision | None:
    """The revision of this number with its marks, the newest if None; None if there is none."""
    query = select(tables.revisions).order_by(tables.revisions.c.id.desc()).limit(1)
    if number is not None:
        query = query.where(tables.revisions.c.id == number)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    columns = [tables.marks.c[name] for name in MARK_FIELDS]
    found = connection.execute(select(*columns).where(tables.marks.c.revision == row["id"]).order_by(tables.marks.c.position))
    return _revision(row, tuple(Mark(**mark) for mark in found.mappings()))


def find_revisions(connection: Connection) -> tuple[Revision, ...]:
    """All revisions, the oldest first, without their marks."""
    return tuple(_revision(row) for row in connection.execute(select(tables.revisions).order_by(tables.revisions.c.id)).mappings())


def _revision(row: Mapping[Any, Any], marks: tuple[Mark, ...] = ()) -> Revision:
    values = dict(row) | {"policy": decode_policy(from_bytes(row["policy"])), "points": from_bytes(row["points"])}
    return Revision(**values, marks=marks)


# -------------------------------------------------------------------------------------------------------------------------- events


def note(connection: Connection, kind: str, subject: str, detail: str) -> None:
    """Remember that something happened."""
    connection.execute(tables.events.insert().values(at=datetime.now(UTC), kind=kind, subject=subject, detail=detail))


def find_events(connection: Connection, subject: str | None) -> tuple[Event, ...]:
    """What happened, the oldest first; to one subject, if one is given."""
    query = select(tables.events).order_by(tables.events.c.id)
    if subject is not None:
        query = query.where(tables.events.c.subject == subject)
    return tuple(Event(**row) for row in connection.execute(query).mappings())
