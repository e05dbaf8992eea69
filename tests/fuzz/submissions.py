"""Fuzz what is handed in: files, notebooks, zips, folders, and the archives, tables and clones of a class.

An input is a function of chance; what it is made of lies in memory until it is read, and then in a folder that is emptied afterwards.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from grader import cells
from grader.errors import LayerwiseError
from grader.intake import find_handins, load_handin, read_roster, read_times, safe_id
from grader.model import Submission
from grader.safe_text import safe_text
from grader.submission import Bounds, load_submission
from grader.submission.load import MAX_PROBLEMS
from tests.fuzz import handed_in
from tests.fuzz.watching import Broken, Target

BOUNDS = Bounds()
# In memory where the system has such a place: a hundred thousand submissions are a million small files.
SHELF = "/dev/shm" if os.path.isdir("/dev/shm") and os.access("/dev/shm", os.W_OK) else None
LINES = (-1, 0, 1, 2, 3, 10, 10**6)
ZONES = (None, "UTC", "Europe/Zurich", "../../etc/passwd", "", "\0", "Europe", "a" * 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """``files`` lie below one folder, a link as the text that it leads to; ``kind`` says what is read of them."""

    kind: str
    files: dict[bytes, bytes | str | None]
    zone: str | None = None


def draw(rng: Random) -> Given:
    """Something that somebody might hand in, or a hostile relative of it."""
    kind = rng.choices(
        ("file", "notebook", "zip", "folder", "class", "archive", "table", "clone", "gradescope"), (20, 20, 20, 12, 8, 8, 6, 3, 3)
    )[0]
    return Given(kind=kind, files=handed_in.DRAW[kind](rng), zone=rng.choice(ZONES) if kind == "table" else None)


def read(given: Given) -> None:
    """Read it as the commands do. Only a LayerwiseError may come of it, and nothing may be written beside."""
    with _on_a_shelf(given.files) as (folder, scratch), contextlib.suppress(LayerwiseError):
        if given.kind in ("file", "notebook", "zip"):
            for entry in sorted((folder / "in").iterdir()):
                _judge(load_submission(entry))
        elif given.kind == "folder":
            _judge(load_submission(folder / "in"))
        elif given.kind == "table":
            _read_tables(folder / "in", given.zone)
        else:
            _read_class(folder / "in", scratch, given.kind)
        if sorted(os.listdir(folder)) != ["in"]:
            raise Broken("something was written beside the submission")


def _read_tables(folder: Path, zone: str | None) -> None:
    for entry in sorted(folder.iterdir()):
        with contextlib.suppress(LayerwiseError):
            read_roster(entry)
        with contextlib.suppress(LayerwiseError):
            read_times(entry, tz=zone)


def _read_class(folder: Path, scratch: Path, kind: str) -> None:
    roots = sorted(folder.iterdir()) if kind == "archive" else [folder]
    for root in roots:
        try:
            intake = find_handins(root, scratch=scratch)
        except LayerwiseError:
            continue
        for handin in intake.handins:
            safe_id(handin.student)
            with contextlib.suppress(LayerwiseError):
                _judge(load_handin(handin))


def _judge(submission: Submission) -> None:
    """What every reader of a submission relies on."""
    if len(submission.problems) > MAX_PROBLEMS + 2 or len(submission.files) > BOUNDS.files:
        raise Broken("too many files or problems")
    if sum(len(file.text) for file in submission.files) > BOUNDS.total_bytes:
        raise Broken("more text than a submission may have")
    for name in (
        submission.name,
        *(problem.path for problem in submission.problems),
        *(problem.message for problem in submission.problems),
    ):
        if safe_text(name) != name:
            raise Broken(f"a text that a terminal would act on: {name!r:.100}")
    seen = {unicodedata.normalize("NFC", file.path).casefold() for file in submission.files}
    if len(seen) != len(submission.files):
        raise Broken("two files that are one on another disk")
    for file in submission.files:
        if safe_text(file.path) != file.path or file.path.startswith("/") or ".." in file.path.split("/") or "\0" in file.text:
            raise Broken(f"a path or a text that nobody can use: {file.path!r:.100}")
        if cells.is_notebook(file.path):
            _judge_notebook(file.path, file.text)


def _judge_notebook(path: str, text: str) -> None:
    """Every line of a cell has a place, and the place is found again."""
    compile(cells.program(path, text, ["relu_forward"]), path, "exec")
    for line in LINES:
        place, inner = cells.place_of_line(path, text, line)
        if place and inner > 0 and not cells.has_place(text, place, inner):
            raise Broken(f"line {line} is at {place}, which is not there")
        if place and cells.path_of_place(place) != path:
            raise Broken(f"{place} is of another file")


@contextlib.contextmanager
def _on_a_shelf(files: dict[bytes, bytes | str | None]) -> Iterator[tuple[Path, Path]]:
    shelf = Path(tempfile.mkdtemp(prefix="fuzz-", dir=SHELF))
    try:
        folder, scratch = shelf / "given", shelf / "scratch"
        (folder / "in").mkdir(parents=True)
        for name, content in files.items():
            # What no disk takes cannot be handed in on one.
            with contextlib.suppress(OSError, ValueError, RecursionError):
                _put(os.fsencode(folder / "in") + b"/" + name, content)
        yield folder, scratch
    finally:
        shutil.rmtree(shelf, ignore_errors=True)


def _put(path: bytes, content: bytes | str | None) -> None:
    if b"/../" in path:
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if content is None:
        os.mkfifo(path)
    elif isinstance(content, str):
        os.symlink(content, path)
    else:
        with open(path, "xb") as file:
            file.write(content)


SUBMISSIONS = Target(name="submissions", draw=draw, read=read)
