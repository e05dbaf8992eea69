"""What the tables of a course may hold, as data, and one function that compares: an author's slip is a sentence, not a traceback.

A form is a type, a list of one form (a list of those), or a dict: of forms by key, or, under ``"*"``, of one form for every key. Keys that
a form does not name are not looked at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grader.errors import CourseError

ANY_KEY = "*"
COURSE: dict[str, Any] = {"layout": {ANY_KEY: [str]}, "seed": {"environment": str, "file": str}, "sandbox": {"modules": [str]}, "kit": {}}
EXERCISE: dict[str, Any] = {
    **{key: [str] for key in ("formulas", "sources", "requires", "explain")},
    "functions": {ANY_KEY: {"returns": [str], "aliases": [str], "hints": [str]}},
}
EXPERIMENT: dict[str, Any] = {
    "sources": [str],
    "parts": [{"needs": [str]}],
    "panels": [{"series": [{}]}],
}
WORDS: dict[type, tuple[str, str]] = {str: ("text", "texts"), list: ("list", "lists"), dict: ("table", "tables")}


def require(table: Any, form: Any, path: Path, where: str = "") -> None:
    """Compare a table of the file at `path` with a form.

    Raises
    ------
    CourseError
        If a value is of another type than the form says; `where` it is, by keys and numbers, is part of the sentence.
    """
    kind = form if isinstance(form, type) else type(form)
    if not isinstance(table, kind):
        shown = repr(table)
        shown = shown if len(shown) <= 60 else f"{shown[:60]}…"
        raise CourseError(f"{path}: {where or 'all of it'} is {shown}", remedy=f"Write a {_words(form)} there.")
    if isinstance(form, list):
        assert isinstance(table, list)  # noqa: S101 - for mypy; it has been asked above
        for number, entry in enumerate(table, 1):
            require(entry, form[0], path, f"entry {number} of {where}")
    elif isinstance(form, dict):
        assert isinstance(table, dict)  # noqa: S101 - as above
        for key, entry in table.items():
            inner = form.get(ANY_KEY, form.get(key))
            if inner is not None:
                require(entry, inner, path, f"{where}.{key}" if where else key)


def _words(form: Any) -> str:
    if isinstance(form, list):
        return f"list of {WORDS[form[0] if isinstance(form[0], type) else type(form[0])][1]}"
    return WORDS[form if isinstance(form, type) else type(form)][0]
