"""Unpack the archive of a whole class into a folder of ours: bounded, by names that we make, and only what may be somebody's code."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import shutil
import stat
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from grader.intake.places import IntakeError, shown_name
from grader.model import Problem
from grader.safe_text import safe_text
from grader.submission import archive as one_work
from grader.submission.archive import BoundedReader, leads_out
from grader.submission.candidate import IS_A_LINK, Unusable, is_code, is_hidden, may_be_code
from grader.submission.folder import open_regular

UNPACK = "Unpack it yourself and name the folder."
FAR_TOO_LARGE = "is larger than {} MiB and was not unpacked"
LEADS_OUT = "has a path that leads out of the archive and was not unpacked"
TWICE = "is there twice, or as a file and as a folder, and only the first was unpacked"
METADATA = "submission_metadata.yml"
# What the time of the last commit is read from; nothing else of a clone is unpacked.
OF_A_CLONE = re.compile(r"(?:HEAD|packed-refs|refs/.*|objects/.*)")
PIECE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassBounds:
    """How much of a class archive is unpacked. A file of code may be a byte larger than is read of one, so that its student is told."""

    entries: int = 200_000
    total_bytes: int = 16 * 1024**3
    zip_bytes: int = 512 * 1024**2
    code_bytes: int = 32 * 1024**2 + 1
    metadata_bytes: int = 256 * 1024**2
    depth: int = 24


DEFAULT_CLASS_BOUNDS = ClassBounds()


@dataclass(slots=True)
class _Unpacking:
    target: Path
    bounds: ClassBounds
    left: int
    problems: list[Problem] = field(default_factory=list)


def unpack_class(path: Path, scratch: Path, bounds: ClassBounds = DEFAULT_CLASS_BOUNDS) -> tuple[Path, list[Problem]]:
    """Unpack the class archive at `path` into a new folder below `scratch`.

    Python files, notebooks, zips, what Gradescope says of the works, and what the time of a clone's last commit is read from are unpacked;
    of anything else there is an empty file, so that it is known who handed it in. Student's zips stay zips. A name that a disk may not
    take is changed; one that leads out of the archive is a problem.

    Raises
    ------
    IntakeError
        If it is no readable zip, is beyond `bounds`, or does not fit on the disk.
    """
    shown = safe_text(str(path))
    try:
        scratch.mkdir(parents=True, exist_ok=True)
        target = Path(tempfile.mkdtemp(prefix="class-", dir=scratch))
        state = _Unpacking(target=target, bounds=bounds, left=bounds.total_bytes)
        try:
            _unpack(path, state)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
    except Unusable as error:
        raise IntakeError(f"{shown} {error}", remedy="Name a folder or a zip.") from error
    except OSError as error:
        raise IntakeError(f"{shown} cannot be unpacked into {safe_text(str(scratch))}: {error.strerror or error}", remedy=UNPACK) from error
    return target, state.problems


def _unpack(path: Path, state: _Unpacking) -> None:
    # The size of a zip's directory is what the zip says of itself, so it is bounded as for the zip of one student.
    with open_regular(path) as plain, BoundedReader(io.FileIO(plain.fileno(), closefd=False)) as file:
        file.limit = max(one_work.LEAST_READ_BYTES, state.bounds.entries * one_work.DIRECTORY_BYTES_PER_ENTRY)
        try:
            archive = zipfile.ZipFile(file)
        except OSError:
            raise
        except Exception as error:  # zipfile lets struct, codecs and seek raise what they like
            text = f"{safe_text(str(path))} is not a readable zip: {safe_text(str(error))}"
            raise IntakeError(text, remedy="Download it again.") from error
        with archive:
            entries = archive.infolist()
            if len(entries) > state.bounds.entries:
                text = f"{safe_text(str(path))} has {len(entries)} entries, and at most {state.bounds.entries} are unpacked"
                raise IntakeError(text, remedy=UNPACK)
            for entry in entries:
                _unpack_entry(archive, entry, state)


def _unpack_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, state: _Unpacking) -> None:
    # orig_filename, because filename ends at a NUL, which can make a .py of something else.
    name = entry.orig_filename
    parts = [part for part in name.split("/") if part not in ("", ".")]
    is_outside = leads_out(name)
    if not parts or (_is_left_out(parts) and not is_outside):
        return
    problem = LEADS_OUT if is_outside else _refusal(entry, parts, state.bounds)
    if problem:
        state.problems.append(Problem(path=shown_name(name), message=problem))
        return
    place = state.target.joinpath(*map(_portable, parts))
    try:
        if name.endswith("/"):
            place.mkdir(parents=True, exist_ok=True)
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        with open(place, "xb") as file:
            problem = _copy(archive, entry, parts[-1], file, state)
    except OSError as error:
        if error.errno not in (errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG):
            raise
        problem = TWICE if error.errno != errno.ENAMETOOLONG else "has a path that is too long and was not unpacked"
    if problem:
        state.problems.append(Problem(path=shown_name(name), message=problem))


def _is_left_out(parts: list[str]) -> bool:
    if ".git" in parts:
        inside = parts[parts.index(".git") + 1 :]
        return any(is_hidden(part) for part in parts if part != ".git") or not OF_A_CLONE.fullmatch("/".join(inside))
    return any(is_hidden(part) for part in parts)


def _refusal(entry: zipfile.ZipInfo, parts: list[str], bounds: ClassBounds) -> str:
    name = entry.orig_filename
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if len(parts) > bounds.depth:
        return f"lies more than {bounds.depth} folders deep, so it was not unpacked"
    if kind == stat.S_IFLNK and may_be_code(parts[-1]):
        return IS_A_LINK
    limit = _limit(parts[-1], bounds) if ".zip" in name.lower()[-4:] or parts[-1] == METADATA else 0
    if limit and entry.file_size > limit:
        return FAR_TOO_LARGE.format(limit // 1024**2)
    return ""


def _limit(name: str, bounds: ClassBounds) -> int:
    """How many bytes of a file are unpacked."""
    if name == METADATA:
        return bounds.metadata_bytes
    if name.lower().endswith(".zip"):
        return bounds.zip_bytes
    return bounds.code_bytes if is_code(name) else 0


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, file: io.BufferedWriter, state: _Unpacking) -> str:
    """Write what is wanted of an entry; give the sentence about what was wrong with it, or an empty one."""
    limit = state.bounds.code_bytes if "/.git/" in f"/{entry.orig_filename}" else _limit(name, state.bounds)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if not limit or kind not in (0, stat.S_IFREG):
        return ""
    if entry.flag_bits & 0x1:
        return one_work.ENCRYPTED
    if entry.compress_type not in one_work.METHODS:
        return one_work.UNUSUAL_METHOD
    try:
        with archive.open(entry) as source:
            while limit > 0 and (piece := source.read(min(limit, one_work.PIECE_BYTES))):
                limit -= len(piece)
                state.left -= len(piece)
                if state.left < 0:
                    text = f"the class archive unpacks to more than {state.bounds.total_bytes / 1024**3:g} GiB"
                    raise IntakeError(text, remedy=UNPACK)
                file.write(piece)
    except IntakeError:
        raise
    except OSError as error:
        if error.errno is not None:  # the disk; zipfile's own have no number
            raise
        return _broken(error)
    except Exception as error:  # noqa: BLE001 - zlib, struct and zipfile have an error class each
        return _broken(error)
    return ""


def _broken(error: Exception) -> str:
    return f"cannot be unpacked ({safe_text(str(error)) or type(error).__name__}); download it again"


def _portable(part: str) -> str:
    """A part of a path that every disk takes; the same part always gives the same one, and another part another one."""
    fits = len(os.fsencode(part) if not _has_surrogates(part) else b"") <= 200 and not part.endswith((".", " "))
    if fits and not re.search(r'[\x00-\x1f\x7f<>:"|?*\\\ud800-\udfff]', part):
        return part
    stem, dot, suffix = part.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,8}", suffix):
        stem, suffix = part, ""
    mark = hashlib.sha256(part.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    # A letter of any script has at most four bytes, and 255 are the most that a name may have on most disks.
    cleaned = re.sub(r"[^\w .()@+-]", "_", stem)[:50]
    return f"{cleaned}~{mark}" + (f".{suffix}" if suffix else "")


def _has_surrogates(text: str) -> bool:
    with suppress(UnicodeEncodeError):
        text.encode()
        return False
    return True
