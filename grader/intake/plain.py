"""Layouts that people make: a folder per student, or zips, single files, notebooks, clones."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from grader.classwork import Part
from grader.intake.commits import read_commit_time
from grader.intake.places import Claim, Found, KeyKind, Place, shown_name
from grader.model import Problem
from grader.submission.candidate import IS_A_LINK, Unusable

Layout = tuple[list[Found], list[Problem]]


def find_folders(root: Path, places: list[Place]) -> Layout:
    """Take every folder, and every zip beside them, as the work of one student."""
    found = [_named_after_student(place) for place in places if place.is_folder or place.is_zip]
    return found, _ignored(places, [place for place in places if place.is_folder or place.is_zip])


def find_zips(root: Path, places: list[Place]) -> Layout:
    """Take every zip as the work of one student."""
    wanted = [place for place in places if place.is_work and not place.is_folder and not place.is_code]
    return [_named_after_student(place) for place in wanted], _ignored(places, wanted)


def find_files(root: Path, places: list[Place]) -> Layout:
    """Take every Python file and notebook as one of a student, who is the first part of its name that the roster knows."""
    wanted = [place for place in places if place.is_code]
    return [_named_after_student(place) for place in wanted], _ignored(places, wanted)


def find_clones(root: Path, places: list[Place]) -> Layout:
    """Take every folder as the clone of one student, handed in at the time of its last commit."""
    found, problems = [], []
    for place in places:
        if not place.is_folder:
            continue
        submitted_at: datetime | None = None
        try:
            submitted_at = read_commit_time(place.path)
        except Unusable as error:
            problems.append(Problem(path=shown_name(place.name), message=f"{error}, so its time is not known; name a CSV with --times"))
        found.append(_named_after_student(place, submitted_at))
    return found, problems + _ignored(places, [place for place in places if place.is_folder])


def is_clone(place: Place) -> bool:
    """Whether `place` is a folder with a ``.git`` in it."""
    try:
        (place.path / ".git").lstat()
    except (OSError, ValueError):
        return False
    return place.is_folder


def ignored_link(place: Place) -> Problem:
    """The problem about a link among the works."""
    return Problem(path=shown_name(place.name), message=IS_A_LINK)


def _named_after_student(place: Place, submitted_at: datetime | None = None) -> Found:
    name = place.name if place.is_folder else place.name.rpartition(".")[0] or place.name
    claim = Claim(id=shown_name(name), keys=((KeyKind.ANY, name),))
    part = Part(path=place.path, name=shown_name(place.name))
    return Found(claim=claim, source=shown_name(place.name), parts=(part,), submitted_at=submitted_at, order=(0, place.name))


def _ignored(places: list[Place], wanted: list[Place]) -> list[Problem]:
    """What lies beside the works and may be one: links, and code or archives of another kind than the layout has."""
    names = {place.name for place in wanted}
    problems = [ignored_link(place) for place in places if place.kind.name == "LINK"]
    for place in places:
        if place.is_work and place.name not in names:
            message = "does not belong to this layout, so it was ignored; choose another with --layout"
            problems.append(Problem(path=shown_name(place.name), message=message))
    return problems
