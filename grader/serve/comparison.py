"""What changed between two attempts of a student: the text, function by function, and which checks turned green or red.

The text is cut into functions by its lines alone, and never parsed: what a student hands in may be made to break a parser.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.catalog import Exercise
from grader.locate import names_of
from grader.model import Verdict
from grader.serve.cards import exercise_documents
from grader.serve.uploads import Upload

if TYPE_CHECKING:
    from grader.serve.service import Service

CONTEXT = 3
# More of one part of a file is compared by nobody, and would keep the service from everybody else.
MOST_LINES = 800
LONGEST_LINE = 400
DEFINITION = re.compile(r"(?:async[ \t]+)?def[ \t]+(\w+)")
# A line that goes on with what stands above it, although it begins at the margin.
GOES_ON = frozenset(" \t#)]}\r\f")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a change: ``sign`` is ``+``, ``-``, or empty for what stayed."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One function, or, with an empty name, what stands outside of them: places that changed, with some lines around.

    ``places`` is empty where it is too long to compare.
    """

    name: str
    added: int
    removed: int
    places: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A check that passes in one attempt and not in the other, as students know it."""

    function: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseChange:
    """One exercise of two attempts. ``parts`` are those that changed, ``same`` the functions that did not."""

    name: str
    title: str
    points: tuple[int, int] | None
    green: tuple[Turned, ...]
    red: tuple[Turned, ...]
    parts: tuple[Part, ...]
    same: tuple[str, ...]


def compare_uploads(service: Service, before: Upload, after: Upload) -> list[ExerciseChange]:
    """Every exercise that both uploads count for, in the order of the course."""
    documents = [{one["name"]: one for one in exercise_documents(service.cards.card(service.reader, upload))} for upload in (before, after)]
    changes = []
    for exercise in service.course.exercises:
        if exercise.name not in before.exercises or exercise.name not in after.exercises:
            continue
        old, new = (found.get(exercise.name) for found in documents)
        texts = [_text(service, upload, exercise) for upload in (before, after)]
        parts, same = compare_texts(exercise, *texts)
        turned = _turned(old, new) if old and new else ((), ())
        points = (old["points"], new["points"]) if old and new else None
        changes.append(
            ExerciseChange(name=exercise.name, title=exercise.title, points=points, green=turned[0], red=turned[1], parts=parts, same=same)
        )
    return changes


def _text(service: Service, upload: Upload, exercise: Exercise) -> str:
    """The file of an exercise in an upload; empty where it has none."""
    record = service.reader.record(upload.exercises[exercise.name])
    path = record.outcome.path if record is not None else None
    file = service.reader.submission(upload.digest).file(path) if path is not None else None
    return file.text if file is not None else ""


# ----------------------------------------------------------------------------------------------------------------------- checks


def _turned(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[tuple[Turned, ...], tuple[Turned, ...]]:
    """What turned green, and what turned red. What could not be judged in either says nothing."""
    was, is_ = dict(_verdicts(old)), dict(_verdicts(new))
    known = {place for place in is_ if place in was and Verdict.GRADER_ERROR not in (was[place][0], is_[place][0])}
    passes = {place: (was[place][0] == Verdict.ACCEPTED, is_[place][0] == Verdict.ACCEPTED) for place in is_ if place in known}
    green, red = (
        tuple(Turned(function=place[0], title=is_[place][1]) for place, both in passes.items() if both == turn)
        for turn in ((False, True), (True, False))
    )
    return green, red


def _verdicts(document: Mapping[str, object]) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    functions = document["functions"]
    assert isinstance(functions, list)  # noqa: S101 - as the schema of scorecards says
    for function in functions:
        for check in function["checks"]:
            yield (function["name"], check["name"]), (check["verdict"], check["title"])


# ------------------------------------------------------------------------------------------------------------------------- text


def compare_texts(exercise: Exercise, before: str, after: str) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The functions that changed, in the order of the exercise, then the rest of the file; and the names of those that did not."""
    names = names_of(exercise)
    old, new = cut(before, names), cut(after, names)
    parts, same = [], []
    for name in (*(function.name for function in exercise.functions), ""):
        was, is_ = old.get(name, []), new.get(name, [])
        if was != is_:
            parts.append(_part(name, was, is_))
        elif name and is_:
            same.append(name)
    return tuple(parts), tuple(same)


def cut(text: str, names: Mapping[str, str]) -> dict[str, list[str]]:
    """The lines of each function at the margin, by its own name, and under an empty name all others; decorators are among those.

    `names` has the name of a function for each that it may be handed in under.
    """
    found: dict[str, list[str]] = {"": []}
    at = ""
    # As editors count lines; a form feed is none.
    for line in text.replace("\r\n", "\n").split("\n"):
        definition = DEFINITION.match(line)
        if definition is not None:
            at = names.get(definition[1], "")
        elif line and line[0] not in GOES_ON:
            at = ""
        found.setdefault(at, []).append(line.rstrip())
    return {name: _without_blank_ends(lines) for name, lines in found.items()}


def _without_blank_ends(lines: list[str]) -> list[str]:
    first = next((number for number, line in enumerate(lines) if line), len(lines))
    last = next((number for number, line in reversed(list(enumerate(lines))) if line), -1)
    return lines[first : last + 1]


def _part(name: str, before: Sequence[str], after: Sequence[str]) -> Part:
    if max(len(before), len(after)) > MOST_LINES:
        return Part(name=name, added=len(after), removed=len(before), places=())
    matcher = difflib.SequenceMatcher(None, before, after)
    places = tuple(tuple(_lines(group, before, after)) for group in matcher.get_grouped_opcodes(CONTEXT))
    count = [sum(line.sign == sign for place in places for line in place) for sign in "+-"]
    return Part(name=name, added=count[0], removed=count[1], places=places)


def _lines(group: Sequence[tuple[str, int, int, int, int]], before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    for tag, old_from, old_to, new_from, new_to in group:
        if tag == "equal":
            yield from (Line(sign="", text=line[:LONGEST_LINE]) for line in after[new_from:new_to])
            continue
        yield from (Line(sign="-", text=line[:LONGEST_LINE]) for line in before[old_from:old_to])
        yield from (Line(sign="+", text=line[:LONGEST_LINE]) for line in after[new_from:new_to])
