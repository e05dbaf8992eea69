"""Build a student kit: what students receive of a course, as files, as a folder and as a zip."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import KIT, KIT_STUB, Course, Exercise
from grader.errors import CourseError, SubmissionError
from grader.kit.exact import Table
from grader.kit.freeze import freeze_exercise
from grader.kit.texts import GITIGNORE, WORKFLOW, WORKFLOW_PATH, render_readme, render_settings

# Zip has no earlier time; a fixed one makes the same zip of the same course.
EPOCH = (1980, 1, 1, 0, 0, 0)
FILE_MODE = 0o100644


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """The files of a kit by their path; how many public checks are in it, and which of them judge less than in class."""

    files: dict[str, bytes]
    checks: int
    weaker: tuple[str, ...]


def build_kit(course: Course, exercises: Sequence[Exercise] = (), *, template: bool = False) -> Kit:
    """Build the kit of a course, or of some of its exercises.

    Only what is named here goes in: stubs, public specs, and public checks with the cases of the public seed. The same course gives the
    same bytes, whatever its secret seed.

    Parameters
    ----------
    exercises
        All of the course if empty.
    template
        Whether to add a workflow that checks every push to a repository.

    Raises
    ------
    CourseError
        If the course is broken, if a public check cannot be written down, or if two stubs belong into one file.
    """
    exercises = exercises or course.exercises
    frozen = [freeze_exercise(course, exercise) for exercise in exercises]
    checks, weaker = sum(len(one.checks) for one in frozen), tuple(text for one in frozen for text in one.weaker)
    readme = render_readme(course, exercises, checks=checks, weaker=weaker, template=template)
    files = {"README.md": readme, ".gitignore": GITIGNORE, f"{KIT}/course.toml": render_settings(course, exercises)}
    for exercise, one in zip(exercises, frozen, strict=True):
        if exercise.paths[0] in files:
            raise CourseError(
                f"two exercises have their stubs in {exercise.paths[0]}, and a kit writes each into a file of its own",
                remedy="Let [layout] name another path first for one of them, or make a kit of the others.",
            )
        files[exercise.paths[0]] = exercise.stub
        files[f"{KIT}/exercises/{exercise.name}{KIT_STUB}"] = exercise.stub
        files[f"{KIT}/exercises/{exercise.name}.toml"] = _text(course.root / "exercises" / f"{exercise.name}.toml")
        files[f"{KIT}/checks/{exercise.name}.json"] = _one_a_line(one.checks)
    if template:
        files[WORKFLOW_PATH] = WORKFLOW
    return Kit(files={path: text.encode() for path, text in sorted(files.items())}, checks=checks, weaker=weaker)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _one_a_line(checks: Sequence[Table]) -> str:
    """JSON in which a changed check is one changed line."""
    if not checks:
        return "[]\n"
    return "[\n" + ",\n".join(json.dumps(check, ensure_ascii=False, allow_nan=False) for check in checks) + "\n]\n"


def write_kit(files: Mapping[str, bytes], out: Path) -> None:
    """Write a kit into a folder that is not there yet, or is empty.

    Raises
    ------
    SubmissionError
        If something is there, which may be somebody's work, or if it cannot be written.
    """
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise SubmissionError(f"{out} is there already, and is left as it is", remedy="Name a folder that is new.")
        for path, content in files.items():
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            with (out / path).open("xb") as file:
                file.write(content)
    except OSError as error:
        raise SubmissionError(f"{out} cannot be written: {error.strerror}", remedy="Name a folder that you may write to.") from error


def write_zip(files: Mapping[str, bytes], path: Path, top: str) -> None:
    """Write a kit as a zip that unpacks to the folder `top`.

    Raises
    ------
    SubmissionError
        If there is a file of that name, or if it cannot be written.
    """
    try:
        with path.open("xb") as file:
            file.write(zip_of(files, top))
    except FileExistsError as error:
        raise SubmissionError(f"{path} is there already, and is left as it is", remedy="Take it away, or name another.") from error
    except OSError as error:
        raise SubmissionError(f"{path} cannot be written: {error.strerror}", remedy="Name a folder that you may write to.") from error


def zip_of(files: Mapping[str, bytes], top: str) -> bytes:
    """The bytes of that zip, the same for the same files."""
    written = io.BytesIO()
    # Stored: what deflate gives depends on the zlib that happens to be there.
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(f"{top}/{path}", EPOCH)
            entry.create_system, entry.external_attr = 3, FILE_MODE << 16
            archive.writestr(entry, files[path])
    return written.getvalue()
