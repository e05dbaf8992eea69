"""Checks of the two experiments: what the activations of a deep network look like, and a step from equal units."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from grader.checks import Call, Expectation, Finding, Kind, Rung, Student, Tolerance, check, compare, contract
from grader.checks.compare import ready_to_compare, wrong_shape

from .initialization import Rng, expect
from .initialization_law import Floats, law

ACTIVATIONS = ("sigmoid", "tanh", "relu")
ANY_NUMBER = Tolerance(rtol=0.0, scaled=0.0, atol=math.inf)


def draw_network(rng: Rng, activation: str, N: int = 6, margin: float = 1e-4) -> tuple[Floats, list[tuple[Floats, Floats]]]:
    """Draw a batch and three layers, again until every statistic of the first layer says something.

    Both ends saturate, some units are dead and some are 0 for a part of the batch; no value is near the edge of saturation.
    """
    while True:
        x: Floats = rng.normal(0.3, 1.0, (N, 4))
        weights: list[tuple[Floats, Floats]] = [(rng.normal(0, 2.5, (i, o)), rng.normal(0.4, 1.0, o)) for i, o in pairwise((4, 9, 7, 5))]
        first, biases = weights[0]
        if activation == "relu":
            biases[5] = -60.0
        if activation != "sigmoid":
            first[:, 2] = biases[2] = 0.0
        if all(_distances_from_saturation(x, weights, activation) > margin) and (N == 1 or _telling(x, *weights[0])):
            return x, weights


def _distances_from_saturation(x: Floats, weights: Sequence[tuple[Floats, Floats]], activation: str) -> Floats:
    distances = [np.array([1.0])]
    h = x
    for W, b in weights:
        s = h @ W + b
        h = {"sigmoid": (1 + np.tanh(s / 2)) / 2, "tanh": np.tanh(s), "relu": np.maximum(s, 0)}[activation]
        if activation != "relu":
            nearest = np.minimum(h if activation == "sigmoid" else 1 + h, 1 - h)
            distances.append(np.ravel(np.abs(nearest - 0.01)))
    return np.concatenate(distances)


def _telling(x: Floats, W: Floats, b: Floats) -> bool:
    s = x @ W + b
    positive = np.count_nonzero(s > 0, axis=0)
    ends = np.any(s > 5) and np.any(s < -5) and np.any(np.abs(s) < 1)
    return bool(ends and np.any((positive > 0) & (positive < len(x))) and np.any(x @ W[:, 5] > 0))


def _expect_entry(student: Student, rng: Rng, key: str, dtype: Any = None) -> Iterator[Expectation]:
    for activation in ACTIVATIONS:
        x, weights = draw_network(rng, activation)
        call = student.activation_statistics(x, weights, activation)
        yield compare(call, to=[{key: entry[key]} for entry in call.result.expected])


@check("activation_statistics", Kind.SMOKE, points=0, public=True)
def returns_a_dict_per_layer(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a list with one dict per weight layer; each holds the numbers mean, std, saturated and dead."""
    yield compare(student.activation_statistics(*draw_network(rng, "tanh"), "tanh"), tolerance=ANY_NUMBER)


@check("activation_statistics", Kind.VALUE, points=2)
def takes_the_mean_of_the_activations(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give the mean of all values of a layer, after the activation; add the biases in every layer."""
    yield from _expect_entry(student, rng, "mean")
    x, weights = draw_network(rng, "tanh", N=1)
    call = student.activation_statistics(x, weights, "tanh")
    yield compare(call, to=[{"mean": entry["mean"]} for entry in call.result.expected])


@check("activation_statistics", Kind.VALUE, points=1)
def takes_the_standard_deviation_of_all_values(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give the standard deviation of all values of a layer at once; divide by their number (ddof 0)."""
    yield from _expect_entry(student, rng, "std")


@check("activation_statistics", Kind.VALUE, points=2)
def counts_saturation_at_both_ends(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give the share of values within 1e-2 of an asymptote, at either end; for relu it is 0."""
    yield from _expect_entry(student, rng, "saturated")


@check("activation_statistics", Kind.VALUE, points=2)
def counts_units_that_are_dead_for_every_example(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give the share of units, not of values, that are exactly 0 for every example, whatever the activation."""
    yield from _expect_entry(student, rng, "dead")


@check("activation_statistics", Kind.VALUE, points=1)
def works_in_float32(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give the same statistics for float32 arrays, to their precision."""
    x, weights = draw_network(rng, "sigmoid", margin=1e-3)
    single = [(W.astype(np.float32), b.astype(np.float32)) for W, b in weights]
    yield compare(student.activation_statistics(x.astype(np.float32), single, "sigmoid"), dtype=np.float32)


def _call_statistics(activation: str) -> Callable[[Student, Rng, Any, float], Call]:
    def call(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
        x, weights = draw_network(rng, activation)
        cast = [(W.astype(dtype), b.astype(dtype)) for W, b in weights]
        return student.activation_statistics((x * scale).astype(dtype), cast, activation)

    return call


statistics_contract = contract("activation_statistics", _call_statistics("sigmoid"), shape=0, dtype=0, stability=1)

# ---------------------------------------------------------------------------------------------------------------- symmetric_step

SHAPES_OF_STEP = {"W1": (2, 2), "b1": (2,), "W2": (2, 1), "b2": (1,)}


def draw_step(rng: Rng, dtype: Any = np.float64, scale: float = 1.0) -> tuple[dict[str, Floats], Floats]:
    """Parameters of a network with unequal units, and an input, in the order of the signature."""
    params = {key: rng.normal(0, 0.8, shape).astype(dtype) for key, shape in SHAPES_OF_STEP.items()}
    x: Floats = (rng.uniform(0.5, 1.5, 2) * rng.choice([-1.0, 1.0], 2) * scale).astype(dtype)
    return params, x


@check("symmetric_step", Kind.SMOKE, points=0, public=True)
def returns_the_four_parameters(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one dict with W1, b1, W2 and b2."""
    yield compare(student.symmetric_step(*draw_step(rng), 0.0, 1.0), tolerance=ANY_NUMBER)


def _expect_step(student: Student, rng: Rng, *keys: str) -> Iterator[Expectation]:
    for y, lr in ((0.3, 0.7), (-1.0, 0.1), (1.0, 2.5)):
        call = student.symmetric_step(*draw_step(rng), y, lr)
        yield compare(call, to={key: call.result.expected[key] for key in keys})


@check("symmetric_step", Kind.VALUE, points=3)
def moves_the_output_layer(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Take one step of descent on W2 and b2, with L = (o - y)^2."""
    yield from _expect_step(student, rng, "W2", "b2")


@check("symmetric_step", Kind.VALUE, points=3)
def moves_the_hidden_layer(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Take one step of descent on W1 and b1, whose gradients are those at the old W2."""
    yield from _expect_step(student, rng, "W1", "b1")


@check("symmetric_step", Kind.VALUE, points=1)
def keeps_equal_units_equal(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Two hidden units that start equal must move and stay equal. Column j of W1 belongs to unit j."""
    params, x = draw_step(rng)
    equal = {"W1": params["W1"][:, [0, 0]], "b1": params["b1"][[0, 0]], "W2": params["W2"][[0, 0]], "b2": params["b2"]}
    yield expect(lambda step: _equal_units(step, equal), _read_step, student.symmetric_step(equal, x, 0.3, 0.7))


def _read_step(value: Any, expected: dict[str, Floats], label: str) -> dict[str, Floats] | Finding:
    if not isinstance(value, dict) or not value.keys() >= expected.keys():
        return Finding(rung=Rung.TYPE, message=f"{label} is not a dict with the keys {', '.join(expected)}.")
    step: dict[str, Floats] = {}
    for key, due in expected.items():
        ready = ready_to_compare(value[key], due.shape, key)
        if isinstance(ready, Finding):
            return ready
        step[key] = ready
    return step


def _equal_units(step: dict[str, Floats], start: dict[str, Floats]) -> Finding | None:
    sides = (step["W1"][:, 0], step["W1"][:, 1]), (step["b1"][0], step["b1"][1]), (step["W2"][0], step["W2"][1])
    if not all(np.allclose(one, other, rtol=1e-9, atol=1e-12) for one, other in sides):
        return law("units_differ", "Two equal units are different after the step.")
    if any(np.allclose(step[key], start[key], rtol=1e-9, atol=1e-12) for key in start):
        return law("units_stay", "Some parameters did not move at all.")
    return None


@check("symmetric_step", Kind.SHAPE, points=1)
def keeps_the_shapes(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return every parameter in the shape in which it was given."""
    yield expect(_shapes_of, _read_raw_step, student.symmetric_step(*draw_step(rng), 0.3, 0.7))


def _read_raw_step(value: Any, expected: dict[str, Floats], label: str) -> Any:
    ready = _read_step(value, expected, label)
    return ready if isinstance(ready, Finding) else value


def _shapes_of(step: dict[str, Any]) -> Finding | None:
    wrong = (wrong_shape(np.shape(step[key]), due, key) for key, due in SHAPES_OF_STEP.items() if np.shape(step[key]) != due)
    return next(wrong, None)


@check("symmetric_step", Kind.DTYPE, points=1)
def keeps_the_dtypes(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return the dtype of the parameters: float32 in, float32 out; float64 in, float64 out."""
    for dtype in (np.float64, np.float32):
        yield expect(partial(_dtypes_of, dtype=dtype), _read_raw_step, student.symmetric_step(*draw_step(rng, dtype), 0.3, 0.7))


def _dtypes_of(step: dict[str, Any], dtype: Any) -> Finding | None:
    for key in SHAPES_OF_STEP:
        if np.asarray(step[key]).dtype != dtype:
            return Finding(rung=Rung.DTYPE, message=f"{key} is {np.asarray(step[key]).dtype} where {np.dtype(dtype)} is required.")
    return None


def _call_step(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    params, x = draw_step(rng, dtype, scale)
    # One hidden sum is large and positive, the other large and negative, whatever was drawn.
    params["W1"] = (0.5 + np.abs(params["W1"])) * np.outer(np.sign(x), np.array([1.0, -1.0], dtype))
    return student.symmetric_step(params, x, 0.3, 0.7)


step_contract = contract("symmetric_step", _call_step, shape=0, dtype=0, stability=1)
