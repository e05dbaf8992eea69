"""Editions of an exercise's checks: the one in force, by which marks stand, and the one of today, by which new uploads are graded.

A course changes while it runs: a check is sharpened, points move, Layerwise is upgraded. What was graded before keeps its record, and a
record means something only beside the checks that made it, so these are remembered as data. Nothing that counts becomes another edition
by a restart: that takes a regrade, and somebody who has seen what it does (``grader.serve.regrading``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select, update

from grader.batch.keys import exercise_keys, exercise_parts
from grader.catalog import Course
from grader.checks.model import Check
from grader.marks.marking import is_of, points_of
from grader.marks.stored import about_course
from grader.model import ExerciseOutcome, Kind, Visibility
from grader.serve import tables, uploads
from grader.serve.database import Database, now

if TYPE_CHECKING:
    from grader.marks.marking import Points

# What of an exercise may have changed, and how that is called.
PARTS = {
    "engine": "Layerwise itself",
    "seed": "the seed of the hidden inputs",
    "layout": "which files and functions exercises have",
    "modules": "the modules that may be imported",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The checks of one exercise as they were from some start of the service on.

    ``key`` is the exercise's part of the keys of its records, and ``parts`` is what it was made of. Of checks that are not those of today
    there is what scoring needs, and nothing that could run.
    """

    id: str
    exercise: str
    key: str
    parts: Mapping[str, Any]
    checks: tuple[Check, ...]
    points: Points


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """All of a course. ``known`` has the newest first."""

    today: Mapping[str, Edition]
    in_force: Mapping[str, Edition]
    known: Mapping[str, Sequence[Edition]] = field(default_factory=dict)

    def of(self, outcome: ExerciseOutcome) -> Edition | None:
        """The edition whose checks an outcome is of: the one in force if it may be that, then today's, then the newest that may be."""
        name = outcome.exercise
        if name not in self.in_force:
            return None
        candidates = (self.in_force[name], self.today[name], *self.known.get(name, ()))
        return next((one for one in candidates if is_of(outcome, one.checks)), None)

    def points_for(self, outcome: ExerciseOutcome) -> Points | None:
        """The points of each check of an outcome; None if nobody knows its checks any more."""
        edition = self.of(outcome)
        return edition.points if edition else None

    @property
    def points(self) -> dict[str, Points]:
        """The points in force, by exercise."""
        return {name: edition.points for name, edition in self.in_force.items()}

    @property
    def checks(self) -> dict[str, tuple[Check, ...]]:
        """The checks in force, by exercise."""
        return {name: edition.checks for name, edition in self.in_force.items()}

    @property
    def mark(self) -> tuple[str, ...]:
        """What changes whenever another edition comes into force."""
        return tuple(edition.id for edition in self.in_force.values())

    @property
    def about(self) -> dict[str, str]:
        """What a revision says of its course: that of the newest edition in force, where some are not today's."""
        changed = self.changed
        edition = self.in_force[changed[0]] if changed else next(iter(self.in_force.values()))
        return {name: str(value) for name, value in edition.parts["about"].items()}

    @property
    def changed(self) -> tuple[str, ...]:
        """The exercises whose edition of today is not the one in force."""
        return tuple(name for name, edition in self.in_force.items() if edition.id != self.today[name].id)

    def with_today(self, exercises: Iterable[str]) -> Editions:
        """The same, if today's editions of some exercises were in force."""
        return replace(self, in_force={**self.in_force, **{name: self.today[name] for name in exercises if name in self.today}})


def differences(old: Edition, new: Edition) -> list[str]:
    """What has changed between two editions of an exercise, in words."""
    found = [words for part, words in PARTS.items() if old.parts.get(part) != new.parts.get(part)]
    was, is_ = dict(old.parts.get("sources", ())), dict(new.parts.get("sources", ()))
    found += [path for path in sorted({*was, *is_}) if was.get(path) != is_.get(path)]
    return found + (["points"] if old.points != new.points else [])


# ---------------------------------------------------------------------------------------------------------------------- database


def open_editions(database: Database, course: Course, checks: Mapping[str, Sequence[Check]]) -> Editions:
    """Remember today's editions, and find which are in force: for an exercise of which nothing is graded yet, today's."""
    keys, parts = exercise_keys(course), exercise_parts(course)
    about = about_course(course)
    today = {name: _edition(name, keys[name], {**parts[name], "about": about}, own) for name, own in checks.items()}
    graded = {name for exercises in uploads.counted_for(database).values() for name in exercises}
    with database.writing() as connection:
        for edition in today.values():
            _remember(connection, edition)
        rows = connection.execute(select(tables.editions).order_by(tables.editions.c.made_at.desc(), tables.editions.c.id)).mappings().all()
        known: dict[str, list[Edition]] = {}
        since: dict[str, tuple[Any, Edition]] = {}
        for row in rows:
            known.setdefault(row["exercise"], []).append(edition := _read(row))
            held = since.get(edition.exercise)
            if row["in_force_at"] is not None and (held is None or row["in_force_at"] > held[0]):
                since[edition.exercise] = (row["in_force_at"], edition)
        in_force = {name: today[name] if name not in graded or name not in since else since[name][1] for name in today}
        # Of an edition that is today's as well, today's words are the better ones.
        in_force = {name: today[name] if edition.id == today[name].id else edition for name, edition in in_force.items()}
        put_in_force(connection, [one for name, one in in_force.items() if name not in since or since[name][1].id != one.id])
    return Editions(today=today, in_force=in_force, known=known)


def put_in_force(connection: Connection, editions: Iterable[Edition]) -> None:
    """Say that marks stand by these from now on."""
    at = now()
    for edition in editions:
        connection.execute(update(tables.editions).where(tables.editions.c.id == edition.id).values(in_force_at=at))


def _edition(exercise: str, key: str, parts: Mapping[str, Any], checks: Sequence[Check]) -> Edition:
    # As JSON gives it back, so that what is compared later is alike.
    plain = json.loads(json.dumps(parts))
    points = points_of({exercise: checks})[exercise]
    name = hashlib.sha256(json.dumps([exercise, key, points], sort_keys=True).encode()).hexdigest()
    return Edition(id=name, exercise=exercise, key=key, parts=plain, checks=tuple(checks), points=points)


def _remember(connection: Connection, edition: Edition) -> None:
    """Keep an edition; of one that is there, the words, which may have been mended."""
    said = {"parts": json.dumps(edition.parts), "checks": json.dumps([_written(check) for check in edition.checks])}
    same = update(tables.editions).where(tables.editions.c.id == edition.id)
    if not connection.execute(same.values(**said)).rowcount:
        values = {"id": edition.id, "exercise": edition.exercise, "key": edition.key, "made_at": now(), **said}
        connection.execute(insert(tables.editions).values(**values))


def _written(check: Check) -> dict[str, Any]:
    names = ("name", "function", "kind", "points", "requirement", "visibility")
    return {name: getattr(check, name) for name in names}


def _read(row: Mapping[Any, Any]) -> Edition:
    checks = tuple(
        Check(**{**one, "kind": Kind(one["kind"]), "visibility": Visibility(one["visibility"])}, body=_no_body)
        for one in json.loads(row["checks"])
    )
    points = points_of({row["exercise"]: checks})[row["exercise"]]
    return Edition(id=row["id"], exercise=row["exercise"], key=row["key"], parts=json.loads(row["parts"]), checks=checks, points=points)


def _no_body(_student: object, _rng: object) -> Any:
    raise AssertionError("a check of an earlier edition can be read, but not run")
