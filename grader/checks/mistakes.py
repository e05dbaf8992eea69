"""Known mistakes: wrong implementations, each told apart from the reference by a small edit of its source, with a sentence.

A mistake is written as the edit that makes it, because that is how it reads best: what the reference says, what the student
says, what it means. The edited source is a complete module, so a mistake can be graded like a submission and run like the reference.
"""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass

from grader.errors import CourseError
from grader.model import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One known mistake of one function.

    ``explanation`` completes "This is what you get when ...": it starts in lower case and ends in a full stop.
    ``loses`` are exactly the kinds of checks of the function that it fails. The edits touch the function's statements, never its
    docstring.
    """

    function: str
    name: str
    explanation: str
    loses: frozenset[Kind]
    edits: tuple[tuple[str, str], ...] = ()
    body: str = ""


def edit(function: str, name: str, explanation: str, *edits: tuple[str, str], loses: set[Kind] | None = None) -> Mistake:
    """Declare a mistake by replacing pieces of the reference's source of `function`, each of which stands in it exactly once."""
    return Mistake(function=function, name=name, explanation=explanation, loses=frozenset(loses or {Kind.VALUE}), edits=edits)


def rewrite(function: str, name: str, explanation: str, body: str, loses: set[Kind] | None = None) -> Mistake:
    """Declare a mistake by the source of a whole function (``def`` line included) that replaces the reference's."""
    return Mistake(function=function, name=name, explanation=explanation, loses=frozenset(loses or {Kind.VALUE}), body=body)


def mistaken_source(source: str, mistake: Mistake) -> str:
    """Give the reference's `source` with the mistake made in it."""
    start, end = _span(source, mistake.function, statements=not mistake.body)
    lines = source.splitlines(keepends=True)
    text = "".join(lines[start:end])
    if mistake.body:
        text = mistake.body.strip("\n") + "\n"
    for old, new in mistake.edits:
        if text.count(old) != 1:
            raise CourseError(
                f"the mistake {mistake.name} of {mistake.function} replaces {old!r}, which stands {text.count(old)} times in the reference",
                remedy="Name a piece of the function's source that stands there exactly once.",
            )
        text = text.replace(old, new)
    return "".join(lines[:start]) + text + "".join(lines[end:])


def _span(source: str, function: str, *, statements: bool) -> tuple[int, int]:
    """The lines of a function of the reference, or those of its statements, without its docstring."""
    if function not in _spans(source):
        raise CourseError(f"a mistake is declared for {function}, which the reference does not define")
    first, first_statement, end = _spans(source)[function]
    return first_statement if statements else first, end


# A wrong answer is compared with many mistakes of one reference while a student waits, and parsing it takes as long as compiling it.
@functools.lru_cache(maxsize=4)
def _spans(source: str) -> dict[str, tuple[int, int, int]]:
    spans = {}
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.FunctionDef):
            first = node.lineno - 1
            documented = ast.get_docstring(node) is not None
            spans[node.name] = (first, (node.body[0].end_lineno or first) if documented else first, node.end_lineno or node.lineno)
    return spans
