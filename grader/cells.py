"""A notebook as one text: its code cells in order, each under a line that names it, and the way back from a line to its cell."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SUFFIX = ".ipynb"
# The percent format, in which editors that know no notebooks show cells.
MARK = re.compile(r"^# %% cell (\d+)$", re.MULTILINE)
PLACE = re.compile(r"(?P<path>.*), cell (?P<cell>\d{1,9})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Cell:
    """One code cell: its number, the line of the whole text on which its source begins (from 1), and the source."""

    number: int
    first_line: int
    source: str


def is_notebook(path: str) -> bool:
    """Whether a file of this name is a notebook."""
    return path.lower().endswith(SUFFIX)


def join_cells(cells: Iterable[tuple[int, str]]) -> str:
    r"""Make one text of numbered sources, with ``\n`` at every line's end.

    A line of a student's own that looks like one of ours is kept apart by a space, so that no cell is cut in two.
    """
    return "".join(f"# %% cell {number}\n" + MARK.sub(r"#  %% cell \1", source) + "\n" for number, source in cells)


def split_cells(text: str) -> tuple[Cell, ...]:
    """The cells of a text that ``join_cells`` has made."""
    marks = list(MARK.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)][: len(marks)]
    cells, line, seen = [], 1, 0
    for mark, end in zip(marks, ends, strict=True):
        line += text.count("\n", seen, mark.start())
        seen = mark.start()
        cells.append(Cell(int(mark.group(1)), line + 1, text[mark.end() + 1 : end].removesuffix("\n")))
    return tuple(cells)


def place_of_line(path: str, text: str, line: int) -> tuple[str, int]:
    """Say where a line of the whole text is in the notebook: ``hw.ipynb, cell 7`` and the line in that cell; no place is ``("", 0)``."""
    cells = split_cells(text)
    index = bisect.bisect_right([cell.first_line for cell in cells], line) - 1
    if index < 0 or line > cells[index].first_line + cells[index].source.count("\n") + 1:
        return "", 0
    return f"{path}, cell {cells[index].number}", line - cells[index].first_line + 1


def path_of_place(place: str) -> str:
    """The path in what ``place_of_line`` says; a path that names no cell is itself."""
    match = PLACE.fullmatch(place)
    return match.group("path") if match is not None and is_notebook(match.group("path")) else place


def has_place(text: str, place: str, line: int) -> bool:
    """Whether a notebook has the cell that `place` names, and that cell the line."""
    match = PLACE.fullmatch(place)
    if match is None:
        return False
    return any(cell.number == int(match.group("cell")) and 0 < line <= cell.source.count("\n") + 2 for cell in split_cells(text))


def program(path: str, text: str, names: Iterable[str]) -> str:
    """The Python text that a worker runs in place of the notebook at `path`: it defines what the functions called `names` need.

    It is one line, and leaves no name of its own behind. Cells are cut out here and parsed there: a hostile cell may end the worker.
    """
    return _program(path, ((cell.first_line, cell.source) for cell in split_cells(text)), names, is_script=False)


def script_program(path: str, text: str, names: Iterable[str]) -> str:
    """The same for a Python file, which is one cell; without `names`, it defines everything that the file does."""
    return _program(path, ((1, text),), names, is_script=True)


def _program(path: str, cells: Iterable[tuple[int, str]], names: Iterable[str], *, is_script: bool) -> str:
    runner = Path(__file__).with_name("cell_runner.py").read_text(encoding="utf-8")
    arguments = ", ".join(map(repr, (path, tuple(cells), tuple(sorted(names)), is_script)))
    return f"(lambda own, module: (exec(compile({runner!r}, '<cells>', 'exec'), own), own['run'](module, {arguments})))({{}}, globals())\n"
