"""Turn the public checks of an exercise into data: calls with their arguments, and what is expected of their results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.catalog import PUBLIC_SEED, Course, Exercise, load_checks, load_reference
from grader.checks.model import Expectation, Frozen, PlannedCall, PlannedCheck, Rule
from grader.checks.plan import plan_checks
from grader.errors import CourseError
from grader.kit.exact import Table, to_json
from grader.model import Visibility
from grader.sandbox.inside import request

# These look at the shapes and dtypes of what is expected, and at no value.
BY_FORM = frozenset({Rule.SHAPE, Rule.DTYPE, Rule.QUIET, Rule.FORM})


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenExercise:
    """The public checks of one exercise as tables for JSON, and which of them judge less than the course does."""

    name: str
    checks: tuple[Table, ...]
    weaker: tuple[str, ...]


def freeze_exercise(course: Course, exercise: Exercise) -> FrozenExercise:
    """Freeze the public checks of an exercise, with the cases that the public seed gives.

    They are planned by themselves, so that not even the numbers of the calls depend on a hidden check or a secret seed.

    Raises
    ------
    CourseError
        If the course is broken, or if a public check has a value that cannot be written down.
    """
    checks = [check for check in load_checks(course, exercise) if check.visibility is Visibility.PUBLIC]
    module = load_reference(course, exercise)
    planned = plan_checks(checks, module, labels=exercise.labels, aliases=exercise.aliases, seed_of=lambda _check: PUBLIC_SEED)
    return FrozenExercise(
        name=exercise.name,
        checks=tuple(_freeze_check(one) for one in planned),
        weaker=tuple(f"{one.check.function}: {one.check.title}" for one in planned if not is_whole(one)),
    )


def is_whole(planned: PlannedCheck) -> bool:
    """Whether a frozen check requires all that the check does."""
    return all(isinstance(one.judge, Frozen) and one.judge.whole and one.fallback is None for one in planned.expectations)


def _freeze_check(planned: PlannedCheck) -> Table:
    check = planned.check
    try:
        return {
            "name": check.name,
            "function": check.function,
            "kind": str(check.kind),
            # In class most public checks are a first look and earn nothing; in a kit they are all that there is to get right.
            "points": check.points or 1,
            "requirement": check.requirement,
            "by_outcome": check.by_outcome,
            "whole": is_whole(planned),
            "calls": [_freeze_call(call) for call in planned.calls],
            "expectations": [_freeze_expectation(one) for one in planned.expectations],
        }
    except TypeError as error:
        raise CourseError(
            f"the public check {check.name} of {check.function} cannot be put into a kit: {error}",
            remedy="Let it use numbers, text, arrays, and lists, tuples or dicts of them, or make it hidden.",
        ) from error


def _freeze_call(call: PlannedCall) -> Table:
    # Marshalled bytes differ with the history of the objects in them, and may not be read by every Python; so the request is written anew.
    _number, callee, _returns, arguments, options, *_wants, _reply_bytes, seed = _unpacked(request.decode(call.frame))
    return {
        "number": call.number,
        "function": call.function,
        "callee": to_json(callee),
        "returns": call.returns,
        "arguments": to_json(arguments),
        "options": to_json(options),
        "wants": [[item, after] for item, after in call.wants],
        "reply_bytes": call.reply_bytes,
        "seed": seed,
    }


def _unpacked(value: Any) -> Any:
    """A decoded request with everything that travels as bytes read."""
    if isinstance(value, bytes):
        value = request.read(value)
        return request.Recipe(value.source, tuple(map(_unpacked, value.constants))) if isinstance(value, request.Recipe) else value
    if isinstance(value, (tuple, list)):
        return type(value)(map(_unpacked, value))
    return {key: _unpacked(item) for key, item in value.items()} if isinstance(value, dict) else value


def _freeze_expectation(expectation: Expectation) -> Table:
    # Nothing is known of what the author's own code accepts, but that it needs something to look at.
    rule, results, given = Rule.RETURNED, expectation.wants, {"calls": expectation.calls}
    if isinstance(expectation.judge, Frozen):
        rule, results, given = expectation.judge.rule, expectation.judge.results, expectation.judge.given
    return {
        "rule": str(rule),
        "results": [
            {
                "call": result.call,
                "item": result.item,
                "after": result.after,
                "label": result.label,
                **({"like": to_json(_form(result.expected))} if rule in BY_FORM else {}),
            }
            for result in results
        ],
        "given": {key: to_json(_plain(value)) for key, value in given.items()},
    }


def _form(value: Any) -> Any:
    """A value of the same types and shapes with nothing in it."""
    if isinstance(value, (np.ndarray, np.generic)):
        return np.zeros_like(value)
    if isinstance(value, dict):
        return {key: _form(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return _sequence(value, [_form(item) for item in value])
    return type(value)() if type(value) in (bool, int, float) else value


def _plain(value: Any) -> Any:
    """A value without the subclasses of dicts, lists and tuples that a reference may use."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return _sequence(value, [_plain(item) for item in value])
    return value


def _sequence(value: Sequence[Any], items: list[Any]) -> Any:
    return tuple(items) if isinstance(value, tuple) else items
