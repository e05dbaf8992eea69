"""Checks of the network with one hidden layer: its loss, the gradients of both its layers, the penalty, and what it learns.

Data and penalty are looked at apart, as are the two layers, so that a slip costs what it concerns. No unit is near the kink of the
ReLU, where the gradient is left open. One call lets a student's own network learn by plain gradient descent; what is judged is the loss
that is left on data that no straight line separates.

The start of that training was searched for among random ones: right gradients leave a loss of 0.042 (0.049 at most when the rate is 10 %
off either way), a third of the bound. Of the known mistakes, a missing ReLU or bias, a missing or wrong mask, a missing -1 at the right
class, a wrong sign, W2's gradient from before the ReLU, a frozen b2, gradients divided by N twice: each leaves more than 0.35. Gradients
that are too large, a wrong penalty, and a wrong gradient of b1 train this network all the same, and cost their own checks. Examples,
inputs, units and classes are permuted and inputs change their sign, which changes the outcome by rounding alone (3e-17 over 300 seeds,
7e-17 between all variants at hand on 40 of them): no right network fails by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.checks import Call, Expectation, Finding, Kind, Own, Recipe, Rung, Student, check, compare, contract
from grader.checks.compare import Tolerance, ready_to_compare
from grader.checks.model import Answers

Array = np.ndarray[Any, np.dtype[Any]]
Rng = np.random.Generator
Parameters = dict[str, Array]
Network = tuple[Array, Array, Parameters]

NETWORK = "two_layer_net"
# N, D, M, C; with all alike among them, and a single example.
SIZES = ((6, 3, 5, 4), (4, 4, 4, 4), (1, 5, 3, 3), (7, 2, 6, 2))


def hidden_sums(x: Array, params: Parameters) -> Array:
    sums: Array = x @ params["W1"] + params["b1"]
    return sums


def scores_of(x: Array, params: Parameters) -> Array:
    scores: Array = np.maximum(hidden_sums(x, params), 0) @ params["W2"] + params["b2"]
    return scores


def draw_parameters(rng: Rng, D: int, M: int, C: int) -> Parameters:
    def normal(*shape: int) -> Array:
        return rng.standard_normal(shape)

    return {"W1": normal(D, M), "b1": normal(M), "W2": normal(M, C), "b2": normal(C)}


def draw(rng: Rng, N: int, D: int, M: int, C: int) -> Network:
    """Draw ``x, y, params``: no unit near its kink, some on either side of it, every class as often as any other."""
    while True:
        x, params = rng.standard_normal((N, D)), draw_parameters(rng, D, M, C)
        sums = hidden_sums(x, params)
        if np.min(np.abs(sums)) > 0.02 and 0.2 < np.mean(sums > 0) < 0.8:
            break
    # A single example has not the first class.
    y = rng.permutation(np.arange(N) % C) if N > 1 else rng.integers(1, C, 1)
    return x, y, params


def as_float32(network: Network) -> Network:
    x, y, params = network
    return x.astype(np.float32), y, {key: value.astype(np.float32) for key, value in params.items()}


def networks(student: Student, rng: Rng, *, penalized: bool) -> Iterator[tuple[Call, type[np.float32] | None]]:
    for sizes in SIZES[:2] if penalized else SIZES:
        yield student.two_layer_net(*draw(rng, *sizes), float(rng.uniform(0.1, 2.0)) if penalized else 0.0), None
    if not penalized:
        yield student.two_layer_net(*as_float32(draw(rng, *SIZES[0])), 0.0), np.float32


def gradients(call: Call, *keys: str, dtype: type[np.float32] | None = None) -> Expectation:
    """Expect some entries of the dict of gradients."""
    grads = call[1]
    return compare(grads, to={key: grads.expected[key] for key in keys}, dtype=dtype)


@check(NETWORK, Kind.SMOKE, points=0, public=True)
def agrees_with_the_untrained_network(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a pair: the loss, and a dict with the keys W1, b1, W2 and b2. With all parameters 0 and two classes the loss is log 2."""
    params = {"W1": np.zeros((2, 3)), "b1": np.zeros(3), "W2": np.zeros((3, 2)), "b2": np.zeros(2)}
    yield from map(compare, student.two_layer_net(np.array([[1.0, 2.0], [0.5, -1.0], [2.0, 0.0]]), np.array([0, 1, 1]), params, 0.5))


@check(NETWORK, Kind.VALUE, points=2, cases="data")
def gives_the_mean_cross_entropy_of_the_scores(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Without a penalty (reg = 0), give the mean over the examples of -log p, where p is the softmax's probability of the right class."""
    for call, dtype in networks(student, rng, penalized=False):
        yield compare(call[0], dtype=dtype)


@check(NETWORK, Kind.VALUE, points=1, cases="penalty")
def adds_half_of_the_squared_weights_times_reg(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Add reg / 2 times the sum of the squares of W1 and W2 to the loss: a sum, not a mean, and without the biases."""
    for call, dtype in networks(student, rng, penalized=True):
        yield compare(call[0], dtype=dtype)


@check(NETWORK, Kind.GRADIENT, points=2, cases="data")
def differentiates_by_the_second_layer(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give the gradients with respect to W2 and b2, those of the mean loss. The gradient of the scores has the 1 / N in it:
    multiply the transposed hidden units by it, and sum it over the examples.
    """
    for call, dtype in networks(student, rng, penalized=False):
        yield gradients(call, "W2", "b2", dtype=dtype)


@check(NETWORK, Kind.GRADIENT, points=2, cases="data")
def differentiates_by_the_first_layer(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give the gradients with respect to W1 and b1: go back through W2, and through the ReLU where the input of a unit was positive."""
    for call, dtype in networks(student, rng, penalized=False):
        yield gradients(call, "W1", "b1", dtype=dtype)


@check(NETWORK, Kind.GRADIENT, points=1, cases="penalty")
def differentiates_the_penalty(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Add the gradient of the penalty, reg times the weights, to the gradients of W1 and W2, and to no others."""
    for call, dtype in networks(student, rng, penalized=True):
        yield gradients(call, "W1", "b1", "W2", "b2", dtype=dtype)


@check(NETWORK, Kind.STABILITY, points=1)
def is_right_where_a_probability_rounds_to_zero(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Be right where scores are far apart, and the right class is far below or far above the others: a loss has no upper limit."""
    for scale in (30.0, 1e3, 5e3):
        for best in (False, True):
            x, _, params = draw(rng, 4, 3, 5, 3)
            x *= scale
            y = np.argmax(scores_of(x, params) if best else -scores_of(x, params), axis=1)
            for result in student.two_layer_net(x, y, params, 0.0):
                # Scores of this size are rounded by so much, and so is a probability near 1 whose distance from 1 is the whole gradient.
                judged = compare(result, tolerance=Tolerance(rtol=1e-7, scaled=1e-9, atol=1e-12 * scale**2))
                # Infinities and NaN are equal to no number, and so name no mistake.
                yield Expectation(wants=judged.wants, judge=judged.judge)


def call_network(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    x, y, params = draw(rng, 5, 3, 4, 3)
    network = (x * scale / 4, y, params)
    return student.two_layer_net(*(network if dtype is np.float64 else as_float32(network)), 0.3)


network_contract = contract(NETWORK, call_network, stability=1)


# ----------------------------------------------------------------------------------------------------------------- the training

# The loss of a network that knows nothing is log 2 = 0.69.
GOOD = 0.15
RATE, STEPS, REG = 0.5, 60, 1e-3

# The exclusive or: the second class is where the signs of the inputs differ.
INPUTS = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
CLASSES = np.array([0, 1, 1, 0])
START = {
    "W1": np.array([[-0.1, 1.8], [0.2, -0.2]]),
    "b1": np.array([-0.2, 0.2]),
    "W2": np.array([[-0.2, 1.0], [0.9, 0.4]]),
    "b2": np.array([0.0, 0.2]),
}

# A loop in an expression: a walrus target inside a comprehension belongs to the lambda around it, so that the parameters move on. The
# network gets copies, and gradients with an axis of size 1 too many are put right: both cost their own checks, not this one.
TRAIN = """
lambda network, rate, steps, reg: lambda x, y, params: (
    [
        (
            grads := network(x.copy(), y.copy(), {key: value.copy() for key, value in params.items()}, reg)[1],
            params := {key: value - rate * np.reshape(grads[key], value.shape) for key, value in params.items()},
        )
        for _ in range(steps)
    ],
    params,
)[1]
""".strip()


@check(NETWORK, Kind.GRADIENT, points=1, by_outcome=True)
def learns_what_no_straight_line_separates(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give gradients with which a network learns: with two hidden units and 60 steps of plain gradient descent, your own two_layer_net
    brings the loss on the exclusive or (XOR) from 0.7 to below 0.15.
    """
    x, y, params = disguised(rng)
    yield learned(student(Recipe(TRAIN, (Own(NETWORK), RATE, STEPS, REG)), x, y, params), x, y)


def disguised(rng: Rng) -> Network:
    """The same data and network, with examples, inputs, units and classes in another order, and inputs with another sign."""
    examples, inputs, units, classes = (rng.permutation(n) for n in (4, 2, 2, 2))
    sign = rng.choice([-1.0, 1.0], 2)
    params = {
        "W1": sign[:, np.newaxis] * START["W1"][np.ix_(inputs, units)],
        "b1": START["b1"][units],
        "W2": START["W2"][np.ix_(units, classes)],
        "b2": START["b2"][classes],
    }
    # The class that was number classes[i] is number i now.
    return INPUTS[np.ix_(examples, inputs)] * sign, np.argsort(classes)[CLASSES[examples]], params


def learned(training: Call, x: Array, y: Array) -> Expectation:
    """Expect parameters with a low loss. How a training went astray, to NaN or elsewhere, is told alike: it is a matter of rounding."""
    end = training.result

    def judge(answers: Answers) -> Finding | None:
        params = answers.value(end)
        # A recipe makes nothing else, but a reply may be forged.
        entries = params if isinstance(params, dict) else {}
        found = {key: ready_to_compare(entries.get(key), value.shape, key) for key, value in end.expected.items()}
        wrong = next((one for one in found.values() if isinstance(one, Finding) and one.rung is not Rung.FINITE), None)
        if wrong is not None:
            return wrong
        sound = {key: one for key, one in found.items() if not isinstance(one, Finding)}
        if len(sound) == len(found) and loss_left(x, y, sound) < GOOD:
            return None
        return Finding(rung=Rung.LAW, message="The network that your gradients train does not learn the exclusive or.", code="not_learned")

    return Expectation(wants=(end,), judge=judge)


def loss_left(x: Array, y: Array, params: Parameters) -> float:
    """The mean cross-entropy, without the penalty."""
    with np.errstate(all="ignore"):
        scores = scores_of(x, params)
        gaps = scores - np.take_along_axis(scores, y[:, np.newaxis], axis=1)
        return float(np.mean(np.logaddexp.reduce(gaps, axis=1)))
