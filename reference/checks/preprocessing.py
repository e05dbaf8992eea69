"""Checks of preprocessing: what is measured, that it is measured on the training set alone, and what becomes of constant features.

The guard against a division by 0 may sit where the statistics are measured or where they are used, so constant features are judged
on the one followed by the other (or on the latter alone, if that is enough), and never on a statistic. They hold whole numbers, whose
mean is exact: ten times 0.1 has a standard deviation of 1.4e-17. What a training-constant feature becomes for another value is left
open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from grader.checks import (
    Call,
    Check,
    Expectation,
    Finding,
    Kind,
    Result,
    Rung,
    Student,
    Tolerance,
    check,
    compare,
    compare_quiet,
    compare_unchanged,
    contract,
)
from grader.checks.compare import ready_to_compare
from grader.checks.model import Answers, NoValue

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Booleans = np.ndarray[Any, np.dtype[np.bool_]]
Rng = np.random.Generator
# The two statistics of a training set, and what of them is divided by.
Measure = Callable[[Floats], tuple[Floats, Floats]]
Divisor = Callable[[Floats, Floats], Floats]

# A divisor may carry a guard of 1e-8, which is up to 3e-8 of the standard deviations and ranges here (0.3 and more), and the guard
# may stand in the statistics: next to the largest value, which is 3 to 20 away from 0.
GUARDED = Tolerance(rtol=1e-6, scaled=1e-8, atol=1e-12)

# With as many examples as features among them: there a wrong axis broadcasts without a word.
SIZES = ((7, 4), (5, 5), (6, 1), (3, 6))
IMAGES = ((5, 4, 3, 2), (3, 3, 3, 3), (1, 2, 4, 3), (4, 5, 2, 1))


def table(rng: Rng, n: int, d: int) -> Floats:
    """Features on levels and of sizes of their own: means up to 10 from 0 and on both sides, standard deviations from 0.3 to 5."""
    x = rng.standard_normal((n, d))
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    sides = rng.permutation(np.where(np.arange(d) % 2, 1.0, -1.0))
    levelled: Floats = x * rng.permutation(np.geomspace(0.3, 5, d)) + sides * rng.uniform(6, 10, d)
    return levelled


def statistics_of(rng: Rng, d: int) -> tuple[Floats, Floats]:
    """A mean and a positive standard deviation for each feature, such as a training set has."""
    return rng.uniform(-10, 10, d), rng.permutation(np.geomspace(0.3, 5, d))


def narrow(x: Floats) -> tuple[Floats, ...]:
    single: Floats = x.astype(np.float32)
    return (single,)


# -------------------------------------------------------------------------------------------- what is measured on a training set


def fit_smoke(function: str, sentence: str) -> Check:
    def measures_the_example(student: Student, rng: Rng) -> Iterator[Expectation]:
        for result in getattr(student, function)(np.array([[1.0, 30.0], [3.0, 10.0], [2.0, 20.0]])).results:
            yield compare(result, tolerance=GUARDED)

    measures_the_example.__doc__ = sentence
    return check(function, Kind.SMOKE, points=0, public=True)(measures_the_example)


def fit_value(function: str, item: int, sentence: str, points: int, name: str) -> Check:
    """One of the two statistics; the checks of both look at the same calls."""

    def body(student: Student, rng: Rng) -> Iterator[Expectation]:
        for n, d in SIZES:
            yield compare(getattr(student, function)(table(rng, n, d))[item], tolerance=GUARDED)
        yield compare(getattr(student, function)(*narrow(table(rng, 8, 3)))[item], dtype=np.float32)
        # Of a single example every feature is constant: the mean or the minimum is sure, the other one may hold a guard.
        if item == 0:
            yield compare(getattr(student, function)(rng.uniform(2, 9, (1, 4)))[0], tolerance=GUARDED)

    body.__name__, body.__doc__ = name, sentence
    return check(function, Kind.VALUE, points=points, cases="ordinary")(body)


def call_standardize_fit(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    """Features whose mean is large beside their deviations, where ``mean(x^2) - mean(x)^2`` cancels."""
    return student.standardize_fit((scale + rng.uniform(-1, 1, (7, 24))).astype(dtype))


def call_min_max_fit(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.min_max_fit(table(rng, 5, 3).astype(dtype))


standardize_fit_checks = (
    fit_smoke(
        "standardize_fit",
        "Return a pair: for x = [[1, 30], [3, 10], [2, 20]] the means are [2, 20], the standard deviations [0.816..., 8.16...].",
    ),
    fit_value("standardize_fit", 0, "Give the mean of every feature, over the examples.", 1, "measures_the_mean_of_every_feature"),
    fit_value(
        "standardize_fit",
        1,
        "Give the standard deviation of every feature, over the examples: the root of the mean squared deviation, divided by N.",
        2,
        "measures_the_standard_deviation_of_every_feature",
    ),
    *contract("standardize_fit", call_standardize_fit, stability=1),
)

min_max_fit_checks = (
    fit_smoke("min_max_fit", "Return a pair: for x = [[1, 30], [3, 10], [2, 20]] the smallest values are [1, 10], the largest [3, 30]."),
    fit_value("min_max_fit", 0, "Give the smallest value of every feature, over the examples.", 1, "measures_the_smallest_values"),
    fit_value("min_max_fit", 1, "Give the largest value of every feature, over the examples.", 1, "measures_the_largest_values"),
    *contract("min_max_fit", call_min_max_fit),
)


# ------------------------------------------------------------------------------------------------ how it is applied to any other


@check("standardize", Kind.SMOKE, points=0, public=True)
def shifts_and_scales_the_example(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array: for x = [[4, 10]], mean = [2, 20] and std = [1, 10] it is [[2, -1]]."""
    yield compare(student.standardize(np.array([[4.0, 10.0]]), np.array([2.0, 20.0]), np.array([1.0, 10.0])), tolerance=GUARDED)


@check("standardize", Kind.VALUE, points=1)
def standardizes_the_training_set(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Subtract the mean and divide by the standard deviation, feature by feature."""
    for n, d in SIZES:
        x = table(rng, n, d)
        yield compare(student.standardize(x, x.mean(axis=0), x.std(axis=0)), tolerance=GUARDED)
    x = table(rng, 8, 3)
    yield compare(student.standardize(*narrow(x), *narrow(x.mean(axis=0)), *narrow(x.std(axis=0))), dtype=np.float32)


@check("standardize", Kind.VALUE, points=1)
def uses_the_statistics_that_it_is_given(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Use the given mean and std, those of the training set, for any other set, too: measure nothing on x."""
    for n, d in ((5, 5), (1, 4), (6, 2)):
        yield compare(student.standardize(rng.uniform(-12, 12, (n, d)), *statistics_of(rng, d)), tolerance=GUARDED)


@check("min_max", Kind.SMOKE, points=0, public=True)
def maps_the_example(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array: for x = [[1.5, 25]], lo = [1, 10] and hi = [3, 30] it is [[0.25, 0.75]]."""
    yield compare(student.min_max(np.array([[1.5, 25.0]]), np.array([1.0, 10.0]), np.array([3.0, 30.0])), tolerance=GUARDED)


@check("min_max", Kind.VALUE, points=1)
def maps_the_range_of_the_training_set_to_zero_and_one(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Subtract lo and divide by hi - lo, feature by feature."""
    for n, d in SIZES:
        x = table(rng, n, d)
        yield compare(student.min_max(x, x.min(axis=0), x.max(axis=0)), tolerance=GUARDED)
    x = table(rng, 8, 3)
    yield compare(student.min_max(*narrow(x), *narrow(x.min(axis=0)), *narrow(x.max(axis=0))), dtype=np.float32)


@check("min_max", Kind.VALUE, points=1)
def uses_the_range_that_it_is_given(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Use the given lo and hi, those of the training set, for any other set, too: measure nothing on x."""
    for n, d in ((4, 4), (1, 3), (6, 2)):
        x = table(rng, 5, d)
        lo, hi = x.min(axis=0), x.max(axis=0)
        yield compare(student.min_max(lo + (hi - lo) * rng.uniform(0.1, 0.9, (n, d)), lo, hi), tolerance=GUARDED)


@check("min_max", Kind.VALUE, points=1)
def clips_nothing(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Let values that lie outside of the given range come out below 0 or above 1."""
    x = table(rng, 5, 4)
    lo, hi = x.min(axis=0), x.max(axis=0)
    yield compare(student.min_max(lo + (hi - lo) * rng.permutation(np.linspace(-1.3, 2.4, 12)).reshape(3, 4), lo, hi), tolerance=GUARDED)


# Standing in for what a training set gave. One feature is constant in it, to see whether a guard is put into the argument itself.


def call_standardize(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    mean, std = (one.astype(dtype) for one in statistics_of(rng, 4))
    std[2] = 0
    return student.standardize((mean + rng.uniform(-1, 1, (1, 4)) * std).astype(dtype), mean, std)


def call_min_max(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    lo, width = (one.astype(dtype) for one in statistics_of(rng, 4))
    width[2] = 0
    return student.min_max((lo + rng.uniform(0, 1, (1, 4)) * width).astype(dtype), lo, lo + width)


def use_contract(function: str, caller: Any) -> tuple[Check, ...]:
    """The standing checks, and one for the statistics, which a guard against a division by 0 is put into most easily."""

    def leaves_the_statistics_alone(student: Student, rng: Rng) -> Iterator[Expectation]:
        """Leave the statistics as they are, since other sets need them too: put a guard into a new array."""
        yield compare_unchanged(caller(student, rng, np.float64, 1.0), exempt=(0,))

    return (
        *contract(function, caller, exempt=(1, 2)),
        check(function, Kind.PURITY, points=1, cases="contract")(leaves_the_statistics_alone),
    )


use_contracts = (*use_contract("standardize", call_standardize), *use_contract("min_max", call_min_max))


# ------------------------------------------------------------------------------------------------------------- constant features


def training_sets(rng: Rng) -> Iterator[tuple[Floats, Booleans]]:
    """Training sets, and which of their features are constant: some, or all.

    No single example, of which who divides by N - 1 measures NaN: that slip is the fit's alone.
    """
    for constants in ((0, 3), (1, -4), (0, 0)):
        x = table(rng, 6, 5)
        where = rng.permutation(5)[:2]
        x[:, where] = constants
        yield x, np.isin(np.arange(5), where)
    yield np.tile(rng.integers(1, 9, (1, 3)).astype(np.float64), (4, 1)), np.ones(3, bool)
    x = table(rng, 8, 3)
    x[:, 1] = 7
    yield x.astype(np.float32), np.array([False, True, False])


def wrong_beside(z: Floats, x: Floats, shift: Floats, divisor: Floats, constant: Booleans) -> Finding | None:
    varies = ~constant & (divisor > 1e-3)
    due = (x - shift)[:, varies] / divisor[varies]
    if np.all(np.abs(z[:, varies] - due) <= (1e-3 if x.dtype == np.float32 else GUARDED.rtol) * (np.abs(due) + 1e-3)):
        return None
    return Finding(rung=Rung.LAW, message="The constant feature is 0, but the other features are wrong.", code="others_wrong")


def zero_and_the_others(z: Call, statistics: Sequence[Result | Floats], constant: Booleans, divisor: Divisor) -> Expectation:
    """Expect 0 for constant features, and for the others what the statistics make of them, if they are one number per feature."""
    x = z.spec.passed[0]

    def judge(answers: Answers) -> Finding | None:
        found = ready_to_compare(answers.value(z.result), x.shape, z.result.label)
        if isinstance(found, Finding):
            return found
        if np.any(np.abs(found[:, constant]) >= 1e-9):
            return Finding(rung=Rung.LAW, message="A constant feature is not 0.", code="not_zero")
        values = (answers.value(one) if isinstance(one, Result) else one for one in statistics)
        first, second = (ready_to_compare(value, constant.shape, "") for value in values)
        if isinstance(first, Finding) or isinstance(second, Finding):
            return None
        return wrong_beside(found, x, first, divisor(first, second), constant)

    return Expectation(wants=(z.result, *(one for one in statistics if isinstance(one, Result))), judge=judge)


def either(given: Expectation, measured: Expectation) -> Expectation:
    """Expect it of the statistics that are given, or of those that the student measures, where the guard may sit.

    With a guard where it is used, a slip in what is measured costs nothing here.
    """

    def judge(answers: Answers) -> Finding | None:
        try:
            if given.judge(answers) is None:
                return None
        except NoValue:
            pass
        return measured.judge(answers)

    return Expectation(wants=(*given.wants, *measured.wants), judge=judge, calls=(*given.calls, *measured.calls))


def constant_features(fit: str, use: str, measure: Measure, divisor: Divisor) -> tuple[Check, Check]:
    """The two requirements on features that are constant in the training set, on the same calls."""

    def calls(student: Student, rng: Rng) -> Iterator[tuple[Booleans, tuple[Floats, Floats], Call, Call, Call]]:
        for x, constant in training_sets(rng):
            plain, fitted = measure(x), getattr(student, fit)(x)
            yield constant, plain, fitted, getattr(student, use)(x, *plain), getattr(student, use)(x, *fitted)

    def makes_zero_of_a_constant_feature(student: Student, rng: Rng) -> Iterator[Expectation]:
        for constant, plain, fitted, given, measured in calls(student, rng):
            yield either(
                zero_and_the_others(given, plain, constant, divisor),
                zero_and_the_others(measured, fitted.results, constant, divisor),
            )

    def divides_by_no_zero(student: Student, rng: Rng) -> Iterator[Expectation]:
        for _, _, _, given, measured in calls(student, rng):
            yield either(compare_quiet(given), compare_quiet(measured))

    makes_zero_of_a_constant_feature.__doc__ = (
        f"With your {fit} and {use}, a feature that is constant in the training set becomes 0 there; the others are scaled as usual."
    )
    divides_by_no_zero.__doc__ = f"With your {fit} and {use}, constant features give neither NaN nor a NumPy warning."
    return (
        check(use, Kind.STABILITY, points=2, cases="constant")(makes_zero_of_a_constant_feature),
        check(use, Kind.STABILITY, points=1, cases="constant")(divides_by_no_zero),
    )


constants = (
    *constant_features("standardize_fit", "standardize", lambda x: (x.mean(axis=0), x.std(axis=0)), lambda _mean, std: std),
    *constant_features("min_max_fit", "min_max", lambda x: (x.min(axis=0), x.max(axis=0)), lambda lo, hi: hi - lo),
)


# ------------------------------------------------------------------------------------------------------------------------ images


def images(rng: Rng, *shape: int) -> Floats:
    """Images of which every pixel and every channel has a level of its own."""
    x: Floats = rng.standard_normal(shape) + 3 * rng.standard_normal(shape[1:]) + rng.permutation(np.linspace(-8, 9, shape[-1]))
    return x


def image_checks(function: str, example: tuple[Floats, Floats], smoke: str, sentence: str) -> tuple[Check, ...]:
    """The requirements on both ways to centre images."""

    def centres_the_example(student: Student, rng: Rng) -> Iterator[Expectation]:
        yield compare(getattr(student, function)(*example))

    def centres_the_training_images(student: Student, rng: Rng) -> Iterator[Expectation]:
        for shape in IMAGES:
            x = images(rng, *shape)
            yield compare(getattr(student, function)(x, x.copy()))
        x = images(rng, 6, 3, 2, 3).astype(np.float32)
        yield compare(getattr(student, function)(x, x.copy()), dtype=np.float32)

    def measures_the_training_images_alone(student: Student, rng: Rng) -> Iterator[Expectation]:
        """Subtract the mean of the training images from any other images, too: x is not averaged."""
        for n, shape in ((1, (5, 3, 4, 2)), (3, (3, 3, 3, 3)), (7, (1, 2, 3, 4))):
            yield compare(getattr(student, function)(images(rng, *shape), images(rng, n, *shape[1:])))

    def call(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
        made: Call = getattr(student, function)(images(rng, 4, 3, 1, 2).astype(dtype), images(rng, 1, 3, 1, 2).astype(dtype))
        return made

    centres_the_example.__doc__, centres_the_training_images.__doc__ = smoke, sentence
    return (
        check(function, Kind.SMOKE, points=0, public=True)(centres_the_example),
        check(function, Kind.VALUE, points=2)(centres_the_training_images),
        check(function, Kind.VALUE, points=1)(measures_the_training_images_alone),
        *contract(function, call),
    )


mean_image_checks = image_checks(
    "subtract_mean_image",
    (np.array([2.0, 6.0]).reshape(2, 1, 1, 1), np.array([5.0]).reshape(1, 1, 1, 1)),
    "Return one array, shaped like x: for two training images of one pixel, 2 and 6, an image 5 becomes 1.",
    "Subtract the mean image: one mean for every pixel and channel, over the images alone.",
)
channel_mean_checks = image_checks(
    "subtract_channel_mean",
    (np.array([[[[1.0, 10.0], [3.0, 30.0]]]]), np.array([[[[1.0, 10.0], [3.0, 30.0]]]])),
    "Return one array, shaped like x: with [[[[1, 10], [3, 30]]]] as train and as x, the channel means are 2 and 20, and the result is "
    "[[[[-1, -10], [1, 10]]]].",
    "Subtract one mean per channel, over all images and all pixels; the channels are the last axis.",
)
