"""Moodle's "Download all submissions".

In folders ``<Full name>_<number>_assignsubmission_file[_]/<path>``, or flat ``<Full name>_<number>_assignsubmission_file_<name>``; the
number is that of the grading worksheet's ``Participant 123``. Blind marking has ``Participant`` for the name, and a team its own name and
number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from grader.classwork import Part
from grader.intake.places import Claim, Found, KeyKind, Place, shown_name
from grader.intake.plain import Layout, ignored_link
from grader.model import Problem

MARK = "_assignsubmission_"
NAME = re.compile(rf"(?P<who>.+?){MARK}(?P<plugin>[a-z]+)(?:_(?P<given>.*))?", re.DOTALL)
NUMBERED = re.compile(r"(?P<name>.*)_(?P<number>\d{1,18})", re.DOTALL)


def is_moodle_name(name: str) -> bool:
    """Whether Moodle may have given a folder or a file this name."""
    return NAME.fullmatch(name) is not None


def find_moodle(root: Path, places: list[Place]) -> Layout:
    """Take the folder, or all files, of one participant as the work of one student. A download has the last attempt alone."""
    works: defaultdict[str, list[tuple[str, Place]]] = defaultdict(list)
    problems: list[Problem] = []
    typed = 0
    for place in places:
        parsed = NAME.fullmatch(place.name)
        if place.kind.name == "LINK":
            problems.append(ignored_link(place))
        elif parsed is None:
            if place.is_work:
                problems.append(
                    Problem(path=shown_name(place.name), message="does not have a name as Moodle gives them, so it was ignored")
                )
        elif parsed["plugin"] != "file":
            typed += 1
        else:
            works[parsed["who"]].append((parsed["given"] or place.name, place))
    if typed:
        message = f"has {typed} texts that were typed into Moodle, so there are no files to grade"
        problems.append(Problem(path=".", message=message))
    return [_work(who, own) for who, own in works.items()], problems


def _work(who: str, files: list[tuple[str, Place]]) -> Found:
    readable = [(name, place) for name, place in files if place.is_work] or files
    parts = tuple(Part(path=place.path, name=shown_name(name)) for name, place in sorted(readable, key=lambda one: one[0]))
    first = readable[0][1]
    source = shown_name(first.name if len(readable) == 1 else f"{who}{MARK}file")
    return Found(claim=_claim(who), source=source, parts=parts, order=(0, who))


def _claim(who: str) -> Claim:
    parsed = NUMBERED.fullmatch(who)
    if parsed is None:
        return Claim(id=shown_name(who), name=shown_name(who), keys=((KeyKind.NAME, who),))
    name, number = parsed["name"], parsed["number"]
    if name.strip().lower() == "participant":
        return Claim(id=number, keys=((KeyKind.PARTICIPANT, number),))
    return Claim(id=number, name=shown_name(name), keys=((KeyKind.PARTICIPANT, number), (KeyKind.NAME, name)))
