"""A copy of a store that is in use: of one moment, whole, and looked at before it gets its name.

``VACUUM INTO`` copies inside of one read transaction, for which no writer waits, and leaves out what was deleted
(https://www.sqlite.org/lang_vacuum.html). It does not see the copy to the disk, so that is done here.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from grader.store.connect import WAIT_S, Address, parse_address, saying
from grader.store.errors import StoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that was made: where it lies, and how large it is."""

    path: Path
    size_bytes: int


def back_up(place: str | Path, target: Path) -> Backup:
    """Copy the store at `place`, in use or not, to the file `target`, which its owner alone may read.

    Raises
    ------
    StoreError
        If it is no store in a file, `target` is there, or the copy cannot be made or is not sound; then there is no `target`.
    """
    address = parse_address(place)
    if address.path is None:
        remedy = f"pg_dump --format=custom --file={target} {address.shown}"
        raise StoreError(f"a database of PostgreSQL, such as {address.shown}, is backed up by its own program", remedy=remedy)
    if not address.path.is_file():
        raise StoreError(f"there is no store at {address.shown}", remedy="Name the folder that holds layerwise.db with --data.")
    if os.path.lexists(target):
        raise StoreError(f"{target} already exists", remedy="Give each backup a name of its own, such as one with the date.")
    target = target.absolute()
    half = target.with_name(f".{target.name}.half")
    try:
        half.unlink(missing_ok=True)
        # With its mode from the first moment: it holds what the store holds.
        os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with saying(address):
            _copy(address.path, half)
        _look_at(half, address)
        half.replace(target)
        _see_to_disk(target.parent)
        return Backup(path=target, size_bytes=target.stat().st_size)
    except OSError as error:
        raise StoreError(
            f"{target} cannot be written: {error.strerror}", remedy="Check its folder, and whether the disk is full."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    with contextlib.closing(sqlite3.connect(f"{source.as_uri()}?mode=rw", uri=True, timeout=WAIT_S, isolation_level=None)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    _see_to_disk(target)


def _look_at(copy: Path, address: Address) -> None:
    """Read every page of a copy. Raises StoreError if something is wrong with it, which was then wrong with the store, too."""
    with saying(address), contextlib.closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
        # A service in which nothing was ever graded has no tables of results yet.
        ours = connection.execute("SELECT 1 FROM sqlite_master WHERE name IN ('meta', 'serve_meta')").fetchone()
    if found != "ok":
        raise StoreError(
            f"the store at {address.shown} is damaged: {found}", remedy="Put the last backup that is not damaged in its place."
        )
    if ours is None:
        raise StoreError(f"{address.shown} is not a store", remedy="Name the folder that holds layerwise.db with --data.")


def _see_to_disk(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        # A folder cannot be opened there, and needs no fsync.
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
