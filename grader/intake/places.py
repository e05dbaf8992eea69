"""What lies in a folder of submissions, names made safe, and what a layout gives for each work that it finds."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto
from pathlib import Path
from typing import BinaryIO

from grader.classwork import Part
from grader.errors import ExitCode, LayerwiseError, blame_no_file
from grader.safe_text import safe_text
from grader.submission.candidate import IS_A_LINK, Unusable, is_code, is_hidden
from grader.submission.folder import is_link, open_regular

# Ten times the largest class that anybody has told of, and still listed in seconds.
MOST_ENTRIES = 200_000
# No code is in them that could be read, but whoever hands one in shall be told so.
OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
LONGEST_NAME = 120
PLAIN_STEM = re.compile(r"[a-z0-9](?:[a-z0-9_.-]{0,58}[a-z0-9_-])?")
# Windows opens a device for these, with any extension.
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|conin|conout|clock)(?:\..*)?")


class IntakeError(LayerwiseError):
    """What was handed in cannot be found, or it is not clear how it is laid out."""

    exit_code = ExitCode.SUBMISSION_UNREADABLE


class PlaceKind(Enum):
    """What an entry of a folder is, links not followed."""

    FILE = auto()
    FOLDER = auto()
    LINK = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of a folder."""

    name: str
    path: Path
    kind: PlaceKind

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder and no link to one."""
        return self.kind is PlaceKind.FOLDER

    @property
    def is_zip(self) -> bool:
        """Whether it is an ordinary file with the name of a zip."""
        return self.kind is PlaceKind.FILE and self.name.lower().endswith(".zip")

    @property
    def is_code(self) -> bool:
        """Whether it is an ordinary file with the name of a Python file or a notebook."""
        return self.kind is PlaceKind.FILE and is_code(self.name)

    @property
    def is_work(self) -> bool:
        """Whether it can hold code, or is an archive whose student should hear that it cannot be read."""
        return self.is_folder or self.is_zip or self.is_code or (self.kind is PlaceKind.FILE and self.name.lower().endswith(OTHER_ARCHIVES))


class KeyKind(StrEnum):
    """What a student can be recognised by. ANY is what people name a folder after: any of the others."""

    ID = "id"
    LOGIN = "login"
    EMAIL = "email"
    CANVAS = "Canvas user id"
    PARTICIPANT = "Moodle participant"
    NAME = "name"
    WORDS = "name without spaces"
    ANY = "name of the folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Whose work it is, as the layout says: ``keys`` from the surest to the vaguest, and the ``id`` of a student without a roster."""

    id: str
    name: str = ""
    email: str = ""
    keys: tuple[tuple[KeyKind, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One work as a layout finds it. ``order`` sorts the works of one student, for whom no times are known."""

    claim: Claim
    source: str
    parts: tuple[Part, ...]
    submitted_at: datetime | None = None
    order: tuple[int, str] = (0, "")


def list_folder(folder: Path) -> list[Place]:
    """Give the entries of `folder` that are somebody's work or about it, sorted by name; hidden ones are left out.

    Raises
    ------
    IntakeError
        If it cannot be listed or has more than 200,000 entries.
    """
    places: list[Place] = []
    try:
        with os.scandir(folder) as listing:
            for entry in listing:
                if not is_hidden(entry.name):
                    places.append(Place(name=entry.name, path=folder / entry.name, kind=_kind(entry)))
                if len(places) > MOST_ENTRIES:
                    text = f"{safe_text(str(folder))} has more than {MOST_ENTRIES} entries"
                    raise IntakeError(text, remedy="Name the folder with the submissions of one class.")
    except (OSError, ValueError) as error:
        if isinstance(error, OSError):
            blame_no_file(error, safe_text(str(folder)))
        reason = (error.strerror if isinstance(error, OSError) else "") or safe_text(str(error))
        raise IntakeError(f"{safe_text(str(folder))} cannot be listed: {reason}", remedy="Check the path and its permissions.") from error
    return sorted(places, key=lambda place: place.name)


def _kind(entry: os.DirEntry[str]) -> PlaceKind:
    if entry.is_symlink() or (os.name == "nt" and is_link(entry.stat(follow_symlinks=False))):
        return PlaceKind.LINK
    if entry.is_dir(follow_symlinks=False):
        return PlaceKind.FOLDER
    return PlaceKind.FILE if entry.is_file(follow_symlinks=False) else PlaceKind.OTHER


def open_below(folder: Path, *parts: str) -> BinaryIO:
    """Open an ordinary file below `folder`; nothing on the way may be a link.

    Raises
    ------
    Unusable
        If something on the way is a link, or it is no ordinary file.
    OSError
        If it is not there or cannot be opened.
    """
    return open_regular(folder_below(folder, *parts[:-1]) / parts[-1])


def folder_below(folder: Path, *parts: str) -> Path:
    """Give the path of a folder below `folder`, after a look that nothing on the way is a link.

    Raises
    ------
    Unusable
        If something is.
    OSError
        If it is not there.
    """
    for part in parts:
        folder = folder / part
        if is_link(folder.lstat()):
            raise Unusable(IS_A_LINK)
    return folder


def shown_name(name: str) -> str:
    r"""Give a name that can be stored and shown anywhere: `name` itself if it can.

    Otherwise what ``safe_text`` makes of it, or its beginning, and a hash, so that two names that are shown alike stay two.
    """
    shown = safe_text(name)
    if shown == name and len(name) <= LONGEST_NAME:
        return name
    return f"{shown[:LONGEST_NAME]}~{_hash(name)[:8]}"


def safe_id(student_id: str) -> str:
    """Give a file stem for a student: portable, and never the same for two students, on disks that know no case neither.

    An id of lower-case ASCII letters, digits and ``_ . -`` is its own stem. Any other one gets a readable beginning and 96 bits of its
    SHA-256 after a ``~``, which no plain one has.
    """
    if PLAIN_STEM.fullmatch(student_id) and not RESERVED.fullmatch(student_id):
        return student_id
    readable = re.sub(r"[^a-z0-9]+", "-", safe_text(student_id).lower())[:40].strip("-")
    return f"{readable or 'student'}~{_hash(student_id)[:24]}"


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
