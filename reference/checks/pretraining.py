"""Checks of pre-training whose results no draw decides: the autoencoder's loss with its gradients, and fine-tuning.

The gradients come as a dict, or as a tuple in the same order. A gradient is due at the scale of the loss that stands beside it, so that
a loss without its mean, or with a factor 1/2, costs the loss alone. The same holds for the steps of `fine_tune`, which may be those of
the student's own loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from grader.checks import (
    FLOAT64,
    Call,
    Expectation,
    Finding,
    Generator,
    Kind,
    Result,
    Rung,
    Student,
    Tolerance,
    check,
    compare,
    compare_dtype,
    compare_quiet,
    compare_shape,
    contract,
)
from grader.checks.answers import type_words
from grader.checks.compare import default_tolerance, judge_values, ready_to_compare
from grader.checks.model import Answers
from grader.checks.record import is_numeric

from .pretraining_descent import sigmoid

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Rng = np.random.Generator
Layer = tuple[Floats, Floats]
Reader = Callable[[Any, Any, str], Any]

ANY_NUMBER = Tolerance(rtol=0.0, scaled=0.0, atol=np.inf)
KEYS = ("W", "b", "W_dec", "b_dec")
# How far a loss of one's own may be from the right one and still set the scale of the gradients: a mean, a sum, a factor 1/2.
SCALES = (1e-3, 1e3)


def _law(code: str, message: str) -> Finding:
    return Finding(rung=Rung.LAW, message=message, code=code)


def read_losses(value: Any, expected: Sequence[float], label: str) -> Floats | Finding:
    """Give a list or array of losses as one array."""
    if isinstance(value, np.ndarray) and value.ndim == 1:
        value = list(value)
    if isinstance(value, (list, tuple)):
        if len(value) != len(expected):
            code = "too_few" if len(value) < len(expected) else "too_many"
            text = f"The number of losses is {len(value)}, but the number of steps is {len(expected)}."
            return Finding(rung=Rung.COUNT, message=text, code=code)
        each = [ready_to_compare(loss, (), label) for loss in value]
        wrong = next((loss for loss in each if isinstance(loss, Finding)), None)
        return np.array(each, dtype=np.float64) if wrong is None else wrong
    return ready_to_compare(value, (len(expected),), label)


# ---------------------------------------------------------------------------------------------------------------- autoencoder_loss

Parameters = tuple[Floats, Floats, Floats, Floats, Floats]


def draw_autoencoder(rng: Rng, m: int, D: int, M: int, dtype: Any = np.float64, scale: float = 1.0) -> Parameters:
    """A batch and parameters, in the order of the signature; no bias is 0."""
    shapes = ((m, D), (D, M), (M,), (M, D), (D,))
    x, W, b, W_dec, b_dec = (rng.normal(0, 0.9, shape) for shape in shapes)
    drawn = (x * scale, W, b + np.sign(b) * 0.3, W_dec, b_dec + np.sign(b_dec) * 0.3)
    return tuple(one.astype(dtype) for one in drawn)  # type: ignore[return-value]


def either_form(expectation: Expectation, grads: Result) -> Expectation:
    """The same expectation, which takes the gradients as a tuple or list too."""

    def judge(answers: Answers) -> Finding | None:
        answer = answers.answer(grads.call)
        values = {**answer.values, (grads.item, False): as_dict(answer.values[grads.item, False])}
        return expectation.judge(Answers({**answers.by_call, grads.call: replace(answer, values=values)}))

    return replace(expectation, judge=judge)


def as_dict(grads: Any) -> Any:
    """Four gradients in a tuple or list by their names; anything else as it is."""
    return dict(zip(KEYS, grads, strict=True)) if isinstance(grads, (tuple, list)) and len(grads) == len(KEYS) else grads


@check("autoencoder_loss", Kind.SMOKE, points=0, public=True)
def returns_a_loss_and_four_gradients(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a pair: the loss, and a dict with the gradients W, b, W_dec and b_dec. With all parameters 0 the loss is the mean of |x|^2."""
    x = np.array([[1.0, -2.0], [0.0, 3.0], [2.0, 2.0]])
    loss, grads = student.autoencoder_loss(x, np.zeros((2, 4)), np.zeros(4), np.zeros((4, 2)), np.zeros(2))
    yield compare(loss)
    yield either_form(compare(grads, tolerance=ANY_NUMBER), grads)


@check("autoencoder_loss", Kind.VALUE, points=3)
def sums_over_features_and_averages_over_examples(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Sum the squared error over the features, average it over the examples; sigmoid codes, linear output, no factor 1/2."""
    for m, D, M in ((7, 4, 3), (1, 5, 2), (6, 1, 4), (5, 3, 1)):
        yield compare(student.autoencoder_loss(*draw_autoencoder(rng, m, D, M))[0])
    yield compare(student.autoencoder_loss(*draw_autoencoder(rng, 6, 4, 3, np.float32))[0], dtype=np.float32)


def expect_gradients(call: Call, keys: Sequence[str], dtype: type[np.float32] | None = None) -> Expectation:
    """Expect the gradients called `keys` of the reference's loss, or of a loss of one's own that is a multiple of it."""
    loss, grads = call
    due = {key: grads.expected[key] for key in keys}
    tolerance = default_tolerance(None if dtype is None else np.dtype(dtype))

    def judge(answers: Answers) -> Finding | None:
        value = as_dict(answers.value(grads))
        found = judge_values(value, due, tolerance, "grads")
        own = ready_to_compare(answers.value(loss), (), loss.label)
        if found is None or isinstance(own, Finding):
            return found
        scale = float(own) / loss.expected
        if not SCALES[0] < scale < SCALES[1]:
            return found
        scaled = {key: gradient * scale for key, gradient in due.items()}
        return None if judge_values(value, scaled, tolerance, "grads") is None else found

    return Expectation(wants=(loss, grads), judge=judge, values=(grads,) if dtype is None else ())


@check("autoencoder_loss", Kind.GRADIENT, points=2)
def differentiates_by_the_decoder(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give the gradients of the loss with respect to W_dec and b_dec."""
    for m, D, M in ((7, 4, 3), (1, 5, 2), (6, 1, 4), (5, 3, 3)):
        yield expect_gradients(student.autoencoder_loss(*draw_autoencoder(rng, m, D, M)), KEYS[2:])


@check("autoencoder_loss", Kind.GRADIENT, points=3)
def differentiates_by_the_encoder(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give the gradients of the loss with respect to W and b, through the decoder and the sigmoid."""
    for m, D, M in ((7, 4, 3), (1, 5, 2), (6, 1, 4), (5, 3, 3)):
        yield expect_gradients(student.autoencoder_loss(*draw_autoencoder(rng, m, D, M)), KEYS[:2])
    yield expect_gradients(student.autoencoder_loss(*draw_autoencoder(rng, 6, 4, 3, np.float32)), KEYS[:2], np.float32)


@check("autoencoder_loss", Kind.SHAPE, points=1)
def gives_gradients_the_shapes_of_the_parameters(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return the loss as a number, and each gradient in the shape of its parameter."""
    for m, D, M in ((4, 3, 2), (1, 4, 1)):
        loss, grads = student.autoencoder_loss(*draw_autoencoder(rng, m, D, M))
        yield compare_shape(loss)
        yield either_form(compare_shape(grads), grads)


@check("autoencoder_loss", Kind.DTYPE, points=1)
def gives_gradients_the_dtype_of_the_parameters(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return gradients of the dtype that you are given: float32 in, float32 out; float64 in, float64 out."""
    for dtype in (np.float64, np.float32):
        _, grads = student.autoencoder_loss(*draw_autoencoder(rng, 5, 4, 3, dtype))
        yield either_form(compare_dtype(grads, dtype), grads)


@check("autoencoder_loss", Kind.STABILITY, points=1)
def stays_finite_and_quiet(student: Student, rng: Rng) -> Iterator[Expectation]:
    """For inputs between -10 000 and 10 000, return finite values; in float64, cause no NumPy warning either."""
    for dtype in (np.float64, np.float32):
        x, W, *others = draw_autoencoder(rng, 6, 4, 3, np.float64, 1e4 / 3)
        # One unit gets a large positive sum and another a large negative one from the first example, whatever was drawn.
        W[:, 0], W[:, 1] = np.sign(x[0]), -np.sign(x[0])
        call = student.autoencoder_loss(*(one.astype(dtype) for one in (np.clip(x, -1e4, 1e4), W, *others)))
        yield either_form(compare_quiet(call, *call.results, silent=dtype is np.float64), call[1])


def _call_loss(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.autoencoder_loss(*draw_autoencoder(rng, 5, 4, 3, dtype, scale))


loss_contract = contract("autoencoder_loss", _call_loss, shape=0, dtype=0)


# ----------------------------------------------------------------------------------------------------------------------- fine_tune

Network = tuple[Floats, Floats, list[Layer], Layer]


def draw_network(rng: Rng, sizes: Sequence[int], m: int, dtype: Any = np.float64, scale: float = 1.0) -> Network:
    """A batch with targets, hidden layers and a head, in the order of the signature; `sizes` begin with the input and end with the head."""
    layers = [_draw_layer(rng, n_in, n_out, dtype) for n_in, n_out in pairwise(sizes)]
    x, y = (rng.normal(0, 1, (m, size)) * factor for size, factor in ((sizes[0], scale), (sizes[-1], 1.0)))
    return x.astype(dtype), y.astype(dtype), layers[:-1], layers[-1]


def _draw_layer(rng: Rng, n_in: int, n_out: int, dtype: Any) -> Layer:
    return rng.normal(0, 1.2 / np.sqrt(n_in), (n_in, n_out)).astype(dtype), rng.normal(0, 0.5, n_out).astype(dtype)


def own_steps(call: Call, result: Result, dtype: type[np.float32] | None = None) -> Expectation:
    """Expect `result` after the reference's steps, or after those that descend a loss of one's own that is a multiple of it."""
    x, y, layers, head, lr, steps = call.spec.passed
    tolerance = default_tolerance(None if dtype is None else np.dtype(dtype))
    first = call[2].expected[0]

    def judge(answers: Answers) -> Finding | None:
        value = answers.value(result)
        found = judge_values(value, result.expected, tolerance, result.label)
        own = read_losses(answers.value(call[2]), call[2].expected, "losses")
        if found is None or isinstance(own, Finding):
            return found
        scale = float(own[0]) / first
        if not SCALES[0] < scale < SCALES[1]:
            return found
        moved = descend(x, y, layers, head, lr * scale, steps)[result.item]
        return None if judge_values(value, moved, tolerance, result.label) is None else found

    # In single precision, two implementations of one mistake differ by more rounding than a diagnosis allows for inside of a list.
    return Expectation(wants=(result, call[2]), judge=judge, values=(result,) if dtype is None else ())


def descend(x: Floats, y: Floats, layers: Sequence[Layer], head: Layer, lr: float, steps: int) -> tuple[list[Layer], Layer]:
    """Train a network with sigmoid codes and a linear output: what a student's own loss, at another scale, should lead to."""
    weights: list[Layer] = [(np.asarray(W, np.float64), np.asarray(b, np.float64)) for W, b in (*layers, head)]
    for _ in range(steps):
        inputs: list[Floats] = [np.asarray(x, np.float64)]
        for W, b in weights[:-1]:
            inputs.append(sigmoid(inputs[-1] @ W + b))
        ds = 2 / len(x) * (inputs[-1] @ weights[-1][0] + weights[-1][1] - y)
        gradients = []
        for (W, _b), h in zip(weights[::-1], inputs[::-1], strict=True):
            gradients.append((h.T @ ds, ds.sum(axis=0)))
            ds = ds @ W.T * h * (1 - h)
        weights = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(weights, gradients[::-1], strict=True)]
    return weights[:-1], weights[-1]


CASES = (((4, 3, 2), 6), ((3, 5, 4, 2), 7), ((2, 3, 3, 4, 1), 5), ((3, 2, 3), 1))


@check("fine_tune", Kind.SMOKE, points=0, public=True)
def returns_layers_head_and_losses(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return three things: a list with one pair (W, b) per layer, the pair (W, b) of the head, and a list with one loss per step."""
    layers, head, losses = student.fine_tune(*draw_network(rng, (4, 3, 5, 2), 6), 0.1, 3)
    yield compare(layers, tolerance=ANY_NUMBER)
    yield compare(head, tolerance=ANY_NUMBER)
    yield expect_losses(losses, None)


def expect_losses(losses: Result, tolerance: Tolerance | None = FLOAT64) -> Expectation:
    """Expect the losses of the reference, in a list or in an array; with no tolerance, as many numbers."""

    def judge(answers: Answers) -> Finding | None:
        value = read_losses(answers.value(losses), losses.expected, "losses")
        if isinstance(value, Finding):
            return value
        return None if tolerance is None else judge_values(value, np.array(losses.expected), tolerance, "losses")

    return Expectation(wants=(losses,), judge=judge)


@check("fine_tune", Kind.VALUE, points=2)
def moves_the_head(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Move the output layer by one step of descent."""
    for sizes, m in CASES:
        call = student.fine_tune(*draw_network(rng, sizes, m), 0.4, 1)
        yield own_steps(call, call[1])


@check("fine_tune", Kind.VALUE, points=3)
def moves_every_pretrained_layer(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Move every pre-trained layer by one step of descent; take all gradients before any parameter moves."""
    for sizes, m in CASES:
        call = student.fine_tune(*draw_network(rng, sizes, m), 0.7, 1)
        yield own_steps(call, call[0])


@check("fine_tune", Kind.VALUE, points=2)
def goes_on_from_every_step(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Take every step from where the last one led, with new codes and new gradients."""
    for sizes, m in CASES[:3]:
        call = student.fine_tune(*draw_network(rng, sizes, m), 0.2, 5)
        yield from (own_steps(call, call[item]) for item in (0, 1))
    call = student.fine_tune(*draw_network(rng, (4, 3, 2), 6, np.float32), 0.3, 4)
    yield from (own_steps(call, call[item], np.float32) for item in (0, 1))


@check("fine_tune", Kind.VALUE, points=2)
def records_the_loss_before_each_update(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one loss per step, each taken before its update; squares summed over the outputs, averaged over the examples."""
    for (sizes, m), steps in zip(CASES, (3, 1, 5, 2), strict=True):
        network = draw_network(rng, sizes, m)
        yield own_losses(student.fine_tune(*network, 0.1, steps), student.fine_tune(*network, 0.1, steps + 1))


def own_losses(before: Call, after: Call) -> Expectation:
    """Expect the reference's losses of `after`, or, if the steps go elsewhere, the right loss of where `before` ends, one step earlier."""
    x, y, *_ = after.spec.passed
    due = expect_losses(after[2])

    def judge(answers: Answers) -> Finding | None:
        found = due.judge(answers)
        losses = read_losses(answers.value(after[2]), after[2].expected, "losses")
        network = read_network(answers, before)
        if found is None or isinstance(losses, Finding) or isinstance(network, Finding):
            return found
        right = np.array([after[2].expected[0], error_of(x, y, *network)])
        return None if judge_values(losses[[0, -1]], right, FLOAT64, "losses") is None else found

    return Expectation(wants=(*before.results, after[2]), judge=judge, values=(after[2],))


@check("fine_tune", Kind.STATISTICS, points=2, by_outcome=True)
def is_quick_from_a_pretrained_start(student: Student, rng: Rng) -> Iterator[Expectation]:
    """From the layers of your greedy_pretrain, and a head of zeros, learn in 60 steps what small random layers do not learn."""
    tasks, tuned = [two_clusters(rng, 6, 4) for _ in range(TRIES)], []
    for x, y in tasks:
        layers = student.greedy_pretrain(x, list(HIDDEN), *PRETRAINING, Generator(int(rng.integers(2**32))))
        tuned.append(student.fine_tune(x, y, layers, (np.zeros((HIDDEN[-1], 1)), np.zeros(1)), *TUNING))
    yield expect_one_below(tasks, tuned)


# The network of the checks by outcome, and lr and steps of both trainings. Small random layers leave the whole error, which is 1.
HIDDEN = (4, 3)
PRETRAINING, TUNING = (0.15, 80), (0.3, 60)
# The start is the student's to choose, so each check tries three tasks and asks for one that is learned. Of 20000 starts, with deviations
# of 0.01 to 1 in the weights (normal, uniform, positive, zeros in one half of the autoencoder), none left more than 0.006; of those with
# a deviation of 2 one in 700 left more than 0.5, one in 1200 more than 0.9: three in a row are a chance of 6e-10.
TRIES, BETTER = 3, 0.9


def two_clusters(rng: Rng, m: int, D: int) -> tuple[Floats, Floats]:
    """Examples around two opposite points, and on which side each lies, as (m, 1)."""
    side = np.tile([-1.0, 1.0], m // 2)
    direction = rng.standard_normal(D)
    x = 4 * np.outer(side, direction / np.linalg.norm(direction)) + 0.2 * rng.standard_normal((m, D))
    return x, side[:, np.newaxis]


def error_of(x: Floats, y: Floats, layers: Sequence[Layer], head: Layer) -> float:
    """The loss of a network, computed on this side from its parameters alone."""
    h = x
    for W, b in layers:
        h = sigmoid(h @ W + b)
    return float(np.mean(np.sum((h @ head[0] + head[1] - y) ** 2, axis=1)))


def expect_one_below(tasks: Sequence[tuple[Floats, Floats]], tuned: Sequence[Call]) -> Expectation:
    """Expect one of the tasks to be learned."""

    def judge(answers: Answers) -> Finding | None:
        errors = []
        for (x, y), call in zip(tasks, tuned, strict=True):
            network = read_network(answers, call)
            if isinstance(network, Finding):
                return network
            errors.append(error_of(x, y, *network))
        if min(errors) <= BETTER:
            return None
        return _law("slow", "From its pre-trained start, the network has learned hardly more than one from small random numbers.")

    return Expectation(wants=tuple(result for call in tuned for result in call.results[:2]), judge=judge)


def read_network(answers: Answers, tuned: Call) -> tuple[list[Layer], Layer] | Finding:
    """Give the layers and the head that a call of `fine_tune` returns."""
    below = read_pairs(answers.value(tuned[0]), tuned[0].expected)
    top = read_pairs([answers.value(tuned[1])], [tuned[1].expected], ("head",))
    if isinstance(below, Finding) or isinstance(top, Finding):
        return below if isinstance(below, Finding) else top  # type: ignore[return-value]
    return below, top[0]


def read_pairs(value: Any, expected: Sequence[Layer], names: Sequence[str] = ()) -> list[Layer] | Finding:
    """Give the pairs (W, b) of a network as float64 arrays; each is spoken of by its name, or else by its number in the list."""
    listed = _not_listed(value, expected)
    if listed is not None:
        return listed
    layers: list[Layer] = []
    for number, (pair, due) in enumerate(zip(value, expected, strict=True)):
        name = names[number] if names else f"layers[{number}]"
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            return _no_pair(pair, due, name)
        W, b = (ready_to_compare(one, np.shape(like), f"{letter} of {name}") for one, like, letter in zip(pair, due, "Wb", strict=True))
        if isinstance(W, Finding) or isinstance(b, Finding):
            return W if isinstance(W, Finding) else b  # type: ignore[return-value]
        layers.append((W, b))
    return layers


def _not_listed(value: Any, expected: Sequence[Layer]) -> Finding | None:
    """What keeps a result from being a list with as many entries as there are layers."""
    if not isinstance(value, (list, tuple)):
        kind = _kind_of(value)
        return Finding(rung=Rung.TYPE, message=f"layers is {kind} where a list of pairs (W, b) is required.", code=kind)
    axes = [[np.ndim(one) if is_numeric(one) else -1 for one in entry] if isinstance(entry, (list, tuple)) else [] for entry in value]
    if len(value) == 2 and axes[0] and axes[1] and set(axes[0]) == {2} and set(axes[1]) == {1}:
        text = "layers is a list of weights and a list of biases where one list of pairs (W, b) is required."
        return Finding(rung=Rung.TYPE, message=text, code="two_lists")
    if len(value) == len(expected):
        return None
    if len(value) == 2 * len(expected) and all(map(is_numeric, value)):
        text = "layers has weights and biases one after the other where a list of pairs (W, b) is required."
        return Finding(rung=Rung.COUNT, message=text, code="flat")
    code = "too_few" if len(value) < len(expected) else "too_many"
    text = f"The length of layers is {len(value)}, but it should be {len(expected)}: one pair (W, b) per hidden layer."
    return Finding(rung=Rung.COUNT, message=text, code=code)


def _no_pair(entry: Any, due: Layer, name: str) -> Finding:
    """Say what stands where a pair (W, b) is required."""
    if isinstance(entry, (list, tuple)):
        what, code = f"has length {len(entry)}", f"{len(entry)}_parts"
    elif is_numeric(entry) and np.ndim(entry):
        what, code = f"is an array of shape {np.shape(entry)}", "weights" if np.shape(entry) == np.shape(due[0]) else "array"
    else:
        what, code = f"is {_kind_of(entry)}", f"entry {_kind_of(entry)}"
    return Finding(rung=Rung.TYPE, message=f"{name} {what} where a pair (W, b) is required.", code=code)


def _kind_of(value: Any) -> str:
    # What does not cross has left the name of its type.
    name = type_words(getattr(value, "type_name", type(value).__name__))
    return f"of {name}" if name == "another type" else f"of type {name}"


def _call_fine_tune(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    x, y, layers, head = draw_network(rng, (4, 3, 3, 2), 6, dtype, scale / 3)
    # One unit of the first layer gets a large positive sum, another a large negative one, whatever was drawn.
    layers[0][0][:, 0], layers[0][0][:, 1] = np.sign(x[0]), -np.sign(x[0])
    return student.fine_tune(x, y, layers, head, 0.1, 2)


fine_tune_contract = contract("fine_tune", _call_fine_tune, stability=1, items=(0, 1))
