"""Turn the frozen public checks of a kit into checks again, which are judged as any others are.

A kit is in the hands of whoever works with it, so what is read here may have been edited: it is refused in one sentence, or it is a check
of the same kinds as ours. What it asks for runs in the sandbox as everything else does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader.catalog import Course, Exercise
from grader.checks.answers import UNREADABLE
from grader.checks.compare import expect_dtype, expect_form, expect_quiet, expect_shape, expect_unchanged, expect_values
from grader.checks.model import Answers, Check, Expectation, PlannedCall, PlannedCheck, Result, Rule
from grader.checks.record import Student
from grader.errors import CourseError
from grader.kit.exact import Table, from_json
from grader.model import Finding, Kind, Visibility
from grader.sandbox.inside import request

CHECK = {"name", "function", "kind", "points", "requirement", "by_outcome", "whole", "calls", "expectations"}
CALL = {"number", "function", "callee", "returns", "arguments", "options", "wants", "reply_bytes", "seed"}
EXPECTATION = {"rule", "results", "given"}
RESULT = {"call", "item", "after", "label"}
WEAKER = "(Here it is looked at less closely than in class.)"


def expect_returned(results: tuple[Result, ...], *, calls: tuple[int, ...]) -> Expectation:
    """Expect that these results are there, whatever they are: no exception, and as many of them as there must be."""

    def judge(answers: Answers) -> Finding | None:
        for result in results:
            answers.value(result)
        return None

    return Expectation(wants=results, judge=judge, calls=calls)


RULES: dict[Rule, Callable[..., Expectation]] = {
    Rule.VALUES: expect_values,
    Rule.SHAPE: expect_shape,
    Rule.DTYPE: expect_dtype,
    Rule.UNCHANGED: expect_unchanged,
    Rule.QUIET: expect_quiet,
    Rule.FORM: expect_form,
    Rule.RETURNED: expect_returned,
}


def load_public_checks(course: Course, exercise: Exercise) -> tuple[PlannedCheck, ...]:
    """Read the public checks of an exercise from a kit.

    Raises
    ------
    CourseError
        If they are not as they were made.
    """
    path = course.root / "checks" / f"{exercise.name}.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        planned = tuple(_thaw_check(_keys(table, CHECK)) for table in found)
        _refuse_strange(planned, exercise)
    except (*UNREADABLE, OSError, RecursionError) as error:
        raise CourseError(
            f"{path} is not as it was made ({type(error).__name__}: {error})",
            remedy="Take it from the kit that you were given once more; your own files can stay as they are.",
        ) from error
    return planned


def _keys(table: Any, keys: set[str]) -> Table:
    if type(table) is not dict or table.keys() != keys:
        raise ValueError(f"what should have the entries {', '.join(sorted(keys))} has others")
    return table


def _thaw_check(table: Table) -> PlannedCheck:
    if not all(isinstance(table[key], str) for key in ("name", "function", "requirement")):
        raise ValueError("a check without a name, a function or a requirement")
    if type(table["points"]) is not int or not 0 < table["points"] < 1 << 20:
        raise ValueError("a check whose points are no number of points")
    check = Check(
        name=table["name"],
        function=table["function"],
        kind=Kind(table["kind"]),
        points=table["points"],
        requirement=table["requirement"] if table["whole"] is True else f"{table['requirement']} {WEAKER}",
        visibility=Visibility.PUBLIC,
        body=_no_body,
        by_outcome=bool(table["by_outcome"]),
    )
    expectations = tuple(_thaw_expectation(_keys(one, EXPECTATION)) for one in table["expectations"])
    return PlannedCheck(check=check, calls=tuple(_thaw_call(_keys(one, CALL)) for one in table["calls"]), expectations=expectations)


def _no_body(_student: Student, _rng: np.random.Generator) -> Iterator[Expectation]:
    """The body of a check is the course's own; what it has come to is what a kit holds."""
    return iter(())


def _thaw_call(table: Table) -> PlannedCall:
    wants = tuple((int(item), bool(after)) for item, after in table["wants"])
    number, returns, reply_bytes = int(table["number"]), int(table["returns"]), int(table["reply_bytes"])
    items = tuple(max(item, 0) for item, after in wants if not after)
    left = tuple(item for item, after in wants if after)
    parts = [from_json(table[key]) for key in ("callee", "arguments", "options")]
    frame = request.encode((number, parts[0], returns, parts[1], parts[2], items, left, reply_bytes, int(table["seed"])))
    return PlannedCall(number=number, function=str(table["function"]), returns=returns, frame=frame, reply_bytes=reply_bytes, wants=wants)


def _thaw_expectation(table: Table) -> Expectation:
    results = tuple(_thaw_result(one) for one in table["results"])
    return RULES[Rule(table["rule"])](results, **{key: from_json(value) for key, value in table["given"].items()})


def _thaw_result(table: Table) -> Result:
    _keys({key: value for key, value in table.items() if key != "like"}, RESULT)
    return Result(int(table["call"]), int(table["item"]), bool(table["after"]), str(table["label"]), from_json(table.get("like")))


def _refuse_strange(planned: tuple[PlannedCheck, ...], exercise: Exercise) -> None:
    """Raise ValueError if a check is of no function of the exercise, or if a result is expected that no call gives."""
    calls = [call for one in planned for call in one.calls]
    given = {(call.number, *want) for call in calls for want in call.wants}
    if len({call.number for call in calls}) != len(calls):
        raise ValueError("two calls of one number")
    for one in planned:
        if one.check.function not in exercise.labels:
            raise ValueError(f"a check of {one.check.function}, which is no function of {exercise.name}")
        for expectation in one.expectations:
            if not {(result.call, result.item, result.after) for result in expectation.wants} <= given:
                raise ValueError(f"{one.check.name} looks at a result that no call gives")
            if not set(expectation.calls) <= {call.number for call in calls}:
                raise ValueError(f"{one.check.name} looks at a call that is not made")
