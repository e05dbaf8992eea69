"""What students hand in: kept on the disk before anybody is told so, and a queue that a new process takes up where the last one died."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from grader.errors import ExitCode, LayerwiseError
from grader.safe_text import safe_text
from grader.serve import tables
from grader.serve.accounts import Account
from grader.serve.database import Database, note, now

# How often a process may die at, or fail with, one upload before it is set aside. High, since a service may be killed for other reasons.
TRIES = 20
SUFFIXES = (".py", ".ipynb", ".zip")
LONGEST_NAME = 120
SET_ASIDE = "The grader failed on this too many times and has stopped trying; that costs no points. Tell your instructor."


class State(StrEnum):
    """How far an upload has come."""

    QUEUED = "queued"
    GRADING = "grading"
    GRADED = "graded"
    UNREADABLE = "unreadable"
    LOST = "lost"


WAITING = (State.QUEUED.value, State.GRADING.value)


class UploadRefused(LayerwiseError):  # noqa: N818 - it is named after what it says
    """What was sent is not taken, and why. ``status`` is the one of HTTP."""

    exit_code = ExitCode.SUBMISSION_UNREADABLE

    def __init__(self, message: str, *, remedy: str = "", status: int = 422) -> None:
        super().__init__(message, remedy=remedy)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One thing that a student has sent. ``exercises`` are those that it counts for, each with the key of its record; none before it
    is graded, or where it cannot be read.
    """

    id: int
    student: str
    received_at: datetime
    name: str
    exercise: str
    attempt: int
    sha256: str
    size: int
    state: State
    tries: int
    handin: int | None
    digest: str
    exercises: dict[str, str]
    sentence: str
    finished_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be graded."""
        return self.state in WAITING


# All but the bytes, which only the grading needs.
COLUMNS = [column for column in tables.uploads.c if column.name not in ("body", "account")]


def upload_of(row: Mapping[Any, Any]) -> Upload:
    """An upload from its row."""
    values = {name: row[name] for name in Upload.__slots__}
    return Upload(**{**values, "state": State(row["state"]), "exercises": json.loads(row["exercises"])})


def clean_name(name: str) -> str:
    """The last part of the name that a browser gives, as far as it can be shown.

    Raises
    ------
    UploadRefused
        If it is none of a file that is read.
    """
    last = safe_text(re.split(r"[/\\]", name)[-1]).strip()
    if not last.lower().endswith(SUFFIXES):
        raise UploadRefused(
            f"{last[:80] or 'a file without a name'} is neither a .py file nor a notebook (.ipynb) nor a .zip",
            remedy="Choose one of these.",
        )
    stem, dot, suffix = last.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(suffix) - 1]}{dot}{suffix.lower()}"


def accept(
    database: Database,
    account: Account,
    *,
    name: str,
    body: bytes,
    exercise: str,
    most_waiting: int,
    most_attempts: int | None = None,
) -> Upload:
    """Take an upload in. When this returns it is on the disk, and will be graded whatever dies.

    `most_attempts` is how many there may be for its `exercise`, this one included.

    Raises
    ------
    UploadRefused
        If the account hands nothing in, the file is empty or of no known kind, too many of the student's are waiting, or all attempts
        are used.
    """
    if not account.student:
        raise UploadRefused("only students can hand in work", remedy="To try it out, sign in with a student account.", status=403)
    shown = clean_name(name)
    if not body:
        raise UploadRefused(f"{shown} is empty", remedy="Choose the file that holds your work.")
    packed = zlib.compress(body, 6 if len(body) < 1 << 20 else 1)
    columns = tables.uploads.c
    with database.writing() as connection:
        mine = columns.student == account.student
        waiting = connection.execute(select(func.count()).where(mine, columns.state.in_(WAITING))).scalar_one()
        if waiting >= most_waiting:
            remedy = "Wait until one of them is graded, then hand in again."
            raise UploadRefused(f"{waiting} of your uploads are waiting to be graded", remedy=remedy, status=429)
        if exercise and most_attempts is not None:
            _refuse_over(connection, account, exercise, most_attempts)
        earlier = connection.execute(select(func.count()).where(mine)).scalar_one()
        values = {
            "account": account.id,
            "student": account.student,
            "received_at": now(),
            "name": shown,
            "exercise": exercise,
            "attempt": earlier + 1,
            "sha256": hashlib.sha256(body).hexdigest(),
            "size": len(body),
            "body": packed,
            "state": State.QUEUED.value,
            "tries": 0,
            "digest": "",
            "exercises": "{}",
            "sentence": "",
        }
        row = connection.execute(insert(tables.uploads).values(**values).returning(*COLUMNS)).mappings().one()
        note(connection, account.id, "handed in", account.student, f"upload {row['id']}: {shown}, {len(body)} bytes")
    return upload_of(row)


def _refuse_over(connection: Connection, account: Account, exercise: str, most: int) -> None:
    """Refuse what would be one attempt too many. What waits and may hold the exercise is let end first."""
    # Two uploads at the same moment must not both be the last: the second one waits here until the first is kept.
    connection.execute(select(tables.accounts.c.id).where(tables.accounts.c.id == account.id).with_for_update())
    used, unknown = count_attempts(connection, account.student)
    if used[exercise] >= most:
        sentence = f"all {most} attempts at {exercise} are used" if most > 1 else f"the one attempt at {exercise} is used"
        raise UploadRefused(sentence, remedy="What you handed in before still counts.")
    if used[exercise] + unknown >= most:
        remedy = "Wait until it is graded; then you see whether an attempt is left."
        raise UploadRefused(f"you have an upload waiting that may use your last attempt at {exercise}", remedy=remedy, status=429)


def count_attempts(connection: Connection, student: str, besides: int = 0) -> tuple[Counter[str], int]:
    """How many attempts a student has used at each exercise, without the upload `besides`; and how many wait of which nobody knows yet
    what they hold. What could not be read is no attempt.
    """
    columns = tables.uploads.c
    query = select(columns.exercise, columns.exercises, columns.state)
    query = query.where(columns.student == student, columns.state != State.UNREADABLE.value, columns.id != besides)
    used: Counter[str] = Counter()
    unknown = 0
    for exercise, exercises, state in connection.execute(query):
        names = {*json.loads(exercises), *([exercise] if exercise else [])}
        used.update(names)
        unknown += not names and state in WAITING
    return used, unknown


def attempts_used(database: Database, student: str, besides: int = 0) -> tuple[Counter[str], int]:
    """As ``count_attempts``, in a transaction of its own."""
    with database.reading() as connection:
        return count_attempts(connection, student, besides)


# ---------------------------------------------------------------------------------------------------------------------- reading


def find_upload(database: Database, number: int) -> Upload | None:
    """The upload of this number; None if there is none."""
    with database.reading() as connection:
        row = connection.execute(select(*COLUMNS).where(tables.uploads.c.id == number)).mappings().first()
    return upload_of(row) if row else None


def uploads_of(database: Database, student: str, limit: int = 200) -> list[Upload]:
    """What a student has sent, the newest first."""
    query = select(*COLUMNS).where(tables.uploads.c.student == student).order_by(tables.uploads.c.id.desc()).limit(limit)
    with database.reading() as connection:
        return [upload_of(row) for row in connection.execute(query).mappings()]


def counted_for(database: Database, student: str = "") -> dict[int, dict[str, str]]:
    """What each graded hand-in counts for, with the keys of its records, by its id in the store; of one student, if one is given."""
    found: dict[int, dict[str, str]] = {}
    for own in counted_by_student(database, student).values():
        found |= own
    return found


def counted_by_student(database: Database, student: str = "") -> dict[str, dict[int, dict[str, str]]]:
    """The same by student."""
    columns = tables.uploads.c
    query = select(columns.student, columns.handin, columns.exercises)
    query = query.where(columns.state == State.GRADED.value, columns.handin.is_not(None))
    if student:
        query = query.where(columns.student == student)
    found: dict[str, dict[int, dict[str, str]]] = {}
    with database.reading() as connection:
        for one, handin, exercises in connection.execute(query.order_by(columns.id)):
            found.setdefault(one, {})[handin] = json.loads(exercises)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An upload in the queue; ``is_begun`` says that it is being graded."""

    id: int
    exercise: str
    is_begun: bool


def waiting_before(database: Database, number: int | None = None) -> list[Waiting]:
    """What will be done before that upload, the next first; all that waits where none is given."""
    columns = tables.uploads.c
    query = select(columns.id, columns.exercise, columns.state).where(columns.state.in_(WAITING)).order_by(columns.id)
    if number is not None:
        query = query.where(columns.id < number)
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return [Waiting(id=id_, exercise=exercise, is_begun=state == State.GRADING) for id_, exercise, state in rows]


# ------------------------------------------------------------------------------------------------------------------------ queue


def take_up(database: Database) -> int:
    """Put back into the queue what a process that died was at, and what the machinery had failed at; give how many there are.

    What has been tried too often is set aside instead, so that nothing that kills the service can do so for ever.
    """
    columns = tables.uploads.c
    unfinished = columns.state.in_((State.GRADING.value, State.LOST.value))
    with database.writing() as connection:
        again = update(tables.uploads).where(unfinished, columns.tries < TRIES).values(state=State.QUEUED.value, finished_at=None)
        count = connection.execute(again).rowcount
        given_up = update(tables.uploads).where(unfinished, columns.tries >= TRIES)
        connection.execute(given_up.values(state=State.LOST.value, sentence=SET_ASIDE, finished_at=now()))
    return int(count)


def put_back(database: Database) -> None:
    """Put what is under way back into the queue as if it had not been claimed: no worker could begin, which is no upload's fault."""
    columns = tables.uploads.c
    with database.writing() as connection:
        back = update(tables.uploads).where(columns.state == State.GRADING.value)
        connection.execute(back.values(state=State.QUEUED.value, tries=columns.tries - 1))


def try_again(database: Database, upload: Upload, *, by: int) -> bool:
    """Queue an upload that was set aside; False if it was not."""
    columns = tables.uploads.c
    with database.writing() as connection:
        aside = update(tables.uploads).where(columns.id == upload.id, columns.state == State.LOST.value)
        found: bool = connection.execute(aside.values(state=State.QUEUED.value, tries=0, finished_at=None, sentence="")).rowcount == 1
        if found:
            note(connection, by, "graded again", upload.student, f"upload {upload.id}")
    return found


def claim(database: Database) -> tuple[Upload, bytes] | None:
    """Take the upload that has waited longest, with its bytes; None if none waits."""
    columns = tables.uploads.c
    with database.reading() as connection:
        first = connection.execute(select(func.min(columns.id)).where(columns.state == State.QUEUED.value)).scalar()
    if first is None:
        return None
    with database.writing() as connection:
        taken = update(tables.uploads).where(columns.id == first).values(state=State.GRADING.value, tries=columns.tries + 1)
        row = connection.execute(taken.returning(*COLUMNS, columns.body)).mappings().one()
    return upload_of(row), zlib.decompress(row["body"])


def was_read(database: Database, number: int, *, digest: str, exercises: Mapping[str, str]) -> None:
    """Say what an upload holds, so that what is done of it can be shown while the rest is not."""
    with database.writing() as connection:
        read = update(tables.uploads).where(tables.uploads.c.id == number)
        connection.execute(read.values(digest=digest, exercises=json.dumps(dict(exercises))))


def finish(database: Database, number: int, state: State, **values: Any) -> None:
    """Say how an upload ended. What was graded lies in the store; its bytes are not kept twice."""
    values["exercises"] = json.dumps(values.get("exercises", {}))
    if state is State.GRADED:
        values["body"] = b""
    with database.writing() as connection:
        ended = update(tables.uploads).where(tables.uploads.c.id == number)
        connection.execute(ended.values(state=state.value, finished_at=now(), **values))
