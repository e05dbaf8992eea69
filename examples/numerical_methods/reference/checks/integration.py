"""The checks of integration: three rules, judged by their formula, by what they are exact for, and by the law of their draws.

A function crosses to a student's side as a recipe: an expression and its constants.
"""

import math

import numpy as np

from grader.checks import Finding, Generator, Kind, Recipe, Rung, check, compare, compare_law, contract
from grader.checks.statistics import ALPHA

# What a single number comes out as, and an array of any shape, all from the same expression.
CONSTANT = "lambda c: lambda x: c + 0 * x"
POWER = "lambda p: lambda x: x**p"
WAVE = "lambda c, k: lambda x: np.exp(c * x) * np.cos(k * x)"
CUBIC = "lambda p: lambda x: ((p[3] * x + p[2]) * x + p[1]) * x + p[0]"


def draw(rng, *shape):
    """Numbers of either sign, none near 0."""
    return rng.uniform(0.3, 1.5, shape) * rng.choice([-1.0, 1.0], shape)


def points(rng, n):
    """Points in increasing order, at distances that differ."""
    return np.cumsum(rng.uniform(0.2, 1.0, n)) - rng.uniform(0.5, 1.5)


# ----------------------------------------------------------------------------------------------------------- trapezoid_rule


@check("trapezoid_rule", Kind.SMOKE, points=0, public=True)
def returns_one_integral(student, rng):
    """Return the integral of the example: y = [1, 3, 3] at x = [0, 1, 3] gives 8."""
    yield compare(student.trapezoid_rule(np.array([1.0, 3.0, 3.0]), np.array([0.0, 1.0, 3.0])))


@check("trapezoid_rule", Kind.VALUE, points=2)
def weighs_every_interval_by_its_width(student, rng):
    """Multiply the mean of the two ends of every interval by its own width, and sum."""
    for n in (2, 5, 9):
        yield compare(student.trapezoid_rule(draw(rng, n), points(rng, n)))


# As many samples as rows, because there a slipped axis gives no error but a wrong answer.
@check("trapezoid_rule", Kind.VALUE, points=1)
def integrates_along_the_last_axis(student, rng):
    """Where y has several axes, integrate along the last one, and along no other."""
    for shape in ((4, 4), (3, 6), (2, 5, 5)):
        yield compare(student.trapezoid_rule(draw(rng, *shape), points(rng, shape[-1])))


def call_trapezoid(student, rng, dtype, scale):
    return student.trapezoid_rule(draw(rng, 3, 5).astype(dtype), points(rng, 5).astype(dtype))


trapezoid_contract = contract("trapezoid_rule", call_trapezoid)


# ------------------------------------------------------------------------------------------------------------- simpson_rule


@check("simpson_rule", Kind.SMOKE, points=0, public=True)
def returns_one_number(student, rng):
    """Return the integral of the example: x^3 from 0 to 2 with n = 2 gives 4."""
    yield compare(student.simpson_rule(Recipe(POWER, (3,)), 0.0, 2.0, n=2))


@check("simpson_rule", Kind.VALUE, points=2)
def is_exact_for_cubics(student, rng):
    """Give the exact integral of every polynomial of degree 3, whatever n is."""
    for n in (2, 4, 10):
        a = float(rng.uniform(-2.0, 0.0))
        b = a + float(rng.uniform(1.0, 3.0))
        p = draw(rng, 4)
        exact = sum(p[k] / (k + 1) * (b ** (k + 1) - a ** (k + 1)) for k in range(4))
        yield compare(student.simpson_rule(Recipe(CUBIC, (p,)), a, b, n=n), to=exact)


# A cubic cannot tell how many intervals there were; a wave can.
@check("simpson_rule", Kind.VALUE, points=2)
def uses_n_intervals(student, rng):
    """Divide [a, b] into n intervals, 10 if nobody says how many, with weights 1, 4, 2, 4, ..., 4, 1."""
    wave = Recipe(WAVE, (float(rng.uniform(0.3, 0.6)), float(rng.uniform(2.0, 3.0))))
    yield compare(student.simpson_rule(wave, -0.5, 1.5))
    for n in (2, 6, 12):
        yield compare(student.simpson_rule(wave, -0.5, 1.5, n=n))


@check("simpson_rule", Kind.VALUE, points=1)
def integrates_backwards_too(student, rng):
    """If b is below a, give the integral the opposite sign."""
    wave = Recipe(WAVE, (float(rng.uniform(0.3, 0.6)), float(rng.uniform(2.0, 3.0))))
    yield compare(student.simpson_rule(wave, 1.5, -0.5, n=4))


# -------------------------------------------------------------------------------------------------------------- monte_carlo

DRAWS = 20_000


@check("monte_carlo", Kind.SMOKE, points=0, public=True)
def returns_an_estimate_and_an_error(student, rng):
    """Return two numbers: the estimate and its standard error."""
    yield compare_law(lambda _estimate, _error: None, *student.monte_carlo(Recipe(POWER, (2,)), 0.0, 1.0, 10, Generator(1)))


@check("monte_carlo", Kind.VALUE, points=1)
def is_exact_for_a_constant(student, rng):
    """Give a constant its exact integral, the constant times (b - a), with error 0."""
    # 2.5 and its square are binary fractions: no order of summation rounds them.
    yield from map(compare, student.monte_carlo(Recipe(CONSTANT, (2.5,)), -1.0, 3.0, 50, Generator(2)))


@check("monte_carlo", Kind.STATISTICS, points=2, cases="estimates")
def estimates_the_integral(student, rng):
    """Come near the integral with points that are uniform in [a, b)."""
    for call, p, a, b in estimates(student, rng):
        yield compare_law(lambda estimate, p=p, a=a, b=b: near_the_integral(estimate, p, a, b), call[0])


# The same calls, looked at from another side: with `cases` they are made once.
@check("monte_carlo", Kind.STATISTICS, points=2, cases="estimates")
def tells_its_standard_error(student, rng):
    """Return the standard error of the estimate: (b - a) times the standard deviation of f, divided by the root of n."""
    for call, p, a, b in estimates(student, rng):
        yield compare_law(lambda error, p=p, a=a, b=b: near_the_error(error, p, a, b), call[1])


@check("monte_carlo", Kind.STATISTICS, points=1)
def draws_from_the_generator_it_is_given(student, rng):
    """Draw from rng alone: the same generator gives the same estimate, another one another."""
    seed = int(rng.integers(1, 10_000))
    calls = [student.monte_carlo(Recipe(POWER, (2,)), 0.5, 2.0, 200, Generator(number)) for number in (seed, seed, seed + 1)]
    yield compare_law(follows_the_generator, *(call[0] for call in calls))


def estimates(student, rng):
    """Estimates of the integral of x^p. In the first case the deviation of x^p is far from 1, so from the variance, too."""
    for p, a, b in ((1, 0.0, 40.0), (2, -1.0, 2.0)):
        yield student.monte_carlo(Recipe(POWER, (p,)), a, b, DRAWS, Generator(int(rng.integers(2**32)))), p, a, b


def moment(p, a, b):
    """The mean of x^p for x uniform in [a, b)."""
    return (b ** (p + 1) - a ** (p + 1)) / ((p + 1) * (b - a))


def bound(n, alpha=ALPHA):
    """How far the mean of n independent values in [0, 1] strays from its expectation, with probability at most alpha.

    Hoeffding 1963, theorem 2: ``P(|mean - expectation| >= t) <= 2 exp(-2 n t^2)``.
    """
    return math.sqrt(math.log(2 / alpha) / (2 * n))


def largest(p, a, b):
    """The largest |x|^p in [a, b]; the smallest x^p is 0 in the cases above."""
    return max(abs(a), abs(b)) ** p


def near_the_integral(estimate, p, a, b):
    width = b - a
    if abs(estimate / width - moment(p, a, b)) <= largest(p, a, b) * bound(DRAWS):
        return None
    return "The estimate is farther from the integral than chance allows."


def near_the_error(error, p, a, b):
    # The variance is the mean of squares less the square of the mean. Each may stray, at half of ALPHA.
    stray, top = bound(DRAWS, ALPHA / 2), largest(p, a, b)
    mean, square = moment(p, a, b), moment(2 * p, a, b)
    low = (square - top**2 * stray) - (mean + top * stray) ** 2
    high = (square + top**2 * stray) - max(mean - top * stray, 0.0) ** 2
    root, width = math.sqrt(DRAWS), b - a

    def is_near(deviation):
        # A divisor of n - 1 for n is allowed for.
        return deviation >= 0 and low <= deviation**2 <= high * DRAWS / (DRAWS - 1)

    if is_near(error * root / width):
        return None
    slips = {
        "without_width": (error * root, "The error lacks the factor b - a."),
        "not_divided": (error / width, "The error is the standard deviation of the values; their mean scatters less."),
        "divided_by_n": (error * DRAWS / width, "The error is smaller by the root of n than it should be."),
        "variance": (math.sqrt(abs(error) * root / width), "The error uses the variance; it should use the standard deviation."),
    }
    fitting = [code for code, (deviation, _words) in slips.items() if is_near(deviation)]
    words = slips[fitting[0]][1] if len(fitting) == 1 else "The error is not the standard error of the estimate."
    # The code tells known mistakes apart, because random numbers cannot.
    return Finding(rung=Rung.LAW, message=words, code="_or_".join(fitting))


def follows_the_generator(first, again, other):
    if first != again:
        return Finding(rung=Rung.LAW, message="The same generator gives another estimate.", code="not_repeated")
    if first == other:
        return Finding(rung=Rung.LAW, message="Another generator gives the same estimate.", code="not_varied")
    return None
