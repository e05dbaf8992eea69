"""The secret seed of a course: made, rotated, and looked after. ``grader.catalog`` reads it."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from grader.catalog import default_course_root, read_toml
from grader.errors import CourseError
from grader.secrecy import exposure, write_private

SEED_BYTES = 32
DEFAULT_FILE = "secret-seed.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """Where a new seed is, and where the old one is kept, if there was one."""

    path: Path
    kept: Path | None


def seed_path(root: Path) -> Path:
    """The file in which a course keeps its seed.

    Raises
    ------
    CourseError
        If course.toml names none, so that a file would never be read.
    """
    name = read_toml(root / "course.toml").get("seed", {}).get("file", "")
    if not name:
        raise CourseError(
            f"{root / 'course.toml'} names no file for the seed, so none would be read",
            remedy=f'Write under [seed]: file = "{DEFAULT_FILE}"',
        )
    return root / str(name)


def new_seed(root: Path, *, rotate: bool = False, today: str = "") -> Seeded:
    """Write a new seed of 32 random bytes, in hexadecimal, that its owner alone may read.

    Parameters
    ----------
    root : Path
        The folder of the course.
    rotate : bool
        Whether a seed that is there gives way; it is kept beside the new one, under its name with the date.
    today : str
        The date in that name, as ISO 8601; empty for the one in UTC.

    Raises
    ------
    CourseError
        If there is a seed already and it is not to be rotated, or if it cannot be written.
    """
    path = seed_path(root)
    if path.parent.resolve().is_relative_to(Path(__file__).parent) and root.resolve() == default_course_root().resolve():
        raise CourseError(
            "the course inside an installed Layerwise cannot keep a seed: the next version would delete it",
            remedy="Set the environment variable that its course.toml names, or copy the course and use --course DIR.",
        )
    text = secrets.token_hex(SEED_BYTES)
    kept = None
    try:
        if os.path.lexists(path):
            if not rotate:
                raise CourseError(f"{path} already exists, and results depend on it", remedy="To replace it, add --rotate.")
            kept = _keep(path, today or datetime.now(UTC).date().isoformat())
            _replace(path, text)
        else:
            write_private(path, text + "\n")
    except OSError as error:
        raise CourseError(
            f"the seed cannot be written: {error.filename or path}: {error.strerror}", remedy="A seed that was there before stays in use."
        ) from error
    return Seeded(path=path, kept=kept)


def seed_exposure(root: Path) -> str:
    """How the seed, or an old one beside it, lies open to others, in one sentence; empty if it does not, or if there is no file."""
    name = read_toml(root / "course.toml").get("seed", {}).get("file", "")
    path = root / str(name)
    if not name or not path.is_file():
        return ""
    return next(filter(None, map(exposure, [path, *old_seeds(path)])), "")


def old_seeds(path: Path) -> list[Path]:
    """The seeds that gave way to the one at `path`."""
    return sorted(path.parent.glob(f"{path.stem}-????-??-??*{path.suffix}"))


def _keep(path: Path, today: str) -> Path:
    """Copy the seed to a free name. It stays where it is: without one, if only for a moment, a course is graded with the public seed."""
    text = path.read_text(encoding="utf-8")
    for number in count(1):
        kept = path.with_name(f"{path.stem}-{today}{f'-{number}' if number > 1 else ''}{path.suffix}")
        with contextlib.suppress(FileExistsError):
            write_private(kept, text)
            return kept
    raise AssertionError("unreachable")


def _replace(path: Path, text: str) -> None:
    written = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        write_private(written, text + "\n")
        os.replace(written, path)
    finally:
        written.unlink(missing_ok=True)
