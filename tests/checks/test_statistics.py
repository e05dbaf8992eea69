"""The bounds on random functions against exact tails from SciPy, and the number of comparisons that the false-fail rate is stated for.

A bound is right if what lies beyond it has at most the stated probability. It is of use if it is not much wider than it must be.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from grader.catalog import load_course
from grader.checks.statistics import (
    ALPHA,
    correlation_bound,
    distribution_bound,
    normal_cumulative,
    normal_mean_bound,
    normal_variance_bounds,
    share_bounds,
    uniform_cumulative,
    uniform_mean_bound,
    uniform_variance_bounds,
)
from grader.grading import plan_exercise
from grader.model import Kind
from reference.checks import dropout as checks

ALPHAS = [0.5, 0.01, 1e-6, ALPHA]
SIZES = [1, 2, 7, 40, 161, 2000, 12_000]
SHARES = [0.001, 0.03, 0.2, 0.5, 0.65, 0.97]
STATED = Path(__file__).parents[2] / "docs" / "statistics.md"


# -------------------------------------------------------------------------------------------------------------------- shares


@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("p", SHARES)
@pytest.mark.parametrize("n", SIZES)
def test_a_binomial_share_leaves_its_bounds_with_probability_alpha_at_most(n, p, alpha):
    low, high = share_bounds(n, p, alpha)

    counts = np.arange(n + 1)
    outside = counts[(counts / n < low) | (counts / n > high)]

    # The exact tails: the counts outside are a lower and an upper end.
    below, above = outside[outside < n * p], outside[outside > n * p]
    tail = (stats.binom.cdf(below.max(), n, p) if below.size else 0) + (stats.binom.sf(above.min() - 1, n, p) if above.size else 0)
    assert tail <= alpha


@pytest.mark.parametrize("p", [0.2, 0.65])
def test_the_bounds_of_a_share_are_hardly_wider_than_those_of_the_exact_binomial_law(p):
    low, high = share_bounds(6000, p)

    exact_low, exact_high = stats.binom.ppf(ALPHA / 2, 6000, p) / 6000, stats.binom.isf(ALPHA / 2, 6000, p) / 6000
    assert low > p - 1.1 * (p - exact_low)
    assert high < p + 1.1 * (exact_high - p)


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_a_certain_share_has_no_play(p):
    assert share_bounds(100, p) == (p, p)


def test_all_successes_are_allowed_as_long_as_they_are_not_too_rare():
    # 0.9^262 = 1.03e-12 is above 1e-12 / 2, and 0.9^400 = 5e-19 is not.
    assert share_bounds(262, 0.9)[1] == 1.0
    assert share_bounds(400, 0.9)[1] < 1.0


# ----------------------------------------------------------------------------------------------------------- means and variances


@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("n", SIZES)
def test_the_mean_of_normal_draws_leaves_its_bound_with_probability_alpha_at_most(n, alpha):
    bound = normal_mean_bound(n, 0.3, alpha)

    # The mean of n draws of N(0, 0.3^2) is normal with standard deviation 0.3 / sqrt(n).
    assert 2 * stats.norm.sf(bound, scale=0.3 / math.sqrt(n)) <= alpha


@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("n", [1, 2, 3, 5, 12])
def test_the_mean_of_uniform_draws_leaves_its_bound_with_probability_alpha_at_most(n, alpha):
    bound = uniform_mean_bound(n, 2.0, alpha)

    # The sum of n draws of U(0, 1) follows the Irwin-Hall law, whose lower tail below 1 is s^n / n!.
    shortfall = max(n / 2 - n * bound / 4, 0.0)
    below = shortfall**n / math.factorial(n) if shortfall <= 1 else float(stats.irwinhall(n).cdf(shortfall))
    assert 2 * below <= alpha


@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("n", SIZES)
def test_the_mean_square_of_normal_draws_leaves_its_bounds_with_probability_alpha_at_most(n, alpha):
    low, high = normal_variance_bounds(n, 0.25, alpha)

    # n times the mean square, over the variance, follows the chi-square law with n degrees of freedom.
    assert stats.chi2.cdf(n * low / 0.25, n) + stats.chi2.sf(n * high / 0.25, n) <= alpha


def test_the_bounds_of_a_mean_square_are_hardly_wider_than_those_of_the_exact_chi_square_law():
    low, high = normal_variance_bounds(8000, 1.0)

    assert 1 - low < 1.15 * (1 - stats.chi2.ppf(ALPHA / 2, 8000) / 8000)
    assert high - 1 < 1.15 * (stats.chi2.isf(ALPHA / 2, 8000) / 8000 - 1)


@pytest.mark.parametrize("alpha", [0.5, 0.01, 1e-6])
def test_the_square_of_one_uniform_draw_leaves_its_bounds_with_probability_alpha_at_most(alpha):
    low, high = uniform_variance_bounds(1, 2.0, alpha)

    # For U(-a, a): P(u^2 < t) = sqrt(t) / a.
    inside = math.sqrt(min(max(high, 0), 4.0)) / 2 - math.sqrt(min(max(low, 0), 4.0)) / 2
    assert 1 - inside <= alpha


@pytest.mark.parametrize("n", [10, 500])
def test_the_mean_square_of_uniform_draws_leaves_its_bounds_no_more_often_than_stated(n):
    low, high = uniform_variance_bounds(n, 2.0, 0.05)

    squares = np.mean(np.random.default_rng(n).uniform(-2, 2, (20_000, n)) ** 2, axis=1)

    # 0.05 of 20 000 is 1000; were the true rate that, more than 1200 would be seen with probability below 1e-9.
    assert np.count_nonzero((squares < low) | (squares > high)) <= 1200


# ---------------------------------------------------------------------------------------------------------------- distributions


@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("n", [1, 2, 7, 40, 161, 2000])
def test_the_kolmogorov_distance_leaves_its_bound_with_probability_alpha_at_most(n, alpha):
    bound = distribution_bound(n, alpha)

    # SciPy's exact law of the two-sided statistic for n draws; a distance above 1 cannot be.
    assert bound >= 1 or stats.kstwo.sf(bound, n) <= alpha * (1 + 1e-6)


def test_the_bound_of_the_kolmogorov_distance_is_that_of_the_limit_law():
    # Massart's constant is the leading term of the limit: P(sqrt(n) D > t) -> 2 exp(-2 t^2) - ..., so nothing can be gained.
    assert distribution_bound(10_000) * 100 == pytest.approx(stats.kstwobign.isf(ALPHA), rel=1e-6)


def test_the_normal_distribution_function_is_that_of_scipy():
    x = np.linspace(-4, 4, 33)

    np.testing.assert_allclose(normal_cumulative(0.7)(x), stats.norm.cdf(x, scale=0.7), rtol=1e-9)


def test_the_uniform_distribution_function_is_that_of_scipy():
    x = np.linspace(-4, 4, 33)

    np.testing.assert_allclose(uniform_cumulative(1.5)(x), stats.uniform.cdf(x, loc=-1.5, scale=3.0), atol=1e-15)


# ----------------------------------------------------------------------------------------------------------------- independence


@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("n", SIZES)
def test_the_mean_of_fair_signs_leaves_its_bound_with_probability_alpha_at_most(n, alpha):
    bound = correlation_bound(n, alpha)

    # A mean of fair signs is 2 k / n - 1 with k binomial; it is above the bound if k > n (1 + bound) / 2.
    assert 2 * stats.binom.sf(math.floor(n * (1 + bound) / 2 * (1 + 1e-12)), n, 0.5) <= alpha


@pytest.mark.parametrize("p", [0.1, 0.6])
def test_products_of_differences_of_independent_units_are_fair_signs(p):
    # Every mask of one 2 x 2 block with its probability: the exact law of the product, not a sample of it.
    masks = np.array([[[a, b], [c, d]] for a in (0, 1) for b in (0, 1) for c in (0, 1) for d in (0, 1)])
    kept = masks.sum(axis=(1, 2))
    weights = p**kept * (1 - p) ** (4 - kept)

    products = np.array([checks.products_of_rows(mask).item() for mask in masks])

    assert weights[products == 1].sum() == pytest.approx(weights[products == -1].sum(), rel=1e-12)
    assert weights[products == 1].sum() == pytest.approx(2 * p**2 * (1 - p) ** 2, rel=1e-12)


@pytest.mark.parametrize("axis", [0, 1])
def test_products_of_rows_see_units_that_are_dropped_together(axis):
    rng = np.random.default_rng(axis)
    shared = np.broadcast_to(rng.random((60, 1) if axis else (1, 80)) < 0.6, (60, 80))

    products = checks.products_of_rows(shared if axis else shared.T)

    assert np.mean(products[products != 0]) == 1.0


def test_no_number_of_survivors_is_likely_enough_to_come_thirteen_times():
    # 7 x 23 units at p = 0.6, as the check draws them: the exact probability that 13 counts are equal.
    chances = stats.binom.pmf(np.arange(162), 161, 0.6)

    assert np.sum(chances**13) <= ALPHA / 100


# ------------------------------------------------------------------------------------------------------------ the whole course


@pytest.fixture(scope="module")
def plans():
    course = load_course()
    return {exercise.name: plan_exercise(course, exercise) for exercise in course.exercises}


def random_comparisons(name, plan):
    """Comparisons that may depend on what a student draws: those of the kind statistics, and all of them in dropout."""
    return sum(len(one.expectations) for one in plan.checks if name == "dropout" or one.check.kind is Kind.STATISTICS)


def test_a_whole_run_fails_a_correct_submission_with_probability_one_in_a_billion_at_most(plans):
    total = sum(random_comparisons(name, plan) for name, plan in plans.items())

    assert total > 0
    assert total * ALPHA <= 1e-9


def test_the_numbers_of_comparisons_in_the_docs_are_those_of_the_course(plans):
    stated = {name: int(number) for name, number in re.findall(r"^\| ([a-z]+) \| (\d+) \|", STATED.read_text(), flags=re.M)}

    there = {name: random_comparisons(name, plan) for name, plan in plans.items()}
    assert stated == {name: number for name, number in there.items() if number}
