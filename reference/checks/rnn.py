"""Checks of the recurrent network.

Some cases have as many examples as time steps, features and units, where a slipped axis or transpose still fits. No weight is near
0, and weights shrink with the width, so that states neither die out nor saturate: each time step matters to the last one. Every backward
pass gets a forward pass of its own, because many good ones consume their cache; one check alone asks for more. The check that lets both
functions train a network is in ``rnn_training.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from grader.checks import (
    Call,
    Check,
    Expectation,
    Finding,
    Kind,
    Recipe,
    Result,
    Student,
    Tolerance,
    check,
    compare,
    compare_gradient,
    compare_shape,
    contract,
)
from grader.checks.compare import FLOAT64, judge_values
from grader.checks.model import Answers

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Rng = np.random.Generator
Shape = tuple[int, ...]

# N, D, H of one step.
STEPS: tuple[Shape, ...] = ((3, 4, 5), (4, 4, 4), (1, 2, 3), (5, 1, 2), (3, 2, 1))
# N, T, D, H of a sequence.
SEQUENCES: tuple[Shape, ...] = ((2, 5, 4, 3), (3, 3, 3, 3), (1, 6, 2, 4), (4, 2, 1, 2), (3, 7, 2, 1))
ONE_STEP: Shape = (3, 1, 2, 4)
# The five gradients. Float32 has checks of its own, since only float64 can be judged by a wrong forward pass of the student's own.
ALL: Shape = (0, 1, 2, 3, 4)
# Rounding of one step is carried through all that follow, so single precision is judged relative to the largest value, not element by
# element. The right implementations at hand spread by 1.2e-6 of it.
RECURRENT32 = Tolerance(rtol=1e-3, scaled=1e-3, atol=1e-6)


def signed(rng: Rng, *shape: int, low: float = 0.3, high: float = 1.2) -> Floats:
    """Numbers of either sign, none near 0."""
    drawn: Floats = rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)
    return drawn


def parameters(rng: Rng, D: int, H: int) -> tuple[Floats, Floats, Floats]:
    """Draw ``Wx, Wh, b``, with weights of about one over the root of the number of inputs."""
    return signed(rng, D, H) / np.sqrt(D), signed(rng, H, H) / np.sqrt(H), signed(rng, H, low=0.2, high=0.6)


def draw_step(rng: Rng, shape: Shape) -> tuple[Floats, ...]:
    """Draw ``x, prev_h, Wx, Wh, b``."""
    N, D, H = shape
    return signed(rng, N, D), signed(rng, N, H, high=0.9), *parameters(rng, D, H)


def draw_sequence(rng: Rng, shape: Shape) -> tuple[Floats, ...]:
    """Draw ``x, h0, Wx, Wh, b``."""
    N, T, D, H = shape
    return signed(rng, N, T, D), signed(rng, N, H, high=0.9), *parameters(rng, D, H)


def upstream(rng: Rng, *shape: int) -> Floats:
    """An uneven gradient: one that is constant hides most mistakes."""
    return signed(rng, *shape, low=0.2, high=2.0)


def as_type(arrays: tuple[Floats, ...], dtype: Any) -> list[Floats]:
    return [array.astype(dtype) for array in arrays]


# --------------------------------------------------------------------------------------------------------------- one step forward


@check("rnn_step_forward", Kind.SMOKE, points=0, public=True)
def returns_a_state_and_a_cache(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a pair: the next state and a cache. The example of the docstring gives tanh(0.4) = 0.3799."""
    yield compare(student.rnn_step_forward(*example_of_a_step())[0])


def example_of_a_step() -> tuple[Floats, ...]:
    return tuple(np.array(value) for value in ([[1.0, 2.0]], [[0.5]], [[0.3], [-0.2]], [[0.8]], [0.1]))


@check("rnn_step_forward", Kind.VALUE, points=2)
def squashes_the_sum_of_input_state_and_bias(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Compute tanh(x @ Wx + prev_h @ Wh + b), for every example of the batch on its own."""
    for shape in STEPS:
        yield compare(student.rnn_step_forward(*draw_step(rng, shape))[0])
    # As far as a tanh can be told from 1, so that a sum cut off at 5 shows.
    for shape in STEPS[:2]:
        x, *others = draw_step(rng, shape)
        yield compare(student.rnn_step_forward(10 * x, *others)[0])


@check("rnn_step_forward", Kind.VALUE, points=1)
def has_the_right_state_in_float32(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Be right for float32 arrays too."""
    for shape in STEPS[:2]:
        yield compare(student.rnn_step_forward(*as_type(draw_step(rng, shape), np.float32))[0], tolerance=RECURRENT32)


def call_step(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    x, *others = draw_step(rng, (4, 3, 5))
    return student.rnn_step_forward(*as_type((x * scale, *others), dtype))


# -------------------------------------------------------------------------------------------------------------- one step backward


@check("rnn_step_backward", Kind.SMOKE, points=0, public=True)
def returns_the_five_gradients_of_a_step(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return dx, dprev_h, dWx, dWh and db, in this order. The example of the docstring gives its numbers."""
    cache = student.rnn_step_forward(*example_of_a_step())[1]
    yield from map(compare, student.rnn_step_backward(np.array([[1.0]]), cache))


def step_gradients(student: Student, rng: Rng, shape: Shape, items: Shape, dtype: type[np.float32] | None = None) -> Expectation:
    """Expect some of the gradients of one step."""
    arrays = as_type((*draw_step(rng, shape), upstream(rng, shape[0], shape[2])), dtype or np.float64)
    forward = student.rnn_step_forward(*arrays[:5])
    return of_own_forward(student.rnn_step_backward(arrays[5], forward[1]), forward, arrays[5], rng, items, dtype)


def of_own_forward(
    backward: Call, forward: Call, dout: Floats, rng: Rng, items: Shape = ALL, dtype: type[np.float32] | None = None
) -> Expectation:
    """Expect gradients with respect to those arguments of the forward pass that have the same places as the results."""
    tolerance = None if dtype is None else RECURRENT32
    return compare_gradient(backward, of=forward, wrt=items, items=items, upstream=dout, rng=rng, dtype=dtype, tolerance=tolerance)


@check("rnn_step_backward", Kind.GRADIENT, points=2, cases="gradients of a step")
def sends_the_gradient_to_the_input_and_the_previous_state(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Send dnext_h through the tanh, then back through Wx to x and through Wh to prev_h."""
    for shape in STEPS:
        yield step_gradients(student, rng, shape, (0, 1))


@check("rnn_step_backward", Kind.GRADIENT, points=2, cases="gradients of a step")
def sums_the_gradients_of_the_parameters_over_the_examples(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Compute da = dnext_h * (1 - next_h^2) first; dWx, dWh and db come from da, summed over the examples."""
    for shape in STEPS:
        yield step_gradients(student, rng, shape, (2, 3, 4))


@check("rnn_step_backward", Kind.GRADIENT, points=1)
def has_the_right_gradients_of_a_step_in_float32(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Be right for float32 arrays too."""
    for shape in STEPS[:2]:
        yield step_gradients(student, rng, shape, ALL, np.float32)


@check("rnn_step_backward", Kind.GRADIENT, points=1)
def leaves_the_cache_of_a_step_as_it_is(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Change nothing in the cache: it gives the same gradients twice, and after another forward pass."""
    N, _, H = shape = STEPS[0]
    dnext_h = upstream(rng, N, H)
    kept = student.rnn_step_forward(*draw_step(rng, shape))
    student.rnn_step_forward(*draw_step(rng, shape))
    for _ in range(2):
        yield of_own_forward(student.rnn_step_backward(dnext_h, kept[1]), kept, dnext_h, rng)


def call_step_backward(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    cache = call_step(student, rng, dtype, scale)[1]
    return student.rnn_step_backward(upstream(rng, 4, 5).astype(dtype), cache)


# -------------------------------------------------------------------------------------------------------------- sequences forward


@check("rnn_forward", Kind.SMOKE, points=0, public=True)
def returns_all_states_and_a_cache(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a pair: the states of all time steps, shape (N, T, H), and a cache. The example of the docstring gives 0.4621 and 0.7279."""
    yield compare(student.rnn_forward(*example_of_a_sequence())[0])


def example_of_a_sequence() -> tuple[Floats, ...]:
    return tuple(np.array(value) for value in ([[[1.0], [0.0]]], [[0.0]], [[0.5]], [[2.0]], [0.0]))


@check("rnn_forward", Kind.VALUE, points=2)
def carries_the_state_from_step_to_step(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Compute the state of every time step from its input and the state before it, with the same parameters throughout."""
    for shape in SEQUENCES:
        x, h0, *others = draw_sequence(rng, shape)
        yield compare(student.rnn_forward(x, np.zeros_like(h0), *others)[0])


@check("rnn_forward", Kind.VALUE, points=1)
def starts_from_h0(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Compute the state of the first time step from h0, also where there is only that one step."""
    # The last shape comes twice, each time from another h0: nothing is left over from the call before.
    for shape in (ONE_STEP, *SEQUENCES[:3], SEQUENCES[2]):
        yield compare(student.rnn_forward(*draw_sequence(rng, shape))[0])


@check("rnn_forward", Kind.VALUE, points=1)
def has_the_right_states_in_float32(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Be right for float32 arrays too; rounding may add up along the sequence."""
    for shape in SEQUENCES[:3]:
        yield compare(student.rnn_forward(*as_type(draw_sequence(rng, shape), np.float32))[0], tolerance=RECURRENT32)


def call_sequence(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    x, *others = draw_sequence(rng, (3, 4, 2, 5))
    return student.rnn_forward(*as_type((x * scale, *others), dtype))


# ------------------------------------------------------------------------------------------------------------- sequences backward


@check("rnn_backward", Kind.SMOKE, points=0, public=True)
def returns_the_five_gradients_of_a_sequence(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return dx, dh0, dWx, dWh and db, in this order. The example of the docstring gives its numbers."""
    cache = student.rnn_forward(*example_of_a_sequence())[1]
    yield from map(compare, student.rnn_backward(np.array([[[0.0], [1.0]]]), cache))


def sequence_gradients(student: Student, rng: Rng, shape: Shape, items: Shape, dtype: type[np.float32] | None = None) -> Expectation:
    """Expect some of the gradients of a whole sequence."""
    N, T, _, H = shape
    arrays = as_type((*draw_sequence(rng, shape), upstream(rng, N, T, H)), dtype or np.float64)
    forward = student.rnn_forward(*arrays[:5])
    return of_own_forward(student.rnn_backward(arrays[5], forward[1]), forward, arrays[5], rng, items, dtype)


@check("rnn_backward", Kind.GRADIENT, points=2, cases="gradients of a sequence")
def sends_the_gradient_back_through_time(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give dx: what reaches a state is its own dh plus all that comes back from the next time step."""
    for shape in (ONE_STEP, *SEQUENCES):
        yield sequence_gradients(student, rng, shape, (0,))


@check("rnn_backward", Kind.GRADIENT, points=1, cases="gradients of a sequence")
def ends_at_h0(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give dh0: what the first time step sends back to the state before it."""
    for shape in (ONE_STEP, *SEQUENCES):
        yield sequence_gradients(student, rng, shape, (1,))


@check("rnn_backward", Kind.GRADIENT, points=2, cases="gradients of a sequence")
def sums_the_gradients_of_the_parameters_over_time(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give dWx, dWh and db: sums over all time steps and all examples, which share the parameters."""
    for shape in (ONE_STEP, *SEQUENCES):
        yield sequence_gradients(student, rng, shape, (2, 3, 4))


@check("rnn_backward", Kind.GRADIENT, points=1)
def has_the_right_gradients_of_a_sequence_in_float32(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Be right for float32 arrays too; rounding may add up along the sequence."""
    for shape in SEQUENCES[:2]:
        yield sequence_gradients(student, rng, shape, ALL, np.float32)


@check("rnn_backward", Kind.GRADIENT, points=1)
def leaves_the_cache_of_a_sequence_as_it_is(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Take nothing out of the cache and change nothing in it: it gives the same gradients twice, and after another forward pass."""
    N, T, _, H = shape = SEQUENCES[0]
    dh = upstream(rng, N, T, H)
    kept = student.rnn_forward(*draw_sequence(rng, shape))
    student.rnn_forward(*draw_sequence(rng, shape))
    for _ in range(2):
        yield of_own_forward(student.rnn_backward(dh, kept[1]), kept, dh, rng)


def call_sequence_backward(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    cache = call_sequence(student, rng, dtype, scale)[1]
    return student.rnn_backward(upstream(rng, 3, 4, 5).astype(dtype), cache)


# ------------------------------------------------------------------------------------------------------------------------- unfold

# Each makes a step of its parameters; none would be the same with state and input exchanged.
LEAKY = "lambda keep, gain: lambda s, x: keep * s + gain * x"
TANH = "lambda Wx, Wh, b: lambda h, x: np.tanh(x @ Wx + h @ Wh + b)"
BENT = "lambda r: lambda s, x: r * s * (1 - s) + x"


def compare_states(states: Call) -> Expectation:
    """Expect the states of the reference, be they in a list or stacked: which of the two is asked elsewhere."""
    result: Result = states.result

    def judge(answers: Answers) -> Finding | None:
        value = answers.value(result)
        stacked = isinstance(value, np.ndarray) and value.ndim > 0
        return judge_values(list(value) if stacked else value, result.expected, FLOAT64, result.label)

    return Expectation(wants=(result,), judge=judge, values=(result,))


@check("unfold", Kind.SMOKE, points=0, public=True)
def unfolds_the_example(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return the states after each input: for 2 * s + x, from 1, along [1, 0, 3] they are 3, 6 and 15."""
    yield compare_states(student.unfold(Recipe(LEAKY, (2.0, 1.0)), 1.0, [1.0, 0.0, 3.0]))


@check("unfold", Kind.VALUE, points=2)
def hands_every_state_on_to_the_next_step(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Call step with the state before (s0 at first) and the input of this time step; what it returns is the state after."""
    for T, (N, D, H) in ((5, STEPS[0]), (3, STEPS[1]), (1, STEPS[2])):
        inputs = [signed(rng, N, D) for _ in range(T)]
        yield compare_states(student.unfold(Recipe(TANH, parameters(rng, D, H)), signed(rng, N, H), inputs))


@check("unfold", Kind.VALUE, points=1)
def takes_any_step_along_any_length(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Work for any step, any number of inputs from 1 on, and for states that are plain numbers."""
    for T in (1, 2, 9):
        yield compare_states(student.unfold(Recipe(LEAKY, (0.8, 0.5)), 1.5, signed(rng, T).tolist()))
        yield compare_states(student.unfold(Recipe(BENT, (2.7,)), 0.3, signed(rng, T, low=0.02, high=0.06).tolist()))


@check("unfold", Kind.SHAPE, points=1)
def returns_a_list_with_one_state_per_input(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a list of T states, as they came from step. s0 is not among them."""
    yield compare_shape(unfold_vectors(student, rng))
    yield compare_shape(student.unfold(Recipe(LEAKY, (0.8, 0.5)), 1.5, signed(rng, 4).tolist()))


def unfold_vectors(student: Student, rng: Rng, _dtype: Any = None, _scale: float = 1.0) -> Call:
    return student.unfold(Recipe(LEAKY, (signed(rng, 3), 0.5)), signed(rng, 3), [signed(rng, 3) for _ in range(4)])


checks: tuple[Check, ...] = (
    *contract("rnn_step_forward", call_step, stability=1),
    *contract("rnn_step_backward", call_step_backward, stability=1),
    *contract("rnn_forward", call_sequence, stability=1),
    *contract("rnn_backward", call_sequence_backward, stability=1),
    *contract("unfold", partial(unfold_vectors), shape=0, dtype=0),
)
