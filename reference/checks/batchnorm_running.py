"""Checks of what batch norm alone has: running statistics, which training updates and test mode uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.checks import Call, Expectation, Finding, Kind, Rung, Student, compare, compare_dtype
from grader.checks.compare import wrong_shape
from grader.checks.model import Answers

from .batchnorm import BATCH, LARGE, RUNNING, SMALL, SPATIAL, TINY, Body, Floats, Layer, Rng, Shape, forward_checks


def averages_the_running_statistics(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """In training, let running_mean and running_var of bn_param be momentum times the old value plus (1 - momentum) times the mean and
    the biased variance (without eps) of every {own}. Keep them in bn_param from call to call.
    """
    large, square = layer.shapes[:2]
    other: Any = layer.mode | drawn_statistics(rng, square)
    for more in ({}, {"momentum": 0.6}, {"momentum": 0.25, "eps": 0.1}):
        one: Any = layer.mode | more | drawn_statistics(rng, large)
        for _ in range(2):
            call = layer.call(student, *layer.draw(rng, large), one)
            yield compare_entries(call, RUNNING)
            one = call.after(3)
        call = layer.call(student, *layer.draw(rng, square), other)
        yield compare_entries(call, RUNNING)
        other = call.after(3)


def starts_the_running_statistics_at_zeros(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Where bn_param has no running statistics yet, both the mean and the variance start at zeros."""
    for more in ({}, {"momentum": 0.4}):
        yield compare_entries(layer.call(student, *layer.draw(rng, layer.shapes[0]), layer.mode | more), RUNNING)


def uses_the_running_statistics_at_test_time(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """In test mode, standardize every {own} with running_mean and running_var, whatever is in the batch."""
    for shape in (*layer.shapes[:2], (1, *layer.shapes[0][1:]), layer.shapes[-1]):
        yield at_test_time(layer, student, rng, shape, LARGE, TINY | {"momentum": 0.7}, plain=True)


def scales_and_shifts_at_test_time(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """In test mode too, multiply by gamma and add beta."""
    for shape in (*layer.shapes[:2], (1, *layer.shapes[0][1:])):
        yield at_test_time(layer, student, rng, shape, LARGE, TINY)


def adds_eps_to_the_variance_at_test_time(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """In test mode, divide by the square root of (running variance + eps)."""
    for size, more in ((SMALL, {}), (1.0, {"eps": 0.1}), (1.0, {"eps": 1.5})):
        yield at_test_time(layer, student, rng, layer.shapes[0], size, more, plain=True)


def at_test_time(
    layer: Layer, student: Student, rng: Rng, shape: Shape, size: float, more: dict[str, Any], *, plain: bool = False
) -> Expectation:
    """Compare one call in test mode; `plain` leaves scale and shift out of it."""
    x, gamma, beta = layer.draw(rng, shape, size)
    if plain:
        gamma, beta = np.ones_like(gamma), np.zeros_like(beta)
    return compare(layer.call(student, x, gamma, beta, {"mode": "test", **more, **drawn_statistics(rng, shape, size)})[0])


def changes_nothing_else_in_bn_param(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Leave everything else in bn_param as it is, and in test mode the running statistics too."""
    shape = layer.shapes[0]
    more = {"eps": 0.1, "momentum": 0.6, "layer": 3.5, "note": "third", **drawn_statistics(rng, shape)}
    trained = layer.call(student, *layer.draw(rng, shape), {"mode": "train", **more})
    yield compare_entries(trained, [key for key in ("mode", *more) if key not in RUNNING])
    yield compare_entries(layer.call(student, *layer.draw(rng, shape), {"mode": "test", **more}), ["mode", *more])


def keeps_the_shape_of_the_running_statistics(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give running_mean and running_var one number per {own}: one axis, not two."""
    shape = layer.shapes[0]
    for more in ({}, drawn_statistics(rng, shape)):
        yield entries_of_shape(layer.call(student, *layer.draw(rng, shape), layer.mode | more), (shape[1],))


def keeps_the_dtype_in_both_modes(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return the dtype that you are given, in training and in test mode: float32 in, float32 out; float64 in, float64 out."""
    shape = layer.shapes[0]
    for dtype in (np.float64, np.float32):
        for mode in ("train", "test"):
            arrays: list[Floats] = [one.astype(dtype) for one in layer.draw(rng, shape)]
            x, gamma, beta = arrays
            running = {key: value.astype(dtype) for key, value in drawn_statistics(rng, shape).items()}
            yield compare_dtype(layer.call(student, x, gamma, beta, {"mode": mode, **running})[0], dtype)


def drawn_statistics(rng: Rng, shape: Shape, size: float = 1.0) -> dict[str, Floats]:
    """Running statistics that are not those of any batch."""
    return {"running_mean": size * rng.uniform(-2, 2, shape[1]), "running_var": size**2 * rng.uniform(0.3, 4, shape[1])}


def compare_entries(call: Call, keys: Sequence[str]) -> Expectation:
    """Expect some entries of ``bn_param`` as the reference leaves them."""
    left = replace(call.after(3), label="bn_param")
    return compare(left, to={key: left.expected[key] for key in keys})


def entries_of_shape(call: Call, required: Shape) -> Expectation:
    """Expect running statistics of the shape `required`."""
    left = call.after(3)

    def judge(answers: Answers) -> Finding | None:
        param = answers.value(left)
        if not isinstance(param, dict):
            return Finding(rung=Rung.TYPE, message="bn_param is not a dict any more.")
        for key in RUNNING:
            if key not in param:
                return Finding(rung=Rung.TYPE, message=f"bn_param has no entry {key!r}.")
            shape = getattr(param[key], "shape", ())
            if shape != required:
                return wrong_shape(shape, required, f"bn_param[{key!r}]")
        return None

    return Expectation(wants=(left,), judge=judge)


OF_BATCHES: tuple[tuple[Body, Kind, int], ...] = (
    (averages_the_running_statistics, Kind.VALUE, 1),
    (uses_the_running_statistics_at_test_time, Kind.VALUE, 1),
    (scales_and_shifts_at_test_time, Kind.VALUE, 1),
    (adds_eps_to_the_variance_at_test_time, Kind.VALUE, 1),
    (keeps_the_shape_of_the_running_statistics, Kind.SHAPE, 1),
    (keeps_the_dtype_in_both_modes, Kind.DTYPE, 1),
)
# Asked of rows alone: most write the spatial form around this one, and would pay twice.
OF_ROWS: tuple[tuple[Body, Kind, int], ...] = (
    (starts_the_running_statistics_at_zeros, Kind.VALUE, 1),
    (changes_nothing_else_in_bn_param, Kind.PURITY, 1),
)

checks = (
    *forward_checks(BATCH, *OF_BATCHES, *OF_ROWS, points=1),
    *forward_checks(SPATIAL, *OF_BATCHES, points=1),
)
