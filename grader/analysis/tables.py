"""The whole of what a class report shows the beginning of, as CSV files."""

from __future__ import annotations

from collections.abc import Iterator

from grader.analysis.items import NamedMistake
from grader.analysis.overview import ClassOverview
from grader.analysis.similarity import Alike
from grader.export.table import render_table

Row = tuple[str | int, ...]


def render_tables(overview: ClassOverview) -> dict[str, str]:
    """Each file by its name; without ``similarity.csv`` where works were not compared."""
    tables = {
        "items.csv": render_table([_ITEMS, *_items(overview)]),
        "mistakes.csv": render_table([_MISTAKES, *(row for mistake in overview.mistakes for row in _mistake(mistake))]),
    }
    if overview.alike is not None:
        tables["similarity.csv"] = render_table([_SIMILARITY, *_similarity(overview.alike)])
    return tables


_ITEMS: Row = ("exercise", "function", "check", "students", "tried", "passed", "difficulty", "discrimination", "look_at")
_MISTAKES: Row = ("exercise", "function", "mistake", "evidence", "explanation", "student")
_SIMILARITY: Row = ("kind", "number", "student", "other", "share", "fingerprints")


def _items(overview: ClassOverview) -> Iterator[Row]:
    for item in overview.items:
        numbers = (_decimal(item.difficulty), _decimal(item.discrimination))
        yield (item.exercise, item.function, item.check, item.students, item.tried, item.passed, *numbers, item.attention.value)


def _mistake(mistake: NamedMistake) -> Iterator[Row]:
    # A row for each student: a spreadsheet takes no cell of ten thousand names.
    about = (mistake.exercise, mistake.function, mistake.name, mistake.evidence.value, mistake.explanation)
    return ((*about, student) for student in mistake.students)


def _similarity(alike: Alike) -> Iterator[Row]:
    for number, group in enumerate(alike.groups, 1):
        first, *others = group.names
        yield from (("group", number, other, first, _decimal(group.share), group.fingerprints) for other in others)
    for number, pair in enumerate(alike.pairs, 1):
        yield "pair", number, pair.first, pair.second, _decimal(pair.share), pair.fingerprints


def _decimal(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
