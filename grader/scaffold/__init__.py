"""The files that a new exercise begins with: a small one that works, to be changed into one's own piece by piece."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from grader.catalog import is_library, read_toml
from grader.errors import CourseError

# Laid out like a course. The endings keep the texts from being taken for modules of ours.
SCAFFOLD = Path(__file__).parent / "course"
ENDING = ".txt"
PARTS = ("checks", "mistakes", "variants")


def why_not(root: Path, name: str) -> str:
    """The sentence that says why no exercise called `name` can be added to the course in `root`; empty if one can."""
    if not (name.isascii() and name.isidentifier()) or keyword.iskeyword(name) or name.startswith("_"):
        return f"{name!r} cannot name a module: use letters, digits and underscores, with a letter first."
    if is_library(name):
        return f"{name!r} is the name of a library, which would hide a student's file {name}.py; name the exercise otherwise."
    if (root / "exercises" / f"{name}.toml").exists():
        return f"{name} is an exercise of the course in {root} already; nothing was written."
    there = next((path for path in [*scaffold_files(root, name), *_would_be_taken(root, name)] if path.exists()), None)
    if there is not None:
        return f"{there} is there already; nothing was written. Move it away, or name the exercise otherwise."
    return ""


def _would_be_taken(root: Path, name: str) -> list[Path]:
    """Files of an exercise whose name begins like `name`, which would become the new one's: its ``NAME_*.py``."""
    longer = tuple(f"{path.stem}_" for path in (root / "exercises").glob(f"{name}_*.toml"))
    found = [path for part in PARTS for path in sorted((root / "reference" / part).glob(f"{name}*.py"))]
    mine = [path for path in found if path.stem == name or path.stem.startswith(f"{name}_")]
    return [path for path in mine if not f"{path.stem}_".startswith(longer)]


def scaffold_files(root: Path, name: str) -> dict[Path, str]:
    """The files of a new exercise with their texts, and ``course.toml`` if the folder has none yet."""
    words = {"NAME": name, "COURSE_NAME": re.sub(r"[^A-Za-z0-9 ._-]", "-", root.resolve().name) or "course"}
    files = {}
    for source in sorted(SCAFFOLD.rglob(f"*{ENDING}")):
        relative = source.relative_to(SCAFFOLD).as_posix().removesuffix(ENDING)
        if relative == "course.toml" and (root / relative).exists():
            continue
        text = re.sub("COURSE_NAME|NAME", lambda found: words[found[0]], source.read_text(encoding="utf-8"))
        files[root / relative.replace("NAME", name)] = text
    return files


def write_scaffold(files: dict[Path, str]) -> None:
    """Write files none of which is there yet, or none at all.

    Raises
    ------
    CourseError
        If one cannot be written; those that were are taken away again.
    """
    written: list[Path] = []
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            # Mode x is atomic: between a test and a plain write somebody's work could be lost.
            with path.open("x", encoding="utf-8", newline="\n") as file:
                written.append(path)
                file.write(text)
    except OSError as error:
        for done in written:
            done.unlink()
        raise CourseError(
            f"{error.filename or path} cannot be written: {error.strerror}; nothing was kept",
            remedy="Name a folder that you may write to with --course DIR.",
        ) from error


def line_for_layout(root: Path, name: str) -> str:
    """The line that gives the exercise its place in the ``[layout]`` of the course, if there is such a table without one."""
    layout = read_toml(root / "course.toml").get("layout", {})
    return f'{name} = ["{name}.py"]' if layout and name not in layout else ""
