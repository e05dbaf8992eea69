"""Regrading: what was graded before the course changed is graded again beside what counts, looked at, and then published or discarded.

It is a queue of its own in the database, behind the uploads of students, and taken up by the next start whatever dies. Until somebody
publishes it no mark, scorecard or story knows of it, since these follow the keys that stand with each upload.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from grader.batch.marking import Keys
from grader.classwork import Attempts, Mark
from grader.errors import ExitCode, LayerwiseError
from grader.serve import tables, uploads
from grader.serve.database import Database, note, now
from grader.serve.editions import Editions, differences

TRIES = 20
SET_ASIDE = "The grader failed on this too many times."
OTHERWISE = "how work is run (limits or sandbox), or what an earlier regrade left out"


class RegradeError(LayerwiseError):
    """What was asked for cannot be done as things stand."""

    exit_code = ExitCode.SUBMISSION_UNREADABLE


class State(StrEnum):
    """What became of a regrade."""

    OPEN = "open"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class Step(StrEnum):
    """How far one exercise of one upload is."""

    QUEUED = "queued"
    GRADING = "grading"
    DONE = "done"
    FAILED = "failed"


UNFINISHED = (Step.QUEUED.value, Step.GRADING.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One exercise of one upload: the key of the record that counts (`was`), and the one that is to."""

    id: int
    regrade: int
    upload: int
    exercise: str
    digest: str
    was: str
    key: str
    state: Step
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrade:
    """One regrade and how far it is. ``before`` and ``after`` are revisions of the store, once it is published."""

    id: int
    account: int
    begun_at: datetime
    state: State
    exercises: tuple[str, ...]
    ended_at: datetime | None
    before: int | None
    after: int | None
    counts: Mapping[Step, int]

    @property
    def total(self) -> int:
        """How many things there are to grade."""
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        """How many are still to come."""
        return sum(self.counts.get(Step(state), 0) for state in UNFINISHED)

    @property
    def is_done(self) -> bool:
        """Whether there is nothing to wait for before somebody decides."""
        return self.state is State.OPEN and not self.waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a regrade of one exercise would be: what has changed, and how many uploads of how many students it would grade again."""

    exercise: str
    changed: tuple[str, ...]
    uploads: int
    students: int


# Of an upload that is to be graded again: its number, student, digest, the key that counts and that of today, and the exercise.
Touched = tuple[int, str, str, str, str, str]


def touched(database: Database, keys: Keys, marks: Collection[Mark], which: Attempts) -> list[Touched]:
    """What of the uploads is graded by other checks, limits or engine than today's: of what counts, or, where the best does, of all."""
    counting = {(mark.handin, mark.exercise) for mark in marks}
    columns = tables.uploads.c
    query = select(columns.id, columns.student, columns.digest, columns.handin, columns.exercises)
    found = []
    with database.reading() as connection:
        rows = connection.execute(query.where(columns.state == uploads.State.GRADED.value).order_by(columns.id)).all()
    for number, student, digest, handin, exercises in rows:
        own = {name: key for name, key in json.loads(exercises).items() if which is Attempts.BEST or (handin, name) in counting}
        today = keys.of(digest) if own else {}
        found += [(number, student, digest, key, today[name], name) for name, key in own.items() if name in today and today[name] != key]
    return found


def outlook(editions: Editions, found: Sequence[Touched]) -> list[Outlook]:
    """The exercises that a regrade has something to do with, in the order of the course."""
    listed = []
    for name, edition in editions.in_force.items():
        own = [one for one in found if one[-1] == name]
        changed = tuple(differences(edition, editions.today[name]))
        if own or changed:
            students = len({student for _number, student, *_rest in own})
            listed.append(Outlook(exercise=name, changed=changed or (OTHERWISE,), uploads=len(own), students=students))
    return listed


# --------------------------------------------------------------------------------------------------------------------- the whole


def begin(database: Database, exercises: Sequence[str], found: Sequence[Touched], *, by: int) -> int:
    """Queue what is to be graded again; give the number of the regrade.

    Raises
    ------
    RegradeError
        If no exercise is named, or another regrade waits to be decided.
    """
    if not exercises:
        raise RegradeError("no exercise was chosen", remedy="Choose at least one exercise to regrade.")
    chosen = [one for one in found if one[-1] in exercises]
    with database.writing() as connection:
        # Writers come one after another in SQLite; in PostgreSQL two might both find none.
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE serve_regrades IN SHARE ROW EXCLUSIVE MODE")
        if connection.execute(select(tables.regrades.c.id).where(tables.regrades.c.state == State.OPEN.value)).first():
            raise RegradeError("another regrade is open", remedy="Publish or discard it first.")
        values = {"account": by, "begun_at": now(), "state": State.OPEN.value, "exercises": json.dumps(list(exercises))}
        number: int = connection.execute(insert(tables.regrades).values(**values).returning(tables.regrades.c.id)).scalar_one()
        fresh = {"regrade": number, "state": Step.QUEUED.value, "tries": 0, "sentence": ""}
        rows = [
            {**fresh, "upload": upload, "digest": digest, "was": was, "key": key, "exercise": name}
            for upload, _student, digest, was, key, name in chosen
        ]
        if rows:
            connection.execute(insert(tables.regradings), rows)
        note(connection, by, "regrade begun", ", ".join(exercises), f"regrade {number}: {len(rows)} to grade again")
    return number


def newest(database: Database, count: int = 20) -> list[Regrade]:
    """The last regrades, the newest first."""
    with database.reading() as connection:
        query = select(tables.regrades).order_by(tables.regrades.c.id.desc()).limit(count)
        return [_regrade(connection, row) for row in connection.execute(query).mappings().all()]


def find(database: Database, number: int) -> Regrade | None:
    """The regrade of this number; None if there is none."""
    with database.reading() as connection:
        row = connection.execute(select(tables.regrades).where(tables.regrades.c.id == number)).mappings().first()
        return _regrade(connection, row) if row else None


def _regrade(connection: Connection, row: Mapping[Any, Any]) -> Regrade:
    columns = tables.regradings.c
    query = select(columns.state, func.count()).where(columns.regrade == row["id"]).group_by(columns.state)
    counts = {Step(state): count for state, count in connection.execute(query)}
    values = {**row, "state": State(row["state"]), "exercises": tuple(json.loads(row["exercises"]))}
    return Regrade(**values, counts=counts)


def items_of(database: Database, number: int, state: Step) -> list[Item]:
    """What of a regrade is in some state, in the order of the uploads."""
    columns = tables.regradings.c
    query = select(*ITEM).where(columns.regrade == number, columns.state == state.value).order_by(columns.id)
    with database.reading() as connection:
        return [_item(row) for row in connection.execute(query).mappings()]


ITEM = [tables.regradings.c[name] for name in Item.__slots__]


def _item(row: Mapping[Any, Any]) -> Item:
    return Item(**{**row, "state": Step(row["state"])})


def published_with(database: Database, number: int) -> dict[int, dict[str, str]]:
    """What each hand-in would be marked by if a regrade were published: `uploads.counted_for` with what it has found."""
    counted = uploads.counted_for(database)
    columns = tables.uploads.c
    with database.reading() as connection:
        handins = dict(connection.execute(select(columns.id, columns.handin).where(columns.handin.is_not(None))).all())
    for item in items_of(database, number, Step.DONE):
        own = counted.get(handins.get(item.upload) or 0, {})
        if own.get(item.exercise) == item.was:
            own[item.exercise] = item.key
    return counted


def put_published(connection: Connection, regrade: Regrade, *, before: int, after: int) -> int:
    """Let what was found count, inside of the transaction of `connection`; give how many exercises of uploads it is.

    Raises
    ------
    RegradeError
        If somebody else has decided meanwhile.
    """
    _end(connection, regrade.id, State.PUBLISHED, before=before, after=after)
    columns = tables.uploads.c
    done = tables.regradings.c
    query = select(done.upload, done.exercise, done.was, done.key).where(done.regrade == regrade.id, done.state == Step.DONE.value)
    by_upload: dict[int, list[tuple[str, str, str]]] = {}
    for upload, *rest in connection.execute(query.order_by(done.id)):
        by_upload.setdefault(upload, []).append((rest[0], rest[1], rest[2]))
    count = 0
    for upload, changes in by_upload.items():
        # What somebody has asked to be forgotten is not there any more.
        own = json.loads(connection.execute(select(columns.exercises).where(columns.id == upload)).scalar() or "{}")
        for exercise, was, key in changes:
            if own.get(exercise) == was:
                own[exercise] = key
                count += 1
        connection.execute(update(tables.uploads).where(columns.id == upload).values(exercises=json.dumps(own)))
    return count


def discard(database: Database, regrade: Regrade, *, by: int) -> None:
    """Drop a regrade: what counted counts. Raises RegradeError if somebody else has decided meanwhile."""
    with database.writing() as connection:
        _end(connection, regrade.id, State.DISCARDED)
        note(connection, by, "regrade discarded", ", ".join(regrade.exercises), f"regrade {regrade.id}")


def _end(connection: Connection, number: int, state: State, **values: int) -> None:
    columns = tables.regrades.c
    ended = update(tables.regrades).where(columns.id == number, columns.state == State.OPEN.value)
    if not connection.execute(ended.values(state=state.value, ended_at=now(), **values)).rowcount:
        raise RegradeError("this regrade is no longer open", remedy="Load the page again.")


# ------------------------------------------------------------------------------------------------------------------------- queue


def _open_ones() -> Any:
    return select(tables.regrades.c.id).where(tables.regrades.c.state == State.OPEN.value)


def claim(database: Database) -> Item | None:
    """Take what has waited longest; None if nothing waits."""
    columns = tables.regradings.c
    with database.reading() as connection:
        waiting = select(func.min(columns.id)).where(columns.state == Step.QUEUED.value, columns.regrade.in_(_open_ones()))
        first = connection.execute(waiting).scalar()
    if first is None:
        return None
    with database.writing() as connection:
        taken = update(tables.regradings).where(columns.id == first).values(state=Step.GRADING.value, tries=columns.tries + 1)
        return _item(connection.execute(taken.returning(*ITEM)).mappings().one())


def finish(database: Database, item: Item, state: Step, sentence: str = "") -> None:
    """Say how one ended."""
    with database.writing() as connection:
        ended = update(tables.regradings).where(tables.regradings.c.id == item.id)
        connection.execute(ended.values(state=state.value, sentence=sentence))


def take_up(database: Database) -> None:
    """Put back what a process that died was at; what was tried too often fails, and keeps the mark that is published."""
    columns = tables.regradings.c
    with database.writing() as connection:
        under_way = columns.state == Step.GRADING.value
        again = update(tables.regradings).where(under_way, columns.tries < TRIES)
        connection.execute(again.values(state=Step.QUEUED.value))
        connection.execute(update(tables.regradings).where(under_way).values(state=Step.FAILED.value, sentence=SET_ASIDE))


def put_back(database: Database) -> None:
    """Put what is under way back as if it had not been claimed: no worker could begin."""
    columns = tables.regradings.c
    with database.writing() as connection:
        back = update(tables.regradings).where(columns.state == Step.GRADING.value)
        connection.execute(back.values(state=Step.QUEUED.value, tries=columns.tries - 1))


def try_again(database: Database, regrade: Regrade, *, by: int) -> None:
    """Queue once more what the machinery has failed at."""
    columns = tables.regradings.c
    with database.writing() as connection:
        failed = update(tables.regradings).where(columns.regrade == regrade.id, columns.state == Step.FAILED.value)
        count = connection.execute(failed.values(state=Step.QUEUED.value, tries=0, sentence="")).rowcount
        note(connection, by, "regrade tried again", ", ".join(regrade.exercises), f"regrade {regrade.id}: {count} to grade again")


def retarget(database: Database, keys: Keys) -> None:
    """Let an open regrade lead to the course as it is now: it may have changed once more while the service was down."""
    columns = tables.regradings.c
    names = keys.plan.exercises
    with database.writing() as connection:
        regrades = tables.regrades.c
        waiting = select(regrades.id, regrades.exercises).where(regrades.state == State.OPEN.value)
        for number, exercises in connection.execute(waiting).all():
            left = [name for name in json.loads(exercises) if name in names]
            connection.execute(update(tables.regrades).where(regrades.id == number).values(exercises=json.dumps(left)))
            for item in [_item(row) for row in connection.execute(select(*ITEM).where(columns.regrade == number)).mappings()]:
                _retarget(connection, item, keys.of(item.digest).get(item.exercise))


def _retarget(connection: Connection, item: Item, key: str | None) -> None:
    its = tables.regradings.c.id == item.id
    if key is None:
        connection.execute(delete(tables.regradings).where(its))
    elif key != item.key:
        fresh = {"key": key, "state": Step.QUEUED.value, "tries": 0, "sentence": ""}
        connection.execute(update(tables.regradings).where(its).values(**fresh))
