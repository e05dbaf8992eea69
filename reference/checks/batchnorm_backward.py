"""Checks of the backward passes of all normalization layers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from grader.checks import Call, Check, Expectation, Kind, Student, compare_form, compare_gradient, contract

from .batchnorm import BATCH, GROUP, LAYER, SPATIAL, Floats, Layer, Rng, Shape, declare


def returns_three_gradients(function: str, layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return dx, dgamma and dbeta, in this order."""
    _, backward, _ = back_and_forth(function, layer, student, rng, layer.cases[0])
    yield compare_form(*backward.results)


def gives_the_gradient_of_the_input(function: str, layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Multiply dout by gamma; then send it back to x along all three paths: directly, through the mean and through the variance."""
    for case in layer.cases:
        yield compare_own(function, layer, student, rng, case, items=(0,))
    yield compare_own(function, layer, student, rng, layer.cases[0], items=(0,), dtype=np.float32)


def gives_the_gradients_of_gamma_and_beta(function: str, layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Sum dout * x_hat for dgamma, and dout for dbeta, over everything that shares a parameter: one number per {per}."""
    for case in layer.cases[:3]:
        yield compare_own(function, layer, student, rng, case, items=(1, 2))


def uses_the_eps_of_the_forward_pass(function: str, layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Use the standard deviation that the forward pass divided by: the square root of (variance + eps), with the eps that it was given."""
    for eps in (0.1, 1.5):
        yield compare_own(function, layer, student, rng, layer.cases[0], items=(0, 1, 2), more={"eps": eps})


def leaves_the_cache_as_it_is(function: str, layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Keep all you need in the cache and do not change it: used again, even after another forward pass, it gives the same gradients."""
    shape, groups = layer.cases[0]
    dout = rng.standard_normal(shape)
    kept = layer.call(student, *layer.draw(rng, shape), layer.mode, groups)
    layer.call(student, *layer.draw(rng, shape), layer.mode, groups)
    for _ in range(2):
        yield compare_gradient(getattr(student, function)(dout, kept[1]), of=kept, wrt=(0, 1, 2), upstream=dout, rng=rng)


def back_and_forth(
    function: str, layer: Layer, student: Student, rng: Rng, case: tuple[Shape, int], *, more: Any = None, dtype: Any = np.float64
) -> tuple[Call, Call, Floats]:
    """Call forward and backward; the upstream gradient is uneven, because one that is constant hides most mistakes."""
    shape, groups = case
    arrays: list[Floats] = [one.astype(dtype) for one in layer.draw(rng, shape)]
    x, gamma, beta = arrays
    dout: Floats = (rng.standard_normal(shape) * rng.uniform(0.5, 3, shape)).astype(dtype)
    forward = layer.call(student, x, gamma, beta, layer.mode | (more or {}), groups)
    return forward, getattr(student, function)(dout, forward[1]), dout


def compare_own(
    function: str, layer: Layer, student: Student, rng: Rng, case: tuple[Shape, int], *, items: Shape, more: Any = None, dtype: Any = None
) -> Expectation:
    """Expect some of the gradients of one call."""
    forward, backward, dout = back_and_forth(function, layer, student, rng, case, more=more, dtype=dtype or np.float64)
    return compare_gradient(backward, of=forward, wrt=items, items=items, upstream=dout, rng=rng, dtype=dtype)


def call_backward(function: str, layer: Layer, student: Student, rng: Rng, dtype: Any, _scale: float) -> Call:
    """Call forward and backward for the contract of backward."""
    return back_and_forth(function, layer, student, rng, layer.cases[0], dtype=dtype)[1]


def backward_checks(layer: Layer, function: str) -> tuple[Check, ...]:
    """The checks of a backward function, which all share."""
    rows = (
        (returns_three_gradients, Kind.SMOKE, 0, ""),
        (gives_the_gradient_of_the_input, Kind.GRADIENT, 2, "gradients"),
        (gives_the_gradients_of_gamma_and_beta, Kind.GRADIENT, 1, "gradients"),
        (uses_the_eps_of_the_forward_pass, Kind.GRADIENT, 1, ""),
        (leaves_the_cache_as_it_is, Kind.GRADIENT, 1, ""),
    )
    declared = (declare(layer, body, kind, points, backward=function, cases=cases) for body, kind, points, cases in rows)
    return (*declared, *contract(function, partial(call_backward, function, layer)))


checks = tuple(
    entry for layer in (BATCH, SPATIAL, LAYER, GROUP) for function in layer.backward for entry in backward_checks(layer, function)
)
