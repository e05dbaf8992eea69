"""The store as one value: every call is a transaction of its own, or part of a larger one."""

from __future__ import annotations

import contextlib
import types
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine

from grader.classwork import Event, Handin, Override, Record, Revision, StoredHandin, Student
from grader.model import ExerciseOutcome, Submission
from grader.store import handed_in, history, migrate, results
from grader.store.connect import WRITES, Address, connect, parse_address, saying, turn
from grader.store.errors import RecordDiffers, StoreError
from grader.store.lock import Keep, locked
from grader.store.rows import chunks, unpack

DIFFERS = "record differs"
MOST_SHARED = 50_000


class Store:
    """Where everything about a class is kept. Use ``Store.open``, and one store in one thread.

    Every method raises StoreError if the database cannot be read or written; what was there before is then still there, and of the call
    that failed there is nothing. Whatever a method has returned from survives the end of the process, and a power cut.
    """

    def __init__(self, address: Address, engine: Engine, *, read_only: bool = False) -> None:
        self.address = address
        self.read_only = read_only
        self._engine = engine
        self._writer = engine.execution_options(**{WRITES: True})
        self._whole: Connection | None = None
        # Hashes of what records share and the database is known to hold.
        self._shared: set[str] = set()

    @classmethod
    def open(cls, place: str | Path, *, read_only: bool = False) -> Store:
        """Open the store at a path or URL (``postgresql://USER@HOST/DATABASE``); make it if it is not there, unless `read_only`.

        Raises
        ------
        StoreError
            If it cannot be opened, is no store, or was written by a newer Layerwise.
        """
        address = parse_address(place)
        store = cls(address, connect(address, read_only=read_only), read_only=read_only)
        try:
            store._prepare()
        except BaseException:
            store.close()
            raise
        return store

    def _prepare(self) -> None:
        with self._reading() as connection:
            if connection.dialect.name == "postgresql":
                encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
                if encoding != "UTF8":
                    raise StoreError(
                        f"the database at {self.address.shown} is in {encoding}", remedy="Make it with createdb --encoding UTF8."
                    )
            if self.read_only:
                migrate.expect_ready(connection, self.address.shown, migrate.STEPS)
        if not self.read_only:
            with self._writing() as connection:
                migrate.prepare(connection, self.address.shown, migrate.STEPS)

    def close(self) -> None:
        """Let go of the database. Closing twice is no error."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None) -> None:
        self.close()

    def lock(self) -> contextlib.AbstractContextManager[Keep]:
        """Hold the store for one batch. What is given raises unless it is held still, and takes it again if the database has lost it.

        Raises StoreError at once, naming the process and the host of the other, if another batch holds it. The system takes the lock back
        when the process ends, however it ends.
        """
        return locked(self.address, self._engine)

    # ------------------------------------------------------------------------------------------------------------- transactions

    @contextlib.contextmanager
    def together(self) -> Iterator[Connection]:
        """Make one transaction of all calls in the block: all of it is kept, or, after any error, none.

        It gives the connection, so that other tables of the same database can take part.
        """
        try:
            with self._writing() as connection:
                if self._whole is not None:
                    yield connection
                    return
                self._whole = connection
                try:
                    yield connection
                finally:
                    self._whole = None
        except RecordDiffers as error:
            # What was found out has been taken back with the rest, and must not be forgotten.
            if self._whole is None:
                self._note_differing(error)
            raise

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self.read_only:
            raise StoreError(f"the store at {self.address.shown} was opened for reading only")
        with saying(self.address):
            if self._whole is not None:
                yield self._whole
            else:
                with turn(self.address), self._writer.begin() as connection:
                    yield connection

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        with saying(self.address):
            if self._whole is not None:
                yield self._whole
            else:
                with self._engine.begin() as connection:
                    yield connection

    # --------------------------------------------------------------------------------------------------- students and hand-ins

    def put_students(self, students: Iterable[Student]) -> int:
        """Begin a new intake with this class; give its number. Who is not in it any more is kept, and not among `students`."""
        with self._writing() as connection:
            return handed_in.begin_intake(connection, students)

    def close_intake(self) -> None:
        """Say that every hand-in of the newest intake has been put. Until then, those of the last whole one count as well."""
        with self._writing() as connection:
            handed_in.close_intake(connection)

    def students(self, *, former: bool = False) -> tuple[Student, ...]:
        """The class, in the order of the newest intake; with `former`, everybody who was ever in it."""
        with self._reading() as connection:
            return handed_in.find_students(connection, former=former)

    def put_submission(self, submission: Submission) -> None:
        """Keep the files of a submission, each text once, and the problems of the newest reading."""
        with self._reading() as connection:
            if handed_in.has_submission(connection, submission):
                return
        with self._writing() as connection:
            handed_in.put_submission(connection, submission)

    def submission(self, digest: str) -> Submission:
        """The submission with this digest, under the name of the first who handed it in. Raises StoreError if it is not there."""
        with self._reading() as connection:
            return handed_in.find_submission(connection, digest)

    def put_handin(self, handin: Handin, digest: str | None, error: str = "") -> int:
        """Keep a hand-in as one of the newest intake; give its id. The same student, source, digest and time have the same id for ever."""
        with self._writing() as connection:
            number, before = handed_in.put_handin(connection, handin, digest, error)
            if before:
                history.note(connection, "hand-in read again", str(number), f"before: {before} now: {error}")
            return number

    def handin(self, number: int) -> StoredHandin:
        """The hand-in of this id. Raises StoreError if there is none."""
        with self._reading() as connection:
            found = handed_in.find_handins(connection, number)
        if not found:
            raise StoreError(f"there is no hand-in {number} in the store", remedy="Put a backup of the store in its place.")
        return found[0]

    def handins(self, student: str | None = None) -> tuple[StoredHandin, ...]:
        """All hand-ins that were ever found, or those of one student, by student, then from the first attempt to the last."""
        with self._reading() as connection:
            return handed_in.find_handins(connection, student=student)

    # ------------------------------------------------------------------------------------------------------- records and failures

    def has(self, keys: Iterable[str]) -> set[str]:
        """Those of some keys under which there is a record."""
        found: set[str] = set()
        for chunk in chunks(keys):
            with self._reading() as connection:
                found |= results.find_keys(connection, chunk)
        return found

    def put_record(self, record: Record) -> None:
        """Keep one record; see `put_records`."""
        self.put_records([record])

    def put_records(self, records: Sequence[Record]) -> None:
        """Keep records in one transaction. One that is stored already is left as it is; that its run was another one changes nothing.

        Raises
        ------
        RecordDiffers
            If another outcome is stored under the key of one of them. The stored one stays, an event holds the other, and the records
            besides are kept.
        """
        packed = results.pack_records(records, self._shared)
        with self._writing() as connection:
            differing = results.put_packed(connection, packed)
            for row in differing if self._whole is None else ():
                _note_row(connection, row)
        if self._whole is None and len(self._shared) < MOST_SHARED:
            self._shared |= packed.shared.keys()
        if differing:
            error = RecordDiffers([row["key"] for row in differing])
            error.rows = tuple(differing)
            raise error

    def record(self, key: str) -> Record | None:
        """The record under a key, None if there is none."""
        return next(self.iter_records([key]), None)

    def iter_records(self, keys: Iterable[str] | None = None) -> Iterator[Record]:
        """Records one after another, few in memory at a time: those under some keys in their order, or all by key.

        Keys without a record are passed over. No transaction stays open in between, so a slow reader holds nobody up.
        """
        if keys is None:
            yield from self._all_records()
            return
        for chunk in chunks(keys):
            with self._reading() as connection:
                found = results.find_records(connection, chunk)
            yield from found

    def _all_records(self) -> Iterator[Record]:
        last = ""
        while True:
            with self._reading() as connection:
                found = results.find_records_after(connection, last)
            if not found:
                return
            yield from found
            last = found[-1].key

    def iter_verdicts(self, keys: Iterable[str]) -> Iterator[tuple[str, ExerciseOutcome]]:
        """Keys with their outcomes, of which there is nothing but the verdicts of the checks: all that points need, and much sooner there.

        Keys without a record are passed over.
        """
        for chunk in chunks(keys):
            with self._reading() as connection:
                found = results.find_verdicts(connection, chunk)
            yield from found

    def note_failure(self, key: str, sentence: str) -> None:
        """Remember that the machinery failed where the record of this key should come from."""
        with self._writing() as connection:
            results.note_failure(connection, key, sentence)

    def failures(self) -> dict[str, str]:
        """What the machinery failed at and has not made good since: the newest sentence of each key."""
        with self._reading() as connection:
            return results.find_failures(connection)

    # ------------------------------------------------------------------------------------------- overrides, revisions and events

    def put_override(self, *, student: str, exercise: str, points: Fraction, reason: str, author: str) -> Override:
        """Keep a mark set by hand; give it with its id."""
        with self._writing() as connection:
            override = history.put_override(connection, student=student, exercise=exercise, points=points, reason=reason, author=author)
            history.note(connection, "override", student, f"{exercise}: {points} points by {author}: {reason}")
            return override

    def withdraw_override(self, number: int) -> Override:
        """Withdraw one, once; it stays in the store. Raises StoreError if there is none, or it is withdrawn already."""
        with self._writing() as connection:
            override = history.withdraw_override(connection, number)
            history.note(connection, "override withdrawn", override.student, f"{override.exercise}: override {number}")
            return override

    def overrides(self) -> tuple[Override, ...]:
        """All that were ever made, the oldest first, withdrawn ones too."""
        with self._reading() as connection:
            return history.find_overrides(connection)

    def put_revision(self, revision: Revision) -> int:
        """Keep a state of all marks as the newest, in one transaction; give its id. The id that it came with does not matter."""
        with self._writing() as connection:
            return history.put_revision(connection, revision)

    def revision(self, number: int | None = None) -> Revision | None:
        """The revision of this id with its marks, or the newest; None if there is none."""
        with self._reading() as connection:
            return history.find_revision(connection, number)

    def revisions(self) -> tuple[Revision, ...]:
        """All revisions, the oldest first, without their marks."""
        with self._reading() as connection:
            return history.find_revisions(connection)

    def note(self, kind: str, subject: str, detail: str = "") -> None:
        """Remember that something happened."""
        with self._writing() as connection:
            history.note(connection, kind, subject, detail)

    def events(self, subject: str | None = None) -> tuple[Event, ...]:
        """What happened, the oldest first; to one subject, if one is given."""
        with self._reading() as connection:
            return history.find_events(connection, subject)

    def _note_differing(self, error: RecordDiffers) -> None:
        with self._writing() as connection:
            for row in error.rows:
                _note_row(connection, row)


def _note_row(connection: Connection, row: dict[str, Any]) -> None:
    outcome = unpack(row["body"], row["content"], "a result").decode("utf-8", "surrogatepass")
    history.note(connection, DIFFERS, row["key"], f"{row['digest']} {outcome}")
