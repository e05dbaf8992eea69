"""A course of two exercises, with hints and all, and the folder of somebody who works on it."""

from __future__ import annotations

import shutil
from pathlib import Path

TINY = Path(__file__).parent / "courses" / "tiny"
RIGHT = (TINY / "reference" / "power.py").read_text()
WRONG = RIGHT.replace("x**3", "x**2")
STUB = (TINY / "exercises" / "power.py").read_text()
HINTS = ("What is x times x times x?", "Write x**3 and multiply by scale.")
EXPLAIN = ("Why a cube keeps the sign of what is cubed.", "Why its slope is never negative.")


def other(text: str) -> str:
    """What stands in the second exercise, ``root``, for a text of the first."""
    return text.replace("cube_", "root_").replace("power", "root")


def make_course(folder: Path) -> Path:
    """The tiny course with a second exercise that differs in its names alone; the first has hints and something to explain."""
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path in [path for path in folder.rglob("power*") if path.is_file()]:
        path.with_name(other(path.name)).write_text(other(path.read_text()))
    (folder / "course.toml").write_text((TINY / "course.toml").read_text() + 'root = ["root.py", "hw1/powers.py"]\n')
    spec = folder / "exercises" / "power.toml"
    text = spec.read_text().replace(
        "[functions.cube_forward]", f"explain = {list(EXPLAIN)}\n\n[functions.cube_forward]\nhints = {list(HINTS)}"
    )
    spec.write_text(text)
    return folder


def make_work(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for stem, text in files.items():
        (folder / f"{stem}.py").write_text(text)
    return folder
