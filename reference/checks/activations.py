"""Checks of the activation functions. Inputs stay away from the kinks, where any subgradient is right, except where that is the point."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader.checks import (
    Call,
    Check,
    Expectation,
    Kind,
    Student,
    check,
    compare,
    compare_dtype,
    compare_gradient,
    compare_law,
    contract,
)

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Rng = np.random.Generator
Draw = Callable[[Rng, tuple[int, ...]], Floats]

SHAPES = ((7, 5), (1, 6), (4, 1), (2, 3, 2, 3))


def signed(rng: Rng, shape: tuple[int, ...]) -> Floats:
    """Inputs of either sign, 0.1 to 4 away from 0."""
    x: Floats = rng.uniform(0.1, 4.0, shape) * rng.choice([-1.0, 1.0], shape)
    return x


def forward_of(student: Student, name: str) -> Any:
    return getattr(student, f"{name}_forward")


def backward_of(student: Student, name: str) -> Any:
    return getattr(student, f"{name}_backward")


def elementwise(  # noqa: C901 - a list of small bodies that share their parameters, none of which branches
    name: str, formula: str, gradient: str, options: tuple[dict[str, float], ...], *, stability: int = 0
) -> tuple[Check, ...]:
    """The checks of an activation that works on every element alone. `options` are the parameters that are tried, by name."""

    def is_right_for_two_values(student: Student, rng: Rng) -> Iterator[Expectation]:
        yield compare(forward_of(student, name)(np.array([[-1.5, 2.0]]))[0])

    def has_the_right_values(student: Student, rng: Rng) -> Iterator[Expectation]:
        for shape in SHAPES:
            for option in options:
                yield compare(forward_of(student, name)(signed(rng, shape), **option)[0])
        # As far as a sigmoid can be told from its asymptotes, so that an input cut off at 10 shows.
        yield compare(forward_of(student, name)(4 * signed(rng, SHAPES[0]), **options[-1])[0])

    def has_the_right_values_in_float32(student: Student, rng: Rng) -> Iterator[Expectation]:
        for option in options:
            yield compare(forward_of(student, name)(signed(rng, (5, 7)).astype(np.float32), **option)[0], dtype=np.float32)

    def gives_a_gradient(student: Student, rng: Rng) -> Iterator[Expectation]:
        cache = forward_of(student, name)(np.array([[-1.5, 2.0]]))[1]
        yield compare(backward_of(student, name)(np.array([[1.0, 3.0]]), cache))

    def multiplies_the_upstream_gradient_by_the_derivative(student: Student, rng: Rng) -> Iterator[Expectation]:
        for shape in SHAPES:
            for option in options:
                x, dout = signed(rng, shape), rng.standard_normal(shape)
                forward = forward_of(student, name)(x, **option)
                yield compare_gradient(backward_of(student, name)(dout, forward[1]), of=forward, wrt=(0,), upstream=dout, rng=rng)

    def call_forward(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
        call: Call = forward_of(student, name)((scale * signed(rng, (3, 4, 2)) / 4).astype(dtype), **options[-1])
        return call

    def call_backward(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
        cache = forward_of(student, name)((scale * signed(rng, (3, 4, 2)) / 4).astype(dtype), **options[-1])[1]
        call: Call = backward_of(student, name)(rng.standard_normal((3, 4, 2)).astype(dtype), cache)
        return call

    def declare(body: Any, function: str, kind: Kind, points: int, sentence: str, *, public: bool = False) -> Check:
        body.__doc__ = sentence
        return check(f"{name}_{function}", kind, points=points, public=public)(body)

    return (
        declare(is_right_for_two_values, "forward", Kind.SMOKE, 0, f"Return a pair, the output and a cache. {formula}", public=True),
        declare(has_the_right_values, "forward", Kind.VALUE, 2, formula),
        declare(has_the_right_values_in_float32, "forward", Kind.VALUE, 1, f"Be right for float32 inputs too. {formula}"),
        *contract(f"{name}_forward", call_forward, stability=stability),
        declare(gives_a_gradient, "backward", Kind.SMOKE, 0, f"Return one array, shaped like dout. {gradient}", public=True),
        declare(multiplies_the_upstream_gradient_by_the_derivative, "backward", Kind.GRADIENT, 3, gradient),
        *contract(f"{name}_backward", call_backward, stability=stability),
    )


sigmoid = elementwise("sigmoid", "Compute 1 / (1 + e^-x).", "Return dout * s * (1 - s), where s is the output.", ({},), stability=1)
tanh = elementwise("tanh", "Compute the hyperbolic tangent.", "Return dout * (1 - t^2), where t is the output.", ({},), stability=1)
relu = elementwise("relu", "Compute max(0, x).", "Pass dout where x > 0, and nothing where x < 0.", ({},))
leaky_relu = elementwise(
    "leaky_relu",
    "Return x where x > 0, else slope * x. The sign of x decides, also for slopes above 1 and below 0; the default slope is 0.01.",
    "Return dout where x > 0, else slope * dout, with the slope of the forward pass.",
    ({}, {"slope": 0.2}, {"slope": 1.7}, {"slope": -0.4}),
)
elu = elementwise(
    "elu",
    "Return x where x > 0, else alpha * (e^x - 1); the default alpha is 1.",
    "Return dout where x > 0, else dout * alpha * e^x.",
    ({}, {"alpha": 0.3}, {"alpha": 2.5}),
    stability=1,
)


@check("relu_backward", Kind.GRADIENT, points=1)
def takes_a_subgradient_at_zero(student: Student, rng: Rng) -> Iterator[Expectation]:
    """At x = 0 anything from 0 to dout is right; elsewhere the sign of x decides."""
    x = np.array([[0.0, -1.0, 2.0], [3.0, 0.0, -2.0]])
    dout = rng.uniform(0.5, 2.0, x.shape)
    dx = student.relu_backward(dout, student.relu_forward(x)[1])
    yield compare_law(lambda dx: subgradient(dx, x, dout), dx)


def subgradient(dx: Floats, x: Floats, dout: Floats) -> str | None:
    share = dx / dout
    if np.any(np.abs(share[x != 0] - (x[x != 0] > 0)) > 1e-7):
        return "The gradient is wrong where x is not 0."
    if np.any((share[x == 0] < -1e-7) | (share[x == 0] > 1 + 1e-7)):
        return "At x = 0 the gradient is not between 0 and dout."
    return None


# ---------------------------------------------------------------------------------------------------------------------- PReLU

ALPHAS: tuple[tuple[tuple[int, ...], bool], ...] = (
    ((6, 3), True),
    ((5, 4), False),
    # As wide as there are channels, where a slope along the wrong axis broadcasts without a word.
    ((2, 3, 2, 3), True),
    ((2, 3, 4, 2), True),
    ((3, 2, 3, 3), False),
    ((1, 3), True),
)


def draw_prelu(rng: Rng, shape: tuple[int, ...], per_channel: bool) -> tuple[Floats, Any]:
    """Inputs and slopes; of three channels one has a slope above 1, one below 0, one between."""
    if not per_channel:
        return signed(rng, shape), float(rng.uniform(0.1, 0.9))
    return signed(rng, shape), rng.permutation([rng.uniform(1.2, 1.8), rng.uniform(-0.5, -0.1), rng.uniform(0.1, 0.9)])


@check("prelu_forward", Kind.SMOKE, points=0, public=True)
def returns_an_output_and_a_cache(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a pair. For x = [[-2, 3]] and alpha = 0.25 the output is [[-0.5, 3]]."""
    yield compare(student.prelu_forward(np.array([[-2.0, 3.0]]), 0.25)[0])


@check("prelu_forward", Kind.VALUE, points=2)
def uses_one_slope_for_all_or_one_per_channel(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return x where x > 0, else alpha * x. alpha is one number, or one number per channel; channels are axis 1."""
    for shape, per_channel in ALPHAS:
        yield compare(student.prelu_forward(*draw_prelu(rng, shape, per_channel))[0])


@check("prelu_backward", Kind.SMOKE, points=0, public=True)
def returns_two_gradients(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a pair: dx, and dalpha. For x = [[-2, 3]], alpha = 0.25 and dout = [[1, 1]] they are [[0.25, 1]] and -2."""
    dx, dalpha = student.prelu_backward(np.ones((1, 2)), student.prelu_forward(np.array([[-2.0, 3.0]]), 0.25)[1])
    yield compare(dx)
    yield compare(dalpha)


@check("prelu_backward", Kind.GRADIENT, points=3)
def gives_the_gradients_of_the_input_and_of_the_slope(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give two gradients: dx is dout where x > 0, else alpha * dout. dalpha is the sum of x * dout over all x <= 0 that share the slope."""
    for shape, per_channel in ALPHAS:
        x, alpha = draw_prelu(rng, shape, per_channel)
        dout = rng.standard_normal(shape)
        forward = student.prelu_forward(x, alpha)
        yield compare_gradient(student.prelu_backward(dout, forward[1]), of=forward, wrt=(0, 1), upstream=dout, rng=rng)


def call_prelu(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.prelu_forward(signed(rng, (4, 3, 2, 2)).astype(dtype), rng.uniform(0.1, 0.9, 3).astype(dtype))


def call_prelu_backward(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.prelu_backward(rng.standard_normal((4, 3, 2, 2)).astype(dtype), call_prelu(student, rng, dtype, scale)[1])


prelu_contract = (*contract("prelu_forward", call_prelu), *contract("prelu_backward", call_prelu_backward))


# --------------------------------------------------------------------------------------------------------------------- maxout


def draw_maxout(rng: Rng, n: int, d: int, m: int) -> tuple[Floats, ...]:
    return tuple(rng.standard_normal(shape) for shape in ((n, d), (d, m), (m,), (d, m), (m,)))


@check("maxout_forward", Kind.SMOKE, points=0, public=True)
def returns_an_output_and_a_cache_too(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a pair: the output of shape (N, M), and a cache."""
    yield compare(student.maxout_forward(*draw_maxout(rng, 2, 3, 2))[0])


@check("maxout_forward", Kind.VALUE, points=2)
def takes_the_larger_of_two_affine_maps(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return the larger of x W1 + b1 and x W2 + b2, element by element."""
    for sizes in ((5, 4, 3), (1, 3, 4), (6, 1, 2), (3, 5, 1)):
        yield compare(student.maxout_forward(*draw_maxout(rng, *sizes))[0])


@check("maxout_backward", Kind.SMOKE, points=0, public=True)
def returns_five_gradients(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return dx, dW1, db1, dW2 and db2, in this order."""
    cache = student.maxout_forward(*draw_maxout(rng, 2, 3, 2))[1]
    for gradient in student.maxout_backward(rng.standard_normal((2, 2)), cache):
        yield compare(gradient)


@check("maxout_backward", Kind.GRADIENT, points=4)
def sends_the_gradient_to_the_map_that_won(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Each output passes its gradient to the affine map that was larger there, and nothing to the other map."""
    for n, d, m in ((5, 4, 3), (1, 3, 4), (6, 1, 2), (3, 5, 1)):
        dout = rng.standard_normal((n, m))
        forward = student.maxout_forward(*draw_maxout(rng, n, d, m))
        yield compare_gradient(student.maxout_backward(dout, forward[1]), of=forward, wrt=(0, 1, 2, 3, 4), upstream=dout, rng=rng)


def call_maxout(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.maxout_forward(*(array.astype(dtype) for array in draw_maxout(rng, 5, 4, 3)))


def call_maxout_backward(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.maxout_backward(rng.standard_normal((5, 3)).astype(dtype), call_maxout(student, rng, dtype, scale)[1])


maxout_contract = (*contract("maxout_forward", call_maxout), *contract("maxout_backward", call_maxout_backward))


# ----------------------------------------------------------------------------------------------------- what units look like


@check("two_relu_sigmoid", Kind.SMOKE, points=0, public=True)
def rises_from_zero_to_two(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array. For x = [-3, 0, 0.5, 3] it is [0, 1, 1.5, 2]."""
    yield compare(student.two_relu_sigmoid(np.array([-3.0, 0.0, 0.5, 3.0])))


@check("two_relu_sigmoid", Kind.VALUE, points=2)
def is_the_difference_of_two_shifted_relus(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return max(0, x + 1) - max(0, x - 1): 0 on the left, 2 on the right, x + 1 in between."""
    for shape in SHAPES:
        yield compare(student.two_relu_sigmoid(rng.uniform(-2.5, 2.5, shape)))


def call_two_relu(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.two_relu_sigmoid(signed(rng, (4, 3, 2)).astype(dtype))


two_relu_contract = contract("two_relu_sigmoid", call_two_relu)


def near_and_far(rng: Rng, low: float, high: float, tol: float) -> Floats:
    """Outputs on both sides of both thresholds, none of them near enough for rounding to decide."""
    width = high - low
    near_low = low + tol * rng.uniform(0.1, 0.9, 5)
    near_high = high - tol * rng.uniform(0.1, 0.9, 3)
    # Just outside, so that twice the tolerance shows.
    outside = [low + tol * rng.uniform(1.1, 1.4), high - tol * rng.uniform(1.1, 1.4)]
    far = rng.uniform(low + tol + 0.05 * width, high - tol - 0.05 * width, 14)
    return rng.permutation(np.concatenate([near_low, near_high, outside, far])).reshape(4, 6)


@check("saturated_fraction", Kind.SMOKE, points=0, public=True)
def counts_both_ends_of_a_sigmoid(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one number. For the sigmoid outputs [0.001, 0.5, 0.7, 0.999] it is 0.5."""
    yield compare(student.saturated_fraction(np.array([0.001, 0.5, 0.7, 0.999]), "sigmoid"))


@check("saturated_fraction", Kind.VALUE, points=3)
def gives_the_share_of_outputs_near_an_asymptote(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return the share of outputs within tol of an asymptote: 0 and 1 for 'sigmoid', -1 and 1 for 'tanh'; tol is 0.01 by default."""
    for kind, low in (("sigmoid", 0.0), ("tanh", -1.0)):
        yield compare(student.saturated_fraction(near_and_far(rng, low, 1.0, 0.01), kind))
        for tol in (0.1, 0.002):
            yield compare(student.saturated_fraction(near_and_far(rng, low, 1.0, tol), kind, tol=tol))


def call_saturated(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.saturated_fraction(near_and_far(rng, 0.0, 1.0, 0.01), "sigmoid")


saturated_contract = contract("saturated_fraction", call_saturated, dtype=0)


def draw_units(rng: Rng, n: int, m: int) -> Floats:
    """Units that are 0 for every example, and alive ones that are 0 for all but one or two: the first example, the last, one between, and
    among them negative outputs and such as cancel each other.
    """
    h = np.zeros((n, m))
    size = rng.uniform(0.5, 2.0, m)
    h[-1, 1::7] = size[1::7]
    h[0, 2::7], h[-1, 2::7] = 1.25, -1.25
    h[0, 4::7] = size[4::7]
    h[n // 2, 5::7] = size[5::7]
    h[n // 2, 6::7] = -size[6::7]
    h[:, m - 1] = -rng.uniform(0.5, 2.0, n)
    return h[:, rng.permutation(m)]


@check("dead_units", Kind.SMOKE, points=0, public=True)
def names_the_unit_that_is_always_zero(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one boolean per unit. For h = [[0, 1], [0, 0]] it is [True, False]."""
    yield compare(student.dead_units(np.array([[0.0, 1.0], [0.0, 0.0]])))


@check("dead_units", Kind.VALUE, points=2)
def calls_a_unit_dead_that_is_zero_for_every_example(student: Student, rng: Rng) -> Iterator[Expectation]:
    """A unit is dead if its output is exactly 0 for every example; a negative output is alive."""
    for n, m in ((6, 9), (1, 8), (9, 16)):
        yield compare(student.dead_units(draw_units(rng, n, m)))


@check("dead_units", Kind.DTYPE, points=1)
def answers_in_booleans(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return an array of dtype bool."""
    yield compare_dtype(student.dead_units(draw_units(rng, 6, 7)).result, np.bool_)


def call_dead(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.dead_units(draw_units(rng, 6, 7))


dead_contract = contract("dead_units", call_dead, dtype=0)
