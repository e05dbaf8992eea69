"""What the sections of a class report are made of: tables, people, and how much more there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from grader.analysis.overview import ClassOverview
from grader.report.html import escaped

MOST_PEOPLE = 40


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many}"


def function_of(exercise: str, function: str) -> str:
    """A function, and of which exercise it is."""
    return f"<code>{escaped(function)}</code> ({escaped(exercise)})"


def person(overview: ClassOverview, student: str) -> str:
    """A student by name and id. Each stands by itself: a name that is written from right to left turns nothing beside it."""
    name = overview.names.get(student, "")
    return f"<bdi>{escaped(name)}</bdi> (<bdi>{escaped(student)}</bdi>)" if name and name != student else f"<bdi>{escaped(student)}</bdi>"


def people(overview: ClassOverview, students: Sequence[str], *, file: str = "mistakes.csv") -> Iterator[str]:
    """Some students as a list."""
    yield f'<ul class="lw-people">{"".join(f"<li>{person(overview, student)}</li>" for student in students[:MOST_PEOPLE])}</ul>'
    yield from more(len(students) - MOST_PEOPLE, file)


def more(number: int, file: str) -> Iterator[str]:
    """How many more there are than are shown, and where they are."""
    if number > 0:
        where = f"<code>{escaped(file)}</code>" if "." in file else escaped(file)
        yield f'<p class="lw-faint">And {number} more, in {where}.</p>'


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, text_columns: Sequence[int] = ()) -> Iterator[str]:
    """A table of cells that are HTML already, each row named by its first; `text_columns` are those that are read and not compared."""
    # Whoever scrolls with the keyboard must be able to stand in what scrolls.
    yield f'<div class="lw-wide" tabindex="0" role="group" aria-label="{escaped(caption)}"><table>'
    yield f"<caption>{escaped(caption)}</caption>"
    kinds = [' class="lw-text"' if number in text_columns else "" for number in range(len(columns))]
    heads = (f'<th scope="col"{kind}>{escaped(name)}</th>' for kind, name in zip(kinds, columns, strict=True))
    yield f"<thead><tr>{''.join(heads)}</tr></thead>\n<tbody>"
    for first, *others in rows:
        cells = "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds[1:], others, strict=True))
        yield f'<tr><th scope="row">{first}</th>{cells}</tr>'
    yield "</tbody></table></div>"
