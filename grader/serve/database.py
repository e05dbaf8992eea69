"""The service's connection to the database: short transactions, from any thread."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, insert

from grader.serve import tables
from grader.store.connect import WRITES, Address, connect, parse_address, saying, turn


class Database:
    """Where accounts, sessions and uploads are kept. What a block has written is on the disk when it ends, or not there at all."""

    def __init__(self, address: Address, engine: Engine) -> None:
        self.address = address
        self._engine = engine
        self._writer = engine.execution_options(**{WRITES: True})

    @classmethod
    def open(cls, place: str | Path) -> Database:
        """Open it, and make its tables if they are not there. Raises StoreError."""
        address = parse_address(place)
        database = cls(address, connect(address, read_only=False))
        with database.writing() as connection:
            tables.prepare(connection, address.shown)
        return database

    def close(self) -> None:
        """Let go of it."""
        self._engine.dispose()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that changes nothing."""
        with saying(self.address), self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write. Raises StoreError if it could not be kept."""
        with turn(self.address), saying(self.address), self._writer.begin() as connection:
            yield connection


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def note(connection: Connection, account: int, action: str, subject: str, detail: str = "") -> None:
    """Write a line of the audit log, in the transaction of what it tells of. `account` is 0 for a command on the server itself."""
    connection.execute(insert(tables.audit).values(at=now(), account=account, action=action, subject=subject, detail=detail))
