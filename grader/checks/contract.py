"""The checks that every function has alike: shape, dtype, purity, stability. One sentence each, stated once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from grader.checks.compare import compare_dtype, compare_quiet, compare_shape, compare_unchanged
from grader.checks.model import Check, Expectation, Result
from grader.checks.record import Call, Student
from grader.model import Kind, Visibility

# Makes one call of the function under test: of float64 or float32 arrays of ordinary magnitude, or with values up to `scale`.
Caller = Callable[[Student, np.random.Generator, type[np.floating[Any]], float], Call]

LARGE = 1e4


def contract(
    function: str,
    caller: Caller,
    *,
    shape: int = 1,
    dtype: int = 1,
    purity: int = 1,
    stability: int = 0,
    exempt: Sequence[int] = (),
    items: Sequence[int] | None = None,
) -> tuple[Check, ...]:
    """Declare the standing checks of `function`; a kind with 0 points is left out.

    Parameters
    ----------
    caller
        ``caller(student, rng, dtype, scale)`` draws arguments and makes the call; `scale` is 1, or 1e4 for stability.
    exempt
        Indices of the arguments that the function may modify.
    items
        Which results to judge; by default all that are numbers, or lists and dicts of them.
    """

    def judged(call: Call) -> tuple[Result, ...]:
        return call.judged if items is None else tuple(call.results[item] for item in items)

    def keeps_the_shape(student: Student, rng: np.random.Generator) -> Iterator[Expectation]:
        for kind in (np.float64, np.float32):
            yield from (compare_shape(result) for result in judged(caller(student, rng, kind, 1.0)))

    def keeps_the_dtype(student: Student, rng: np.random.Generator) -> Iterator[Expectation]:
        for kind in (np.float64, np.float32):
            call = caller(student, rng, kind, 1.0)
            yield from (compare_dtype(result, kind) for result in judged(call) if _has_floats(result.expected))

    def leaves_its_arguments_alone(student: Student, rng: np.random.Generator) -> Iterator[Expectation]:
        yield compare_unchanged(caller(student, rng, np.float64, 1.0), exempt=exempt)

    def stays_finite_and_quiet(student: Student, rng: np.random.Generator) -> Iterator[Expectation]:
        for kind in (np.float64, np.float32):
            call = caller(student, rng, kind, LARGE)
            # What a float64 holds with ease may pass through an overflow in float32 and still come out right.
            yield compare_quiet(call, *judged(call), silent=kind is np.float64)

    sentences = {
        keeps_the_shape: (Kind.SHAPE, shape, "Return results of exactly the required shapes."),
        keeps_the_dtype: (Kind.DTYPE, dtype, "Return the dtype that you are given: float32 in, float32 out; float64 in, float64 out."),
        leaves_its_arguments_alone: (Kind.PURITY, purity, "Leave the arguments as they are: work on a copy, or on a new array."),
        stays_finite_and_quiet: (
            Kind.STABILITY,
            stability,
            "For inputs between -10 000 and 10 000, return finite values; in float64, cause no NumPy warning either.",
        ),
    }
    return tuple(
        Check(
            name=body.__name__,
            function=function,
            kind=kind,
            points=points,
            requirement=requirement,
            visibility=Visibility.HIDDEN,
            body=body,
            cases="" if body is stays_finite_and_quiet else "contract",
        )
        for body, (kind, points, requirement) in sentences.items()
        if points
    )


def _has_floats(expected: Any) -> bool:
    """Whether a result is, or holds, an array of floating point numbers; a scalar's dtype is nobody's business."""
    entries = expected.values() if isinstance(expected, dict) else expected if isinstance(expected, (list, tuple)) else None
    if entries is not None:
        return any(map(_has_floats, entries))
    return bool(np.ndim(expected)) and np.asarray(expected).dtype.kind == "f"
