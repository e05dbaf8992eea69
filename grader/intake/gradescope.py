"""Gradescope's "Export Submissions".

``assignment_NNN_export/`` has a folder ``submission_MMM`` for each work and ``submission_metadata.yml``, which Ruby wrote, with keys like
``:submitters:``. Its file can be a hundred times as large as what is wanted of it, for it has the output of every test of every attempt,
so it is read as a stream and what is not wanted is never kept. Nothing is resolved: no tag makes an object, no alias is followed, and
``:sid: 0012`` stays ``0012``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.classwork import Part
from grader.intake.archive import METADATA
from grader.intake.places import Claim, Found, IntakeError, KeyKind, Place, open_below, shown_name
from grader.intake.plain import Layout, ignored_link
from grader.intake.times import parse_platform_time
from grader.model import Problem
from grader.safe_text import safe_text
from grader.submission.candidate import Unusable

FOLDER = re.compile(r"submission_\d{1,18}")
WANTED = frozenset({"submitters", "name", "sid", "email", "created_at", "history", "id", "utc"})
# Deeper than anything that is wanted; recursion must end before Python's does.
DEEPEST = 20
# Longer than anybody's name. Of accents in a wrong order, a megabyte would take hours to compare with the roster.
LONGEST_TEXT = 500
EXPORT_AGAIN = "Export the submissions again, or name --layout folders."
Value = Any  # what YAML can hold: a text, a list, a dict, None


def is_gradescope(places: list[Place]) -> bool:
    """Whether these are the entries of an unpacked export."""
    return any(place.name == METADATA for place in places)


def find_gradescope(root: Path, places: list[Place]) -> Layout:
    """Take every folder of an export as the work of all its submitters.

    The export has the files of the active attempt alone; of an earlier one they are taken if a folder of its number is there too.
    """
    table = _read_metadata(root)
    folders = {place.name: place for place in places if place.is_folder}
    problems = [ignored_link(place) for place in places if place.kind.name == "LINK"]
    found: list[Found] = []
    for name, entry in table.items():
        for folder, submitted_at, number in _attempts(name, entry):
            if folder in folders:
                found += _works(folders.pop(folder), entry, submitted_at, number)
            elif folder == name:
                problems.append(Problem(path=shown_name(name), message=f"is in {METADATA}, but there is no such folder"))
    for name, place in folders.items():
        problems.append(Problem(path=shown_name(name), message=f"is not in {METADATA}, so it is not known whose it is"))
        found += _works(place, {}, None, 0)
    return found, problems


def _attempts(name: str, entry: dict[str, Value]) -> Iterator[tuple[str, datetime | None, int]]:
    for number, earlier in enumerate(_list(entry.get("history"))):
        if isinstance(earlier, dict) and isinstance(earlier.get("id"), str):
            yield f"submission_{earlier['id']}", _time(earlier), number
    yield name, _time(entry), len(_list(entry.get("history")))


def _works(place: Place, entry: dict[str, Value], submitted_at: datetime | None, number: int) -> list[Found]:
    submitters = [one for one in _list(entry.get("submitters")) if isinstance(one, dict)] or [{}]
    part = Part(path=place.path, name=shown_name(place.name))
    name = shown_name(place.name)
    return [
        Found(claim=_claim(one, name), source=name, parts=(part,), submitted_at=submitted_at, order=(number, place.name))
        for one in submitters
    ]


def _claim(submitter: dict[str, Value], folder: str) -> Claim:
    name, sid, email = (_text(submitter, key) for key in ("name", "sid", "email"))
    keys = ((KeyKind.ID, sid), (KeyKind.EMAIL, email), (KeyKind.LOGIN, sid), (KeyKind.NAME, name))
    used = tuple((kind, value) for kind, value in keys if value) or ((KeyKind.ID, folder),)
    # A name alone can be that of two students.
    own = sid or email or (f"{name} ({folder})" if name else folder)
    return Claim(id=shown_name(own), name=shown_name(name), email=shown_name(email), keys=used)


def _text(entry: dict[str, Value], key: str) -> str:
    value = entry.get(key)
    return value.strip()[:LONGEST_TEXT] if isinstance(value, str) and value not in ("~", "null") else ""


def _list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


def _time(entry: dict[str, Value]) -> datetime | None:
    value = entry.get("created_at")
    # ActiveSupport's times come as an object with its time in UTC.
    text = value.get("utc") if isinstance(value, dict) else value
    return parse_platform_time(text) if isinstance(text, str) else None


def _read_metadata(root: Path) -> dict[str, dict[str, Value]]:
    """The entries of the metadata file, with what is wanted of each."""
    try:
        import yaml
    except ImportError as error:
        raise IntakeError("a Gradescope export needs PyYAML", remedy="pip install 'layerwise[batch]'") from error

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        with open_below(root, METADATA) as file:
            events = yaml.parse(file, Loader=loader)
            kinds = {yaml.ScalarEvent: "text", yaml.SequenceStartEvent: "list", yaml.MappingStartEvent: "dict", yaml.AliasEvent: "alias"}
            kinds |= {yaml.SequenceEndEvent: "end", yaml.MappingEndEvent: "end"}
            stream = ((kinds[type(event)], event) for event in events if type(event) in kinds)
            first = next(stream, None)
            table = _build(first, stream, 0) if first else None
    except (yaml.YAMLError, ValueError) as error:
        text = safe_text(str(getattr(error, "problem", None) or error)[:200])
        raise IntakeError(f"{METADATA} is not readable YAML ({text})", remedy=EXPORT_AGAIN) from error
    except Unusable as error:
        raise IntakeError(f"{METADATA} {error}", remedy=EXPORT_AGAIN) from error
    except OSError as error:
        raise IntakeError(f"{METADATA} cannot be read: {error.strerror or error}", remedy=EXPORT_AGAIN) from error
    if not isinstance(table, dict):
        raise IntakeError(f"{METADATA} lists no submissions", remedy=EXPORT_AGAIN)
    return {name: entry for name, entry in table.items() if isinstance(entry, dict)}


def _build(first: tuple[str, Any], stream: Iterator[tuple[str, Any]], depth: int) -> Value:
    kind, event = first
    if kind == "text":
        return event.value
    if kind == "alias":
        return None
    if depth > DEEPEST:
        _skip(first, stream)
        return None
    if kind == "list":
        return [_build(one, stream, depth + 1) for one in _until_end(stream)]
    table: dict[str, Value] = {}
    for key in _until_end(stream):
        name = key[1].value if key[0] == "text" else None
        _skip(key, stream)
        value = next(stream, ("end", None))
        plain = name.lstrip(":") if isinstance(name, str) and depth else name
        if plain is None or (depth and plain not in WANTED):
            _skip(value, stream)
        else:
            table[plain] = _build(value, stream, depth + 1)
    return table


def _until_end(stream: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for one in stream:
        if one[0] == "end":
            return
        yield one


def _skip(first: tuple[str, Any], stream: Iterator[tuple[str, Any]]) -> None:
    """Pass over all of a value that is not wanted, however deep it is."""
    open_ones = 1 if first[0] in ("list", "dict") else 0
    while open_ones:
        kind = next(stream, ("end", None))[0]
        open_ones += {"list": 1, "dict": 1, "end": -1}.get(kind, 0)
