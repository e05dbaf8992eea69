"""What the tables of a store have in common: rows that are written once, and bodies that are compressed and checked when they are read."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from grader.store.errors import StoreError

# Outcomes shrink to a tenth at the first level, in 0.1 ms; higher ones take three times as long for a fifth less.
LEVEL = 1
# How many keys one statement asks for; SQLite takes 32,766 values, PostgreSQL 65,535. Also how many records are in memory at once.
CHUNK = 200


def insert_new(connection: Connection, table: Table, *, keep_old: bool = True) -> Any:
    """An INSERT that leaves a row with the same key alone; with `keep_old` False, one that is yet to be told what to do then."""
    statement: Any = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    return statement.on_conflict_do_nothing() if keep_old else statement


def insert_counted(connection: Connection, table: Table, **values: Any) -> int:
    """Write one row of a table whose rows are counted; give its number."""
    number: int = connection.execute(table.insert().values(**values).returning(table.c.id)).scalar_one()
    return number


def pack(data: bytes) -> tuple[str, bytes]:
    """The hash of some bytes, and the bytes compressed."""
    return hashlib.sha256(data).hexdigest(), zlib.compress(data, LEVEL)


def unpack(body: bytes, content: str, what: str) -> bytes:
    """The bytes again. Raises StoreError if they are not those that were packed: a disk that forgets must not change a mark."""
    try:
        data = zlib.decompress(body)
    except zlib.error as error:
        raise _damaged(what) from error
    if hashlib.sha256(data).hexdigest() != content:
        raise _damaged(what)
    return data


def _damaged(what: str) -> StoreError:
    return StoreError(f"{what} is damaged in the store", remedy="Put a backup of the store in its place; docs/store.md says how.")


def chunks(items: Iterable[str], size: int = CHUNK) -> Iterator[list[str]]:
    """The items in lists of at most `size`, taken as they are needed."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
