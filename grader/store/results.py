"""Records and failures in a store. A record is written once; what comes out differently later is refused and remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, func, select

from grader.classwork import Record
from grader.model import ExerciseOutcome
from grader.records import decode_outcome, decode_run, encode_outcome, encode_run, from_bytes, to_bytes
from grader.store import tables
from grader.store.errors import StoreError
from grader.store.rows import CHUNK, chunks, insert_new, pack, unpack

# What differs between two runs on one machine; the rest of a run is stored once for all.
OF_ITS_OWN = ("started_at", "duration_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Records as rows, made before a transaction begins so that nobody waits for the packing. ``shared`` are bodies by their hash."""

    rows: tuple[dict[str, Any], ...]
    shared: dict[str, bytes]


def pack_records(records: Iterable[Record], known: Set[str] = frozenset()) -> Packed:
    """Make rows of records. What is shared is left out if its hash is `known` to be stored."""
    shared: dict[str, bytes] = {}

    def share(value: dict[str, Any]) -> str:
        data = to_bytes(value)
        name = hashlib.sha256(data).hexdigest()
        if name not in known and name not in shared:
            shared[name] = pack(data)[1]
        return name

    rows = [_row(record, share) for record in records]
    # In one order for all, so that two who write the same keys wait for each other once and not in a circle.
    return Packed(rows=tuple(sorted(rows, key=lambda row: row["key"])), shared=shared)


def _row(record: Record, share: Callable[[dict[str, Any]], str]) -> dict[str, Any]:
    run, outcome = encode_run(record.run), encode_outcome(record.outcome)
    of_its_own = {name: run.pop(name) for name in OF_ITS_OWN}
    content, body = pack(to_bytes(outcome))
    return {
        "key": record.key,
        "digest": record.digest,
        "exercise": record.outcome.exercise,
        "machine": share(run),
        "verdicts": share(_verdicts_alone(outcome)),
        **of_its_own,
        "content": content,
        "body": body,
    }


def put_packed(connection: Connection, packed: Packed) -> list[dict[str, Any]]:
    """Write what is new; give the rows that differ from what is stored under their key, and are not written.

    The comparison comes after the writing: only then is it sure that nobody else has come first.
    """
    if not packed.rows:
        return []
    shared = [{"hash": name, "body": body} for name, body in sorted(packed.shared.items())]
    if shared:
        connection.execute(insert_new(connection, tables.shared), shared)
    connection.execute(insert_new(connection, tables.records), list(packed.rows))
    stored: dict[str, tuple[str, str]] = {}
    for keys in chunks(row["key"] for row in packed.rows):
        query = select(tables.records.c.key, tables.records.c.digest, tables.records.c.content).where(tables.records.c.key.in_(keys))
        stored |= {key: (digest, content) for key, digest, content in connection.execute(query)}
    return [row for row in packed.rows if stored[row["key"]] != (row["digest"], row["content"])]


def find_keys(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Those of some keys under which there is a record."""
    return set(connection.execute(select(tables.records.c.key).where(tables.records.c.key.in_(keys))).scalars())


def find_records(connection: Connection, keys: Sequence[str]) -> list[Record]:
    """The records under some keys, in the order of the keys; those that are not there are left out."""
    query = _query().where(tables.records.c.key.in_(set(keys)))
    found = {row["key"]: row for row in connection.execute(query).mappings()}
    return [_record(found[key]) for key in keys if key in found]


def find_records_after(connection: Connection, key: str) -> list[Record]:
    """The next records in the order of their keys."""
    query = _query().where(tables.records.c.key > key).order_by(tables.records.c.key).limit(CHUNK)
    return [_record(row) for row in connection.execute(query).mappings()]


def _query() -> Any:
    joined = tables.records.join(tables.shared, tables.shared.c.hash == tables.records.c.machine)
    return select(tables.records, tables.shared.c.body.label("run")).select_from(joined)


def _record(row: Mapping[Any, Any]) -> Record:
    what = f"the result {row['key']}"
    outcome = unpack(row["body"], row["content"], what)
    run = unpack(row["run"], row["machine"], what)
    try:
        return Record(
            key=row["key"],
            digest=row["digest"],
            outcome=decode_outcome(from_bytes(outcome)),
            run=decode_run(from_bytes(run) | {name: row[name] for name in OF_ITS_OWN}),
        )
    except ValueError as error:
        raise StoreError(f"{what} cannot be understood: {error}", remedy="Upgrade Layerwise.") from error


# ------------------------------------------------------------------------------------------------------------------ verdicts alone


def _verdicts_alone(outcome: dict[str, Any]) -> dict[str, Any]:
    functions = [
        {
            "function": function["function"],
            "checks": [{"check": check["check"], "verdict": check["verdict"]} for check in function["checks"]],
        }
        for function in outcome["functions"]
    ]
    return {"exercise": outcome["exercise"], "path": None, "functions": functions}


def find_verdicts(connection: Connection, keys: Sequence[str]) -> list[tuple[str, ExerciseOutcome]]:
    """The outcomes under some keys, in the order of the keys, with nothing but their verdicts."""
    columns = tables.records.c
    joined = tables.records.join(tables.shared, tables.shared.c.hash == columns.verdicts)
    query = select(columns.key, columns.verdicts, tables.shared.c.body).select_from(joined).where(columns.key.in_(set(keys)))
    found = {key: (content, body) for key, content, body in connection.execute(query)}
    return [(key, _read_verdicts(*found[key])) for key in keys if key in found]


@lru_cache(maxsize=4096)
def _read_verdicts(content: str, body: bytes) -> ExerciseOutcome:
    return decode_outcome(from_bytes(unpack(body, content, "a list of verdicts")))


# ------------------------------------------------------------------------------------------------------------------------ failures


def note_failure(connection: Connection, key: str, sentence: str) -> None:
    """Remember that the machinery failed where the record of this key should come from."""
    connection.execute(tables.failures.insert().values(key=key, at=datetime.now(UTC), sentence=sentence))


def find_failures(connection: Connection) -> dict[str, str]:
    """What the machinery failed at and has not made good since: the newest sentence of each key."""
    newest = select(func.max(tables.failures.c.id)).group_by(tables.failures.c.key)
    made_good = select(tables.records.c.key).where(tables.records.c.key == tables.failures.c.key).exists()
    query = select(tables.failures.c.key, tables.failures.c.sentence).where(tables.failures.c.id.in_(newest), ~made_good)
    return {row.key: row.sentence for row in connection.execute(query.order_by(tables.failures.c.id))}
