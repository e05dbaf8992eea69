"""Hints on a scorecard, one more at a time as `grade hint` gives them, and how many of them a student has asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from grader.model import Scorecard, Verdict
from grader.serve import tables
from grader.serve.database import Database

if TYPE_CHECKING:
    from grader.serve.service import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a student may read about one function that is not right yet: the hints that were given, of ``most``."""

    exercise: str
    function: str
    given: tuple[str, ...]
    most: int


def hints_for(service: Service, student: str, card: Scorecard | None) -> dict[str, list[Hints]]:
    """The hints about each function of a scorecard that is not accepted, by exercise; without those of which the course has none."""
    counts = given_to(service.database, student)
    by_name = {exercise.name: exercise for exercise in service.course.exercises}
    found: dict[str, list[Hints]] = {}
    for one in card.exercises if card else ():
        open_ = {function.name for function in one.functions if function.verdict not in (Verdict.ACCEPTED, Verdict.GRADER_ERROR)}
        for spec in by_name[one.name].functions:
            if spec.name in open_ and spec.hints:
                count = counts.get((one.name, spec.name), 0)
                hints = Hints(exercise=one.name, function=spec.name, given=spec.hints[:count], most=len(spec.hints))
                found.setdefault(one.name, []).append(hints)
    return found


def given_to(database: Database, student: str) -> Mapping[tuple[str, str], int]:
    """How many hints somebody was given about each function."""
    columns = tables.hints.c
    query = select(columns.exercise, columns.function, columns.given).where(columns.student == student)
    with database.reading() as connection:
        return {(exercise, function): given for exercise, function, given in connection.execute(query)}


def give(database: Database, student: str, exercise: str, function: str, *, seen: int) -> None:
    """Give one more hint to somebody who has seen so many. A form that is sent twice gives one."""
    columns = tables.hints.c
    mine = (columns.student == student, columns.exercise == exercise, columns.function == function)
    with database.writing() as connection:
        there = connection.execute(select(columns.given).where(*mine)).first()
        if there is None and seen == 0:
            connection.execute(insert(tables.hints).values(student=student, exercise=exercise, function=function, given=1))
        elif there is not None:
            connection.execute(update(tables.hints).where(*mine, columns.given == seen).values(given=seen + 1))
