"""Write files so that nothing is ever lost: whole or not at all, and never over what somebody else has written."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from itertools import count
from pathlib import Path

# Where in a file its mark is looked for.
HEAD_BYTES = 1024


def write_whole(path: Path, text: str) -> None:
    """Write a file of ours that may be there already: a reader sees the old text or the new one, never half of either.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    with _beside(path, text) as written:
        os.replace(written, path)


def write_new(path: Path, text: str) -> None:
    """Write a file that must not be there, whole or not at all.

    Raises
    ------
    FileExistsError
        If it is there.
    OSError
        If the folder cannot be written to.
    """
    with _beside(path, text) as written:
        try:
            # Unlike a renaming, a link is refused where something has the name already.
            os.link(written, path)
        except FileExistsError:
            raise
        except OSError:
            # A file system without links, such as that of a memory stick.
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)


def bears_mark(path: Path, mark: str) -> bool:
    """Whether a file begins with what tells ours from others' of its name. A link, a pipe or a device does not, and is not opened."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        with path.open("rb") as file:
            return mark.encode() in file.read(HEAD_BYTES)
    except OSError:
        return False


def move_aside(path: Path) -> Path:
    """Move a file to a free name beside it, ``NAME.old``, ``NAME.old2`` and so on, and give that name.

    The name is taken by an empty file of ours first, and only that is replaced, so that two who do this at once do not meet.

    Raises
    ------
    OSError
        If it cannot be moved; it is still where it was.
    """
    for number in count(1):
        kept = path.with_name(f"{path.name}.old{number if number > 1 else ''}")
        try:
            os.close(os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            continue
        try:
            os.replace(path, kept)
        except OSError:
            kept.unlink()
            raise
        break
    return kept


@contextlib.contextmanager
def _beside(path: Path, text: str) -> Iterator[Path]:
    """A new file with `text` in the folder of `path`, so that moving it is one step; gone afterwards if it was not moved."""
    written = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        # Mode x follows nobody's link, and gives the permissions that the user's umask says.
        with written.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        yield written
    except OSError as error:
        if error.errno is None:
            raise
        # An error of writing names no file, and one of renaming a name that is ours alone.
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            written.unlink()
