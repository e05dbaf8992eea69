"""Checks of the affine layer and of the chain rule through three small graphs: a chain, a composition, a neuron.

Some cases have as many examples as features and units, where a missing transpose still fits. Upstream gradients are uneven: one that is
constant hides most mistakes. Numerical gradients are in ``backprop_differences.py``, the network in ``backprop_network.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.checks import (
    FLOAT64,
    Call,
    Check,
    Expectation,
    Finding,
    Kind,
    Rung,
    Student,
    Tolerance,
    check,
    compare,
    compare_gradient,
    compare_quiet,
    compare_shape,
    compare_unchanged,
    contract,
)
from grader.checks.compare import judge_values
from grader.checks.model import Answers

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Rng = np.random.Generator
Shape = tuple[int, ...]

# The shape of x, and M.
ROWS: tuple[tuple[Shape, int], ...] = (((5, 3), 4), ((4, 4), 4), ((1, 6), 2), ((3, 1), 2), ((6, 2), 1))
IMAGES: tuple[tuple[Shape, int], ...] = (((2, 3, 4), 5), ((3, 2, 2, 3), 2), ((4, 1, 4), 4), ((1, 2, 3), 3))


def signed(rng: Rng, *shape: int, low: float = 0.3, high: float = 1.5) -> Floats:
    """Numbers of either sign, none near 0."""
    drawn: Floats = rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)
    return drawn


def number(rng: Rng, low: float = 0.3, high: float = 1.5) -> float:
    """One of them, as a Python float."""
    return float(signed(rng, 1, low=low, high=high)[0])


# ------------------------------------------------------------------------------------------------------------------ affine_forward


def draw_affine(rng: Rng, shape: Shape, M: int, dtype: Any = np.float64) -> tuple[Floats, Floats, Floats]:
    """Draw ``x, w, b``."""
    D = int(np.prod(shape[1:]))
    x, w, b = signed(rng, *shape), signed(rng, D, M), signed(rng, M)
    return x.astype(dtype), w.astype(dtype), b.astype(dtype)


def affine_example() -> tuple[Floats, Floats, Floats]:
    return np.array([[1.0, 2.0]]), np.array([[1.0, 0.0], [2.0, -1.0]]), np.array([0.5, 1.0])


@check("affine_forward", Kind.SMOKE, points=0, public=True)
def returns_an_output_and_a_cache(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a pair: the output, and a cache. The example of the docstring gives [[5.5, -1]]."""
    yield compare(student.affine_forward(*affine_example())[0])


@check("affine_forward", Kind.VALUE, points=2)
def multiplies_every_example_by_the_weights_and_adds_the_biases(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Compute x @ w + b: every example is a row, and b is added to each."""
    for shape, M in ROWS:
        yield compare(student.affine_forward(*draw_affine(rng, shape, M))[0])
    yield compare(student.affine_forward(*draw_affine(rng, (3, 5), 2, np.float32))[0], dtype=np.float32)


@check("affine_forward", Kind.VALUE, points=1)
def takes_examples_of_any_shape(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Flatten every example of x, shape (N, d1, ..., dk), to a row of d1 * ... * dk numbers, in their order."""
    for shape, M in IMAGES:
        yield compare(student.affine_forward(*draw_affine(rng, shape, M))[0])


def call_affine(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    x, w, b = draw_affine(rng, (3, 2, 2), 5, dtype)
    return student.affine_forward((x * scale).astype(dtype), w, b)


affine_contract = contract("affine_forward", call_affine)


# ----------------------------------------------------------------------------------------------------------------- affine_backward


def affine_gradients(
    student: Student, rng: Rng, shape: Shape, M: int, items: Shape = (0, 1, 2), dtype: type[np.float32] | None = None
) -> Expectation:
    """Expect some of the gradients of one backward pass."""
    forward = student.affine_forward(*draw_affine(rng, shape, M, dtype or np.float64))
    dout: Floats = signed(rng, shape[0], M).astype(dtype or np.float64)
    backward = student.affine_backward(dout, forward[1])
    return compare_gradient(backward, of=forward, wrt=items, items=items, upstream=dout, rng=rng, dtype=dtype)


@check("affine_backward", Kind.SMOKE, points=0, public=True)
def returns_the_three_gradients(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return dx, dw and db, in this order. The example of the docstring gives its numbers."""
    cache = student.affine_forward(*affine_example())[1]
    yield from map(compare, student.affine_backward(np.array([[1.0, 3.0]]), cache))


@check("affine_backward", Kind.GRADIENT, points=2, cases="rows")
def sends_the_gradient_back_through_the_weights(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give dx: dout times the transposed weights."""
    for shape, M in ROWS:
        yield affine_gradients(student, rng, shape, M, (0,))


@check("affine_backward", Kind.GRADIENT, points=2, cases="rows")
def sums_what_every_example_says_of_weights_and_biases(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give dw, the transposed inputs times dout, and db, the sum of dout: both are sums over the examples, not means."""
    for shape, M in ROWS:
        yield affine_gradients(student, rng, shape, M, (1, 2))


@check("affine_backward", Kind.GRADIENT, points=1)
def brings_dx_back_to_the_shape_of_x(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Be right for examples of any shape: dx has the shape of x, and dw the shape of w, (d1 * ... * dk, M)."""
    for shape, M in IMAGES[:3]:
        yield affine_gradients(student, rng, shape, M)


@check("affine_backward", Kind.GRADIENT, points=1)
def has_the_right_gradients_in_float32(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Be right for float32 arrays too."""
    yield affine_gradients(student, rng, *ROWS[0], dtype=np.float32)


@check("affine_backward", Kind.GRADIENT, points=1)
def leaves_the_cache_as_it_is(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Change nothing in the cache: it gives the same gradients twice, and after another forward pass."""
    shape, M = ROWS[0]
    kept = student.affine_forward(*draw_affine(rng, shape, M))
    student.affine_forward(*draw_affine(rng, shape, M))
    dout = signed(rng, shape[0], M)
    for _ in range(2):
        backward = student.affine_backward(dout, kept[1])
        yield compare_gradient(backward, of=kept, wrt=(0, 1, 2), upstream=dout, rng=rng)


def call_affine_backward(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    cache = call_affine(student, rng, dtype, scale)[1]
    return student.affine_backward(signed(rng, 3, 5).astype(dtype), cache)


affine_backward_contract = contract("affine_backward", call_affine_backward)


# ----------------------------------------------------------------------------------------------------------------- chain_gradients


def compare_list(call: Call, tolerance: Tolerance = FLOAT64) -> Expectation:
    """Expect the numbers of the reference, be they in a list or in an array: which of the two is asked elsewhere."""
    result = call.result

    def judge(answers: Answers) -> Finding | None:
        value = answers.value(result)
        stacked = isinstance(value, np.ndarray) and value.ndim > 0
        return judge_values(list(value) if stacked else value, result.expected, tolerance, result.label)

    return Expectation(wants=(result,), judge=judge, values=(result,))


def chain(student: Student, rng: Rng, n: int) -> Call:
    """One chain. No weight is so large that its sigmoid saturates, so that no gradient is lost to rounding."""
    return student.chain_gradients(signed(rng, n, high=2.5), number(rng), float(rng.uniform(-1.0, 2.0)))


@check("chain_gradients", Kind.SMOKE, points=0, public=True)
def differentiates_the_chain_of_the_example(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a list of numbers, one per weight. The example of the docstring gives [0.2774, 0.0462]."""
    yield compare_list(student.chain_gradients(np.array([0.0, 4.0]), 3.0, 0.0))


@check("chain_gradients", Kind.GRADIENT, points=1)
def differentiates_a_single_layer(student: Student, rng: Rng) -> Iterator[Expectation]:
    """With one weight, give (h - y) * h * (1 - h) * x, where h is the sigmoid of w * x: the last layer has its sigmoid too."""
    for _ in range(3):
        yield compare_list(chain(student, rng, 1))


@check("chain_gradients", Kind.GRADIENT, points=3)
def carries_the_error_back_to_every_weight(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give the gradients of all weights, in the order of w: that of w_i is the gradient of the product w_i h_(i-1), times h_(i-1)."""
    for n in (2, 3, 4, 7):
        yield compare_list(chain(student, rng, n))


@check("chain_gradients", Kind.SHAPE, points=1)
def returns_a_list_with_one_number_per_weight(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a list of n numbers, the gradients alone: the loss is not among them."""
    for n in (1, 4):
        yield compare_shape(chain(student, rng, n))


@check("chain_gradients", Kind.STABILITY, points=1)
def stays_right_and_quiet_where_sigmoids_saturate(student: Student, rng: Rng) -> Iterator[Expectation]:
    """For weights and inputs between -10 000 and 10 000, give the right values without any NumPy warning."""
    # The sums in front of the sigmoids are far above 0 and far below: either overflows in some sigmoid that looks at no sign.
    for signs in (np.array([1.0, -1.0, 1.0, -1.0]), np.array([-1.0, -1.0, 1.0, 1.0])):
        w, x = 6e3 * signs * np.abs(signed(rng, 4)), 6e3 * abs(number(rng))
        yield quiet(student.chain_gradients(w, x, 0.5))


def quiet(call: Call) -> Expectation:
    """Expect the numbers of the reference, and no warning."""
    right = compare_list(call)

    def judge(answers: Answers) -> Finding | None:
        finding = right.judge(answers)
        flags = answers.answer(call.spec.number).flags
        if finding is not None or not flags:
            return finding
        return Finding(rung=Rung.QUIET, message=f"NumPy warns: {' and '.join(flags)}.", facts={"warnings": list(flags)})

    return Expectation(wants=right.wants, judge=judge)


@check("chain_gradients", Kind.PURITY, points=1)
def leaves_the_weights_alone(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Leave w as it is: work on a copy, or on a new array."""
    yield compare_unchanged(chain(student, rng, 4))


# -------------------------------------------------------------------------------------------------------------- composed_gradients


def composed(student: Student, rng: Rng) -> Iterator[Call]:
    """Weights and inputs of every combination of signs, and a weight of 0 in the middle of one of them."""
    for w2 in (number(rng), -number(rng), float(rng.uniform(1.0, 3.0)), float(rng.uniform(-3.0, -1.0))):
        yield student.composed_gradients(number(rng), w2, number(rng), float(rng.uniform(-1.0, 2.0)))
    yield student.composed_gradients(0.0, number(rng), number(rng), float(rng.uniform(-1.0, 0.0)))


@check("composed_gradients", Kind.SMOKE, points=0, public=True)
def differentiates_the_composition_of_the_example(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return dw1 and dw2, in this order. The example of the docstring gives 1.5 and 0."""
    yield from map(compare, student.composed_gradients(0.0, 2.0, 3.0, 0.0))


@check("composed_gradients", Kind.GRADIENT, points=2, cases="composed")
def differentiates_by_the_outer_weight(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give dw2: the derivative of the square (there is no 1/2 in this loss), times that of the sigmoid, times tanh(w1 x)."""
    for call in composed(student, rng):
        yield compare(call[1])


@check("composed_gradients", Kind.GRADIENT, points=2, cases="composed")
def differentiates_by_the_inner_weight(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give dw1: the gradient goes on back through w2 and through the slope of the tanh, and is multiplied by x."""
    for call in composed(student, rng):
        yield compare(call[0])


@check("composed_gradients", Kind.STABILITY, points=1)
def stays_finite_and_quiet_on_both_sides(student: Student, rng: Rng) -> Iterator[Expectation]:
    """For weights and inputs between -10 000 and 10 000, return finite values without any NumPy warning."""
    for w1, w2 in ((1.0, 1e4), (1.0, -1e4), (1e4, 1.5), (-1e4, 1.5)):
        yield compare_quiet(student.composed_gradients(w1 * abs(number(rng)), w2, abs(number(rng)), 0.5))


def call_composed(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.composed_gradients(number(rng), number(rng), number(rng), 0.5)


composed_contract = contract("composed_gradients", call_composed, dtype=0, purity=0)


# ------------------------------------------------------------------------------------------------------------------ sigmoid_neuron


def neurons(student: Student, rng: Rng) -> Iterator[tuple[Call, type[np.float32] | None]]:
    for n in (2, 1, 3, 5):
        yield student.sigmoid_neuron(signed(rng, n + 1), signed(rng, n)), None
    yield student.sigmoid_neuron(signed(rng, 4).astype(np.float32), signed(rng, 3).astype(np.float32)), np.float32


@check("sigmoid_neuron", Kind.SMOKE, points=0, public=True)
def agrees_with_the_graph_of_the_lecture(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return out, dw and dx, in this order. The graph of the lecture gives 0.73, [-0.20, -0.39, 0.20] and [0.39, -0.59], rounded."""
    yield from map(compare, student.sigmoid_neuron(np.array([2.0, -3.0, -3.0]), np.array([-1.0, -2.0])))


@check("sigmoid_neuron", Kind.VALUE, points=1, cases="neurons")
def squashes_the_weighted_sum_and_the_bias(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give the sigmoid of the weighted sum of any number of inputs, plus the bias, which is the last entry of w."""
    for call, dtype in neurons(student, rng):
        yield compare(call[0], dtype=dtype)


@check("sigmoid_neuron", Kind.GRADIENT, points=2, cases="neurons")
def differentiates_by_weights_and_bias(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give dw: the slope of the sigmoid times the inputs, and times 1 for the bias, which comes last."""
    for call, dtype in neurons(student, rng):
        yield compare(call[1], dtype=dtype)


@check("sigmoid_neuron", Kind.GRADIENT, points=1, cases="neurons")
def differentiates_by_the_inputs(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give dx: the slope of the sigmoid times the weights, without the bias."""
    for call, dtype in neurons(student, rng):
        yield compare(call[2], dtype=dtype)


@check("sigmoid_neuron", Kind.STABILITY, points=1)
def stays_finite_and_quiet_for_sums_of_either_sign(student: Student, rng: Rng) -> Iterator[Expectation]:
    """For inputs between -10 000 and 10 000, return finite values; in float64, cause no NumPy warning either. Mind the sign of the sum."""
    for sign in (-1.0, 1.0):
        for dtype in (np.float64, np.float32):
            w, x = sign * np.abs(signed(rng, 4)), 5e3 * np.abs(signed(rng, 3))
            yield compare_quiet(student.sigmoid_neuron(w.astype(dtype), x.astype(dtype)), silent=dtype is np.float64)


def call_neuron(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.sigmoid_neuron(signed(rng, 4).astype(dtype), signed(rng, 3).astype(dtype))


neuron_contract: tuple[Check, ...] = contract("sigmoid_neuron", call_neuron)
