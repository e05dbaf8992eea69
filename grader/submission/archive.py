"""Find and read the Python files of a zip in memory. Nothing is unpacked, so that no name in it becomes a path of ours."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from grader.errors import SubmissionError
from grader.safe_text import safe_text
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
from grader.submission.folder import open_regular

LEADS_OUT = "has a path that leads out of the zip and is ignored; zip the files from within their folder"
NESTED = "is a zip inside a zip and is not opened; zip the files themselves"
ENCRYPTED = "is encrypted and was not read; zip it without a password"
# zipfile bounds what it inflates, but not what it makes of a chunk of bzip2 or LZMA: 256 KiB of those can become gigabytes.
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
UNUSUAL_METHOD = "is compressed in an unusual way, so it was not read; zip it again with the “Compress” of your system"
DIRECTORY_BYTES_PER_ENTRY = 512
PIECE_BYTES = 256 * 1024
LEAST_READ_BYTES = 1024 * 1024


class BoundedReader(io.BufferedReader):
    """A file that gives at most `limit` bytes at once.

    The size of a zip's directory is what the zip says of itself, and zipfile reads all of it before anybody can count entries.
    """

    limit = LEAST_READ_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        """Read `size` bytes or, if negative, to the end."""
        wanted = self.limit + 1 if size is None or size < 0 else size
        data = super().read(wanted) if wanted <= self.limit + 1 else b""
        if wanted > self.limit + 1 or len(data) > self.limit:
            raise zipfile.BadZipFile("its table of contents is too large")
        return data


@contextmanager
def open_archive(path: Path, bounds: Bounds, keep: frozenset[str]) -> Iterator[list[Candidate]]:
    """Find the Python files of the zip at `path`; they can be read as long as it is open.

    A single folder that all of them lie in is taken off their paths, unless its name is in `keep`.

    Raises
    ------
    SubmissionError
        If it is no readable zip or has too many entries.
    Unusable, OSError
        If it cannot be opened.
    """
    with open_regular(path) as plain, BoundedReader(io.FileIO(plain.fileno(), closefd=False)) as file:
        file.limit = max(LEAST_READ_BYTES, bounds.entries * DIRECTORY_BYTES_PER_ENTRY, 2 * bounds.file_bytes)
        try:
            archive = zipfile.ZipFile(file)
        except Exception as error:  # zipfile lets struct, codecs and seek raise what they like
            text = f"{safe_text(str(path))} is not a readable zip: {safe_text(str(error))}"
            raise SubmissionError(text, remedy="Zip the folder again, or name the folder itself.") from error
        with archive:
            entries = archive.infolist()
            if len(entries) > bounds.entries:
                text = f"{safe_text(str(path))} has {len(entries)} entries, and at most {bounds.entries} are read"
                raise SubmissionError(text, remedy="Zip only the Python files, without data and environments.")
            yield list(_candidates(archive, entries, bounds, keep))


def _candidates(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], bounds: Bounds, keep: frozenset[str]) -> Iterator[Candidate]:
    # orig_filename, because filename ends at a NUL, which can make a .py of something else.
    named = [(entry, _normalized(entry.orig_filename)) for entry in entries]
    wanted = [(entry, path) for entry, path in named if _is_wanted(entry, path)]
    environments = _environments([path for _, path in named], [path for _, path in wanted])
    wanted = [(entry, path) for entry, path in wanted if not path.startswith(environments)]
    top = _common_top([path for _, path in wanted if is_code(path) and not leads_out(path)], keep)
    for entry, full_path in wanted:
        path = full_path.removeprefix(top)
        yield Candidate(path=path, problem=_problem(entry, path, bounds), read=partial(_read_entry, archive, entry))


def _normalized(name: str) -> str:
    """``./a//b.py`` is ``a/b.py``; a leading slash stays, to be judged."""
    if name.endswith("/"):
        return name
    inner = "/".join(part for part in name.split("/") if part not in ("", "."))
    return f"/{inner}" if name.startswith("/") else inner


def _is_wanted(entry: zipfile.ZipInfo, path: str) -> bool:
    parts = path.replace("\\", "/").split("/")
    if path.endswith("/") or any(is_hidden(part) for part in parts):
        return False
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    return is_code(path) or is_code(entry.filename) or path.lower().endswith(".zip") or (is_link and may_be_code(parts[-1]))


def _environments(paths: Iterable[str], wanted: list[str]) -> tuple[str, ...]:
    """The folders that are virtual environments, except one that all of the work lies in."""
    folders = {path.removesuffix(ENVIRONMENT_MARK) for path in paths if path.endswith("/" + ENVIRONMENT_MARK)}
    return tuple(folder for folder in folders if not all(path.startswith(folder) for path in wanted))


def _common_top(paths: list[str], keep: frozenset[str]) -> str:
    """The one folder that all Python files lie in, as download buttons and file managers make it, with its slash."""
    tops = {path.split("/")[0] for path in paths}
    if len(tops) != 1 or not all("/" in path for path in paths) or tops & keep:
        return ""
    return f"{tops.pop()}/"


def leads_out(path: str) -> bool:
    """Whether a path of a zip is absolute, or climbs out of where it is unpacked, on whatever system."""
    return path.startswith("/") or ".." in path.replace("\\", "/").split("/") or re.match(r"[A-Za-z]:", path) is not None


def _problem(entry: zipfile.ZipInfo, path: str, bounds: Bounds) -> str:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    problems = (
        (leads_out(path), LEADS_OUT),
        (path.lower().endswith(".zip"), NESTED),
        (kind == stat.S_IFLNK, IS_A_LINK),
        (kind not in (0, stat.S_IFREG), NOT_ORDINARY),
        (bool(entry.flag_bits & 0x1), ENCRYPTED),
        (entry.compress_type not in METHODS, UNUSUAL_METHOD),
        (path.count("/") > bounds.depth, too_deep(bounds.depth)),
    )
    return next((sentence for holds, sentence in problems if holds), "")


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    if entry.file_size > limit:
        raise Unusable(too_large(entry.file_size, limit))
    try:
        with archive.open(entry) as file:
            # The size above is only what the zip says of itself.
            data = _read_in_pieces(file, limit + 1)
    except Exception as error:  # zlib, struct and zipfile have an error class each
        sentence = f"cannot be unpacked ({safe_text(str(error)) or type(error).__name__}); zip it again"
        # A wrong checksum is found at the end, and thousands of entries can share one large body.
        raise Unusable(sentence, spent=entry.file_size) from error
    if len(data) > limit:
        raise Unusable(too_large(len(data), limit))
    return data


def _read_in_pieces(file: IO[bytes], limit: int) -> bytes:
    """Read at most `limit` bytes, as much at once as ``BoundedReader`` gives: zipfile asks it for all that is wanted."""
    pieces = []
    while limit > 0 and (piece := file.read(min(limit, PIECE_BYTES))):
        pieces.append(piece)
        limit -= len(piece)
    return b"".join(pieces)
