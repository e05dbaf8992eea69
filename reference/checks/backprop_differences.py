"""Checks of the numerical gradients, and of the error by which they are compared with others.

The functions to differentiate are made on the student's side, of the recipes below. Their elements depend on each other, so that one
which is not put back in its place spoils the differences that follow. Rounding of the differences is about 1e-11 of a gradient with a
step of 1e-5, the error of a one-sided difference about 1e-5: the usual tolerance lies well between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader.checks import Call, Expectation, Kind, Recipe, Student, check, compare, compare_quiet, compare_shape, compare_unchanged

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Rng = np.random.Generator
Shape = tuple[int, ...]

# Scalar functions of an array. Each differs from a parabola, to which every central difference is exact.
COUPLED = "lambda A: lambda x: np.sum(A * x**3) + np.prod(1 + 0.3 * np.sin(x))"
EXPONENTIAL = "lambda A: lambda x: np.exp(0.3 * np.sum(A * x))"
# At this frequency the truncation error shows at a step of 1e-5, long before rounding does: (1000 h)^2 / 6 is 1.7e-5.
FAST = "lambda A: lambda x: np.sum(A * np.sin(1000 * x))"

# Functions with an array as result, none of the shape of x.
LAYER = "lambda W: lambda x: np.tanh(x @ W)"
WEIGHTS = "lambda X: lambda w: np.exp(0.3 * X @ w)"
CUBE_SUMS = "lambda A: lambda x: np.sum(A * x**3, axis=0)"
OUTER = "lambda v: lambda x: np.multiply.outer(v, x**3 + np.sum(x) ** 2)"
FAST_ARRAY = "lambda A: lambda x: A * np.sin(1000 * x)"
ITSELF = "lambda: lambda x: x"
A_VIEW = "lambda: lambda x: x.T[::-1]"

STEPS = (0.3, 0.02, 1e-3)


def signed(rng: Rng, *shape: int, low: float = 0.3, high: float = 1.5) -> Floats:
    """Numbers of either sign, none near 0."""
    drawn: Floats = rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)
    return drawn


# -------------------------------------------------------------------------------------------------------------- numerical_gradient


def differentiate(student: Student, rng: Rng, source: str, shape: Shape, **h: float) -> Call:
    return student.numerical_gradient(Recipe(source, (signed(rng, *shape),)), signed(rng, *shape), **h)


@check("numerical_gradient", Kind.SMOKE, points=0, public=True)
def differentiates_the_cube_of_the_example(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array. For f(x) = x^3 at x = [2] with h = 0.1 it is [12.01]."""
    yield compare(student.numerical_gradient(Recipe("lambda: lambda x: np.sum(x**3)"), np.array([2.0]), h=0.1))


@check("numerical_gradient", Kind.VALUE, points=2)
def takes_differences_to_both_sides(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give the derivative with respect to each element, from one step ahead and one step back, with the other elements unchanged."""
    for source in (COUPLED, EXPONENTIAL):
        yield differentiate_and_compare(student, rng, source, (4,))
        yield differentiate_and_compare(student, rng, source, (1,))


def differentiate_and_compare(student: Student, rng: Rng, source: str, shape: Shape, **h: float) -> Expectation:
    return compare(differentiate(student, rng, source, shape, **h))


@check("numerical_gradient", Kind.VALUE, points=1)
def goes_over_all_elements_of_any_shape(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Be right for x with several axes: the derivative with respect to an element has the index of that element."""
    for shape in ((3, 3), (2, 4), (2, 1, 3)):
        yield differentiate_and_compare(student, rng, COUPLED, shape)


@check("numerical_gradient", Kind.VALUE, points=1)
def takes_the_step_that_it_is_given(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Go h ahead and h back, whatever h is, and divide by 2 h: with a large h the formula differs from the derivative, as it should."""
    for h in STEPS:
        yield differentiate_and_compare(student, rng, COUPLED, (3,), h=h)


@check("numerical_gradient", Kind.VALUE, points=1)
def takes_a_step_of_1e_minus_5_unless_told(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Take h = 1e-5 where none is given."""
    yield differentiate_and_compare(student, rng, FAST, (3,))


@check("numerical_gradient", Kind.SHAPE, points=1)
def gives_the_gradient_the_shape_of_x(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return an array of the shape of x."""
    for shape in ((1,), (2, 1, 3)):
        yield compare_shape(differentiate(student, rng, COUPLED, shape))


@check("numerical_gradient", Kind.PURITY, points=1)
def puts_every_element_back(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Leave x as it was, up to rounding, whatever you do to it on the way."""
    x = signed(rng, 2, 3)
    call = student.numerical_gradient(Recipe(COUPLED, (signed(rng, 2, 3),)), x)
    # Who puts an element back by adding and subtracting h is off in the last digit.
    yield compare(call.after(1), to=x)


# -------------------------------------------------------------------------------------------------------- numerical_gradient_array

# What a function is made of, the shape of x, and that of the result.
ArrayCase = tuple[str, Shape, Shape, Shape]
VECTORS: tuple[ArrayCase, ...] = ((LAYER, (3, 4), (3,), (4,)), (WEIGHTS, (2, 3), (3,), (2,)), (WEIGHTS, (4, 1), (1,), (4,)))
MATRICES: tuple[ArrayCase, ...] = (
    (LAYER, (3, 3), (3, 3), (3, 3)),
    (LAYER, (4, 2), (3, 4), (3, 2)),
    (CUBE_SUMS, (3, 2), (3, 2), (2,)),
    (OUTER, (2,), (2, 1, 2), (2, 2, 1, 2)),
)


def differentiate_array(student: Student, rng: Rng, case: ArrayCase, **h: float) -> Call:
    source, constant, shape, result = case
    recipe = Recipe(source, (signed(rng, *constant),))
    return student.numerical_gradient_array(recipe, signed(rng, *shape), signed(rng, *result), **h)


@check("numerical_gradient_array", Kind.SMOKE, points=0, public=True)
def differentiates_the_squares_of_the_example(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array. For f(x) = x^2 at x = [1, 2] with df = [10, 1] it is [20, 4]."""
    yield compare(student.numerical_gradient_array(Recipe("lambda: lambda x: x**2"), np.array([1.0, 2.0]), np.array([10.0, 1.0])))


@check("numerical_gradient_array", Kind.VALUE, points=2)
def sums_the_differences_times_the_upstream_gradient(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Multiply the difference of the two results, one step ahead and one back, by df element by element, and sum; divide by 2 h."""
    for case in VECTORS:
        yield compare(differentiate_array(student, rng, case))


@check("numerical_gradient_array", Kind.VALUE, points=1)
def takes_arrays_of_any_shapes(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Be right for x and f(x) with several axes, of equal or of different shapes. The gradient has the shape of x."""
    for case in MATRICES:
        yield compare(differentiate_array(student, rng, case))


@check("numerical_gradient_array", Kind.VALUE, points=1)
def takes_the_step_h(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Go h ahead and h back, whatever h is, and divide by 2 h."""
    for h in STEPS:
        yield compare(differentiate_array(student, rng, VECTORS[0], h=h))


@check("numerical_gradient_array", Kind.VALUE, points=1)
def takes_a_step_of_1e_minus_5_by_itself(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Take h = 1e-5 where none is given."""
    yield compare(differentiate_array(student, rng, (FAST_ARRAY, (3,), (3,), (3,))))


@check("numerical_gradient_array", Kind.VALUE, points=1)
def copes_with_a_function_that_returns_its_argument(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Be right, too, where f returns x itself or a view of it: if you change x in place, keep a copy of what f has returned."""
    for source, shape in ((ITSELF, (4,)), (A_VIEW, (2, 3))):
        df = signed(rng, *shape[::-1])
        yield compare(student.numerical_gradient_array(Recipe(source), signed(rng, *shape), df))


@check("numerical_gradient_array", Kind.SHAPE, points=1)
def gives_the_gradient_the_shape_of_the_argument(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return an array of the shape of x, not of f(x)."""
    for case in (VECTORS[2], MATRICES[3]):
        yield compare_shape(differentiate_array(student, rng, case))


@check("numerical_gradient_array", Kind.PURITY, points=1)
def puts_the_argument_back(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Leave x as it was, up to rounding, whatever you do to it on the way, and leave df untouched."""
    call = differentiate_array(student, rng, MATRICES[1])
    yield compare(call.after(1), to=call.spec.passed[1])
    yield compare_unchanged(call, exempt=(1,))


# ------------------------------------------------------------------------------------------------------------------ relative_error

Pair = tuple[Floats, Floats]


def near(rng: Rng, *shape: int, largest: float = 0.2) -> Pair:
    """An array and another one that differs from it, by different shares; sizes differ by factors of hundreds."""
    # None is so small that 1e-8 more or less in a denominator shows, which has a check of its own.
    a = signed(rng, *shape) * 10.0 ** rng.uniform(0, 3, shape)
    return a, a * (1 + rng.uniform(-largest, largest, shape))


def far(rng: Rng, *shape: int) -> Pair:
    """Two arrays that have nothing to do with each other but their sign: opposite signs give 1, whatever the sizes."""
    return np.abs(signed(rng, *shape)), np.abs(signed(rng, *shape, high=4.0))


def opposite(rng: Rng) -> Pair:
    """Arrays of which one pair has opposite signs, so that the sum of its absolute values is not that of its sum."""
    a, b = near(rng, 4)
    a[2], b[2] = a[1], -0.5 * b[1]
    return a, b


def largest_by_difference_elsewhere(rng: Rng) -> Pair:
    """The largest difference belongs to a large element, the largest relative one to a small element."""
    a, b = near(rng, 5, largest=0.01)
    a[1], b[1] = 3e4, 2.9e4 + float(rng.uniform(0, 500))
    a[3], b[3] = 1.0, float(rng.uniform(1.5, 2.0))
    return a, b


def compare_errors(student: Student, rng: Rng, pairs: tuple[Callable[[Rng], Pair], ...]) -> Iterator[Expectation]:
    for draw in pairs:
        yield compare(student.relative_error(*draw(rng)))


@check("relative_error", Kind.SMOKE, points=0, public=True)
def agrees_with_the_example(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one number. For a = [1, 2, 0] and b = [1, 3, 0] it is 0.2."""
    yield right(student.relative_error(np.array([1.0, 2.0, 0.0]), np.array([1.0, 3.0, 0.0])))


def right(call: Call) -> Expectation:
    """Expect the reference's value where mistakes give NaN, which is equal to no number and so names no mistake."""
    expectation = compare(call)
    return Expectation(wants=expectation.wants, judge=expectation.judge)


@check("relative_error", Kind.VALUE, points=2)
def takes_the_largest_error_of_all_elements(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Divide each difference |a - b| by |a| + |b| of its own two elements, and return the largest of all quotients."""
    draws: tuple[Callable[[Rng], Pair], ...] = (
        lambda rng: near(rng, 6),
        lambda rng: near(rng, 3, 4),
        lambda rng: far(rng, 2, 3, 2),
        lambda rng: near(rng, 1),
        opposite,
        largest_by_difference_elsewhere,
    )
    yield from compare_errors(student, rng, draws)
    a, b = far(rng, 4)
    yield compare(student.relative_error(a.astype(np.float32), b.astype(np.float32)), dtype=np.float32)


@check("relative_error", Kind.VALUE, points=1)
def divides_tiny_values_by_the_floor(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Divide by max(1e-8, |a| + |b|): do not add 1e-8."""
    a, b = far(rng, 3)
    yield compare(student.relative_error(1e-9 * a, 1e-9 * b))
    # Sizes above the floor and below it; the largest error is not that of the largest difference.
    a, b = np.array([8.0, 1.5 * float(rng.uniform(0.1, 0.2)), 0.1, 1e-4]), np.array([6.0, 1.5, 0.3, 5e-4])
    yield compare(student.relative_error(1e-8 * a, 1e-8 * b))
    # Nor is it the floor of an error: equal arrays have none.
    a, _ = near(rng, 3)
    yield compare(student.relative_error(a, a.copy()))


@check("relative_error", Kind.STABILITY, points=1)
def finds_no_error_in_two_zeros(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Where both elements are 0 the error is 0: no NaN, and no warning."""
    a, b = map(np.abs, largest_by_difference_elsewhere(rng))
    a[0], b[0] = 0.0, 0.0
    call = student.relative_error(a, b)
    yield compare_quiet(call)
    yield right(call)


@check("relative_error", Kind.SHAPE, points=1)
def returns_a_number(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a single number, not an array, whatever the shape of a and b."""
    for shape in ((4,), (2, 3)):
        yield compare_shape(student.relative_error(*near(rng, *shape)))


@check("relative_error", Kind.PURITY, points=1)
def leaves_both_arrays_alone(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Leave the arguments as they are: work on new arrays."""
    yield compare_unchanged(student.relative_error(*near(rng, 2, 3)))
