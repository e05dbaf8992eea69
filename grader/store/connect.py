"""Connections to SQLite and PostgreSQL, set up so that what was acknowledged survives; and their errors, as sentences.

SQLite keeps a write-ahead log with ``synchronous=FULL``: a commit returns when the log is on the disk, so it survives a killed process
and a power cut alike, and readers never wait for the writer nor it for them. (``NORMAL`` would save the one fsync, and lose the last
commits in a power cut.) The log needs memory that all processes share, which no network file system has: there, a rollback journal is
kept instead, and readers and the writer wait for each other. See https://www.sqlite.org/wal.html and https://www.sqlite.org/pragma.html.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from grader.safe_text import safe_text
from grader.store.errors import StoreAway, StoreError, StoreFull

# How long one who writes waits for another; a batch writes for milliseconds, a new revision of 10,000 students for seconds.
WAIT_S = 30
WRITES = "layerwise_writes"
NETWORK = re.compile(r"nfs\d?|cifs|smb\w*|9p|ceph|lustre|gpfs|beegfs|afs|glusterfs|fuse\.(?!fuseblk|ext).*")
# A URL with a slash forgotten is not a file whose name is a password.
LOOKS_LIKE_URL = re.compile(r".*://|(postgres|sqlite|mysql)\w*(\+\w+)?:")
MOUNTS = Path("/proc/self/mountinfo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a store is. ``path`` is that of SQLite's file, None for PostgreSQL. ``shown`` can be said aloud: it holds no password."""

    url: URL
    path: Path | None
    shown: str


def parse_address(place: str | Path) -> Address:
    """Read a path or a URL. Raises StoreError if it is a URL of another kind of database."""
    if isinstance(place, Path) or not LOOKS_LIKE_URL.match(place):
        return _file(Path(place))
    try:
        url = sqlalchemy.make_url(place)
    except (ArgumentError, ValueError) as error:
        raise StoreError("this is not the address of a store", remedy="Give a path, or postgresql://USER@HOST/DATABASE.") from error
    kind = url.drivername.partition("+")[0]
    if kind == "sqlite" and url.database:
        return _file(Path(url.database))
    if kind in ("postgresql", "postgres"):
        return Address(url=url.set(drivername="postgresql+psycopg"), path=None, shown=safe_text(url.render_as_string(hide_password=True)))
    raise StoreError(f"a store cannot be kept in {safe_text(kind)}", remedy="Give a path, or postgresql://USER@HOST/DATABASE.")


def _file(path: Path) -> Address:
    return Address(url=URL.create("sqlite", database=str(path.absolute())), path=path.absolute(), shown=safe_text(str(path)))


# -------------------------------------------------------------------------------------------------------------------- connecting


def connect(address: Address, *, read_only: bool) -> Engine:
    """Make an engine; nothing is opened yet."""
    if address.path is None:
        return _postgresql(address, read_only=read_only)
    if address.path.is_dir():
        raise StoreError(f"{address.shown} is a folder", remedy="Give the file of the store in it.")
    if read_only and not address.path.exists():
        raise StoreError(f"there is no store at {address.shown}", remedy="It is made by the first batch.")
    if not address.path.parent.is_dir():
        raise StoreError(f"there is no folder {safe_text(str(address.path.parent))} to keep a store in", remedy="Make that folder first.")
    return _sqlite(address.path, read_only=read_only)


def _sqlite(path: Path, *, read_only: bool) -> Engine:
    uri = f"{path.as_uri()}?mode={'ro' if read_only else 'rwc'}{'&immutable=1' if read_only and _is_at_rest(path) else ''}"
    journal = "TRUNCATE" if is_on_network(path) else "WAL"

    def open_file() -> sqlite3.Connection:
        # Without an isolation level Python leaves BEGIN to us. A connection is used by one thread at a time, not always by the same.
        connection = sqlite3.connect(uri, uri=True, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
        if not read_only:
            connection.execute(f"PRAGMA journal_mode={journal}")
        connection.execute("PRAGMA synchronous=FULL")
        # On macOS an fsync stops at the cache of the drive; elsewhere this says nothing.
        connection.execute("PRAGMA fullfsync=1")
        return connection

    # A traceback in a log shows no parameters: they are submitted code, and what tokens and passwords are known by.
    engine = sqlalchemy.create_engine("sqlite://", creator=open_file, poolclass=sqlalchemy.QueuePool, hide_parameters=True)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_sqlite(connection: Connection) -> None:
    # Who will write says so at once: one who has begun to read cannot wait for a writer any more, and would be refused.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITES) else "BEGIN")


def _is_at_rest(path: Path) -> bool:
    """Whether a file lies where nobody can write, with no log beside it: then it is read as it is, since no log can be made for it."""
    return not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists()


def _postgresql(address: Address, *, read_only: bool) -> Engine:
    # A server that has gone away is noticed in a minute instead of the two hours that TCP waits.
    arguments: dict[str, Any] = {
        "application_name": "layerwise",
        "connect_timeout": 10,
        "keepalives_idle": 20,
        "keepalives_interval": 10,
        "keepalives_count": 4,
        "options": f"-c synchronous_commit=on -c lock_timeout={WAIT_S}s" + (" -c default_transaction_read_only=on" if read_only else ""),
    }
    given = {name: value for name, value in address.url.query.items() if name in arguments}
    with saying(address):
        try:
            return sqlalchemy.create_engine(address.url, connect_args=arguments | given, pool_pre_ping=True, hide_parameters=True)
        except ModuleNotFoundError as error:
            raise StoreError("PostgreSQL needs psycopg, which is not installed", remedy="pip install 'layerwise[postgres]'") from error


def is_on_network(path: Path, mounts: Path = MOUNTS) -> bool:
    """Whether a file lies on a network file system, as far as the system tells: Linux does, others are taken to be local."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    # proc(5): fields before " - " end with optional ones; the fifth is the place, with octal escapes, the first after it the type.
    best, kind = -1, ""
    folder = path.parent.resolve()
    for line in lines:
        before, _dash, after = line.partition(" - ")
        place = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), before.split(" ")[4])
        if folder.is_relative_to(place) and len(place) >= best:
            best, kind = len(place), after.split(" ")[0]
    return NETWORK.fullmatch(kind) is not None


class _Turns:
    """A line for each file that this process writes into."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: dict[Path, threading.RLock] = {}

    def of(self, path: Path) -> threading.RLock:
        """The line of a file."""
        with self._lock:
            return self._lines.setdefault(path, threading.RLock())


TURNS = _Turns()


@contextlib.contextmanager
def turn(address: Address) -> Iterator[None]:
    """Wait for one's turn to write. SQLite lets one write at a time, and who finds it busy sleeps, looks again, and may be overtaken by
    all others; within a process people stand in line instead. A server has a line of its own.

    Raises
    ------
    StoreAway
        If others take too long.
    """
    if address.path is None:
        yield
        return
    line = TURNS.of(address.path)
    if not line.acquire(timeout=WAIT_S):
        raise StoreAway(f"the store at {address.shown} is busy", remedy="Try again in a minute.")
    try:
        yield
    finally:
        line.release()


# ------------------------------------------------------------------------------------------------------------------------ errors

# What the databases say, and what we say for it. SQLite calls a file that may not grow an I/O error, for the system does.
SENTENCES: tuple[tuple[str, str, str, type[StoreError]], ...] = (
    (
        r"disk is full|No space left|DiskFull",
        "the disk is full",
        "Make room, then run the same command again: it goes on where it was.",
        StoreFull,
    ),
    (
        r"disk I/O error",
        "its file cannot be written or read",
        "Check whether the disk is full or failing, then run the same command again.",
        StoreAway,
    ),
    (r"readonly database|read-only transaction", "it can only be read", "Check the permissions of the file and its folder.", StoreError),
    (
        r"database is locked|lock timeout",
        "another program keeps it locked",
        "Wait until that is done, then run the same command again.",
        StoreAway,
    ),
    (
        r"malformed|not a database|encrypted",
        "its file is damaged, or is not a store",
        "Put a backup in its place; docs/store.md says how.",
        StoreError,
    ),
    (r"unable to open", "its file cannot be opened", "Check the permissions of the file and its folder.", StoreError),
    (
        r"password authentication|role .* does not exist",
        "it rejects the user or the password",
        "Check the user and password in the URL or in ~/.pgpass.",
        StoreError,
    ),
    (r"database .* does not exist", "there is no such database", "Make it with createdb.", StoreError),
    (
        r"connection|server closed|terminating|could not|QueuePool limit",
        "it cannot be reached",
        "When the server answers, run the same command again.",
        StoreAway,
    ),
)


@contextlib.contextmanager
def saying(address: Address) -> Iterator[None]:
    """Turn whatever a database raises into a StoreError of one sentence. What was not committed is then gone, the rest is there."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _sentence(address, error) from error


def _sentence(address: Address, error: Exception) -> StoreError:
    words = str(error.orig) if isinstance(error, DBAPIError) and error.orig is not None else str(error)
    for pattern, what, remedy, kind in SENTENCES:
        if re.search(pattern, words, re.IGNORECASE):
            return kind(f"the store at {address.shown}: {what}", remedy=remedy)
    return StoreError(f"the store at {address.shown}: {safe_text(words)[:300]}")
