"""The names of exercises and functions, as they are typed."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.catalog import Course, Exercise, FunctionSpec


def exercise_named(course: Course, name: str) -> Exercise:
    """The exercise called `name`; a file name or path is understood as well."""
    stem = stem_of(name)
    known = {exercise.name: exercise for exercise in course.exercises}
    if stem not in known:
        raise click.UsageError(f"There is no exercise {name!r}; {meant(stem, list(known))}")
    return known[stem]


def stem_of(name: str) -> str:
    """The last part of a path, without ``.py``."""
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2].removesuffix(".py")


def function_named(course: Course, name: str) -> tuple[Exercise, FunctionSpec | None]:
    """The exercise and function that `name` stands for, as in ``batchnorm.batchnorm_forward`` or ``batchnorm_forward``; an exercise
    alone if `name` is one.
    """
    stem, dot, function = name.partition(".")
    if not dot and stem in {exercise.name for exercise in course.exercises}:
        return exercise_named(course, stem), None
    wanted = function if dot else stem
    found = [
        (exercise, spec)
        for exercise in ([exercise_named(course, stem)] if dot else course.exercises)
        for spec in exercise.functions
        if wanted == spec.name or wanted in spec.aliases
    ]
    exact = [pair for pair in found if pair[1].name == wanted] or found
    if len(exact) > 1:
        raise click.UsageError(f"{wanted} is in {' and '.join(exercise.name for exercise, _spec in exact)}: name it as EXERCISE.{wanted}.")
    if not exact:
        among = [spec.name for exercise in course.exercises if not dot or exercise.name == stem for spec in exercise.functions]
        raise click.UsageError(f"{f'{stem} has no' if dot else 'No exercise has a'} function {wanted!r}; {meant(wanted, among)}")
    return exact[0]


def meant(name: str, known: list[str]) -> str:
    """The end of a sentence about a name that is not there: the nearest one, or where the names are."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else "`grade list` and `grade show` have the names."
