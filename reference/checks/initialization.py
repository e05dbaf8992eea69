"""Checks of weight initialization: the law of the draws, with a stated false-fail rate, and the numbers of the experiments.

Mean, variance, family and independence of the random weights are requirements of their own. So that a slip in one costs that one
alone, the mean, the family and the independence are judged at whatever scale the weights have, and independence whatever their law.
A bound that needs k inequalities takes each at ``ALPHA / k``, so every expectation fails a correct function with probability at most
ALPHA. Draws are compared with the reference's law, never with its numbers: the order and the number of draws are the student's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from grader.checks import Call, Check, Expectation, Finding, Generator, Kind, Student, check, compare, compare_dtype, compare_shape
from grader.checks.compare import ready_to_compare
from grader.checks.model import Answers

from .initialization_law import (
    NORMAL,
    UNIFORM,
    Floats,
    dependence,
    draws_from_rng,
    family_of,
    guesses_for,
    guesses_for_std,
    law,
    mean_of,
    variance_of,
)

Rng = np.random.Generator
Sizes = tuple[int, int]
Law = Callable[..., Finding | None]
Drawer = Callable[[Student, Rng, int, int], Call]
Reader = Callable[[Any, Any, str], Any]

# Every scheme of `initialize_network` that draws: the family and the variance, here and in words.
SCHEMES: dict[str, tuple[str, Callable[[int, int], float]]] = {
    "lecun_normal": (NORMAL, lambda i, _o: 1 / i),
    "xavier_normal": (NORMAL, lambda i, o: 2 / (i + o)),
    "xavier_uniform": (UNIFORM, lambda i, o: 2 / (i + o)),
    "he_normal": (NORMAL, lambda i, _o: 2 / i),
    "he_uniform": (UNIFORM, lambda i, _o: 2 / i),
}

# At these sizes no two of the variances below are within 10 % of each other, and n_in is the larger size once.
SHAPES: tuple[Sizes, ...] = ((80, 135), (195, 40))


def seed_of(rng: Rng) -> Generator:
    return Generator(int(rng.integers(2**32)))


def expect(rule: Law, read: Reader, *calls: Call, named: bool = False) -> Expectation:
    """Expect `rule` of the results of `calls` as `read` gives them; `named` lets their numbers identify a mistake."""
    wants = tuple(call.result for call in calls)

    def judge(answers: Answers) -> Finding | None:
        ready = []
        for result in wants:
            one = read(answers.value(result), result.expected, result.label)
            if isinstance(one, Finding):
                return one
            ready.append(one)
        return rule(*ready)

    return Expectation(wants=wants, judge=judge, values=wants if named else ())


def read_matrix(value: Any, expected: Any, label: str) -> Floats | Finding:
    """Give the weights as float64; a transposed matrix has its own check to lose and is transposed here."""
    if isinstance(value, np.ndarray) and value.ndim == 2 and value.shape == np.shape(expected)[::-1]:
        value = value.T
    return ready_to_compare(value, np.shape(expected), label)


def matrix_checks(function: str, draw: Drawer) -> tuple[Check, ...]:
    """The requirements that every initializer of weights has."""

    def returns_a_matrix(student: Student, rng: Rng) -> Iterator[Expectation]:
        """Return one array W of shape (n_in, n_out)."""
        yield compare_shape(draw(student, rng, 4, 7))

    def keeps_the_shape(student: Student, rng: Rng) -> Iterator[Expectation]:
        """Give W as many rows as there are inputs and as many columns as there are outputs: (n_in, n_out)."""
        for n_in, n_out in ((5, 9), (8, 3), (1, 6)):
            yield compare_shape(draw(student, rng, n_in, n_out))

    def returns_float64(student: Student, rng: Rng) -> Iterator[Expectation]:
        """Return float64."""
        yield compare_dtype(draw(student, rng, 5, 4), np.float64)

    return (
        check(function, Kind.SMOKE, points=0, public=True)(returns_a_matrix),
        check(function, Kind.SHAPE, points=1)(keeps_the_shape),
        check(function, Kind.DTYPE, points=1)(returns_float64),
    )


def initializer_checks(function: str, family: str, draw: Drawer, cases: Sequence[tuple[Sizes, tuple[float, ...]]]) -> tuple[Check, ...]:
    """The requirements that every random initializer has; a case is a shape and what else its variance depends on."""

    def has_mean_zero(student: Student, rng: Rng) -> Iterator[Expectation]:
        """Draw weights whose expected value is 0."""
        yield expect(lambda W: mean_of(W, family), read_matrix, draw(student, rng, 60, 100))

    def has_the_required_variance(student: Student, rng: Rng) -> Iterator[Expectation]:
        for (n_in, n_out), (variance, *std) in cases:
            guesses = guesses_for(n_in, n_out, family, variance) if not std else guesses_for_std(n_in, *std)
            rule = partial(variance_of, family=family, variance=variance, guesses=guesses)
            yield expect(rule, read_matrix, getattr(student, function)(n_in, n_out, *std, seed_of(rng)))

    has_the_required_variance.__doc__ = VARIANCE_SENTENCES[function]

    def follows_the_required_distribution(student: Student, rng: Rng) -> Iterator[Expectation]:
        yield expect(lambda W: family_of(W, family), read_matrix, draw(student, rng, 120, 100))

    follows_the_required_distribution.__doc__ = FAMILY_SENTENCES[family]

    def draws_every_weight_by_itself(student: Student, rng: Rng) -> Iterator[Expectation]:
        """Draw every weight on its own, independently of its row and its column."""
        yield expect(dependence, read_matrix, draw(student, rng, 60, 80))

    def draws_from_the_given_generator(student: Student, rng: Rng) -> Iterator[Expectation]:
        """Draw only from rng: the same state gives the same weights, and a different state different weights."""
        state, another = rng.integers(2**32), rng.integers(2**32)
        calls = [draw(student, np.random.default_rng(number), 6, 5) for number in (state, state, another)]
        yield expect(draws_from_rng, read_matrix, *calls)

    return (
        *matrix_checks(function, draw),
        check(function, Kind.STATISTICS, points=1)(has_mean_zero),
        check(function, Kind.STATISTICS, points=3)(has_the_required_variance),
        check(function, Kind.STATISTICS, points=2)(follows_the_required_distribution),
        check(function, Kind.STATISTICS, points=1)(draws_every_weight_by_itself),
        check(function, Kind.STATISTICS, points=1)(draws_from_the_given_generator),
    )


VARIANCE_SENTENCES = {
    "scaled_normal_init": "Draw weights whose standard deviation, not variance, is std, whatever the sizes are.",
    "lecun_normal": "Draw weights of variance 1 / n_in, for few and for many outputs.",
    "xavier_normal": "Draw weights of variance 2 / (n_in + n_out); the standard deviation is its square root.",
    "xavier_uniform": "Draw weights between -a and a with a = sqrt(6 / (n_in + n_out)).",
    "he_normal": "Draw weights of variance 2 / n_in, for few and for many outputs.",
    "he_uniform": "Draw weights between -a and a with a = sqrt(6 / n_in), for few and for many outputs.",
}
FAMILY_SENTENCES = {
    NORMAL: "Draw from a normal distribution: neither uniform nor cut off far from the mean.",
    UNIFORM: "Draw from a uniform distribution: every value between -a and a is as likely as any other, and none lies outside.",
}


def _draw_by(function: str) -> Drawer:
    return lambda student, rng, n_in, n_out: getattr(student, function)(n_in, n_out, seed_of(rng))


scaled_normal_checks = initializer_checks(
    "scaled_normal_init",
    NORMAL,
    lambda student, rng, n_in, n_out: student.scaled_normal_init(n_in, n_out, 0.3, seed_of(rng)),
    [(shape, (std**2, std)) for shape, std in zip(SHAPES, (0.3, 0.02), strict=True)],
)
scheme_checks = tuple(
    one
    for name, (family, variance) in SCHEMES.items()
    for one in initializer_checks(name, family, _draw_by(name), [(shape, (variance(*shape),)) for shape in SHAPES])
)

# ------------------------------------------------------------------------------------------------------ zeros_init and relu_bias

zeros_checks = matrix_checks("zeros_init", lambda student, _rng, n_in, n_out: student.zeros_init(n_in, n_out))


@check("zeros_init", Kind.VALUE, points=2)
def is_zero_everywhere(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return only zeros."""
    for n_in, n_out in ((4, 6), (7, 7)):
        yield expect(all_zero, read_matrix, student.zeros_init(n_in, n_out), named=True)


def all_zero(*arrays: Floats) -> Finding | None:
    values = np.concatenate([np.ravel(array) for array in arrays])
    if not np.any(values):
        return None
    if np.all(values == values[0]):
        code = "one_hundredth" if np.isclose(values[0], 0.01) else "one_constant"
        return law(code, "Every value is the same, but not 0.")
    return law("not_zero", "Some values are not 0.")


@check("relu_bias", Kind.SMOKE, points=0, public=True)
def returns_a_small_positive_bias(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array; for three units it is [0.01, 0.01, 0.01]."""
    yield compare(student.relu_bias(3))


@check("relu_bias", Kind.VALUE, points=1)
def starts_at_one_hundredth(student: Student, rng: Rng) -> Iterator[Expectation]:
    """If no value is given, start every bias at 0.01."""
    for n_out in (1, 6):
        yield compare(student.relu_bias(n_out))


@check("relu_bias", Kind.VALUE, points=2)
def starts_at_the_given_value(student: Student, rng: Rng) -> Iterator[Expectation]:
    """If a value is given, start every bias at that value."""
    for n_out, value in ((5, 0.1), (4, 0.0375)):
        yield compare(student.relu_bias(n_out, value=value))


@check("relu_bias", Kind.SHAPE, points=1)
def has_one_axis(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return biases of shape (n_out,)."""
    for n_out in (7, 1):
        yield compare_shape(student.relu_bias(n_out))


@check("relu_bias", Kind.DTYPE, points=1)
def returns_biases_in_float64(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return float64."""
    yield compare_dtype(student.relu_bias(4, value=0.2), np.float64)
