"""Judge a backward pass: against the reference, and, where the student's own forward pass is wrong, against that forward pass.

Follow-through: an error in the forward pass should cost its marks once. A backward pass that disagrees with the reference but
is the right gradient of what the student's forward really computes earns its credit. The derivative of the student's forward is
taken by central differences of fourth order along random directions, at the case itself.

Two conditions keep the rule from paying for nothing: the forward pass must be wrong on this very case (else the reference is the
judge), and it must be a function worth differentiating: it depends on every argument that the reference depends on, and it bends
where the reference bends, so that returning the input and passing the gradient through earns nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.checks.compare import Tolerance, default_tolerance, expect_values, judge_values, ready_to_compare
from grader.checks.model import Answers, Expectation, Fallback, NoValue, Result
from grader.checks.record import Call, Student, StudentFunction
from grader.model import Finding

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]

DIRECTIONS = 3
STEP = 1e-3
# Second differences are taken far out, where the curvature of a wrong forward pass shows.
REACH = 0.5
# Fourth-order differences at this step are good to about 1e-10 relative; a wrong gradient along a random direction is not.
AGREEMENT = 1e-6


def compare_gradient(
    backward: Call,
    *,
    of: Call,
    wrt: Sequence[int],
    upstream: Floats,
    rng: np.random.Generator,
    output: int = 0,
    items: Sequence[int] | None = None,
    tolerance: Tolerance | None = None,
    dtype: type[np.float32] | None = None,
    follow_through: bool = True,
) -> Expectation:
    """Expect the gradients that `backward` returns, those of the reference or of the student's own forward pass.

    Parameters
    ----------
    of
        The forward call whose cache was handed to `backward`.
    wrt
        The indices of the forward call's arguments that the results of `backward` are the gradients of, in order.
    upstream
        The upstream gradient, shaped like result `output` of the forward call.
    rng
        Draws the directions.
    items
        Which results of `backward` to judge, as many as `wrt`; by default all.
    """
    gradients = backward.results if items is None else tuple(backward[item] for item in items)
    allowed = tolerance or default_tolerance(None if dtype is None else np.dtype(dtype))
    expected = tuple(gradient.expected for gradient in gradients)
    to_reference = expect_values(gradients, expected=expected, tolerance=dataclasses.astuple(allowed))
    if not follow_through or dtype is not None:
        return to_reference
    return dataclasses.replace(to_reference, fallback=_own_forward(gradients, of, wrt, upstream, rng, output, allowed))


def _own_forward(
    gradients: Sequence[Result],
    of: Call,
    wrt: Sequence[int],
    upstream: Floats,
    rng: np.random.Generator,
    output: int,
    tolerance: Tolerance,
) -> Fallback:
    arguments = of.spec.passed
    # From a stream of their own, so that checks that share cases draw the same inputs whichever gradients each of them looks at.
    side = rng.spawn(1)[0]
    # One direction at a time moves one argument, so that each gradient is judged alone.
    directions = [(k, side.standard_normal(np.shape(arguments[k]))) for k in wrt for _ in range(DIRECTIONS)]
    points = (0.0, STEP, -STEP, 2 * STEP, -2 * STEP, REACH, -REACH)

    def record(student: Student) -> tuple[Result, ...]:
        forward = StudentFunction(of.spec.function, student._recorder)
        return tuple(
            forward(*_moved(arguments, index, step * direction), **of.spec.options)[output] if of.spec.returns else
            forward(*_moved(arguments, index, step * direction), **of.spec.options).result
            for index, direction in directions
            for step in points
        )  # fmt: skip

    def judge(answers: Answers, outputs: tuple[Result, ...]) -> str | None:
        try:
            own = [ready_to_compare(answers.value(result), np.shape(upstream), "") for result in outputs]
            found = [ready_to_compare(answers.value(g), np.shape(g.expected), "") for g in gradients]
        except NoValue:
            return None
        if any(isinstance(value, Finding) for value in (*own, *found)):
            return None
        expected = [np.asarray(result.expected, np.float64) for result in outputs]
        if judge_values(own[0], expected[0], tolerance, "") is None:
            return None
        by_argument = dict(zip(wrt, found, strict=True))
        for number, (index, direction) in enumerate(directions):
            here = slice(number * len(points), (number + 1) * len(points))
            if not _agrees(own[here], expected[here], upstream, by_argument[index], direction):
                return None
        name = of.spec.function
        return f"It is the right gradient of your own {name}, so it has its points. Correct {name}, then check this again."

    return Fallback(record=record, judge=judge)


def _moved(arguments: Sequence[Any], index: int, by: Floats) -> tuple[Any, ...]:
    moved = list(arguments)
    value = moved[index] + by
    moved[index] = float(value) if np.ndim(value) == 0 else value
    return tuple(moved)


def _agrees(own: Sequence[Any], expected: Sequence[Any], upstream: Floats, gradient: Any, direction: Floats) -> bool:
    """Whether `gradient` is the derivative of the student's own forward along `direction`, and one that says something."""
    slope = _slope([float(np.sum(value * upstream)) for value in own])
    claimed = float(np.sum(gradient * direction))
    size = float(np.linalg.norm(np.asarray(gradient, np.float64)) * np.linalg.norm(direction))
    if abs(slope - claimed) > AGREEMENT * max(size, abs(slope)) + 1e-9:
        return False
    reference_slope = _slope([float(np.sum(value * upstream)) for value in expected])
    depends = abs(slope) > 1e-6 * max(abs(reference_slope), 1e-6) or abs(reference_slope) < 1e-9
    return depends and _bends(own, upstream) >= 1e-3 * _bends(expected, upstream)


def _slope(losses: Sequence[float]) -> float:
    """Fourth-order central difference from the losses at 0, h, -h, 2h, -2h."""
    return (8 * (losses[1] - losses[2]) - (losses[3] - losses[4])) / (12 * STEP)


def _bends(outputs: Sequence[Any], upstream: Floats) -> float:
    """How far the output is from going straight through the case along the direction; 0 where rounding is all there is."""
    centre, ahead, behind = outputs[0], outputs[5], outputs[6]
    bend = float(np.max(np.abs(ahead - 2 * centre + behind), initial=0.0))
    scale = float(np.max(np.abs(centre), initial=0.0)) + 1.0
    return bend if bend > 1e-9 * scale else 0.0
