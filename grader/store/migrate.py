"""The version of a store's tables: made anew, lifted step by step from an older one, refused from a newer one.

A step is a function of a connection; step number n lifts version n to n + 1, and stays as it is for ever, since somebody's class from
years ago may still need it. It speaks SQL of its own and not the tables of today. All steps run in one transaction: SQLite and
PostgreSQL both take back changes of tables, so a store that could not be lifted is the one that it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, insert, inspect, select, text

from grader.store.errors import StoreError
from grader.store.tables import TABLES, meta

Step = Callable[[Connection], None]


def say_what_counts(connection: Connection) -> None:
    """Version 2: a hand-in names the exercises that it counts for. All that were stored before are of batches, and count for all."""
    connection.execute(text("ALTER TABLE handins ADD COLUMN exercises TEXT DEFAULT '' NOT NULL"))


STEPS: tuple[Step, ...] = (say_what_counts,)
APPLICATION = "layerwise"
# Any number that no other program is likely to lock in the same PostgreSQL database.
MAKING_TABLES = 0x6C77_7274


def prepare(connection: Connection, place: str, steps: Sequence[Step]) -> bool:
    """Make or lift the tables of a store, inside of the transaction of `connection`, and say whether anything was done.

    Raises
    ------
    StoreError
        If the database is somebody else's, or was written by a newer Layerwise.
    """
    if connection.dialect.name == "postgresql":
        # Two that open an empty database at once would both make the tables.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MAKING_TABLES})
    newest = len(steps) + 1
    version = find_version(connection, place)
    if version is None:
        TABLES.create_all(connection, checkfirst=False)
        connection.execute(insert(meta), [{"name": "application", "value": APPLICATION}, {"name": "schema", "value": str(newest)}])
        return True
    refuse_newer(version, newest, place)
    for step in steps[version - 1 :]:
        step(connection)
    if version < newest:
        connection.execute(meta.update().where(meta.c.name == "schema").values(value=str(newest)))
    return version < newest


def expect_ready(connection: Connection, place: str, steps: Sequence[Step]) -> None:
    """Raise StoreError unless the store has tables of exactly the version of `steps`, for a reader, who changes nothing."""
    version = find_version(connection, place)
    if version is None:
        raise StoreError(f"there is no store at {place}", remedy="It is made by the first batch.")
    refuse_newer(version, len(steps) + 1, place)
    if version < len(steps) + 1:
        raise StoreError(
            f"the store at {place} was written by an older Layerwise", remedy="A batch or a new revision brings it up to date."
        )


def find_version(connection: Connection, place: str) -> int | None:
    """The version of the tables, None if there are none. Raises StoreError if they are not ours."""
    there = set(inspect(connection).get_table_names())
    if meta.name not in there:
        if there & set(TABLES.tables):
            raise StoreError(f"the database at {place} has tables of another program", remedy="Give Layerwise a database of its own.")
        return None
    values = {row.name: row.value for row in connection.execute(select(meta.c.name, meta.c.value))}
    if values.get("application") != APPLICATION or not values.get("schema", "").isdigit():
        raise StoreError(f"the database at {place} has tables of another program", remedy="Give Layerwise a database of its own.")
    return int(values["schema"])


def refuse_newer(version: int, newest: int, place: str) -> None:
    """Raise StoreError for a version that this Layerwise does not know."""
    if version > newest:
        raise StoreError(
            f"the store at {place} was written by a newer Layerwise (schema {version}; this one knows {newest})",
            remedy="Upgrade Layerwise; nothing was changed.",
        )
