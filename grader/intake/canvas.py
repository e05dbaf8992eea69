"""Canvas's "Download Submissions".

Every file is called ``<name>_[LATE_]<user id>_<file id>_<what the student called it>``, the name being the sortable one in lower case
without spaces, commas and hyphens; with anonymous grading ``[LATE_]anon_<code>_<file id>_…``. A name that the student had used before got
``-1``, ``-2``, … or a UUID before its extension.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from grader.classwork import Part
from grader.intake.places import Claim, Found, KeyKind, Place, shown_name
from grader.intake.plain import Layout, ignored_link
from grader.model import Problem
from grader.submission.candidate import is_code

ANONYMOUS = re.compile(r"(?:(?P<late>LATE)_)?(?P<who>anon)_(?P<user>[A-Za-z0-9]+)_(?P<file>\d{1,18})_(?P<given>.+)", re.DOTALL)
NAMED = re.compile(r"(?P<who>\w+?)_(?:(?P<late>LATE)_)?(?P<user>\d{1,18})_(?P<file>\d{1,18})_(?P<given>.+)", re.DOTALL)
TYPED = re.compile(r"(?:\w+?_(?:LATE_)?\d{1,18}|(?:LATE_)?anon_[A-Za-z0-9]+)_(?:text|link)\.html")
NUMBERED = re.compile(r"(?P<stem>.+)-(?:[1-9]\d?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?P<suffix>\.[A-Za-z0-9]+)")
# A module cannot have a hyphen in its name, and a zip's name says nothing; a notebook may well be called part-2.
ALWAYS_RENAMED = (".py", ".zip")


def is_canvas_name(name: str) -> bool:
    """Whether Canvas may have given a file this name."""
    return _parse(name) is not None or TYPED.fullmatch(name) is not None


def find_canvas(root: Path, places: list[Place]) -> Layout:
    """Take all files of one user as the work of one student, under the names that the student gave them.

    The download has the last attempt alone. Where two downloads were put together, a name that comes again begins a new attempt, which
    keeps the other files.
    """
    files: defaultdict[str, list[tuple[re.Match[str], Place]]] = defaultdict(list)
    problems: list[Problem] = []
    late = 0
    for place in places:
        parsed = _parse(place.name)
        if place.kind.name == "LINK":
            problems.append(ignored_link(place))
        elif parsed is not None and not place.is_folder:
            files[parsed["user"]].append((parsed, place))
        elif TYPED.fullmatch(place.name):
            problems.append(Problem(path=shown_name(place.name), message="was typed into Canvas, so there is no file to grade"))
        elif place.is_work:
            problems.append(Problem(path=shown_name(place.name), message="does not have a name as Canvas gives them, so it was ignored"))
    found: list[Found] = []
    for user, own in files.items():
        late += any(parsed["late"] for parsed, _ in own)
        found += _attempts(user, own)
    if late:
        message = (
            f"has submissions of {late} students that Canvas marks LATE without saying how late; for the times, name a CSV with --times"
        )
        problems.append(Problem(path=".", message=message))
    return found, problems


def _parse(name: str) -> re.Match[str] | None:
    return ANONYMOUS.fullmatch(name) or NAMED.fullmatch(name)


def _attempts(user: str, files: list[tuple[re.Match[str], Place]]) -> list[Found]:
    files = sorted(files, key=lambda one: (int(one[0]["file"]), one[1].name))
    readable = [(parsed, place) for parsed, place in files if place.is_work] or files
    renamed = _original_names([parsed["given"] for parsed, _ in readable])
    attempts: list[dict[str, Place]] = [{}]
    # A file of an earlier attempt may be replaced without a further attempt.
    new: set[str] = set()
    for (parsed, place), name in zip(readable, renamed, strict=True):
        if name in new:
            attempts.append(dict(attempts[-1]))
            new = set()
        new.add(name)
        attempts[-1][name] = place
        number = int(parsed["file"])
    who = readable[0][0]["who"]
    claim = _claim(user, "" if ANONYMOUS.fullmatch(readable[0][1].name) else who)
    return [
        Found(claim=claim, source=_source(attempt), parts=_parts(attempt), order=(index, str(number)))
        for index, attempt in enumerate(attempts)
    ]


def _claim(user: str, who: str) -> Claim:
    if not who:
        return Claim(id=f"anon_{user}", keys=((KeyKind.CANVAS, f"anon_{user}"), (KeyKind.ID, f"anon_{user}")))
    return Claim(id=user, name=shown_name(who), keys=((KeyKind.CANVAS, user), (KeyKind.WORDS, who)))


def _source(attempt: dict[str, Place]) -> str:
    """What a work of several files is called: its newest file, which no other attempt has."""
    newest = max(attempt.values(), key=lambda place: _file_number(place.name))
    return shown_name(newest.name)


def _file_number(name: str) -> tuple[int, str]:
    parsed = _parse(name)
    return (int(parsed["file"]) if parsed else 0, name)


def _parts(attempt: dict[str, Place]) -> tuple[Part, ...]:
    return tuple(Part(path=place.path, name=shown_name(name)) for name, place in sorted(attempt.items()))


def _original_names(given: list[str]) -> list[str]:
    """The names without Canvas's numbers. Of notebooks called part-1 and part-2 these are the student's own, and stay."""
    short = [_without_number(name) for name in given]
    return [
        new if new == old or old.lower().endswith(ALWAYS_RENAMED) or (is_code(old) and short.count(new) == 1) else old
        for old, new in zip(given, short, strict=True)
    ]


def _without_number(name: str) -> str:
    found = NUMBERED.fullmatch(name)
    return f"{found['stem']}{found['suffix']}" if found else name
