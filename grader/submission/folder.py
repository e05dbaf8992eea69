"""Find and read the Python files of a folder, by descriptors, so that no link leads out of it."""

from __future__ import annotations

import errno
import os
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import BinaryIO

from grader.errors import blame_no_file
from grader.submission.candidate import (
    ENVIRONMENT_MARK,
    IS_A_LINK,
    NOT_ORDINARY,
    Bounds,
    Candidate,
    Unusable,
    is_code,
    is_hidden,
    may_be_code,
    too_deep,
    too_large,
)

# Opening a pipe would wait for a writer for ever without O_NONBLOCK; a link could lead to the hidden checks without O_NOFOLLOW.
# Windows has neither, and would change line ends without O_BINARY.
_COMMON = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
READ_FLAGS = _COMMON | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
FOLDER_FLAGS = _COMMON | getattr(os, "O_DIRECTORY", 0)
# Below an open descriptor a folder cannot be exchanged for a link between two looks at it. Windows works by paths instead.
BY_DESCRIPTOR = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
# FreeBSD says EMLINK where the others say ELOOP.
LINK_ERRORS = frozenset({errno.ELOOP, errno.EMLINK})
# The two kinds of Windows' reparse points that lead elsewhere; files in a cloud folder are of other kinds.
LINK_TAGS = frozenset({0xA000000C, 0xA0000003})


class _Kind(Enum):
    FILE = auto()
    FOLDER = auto()
    LINK = auto()
    OTHER = auto()


def find_in_folder(root: Path, bounds: Bounds) -> list[Candidate]:
    """Find the Python files and notebooks below `root`, level by level, so that a large folder of data hides nothing above it.

    Raises
    ------
    OSError
        If `root` itself cannot be opened; a folder in it that cannot is a problem.
    """
    found: list[Candidate] = []
    pending: deque[tuple[str, ...]] = deque([()])
    left = bounds.entries
    while pending:
        parts = pending.popleft()
        shown = "/".join(parts) or "."
        if len(parts) > bounds.depth:
            found.append(Candidate(path=shown, problem=too_deep(bounds.depth)))
            continue
        try:
            entries = _list(root, parts, left)
        except OSError as error:
            blame_no_file(error, shown)
            if not parts:
                raise
            found.append(Candidate(path=shown, problem=f"cannot be opened ({_reason(error)}); check its permissions"))
            continue
        left -= len(entries)
        if left < 0:
            # The order in which a system lists a folder differs, so a part of it would not be the same part everywhere.
            found.append(Candidate(path=shown, problem=_too_many(bounds, is_root=not parts)))
            break
        if parts and ENVIRONMENT_MARK in entries:
            continue
        found += _candidates(root, parts, entries)
        pending += [(*parts, name) for name in sorted(entries) if entries[name] is _Kind.FOLDER and not is_hidden(name)]
    return found


def read_regular(path: str | Path, limit: int, *, dir_fd: int | None = None) -> bytes:
    """Read an ordinary file of at most `limit` bytes.

    Raises
    ------
    Unusable
        If it is a link, no ordinary file, too large, or cannot be opened.
    """
    try:
        with open_regular(path, dir_fd=dir_fd) as file:
            size = os.fstat(file.fileno()).st_size
            if size > limit:
                raise Unusable(too_large(size, limit))
            # A file may grow, and those of some file systems say that they have no bytes.
            data = file.read(limit + 1)
    except OSError as error:
        blame_no_file(error, os.fspath(path))
        raise Unusable(f"cannot be read ({_reason(error)}); check its permissions") from error
    if len(data) > limit:
        raise Unusable(too_large(len(data), limit))
    return data


def open_regular(path: str | Path, *, dir_fd: int | None = None) -> BinaryIO:
    """Open an ordinary file for reading, without waiting and without following a link.

    Raises
    ------
    Unusable
        If it is a link or no ordinary file.
    OSError
        If the system refuses for any other reason.
    """
    try:
        # Asked first because Windows has no O_NOFOLLOW, and because opening a device can be an act by itself.
        _require_ordinary(os.stat(path, dir_fd=dir_fd, follow_symlinks=False))
        descriptor = os.open(path, READ_FLAGS, dir_fd=dir_fd)
    except OSError as error:
        if error.errno in LINK_ERRORS:
            raise Unusable(IS_A_LINK) from error
        raise
    try:
        _require_ordinary(os.fstat(descriptor))
        return open(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def is_link(status: os.stat_result) -> bool:
    """Whether what ``lstat`` saw leads elsewhere."""
    return stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) in LINK_TAGS


def _require_ordinary(status: os.stat_result) -> None:
    if is_link(status):
        raise Unusable(IS_A_LINK)
    if not stat.S_ISREG(status.st_mode):
        raise Unusable(NOT_ORDINARY)


def _list(root: Path, parts: tuple[str, ...], left: int) -> dict[str, _Kind]:
    """What a folder holds; no more than one entry beyond `left`."""
    entries: dict[str, _Kind] = {}
    with _opened(root, parts) as folder, os.scandir(folder) as listing:
        for entry in listing:
            entries[entry.name] = _kind(entry)
            if len(entries) > left:
                break
    return entries


def _kind(entry: os.DirEntry[str]) -> _Kind:
    if entry.is_symlink() or (os.name == "nt" and is_link(entry.stat(follow_symlinks=False))):
        return _Kind.LINK
    if entry.is_dir(follow_symlinks=False):
        return _Kind.FOLDER
    return _Kind.FILE if entry.is_file(follow_symlinks=False) else _Kind.OTHER


def _candidates(root: Path, parts: tuple[str, ...], entries: dict[str, _Kind]) -> Iterator[Candidate]:
    for name, kind in entries.items():
        path = "/".join((*parts, name))
        if is_hidden(name) or kind is _Kind.FOLDER:
            continue
        if kind is _Kind.LINK and may_be_code(name):
            yield Candidate(path=path, problem=IS_A_LINK)
        elif is_code(name):
            problem = NOT_ORDINARY if kind is _Kind.OTHER else ""
            yield Candidate(path=path, read=partial(_read_below, root, parts, name), problem=problem)


def _read_below(root: Path, parts: tuple[str, ...], name: str, limit: int) -> bytes:
    try:
        with _opened(root, parts) as folder:
            if isinstance(folder, int):
                return read_regular(name, limit, dir_fd=folder)
            return read_regular(os.path.join(folder, name), limit)
    except OSError as error:
        blame_no_file(error, name)
        raise Unusable(f"cannot be read ({_reason(error)}); check its permissions") from error


@contextmanager
def _opened(root: Path, parts: tuple[str, ...]) -> Iterator[int | str]:
    """A descriptor of a folder below `root`, reached without following a link; its path where there are no such descriptors."""
    if not BY_DESCRIPTOR:
        yield os.path.join(root, *parts)
        return
    # Which folder `root` is was the decision of whoever named it.
    descriptor = os.open(root, FOLDER_FLAGS & ~getattr(os, "O_NOFOLLOW", 0))
    try:
        for part in parts:
            inner = os.open(part, FOLDER_FLAGS, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


def _too_many(bounds: Bounds, *, is_root: bool) -> str:
    if is_root:
        return f"has more than {bounds.entries} files and folders, so nothing in it was read; take the data out"
    return f"takes the submission over {bounds.entries} files and folders, so nothing in it or deeper was read; take the data out"


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
