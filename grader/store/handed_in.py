"""Students, intakes, hand-ins and submissions in a store. Nothing of them is ever deleted; an intake says which of them count now."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, func, select, update

from grader.classwork import Handin, Part, StoredHandin, Student
from grader.model import Problem, SourceFile, Submission
from grader.records import decode, decode_time, encode, encode_time, from_bytes, to_bytes
from grader.store import tables
from grader.store.errors import StoreError
from grader.store.rows import insert_counted, insert_new, unpack

# ------------------------------------------------------------------------------------------------------------ students and intakes


def begin_intake(connection: Connection, students: Iterable[Student]) -> int:
    """Begin a new intake with these students, who are the class from now on, in this order; give its number."""
    number = insert_counted(connection, tables.intakes, begun_at=datetime.now(UTC))
    rows = [
        {
            "id": student.id,
            "position": position,
            "intake": number,
            "name": student.name,
            "section": student.section,
            "email": student.email,
            "columns": to_bytes(student.columns),
        }
        for position, student in enumerate(students)
    ]
    if rows:
        statement = insert_new(connection, tables.students, keep_old=False)
        changed = {name: statement.excluded[name] for name in rows[0] if name != "id"}
        connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows)
    return number


def close_intake(connection: Connection) -> None:
    """Say that the newest intake has seen every hand-in: what it has not seen does not count any more."""
    number = _newest_intake(connection)
    connection.execute(update(tables.intakes).where(tables.intakes.c.id == number).values(closed_at=datetime.now(UTC)))


def find_students(connection: Connection, *, former: bool) -> tuple[Student, ...]:
    """The class, in the order of the newest intake; with `former`, all who have ever been in it."""
    query = select(tables.students).order_by(tables.students.c.intake.desc(), tables.students.c.position)
    if not former:
        query = query.where(tables.students.c.intake == _newest_intake(connection))
    return tuple(
        Student(id=row["id"], name=row["name"], section=row["section"], email=row["email"], columns=from_bytes(row["columns"]))
        for row in connection.execute(query).mappings()
    )


def _newest_intake(connection: Connection) -> int:
    return connection.execute(select(func.max(tables.intakes.c.id))).scalar() or 0


# --------------------------------------------------------------------------------------------------------------------- submissions


def has_submission(connection: Connection, submission: Submission) -> bool:
    """Whether a submission is there, its problems included, so that nothing need be written."""
    query = select(tables.problems.c.body).where(tables.problems.c.digest == submission.digest, tables.problems.c.name == submission.name)
    return connection.execute(query).scalar() == _problems(submission)


def put_submission(connection: Connection, submission: Submission) -> None:
    """Keep a submission: each text once, however many have it. The problems are those of the newest reading."""
    files = [(file.path, file.sha256, file.size, file.text.encode("utf-8", "surrogatepass")) for file in submission.files]
    hashes = [hashlib.sha256(text).hexdigest() for *_rest, text in files]
    rows = {name: {"hash": name, "body": zlib.compress(text, 6)} for name, (*_rest, text) in zip(hashes, files, strict=True)}
    if rows:
        connection.execute(insert_new(connection, tables.texts), [rows[name] for name in sorted(rows)])
    body = to_bytes([[path, sha256, size, name] for (path, sha256, size, _text), name in zip(files, hashes, strict=True)])
    values = {"digest": submission.digest, "name": submission.name, "files": body}
    connection.execute(insert_new(connection, tables.submissions), [values])
    statement = insert_new(connection, tables.problems, keep_old=False)
    newest = statement.on_conflict_do_update(index_elements=["digest", "name"], set_={"body": statement.excluded.body})
    connection.execute(newest, [{"digest": submission.digest, "name": submission.name, "body": _problems(submission)}])


def find_submission(connection: Connection, digest: str) -> Submission:
    """The submission with this digest, under the name of the first who handed it in. Raises StoreError if it is not there."""
    row = connection.execute(select(tables.submissions).where(tables.submissions.c.digest == digest)).mappings().one_or_none()
    if row is None:
        raise StoreError(f"the store has no submission {digest}")
    files = from_bytes(row["files"])
    query = select(tables.texts.c.hash, tables.texts.c.body).where(tables.texts.c.hash.in_({name for *_rest, name in files}))
    texts = {name: _text(name, body) for name, body in connection.execute(query)}
    missing = [path for path, *_rest, name in files if name not in texts]
    if missing:
        raise StoreError(f"the text of {missing[0]} of submission {digest} is missing", remedy="Put a backup of the store in its place.")
    problems = select(tables.problems.c.body).where(tables.problems.c.digest == digest, tables.problems.c.name == row["name"])
    return Submission(
        name=row["name"],
        files=tuple(SourceFile(path=path, sha256=sha256, size=size, text=texts[name]) for path, sha256, size, name in files),
        problems=_read_problems(connection.execute(problems).scalar()),
        digest=digest,
    )


def _text(name: str, body: bytes) -> str:
    return unpack(body, name, f"the text {name}").decode("utf-8", "surrogatepass")


def _problems(submission: Submission) -> bytes:
    return to_bytes([encode(problem) for problem in submission.problems])


def _read_problems(body: bytes | None) -> tuple[Problem, ...]:
    return tuple(decode(Problem, one) for one in from_bytes(body)) if body else ()


# ------------------------------------------------------------------------------------------------------------------------ hand-ins


def put_handin(connection: Connection, handin: Handin, digest: str | None, error: str) -> tuple[int, str]:
    """Keep a hand-in as one of the newest intake; give its id, and what was said to be wrong with it before, if it was something else."""
    same = {
        "student": handin.student,
        "source": handin.source,
        "digest": digest or "",
        "submitted_at": "" if handin.submitted_at is None else encode_time(handin.submitted_at),
    }
    now = {
        "intake": _newest_intake(connection),
        "attempt": handin.attempt,
        "parts": to_bytes([[str(part.path), part.name] for part in handin.parts]),
        "error": error,
        "exercises": json.dumps(handin.exercises) if handin.exercises else "",
    }
    columns = tables.handins.c
    query = select(columns.id, columns.error).where(and_(*(columns[name] == value for name, value in same.items())))
    found = connection.execute(query).one_or_none()
    if found is None:
        return insert_counted(connection, tables.handins, **same, **now, first_seen_at=datetime.now(UTC)), ""
    connection.execute(update(tables.handins).where(columns.id == found.id).values(**now))
    return int(found.id), found.error if found.error != error else ""


def find_handins(connection: Connection, number: int | None = None, *, student: str | None = None) -> tuple[StoredHandin, ...]:
    """All hand-ins, or the one of this id, or those of a student, by student, then from the first attempt to the last."""
    # While an intake is under way, what the last whole one has seen counts as well: somebody not yet reached has handed something in.
    whole = select(func.max(tables.intakes.c.id)).where(tables.intakes.c.closed_at.is_not(None))
    counts_from = connection.execute(whole).scalar() or 0
    columns = tables.handins.c
    query = (
        select(tables.handins, tables.problems.c.body.label("problems"))
        .outerjoin(tables.problems, and_(tables.problems.c.digest == columns.digest, tables.problems.c.name == columns.student))
        .order_by(columns.student, columns.attempt, columns.id)
    )
    if number is not None:
        query = query.where(columns.id == number)
    if student is not None:
        query = query.where(columns.student == student)
    return tuple(_handin(row, current=row["intake"] >= counts_from) for row in connection.execute(query).mappings())


def _handin(row: Mapping[Any, Any], *, current: bool) -> StoredHandin:
    handin = Handin(
        student=row["student"],
        source=row["source"],
        parts=tuple(Part(path=Path(path), name=name) for path, name in from_bytes(row["parts"])),
        submitted_at=decode_time(row["submitted_at"]) if row["submitted_at"] else None,
        attempt=row["attempt"],
        exercises=tuple(json.loads(row["exercises"])) if row["exercises"] else (),
    )
    return StoredHandin(
        id=row["id"],
        handin=handin,
        digest=row["digest"] or None,
        error=row["error"],
        problems=_read_problems(row["problems"]),
        current=current or bool(handin.exercises),
    )
