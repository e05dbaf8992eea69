"""Checks of the losses: the number, its gradient, and both for scores so far apart that a probability rounds to 0 or 1.

A loss and its gradient are looked at in the same calls, each by a check of its own. No margin of the hinge is near 0, where the
gradient is left open, but by a chance of about 1e-12.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader.checks import Call, Check, Expectation, Kind, Result, Student, check, compare, contract

Array = np.ndarray[Any, np.dtype[Any]]
Rng = np.random.Generator
# Arguments of a loss, one pair per case.
Cases = Callable[[Rng], Iterator[tuple[Array, Array]]]

# With as many examples as classes among them: there a wrong axis broadcasts without a word.
SIZES = ((7, 4), (4, 4), (1, 5), (6, 2))


def right_classes(rng: Rng, n: int, c: int) -> Array:
    """Every class as often as any other, in random order; a single example has not the first class."""
    return rng.permutation(np.arange(n) % c) if n > 1 else rng.integers(1, c, 1)


def scores(rng: Rng, n: int, c: int) -> Array:
    """Scores whose rows are on levels of their own, up to 20 from 0."""
    return 2 * rng.standard_normal((n, c)) + rng.uniform(-20, 20, (n, 1))


def classes(rng: Rng) -> Iterator[tuple[Array, Array]]:
    for n, c in SIZES:
        yield scores(rng, n, c), right_classes(rng, n, c)
    yield scores(rng, 5, 3).astype(np.float32), right_classes(rng, 5, 3)


def moved(rng: Rng, n: int, c: int, by: Array) -> tuple[Array, Array]:
    """Scores of which those of the right class are moved, row by row."""
    x, y = scores(rng, n, c), right_classes(rng, n, c)
    x[np.arange(n), y] += by
    return x, y


def float32_or_none(x: Array) -> type[np.float32] | None:
    return np.float32 if x.dtype == np.float32 else None


def loss_and_gradient(function: str, cases: Cases, loss: str, gradient: str, points: tuple[int, int]) -> tuple[Check, Check]:
    """The two requirements on ordinary inputs, which look at the same calls."""

    def has_the_right_loss(student: Student, rng: Rng) -> Iterator[Expectation]:
        for x, y in cases(rng):
            yield compare(getattr(student, function)(x, y)[0], dtype=float32_or_none(x))

    def has_the_right_gradient(student: Student, rng: Rng) -> Iterator[Expectation]:
        for x, y in cases(rng):
            yield compare(getattr(student, function)(x, y)[1], dtype=float32_or_none(x))

    has_the_right_loss.__doc__, has_the_right_gradient.__doc__ = loss, gradient
    return (
        check(function, Kind.VALUE, points=points[0], cases="ordinary")(has_the_right_loss),
        check(function, Kind.GRADIENT, points=points[1], cases="ordinary")(has_the_right_gradient),
    )


def smoke(function: str, sentence: str, *arguments: Array) -> Check:
    """The worked example of the stub, in the open."""

    def agrees_with_the_example(student: Student, rng: Rng) -> Iterator[Expectation]:
        for result in getattr(student, function)(*arguments).results:
            yield compare(result)

    agrees_with_the_example.__doc__ = sentence
    return check(function, Kind.SMOKE, points=0, public=True)(agrees_with_the_example)


def right(result: Result | Call) -> Expectation:
    """Expect the reference's values where a mistake gives infinities or NaN, which are equal to no number and so name no mistake."""
    expectation = compare(result)
    return Expectation(wants=expectation.wants, judge=expectation.judge)


# -------------------------------------------------------------------------------------------------------------------- softmax


softmax_smoke = smoke("softmax", "Return one array. For x = [[0, log 3]] it is [[0.25, 0.75]].", np.array([[0.0, np.log(3)]]))


@check("softmax", Kind.VALUE, points=2)
def gives_each_row_its_probabilities(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Exponentiate the scores and divide each row by its own sum."""
    for x, _ in classes(rng):
        yield compare(student.softmax(x), dtype=float32_or_none(x))


@check("softmax", Kind.STABILITY, points=1)
def is_right_for_large_scores(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Be right for scores near 10 000 and near -10 000, in one array: only their differences within a row matter."""
    # Where no exponential overflows, a clipped score shows; where all rows are alike, the maximum of the whole array would do.
    yield right(student.softmax(2 * rng.standard_normal((2, 4)) + np.array([[300.0], [-300.0]])))
    for levels in ((1e4,) * 5, (1e4, -1e4, 800.0, -800.0, 0.0)):
        yield right(student.softmax(2 * rng.standard_normal((5, 4)) + np.reshape(levels, (5, 1))))


def call_softmax(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.softmax((scale * rng.uniform(-1, 1, (6, 4))).astype(dtype))


softmax_contract = contract("softmax", call_softmax, stability=1)


# --------------------------------------------------------------------------------------------------------------- softmax_loss


softmax_loss_checks = (
    smoke(
        "softmax_loss",
        "Return a pair: the loss and its gradient. For x = [[0, log 3]] and y = [0] they are log 4 and [[-0.75, 0.75]].",
        np.array([[0.0, np.log(3)]]),
        np.array([0]),
    ),
    *loss_and_gradient(
        "softmax_loss",
        classes,
        "Give the mean over the examples of -log p, where p is the probability of the right class.",
        "Give the gradient of the mean loss: the probabilities, minus 1 at the right class of each row, all divided by N.",
        (2, 3),
    ),
)


@check("softmax_loss", Kind.VALUE, points=1)
def does_not_cap_the_loss(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give the whole loss where the right class is far below the winner (30 to 60): do not clip p, and add nothing to it."""
    yield compare(student.softmax_loss(*moved(rng, 6, 4, -rng.uniform(30, 60, 6)))[0])


@check("softmax_loss", Kind.STABILITY, points=1)
def is_right_where_a_probability_rounds_to_zero(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Be right, too, where the right class is 1000 to 10 000 below or above the others: never take the log of a
    probability, but use log p = shifted score - log(sum of the row).
    """
    for by in (-rng.uniform(1e3, 1e4, 5), rng.uniform(1e3, 1e4, 4)):
        yield from map(right, student.softmax_loss(*moved(rng, by.size, 3, by)))
    x, y = moved(rng, 5, 3, np.zeros(5))
    yield from map(right, student.softmax_loss(x + 1e4, y))


def call_softmax_loss(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.softmax_loss((scale * rng.uniform(-1, 1, (6, 4))).astype(dtype), right_classes(rng, 6, 4))


softmax_loss_contract = contract("softmax_loss", call_softmax_loss, stability=1)


# ------------------------------------------------------------------------------------------------------------------- svm_loss


def hinge_cases(rng: Rng) -> Iterator[tuple[Array, Array]]:
    """The same; and right classes that win by more than their margin, or by less, or lose."""
    yield from classes(rng)
    yield moved(rng, 8, 5, np.array([30.0, -30.0, 3.0, -3.0, 30.0, 2.0, 0.0, -2.0]))


svm_loss_checks = (
    smoke(
        "svm_loss",
        "Return a pair: the loss and its gradient. For x = [[1, 3, 1.5, -2]] and y = [0] they are 4.5 and [[-2, 1, 1, 0]].",
        np.array([[1.0, 3.0, 1.5, -2.0]]),
        np.array([0]),
    ),
    *loss_and_gradient(
        "svm_loss",
        hinge_cases,
        "Sum max(0, s_k - s_y + 1) over the wrong classes k of each example, and take the mean over the examples.",
        "Give the gradient of the mean loss: for every positive margin s_k - s_y + 1, add 1 / N to the gradient of class k and "
        "subtract 1 / N from that of the right class.",
        (2, 3),
    ),
)


def call_svm_loss(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.svm_loss((scale * rng.uniform(-1, 1, (6, 4))).astype(dtype), right_classes(rng, 6, 4))


svm_loss_contract = contract("svm_loss", call_svm_loss)


# ------------------------------------------------------------------------------------------------------- binary_cross_entropy


def yes_or_no(rng: Rng, n: int, dtype: Any = np.float64) -> Array:
    """Labels, both of them if there is room for two."""
    return rng.permutation(np.arange(n) % 2 if n > 1 else rng.integers(0, 2, 1)).astype(dtype)


def yes_or_no_cases(rng: Rng) -> Iterator[tuple[Array, Array]]:
    for shape, labels in (((7,), np.int64), ((6, 1), np.float64), ((5, 1), np.int64), ((1,), np.float64), ((1, 1), np.int64)):
        yield rng.uniform(-4, 4, shape), yes_or_no(rng, shape[0], labels).reshape(shape)
    for label in (0.0, 1.0):
        yield rng.uniform(-4, 4, 4), np.full(4, label)
    yield rng.uniform(-4, 4, 9).astype(np.float32), yes_or_no(rng, 9, np.float32)


binary_checks = (
    smoke(
        "binary_cross_entropy",
        "Return a pair: the loss and its gradient. For scores = [log 3, log 3] and y = [1, 0] they are 0.837... and [-0.125, 0.375].",
        np.array([np.log(3), np.log(3)]),
        np.array([1, 0]),
    ),
    *loss_and_gradient(
        "binary_cross_entropy",
        yes_or_no_cases,
        "Give -mean(y log p + (1 - y) log(1 - p)), where p is the sigmoid of the score; labels may be integers or floats.",
        "Give the gradient with respect to the scores, before the sigmoid: (p - y) divided by the number of elements.",
        (2, 2),
    ),
)


@check("binary_cross_entropy", Kind.VALUE, points=1)
def does_not_cap_the_loss_of_a_missed_one(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give the whole loss for the label 1 and a score from -40 to -60: do not clip p, and add nothing to it."""
    yield compare(student.binary_cross_entropy(-rng.uniform(40, 60, 5), np.ones(5))[0])


@check("binary_cross_entropy", Kind.STABILITY, points=1)
def is_right_where_the_sigmoid_saturates(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Be right where p rounds to 0 or 1, for both labels: the loss of a wrong answer grows with the score, without limit."""
    # Small losses have a call of their own, since beside large ones they would be lost in the mean.
    for sizes, side in (((12.0, 15.0, 20.0), 1), ((20.0, 50.0, 500.0), -1), ((800.0, 2000.0, 1e4), -1)):
        y = np.repeat([0, 1], 3)
        away = side * (2 * y - 1) * rng.uniform(0.9, 1.0, 6)
        yield from map(right, student.binary_cross_entropy(away * np.tile(sizes, 2), y))


def call_binary(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.binary_cross_entropy((scale * rng.uniform(-1, 1, (8, 1))).astype(dtype), yes_or_no(rng, 8, np.int64).reshape(8, 1))


binary_contract = contract("binary_cross_entropy", call_binary, stability=1)


# ------------------------------------------------------------------------------------------------------------------- mse_loss


def pairs(rng: Rng) -> Iterator[tuple[Array, Array]]:
    for shape in ((5, 3), (4, 4), (1, 6), (7, 1)):
        yield rng.standard_normal(shape), rng.standard_normal(shape)
    yield rng.standard_normal((6, 4)).astype(np.float32), rng.standard_normal((6, 4)).astype(np.float32)


mse_checks = (
    smoke(
        "mse_loss",
        "Return a pair: the loss and its gradient. For errors [[0, 2], [3, 0]] they are 6.5 and [[0, 2], [3, 0]].",
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([[1.0, 0.0], [0.0, 4.0]]),
    ),
    *loss_and_gradient(
        "mse_loss",
        pairs,
        "Sum the squared errors of each example and take the mean over the N examples, without a factor 1/2.",
        "Give the gradient of this loss with respect to the predictions: twice the error, divided by N.",
        (2, 2),
    ),
)


def call_mse(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.mse_loss(*(rng.standard_normal((5, 1)).astype(dtype) for _ in range(2)))


mse_contract = contract("mse_loss", call_mse)
