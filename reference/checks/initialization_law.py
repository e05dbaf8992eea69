"""The law of random weights: what must hold of numbers drawn from a normal or a uniform distribution, and what else they look like.

A bound that needs k inequalities takes each at ``ALPHA / k``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader.checks import Finding, Rung
from grader.checks import statistics as bounds

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Guesses = dict[str, tuple[float, str]]
ALPHA = bounds.ALPHA
NORMAL, UNIFORM = "normal", "uniform"
SMALL_STD = 0.01


def law(code: str, message: str) -> Finding:
    return Finding(rung=Rung.LAW, message=message, code=code)


def standardized(W: Floats, family: str, alpha: float) -> tuple[Floats, float, float]:
    """Divide the weights by their own scale; with it, between which bounds that scale is to the true one.

    The scale of normal weights is their root mean square, that of uniform ones their largest size. Of n uniform draws the largest
    stays below t times the half width with probability t^n.
    """
    n = W.size
    if family == NORMAL:
        low, high = (math.sqrt(bound) for bound in bounds.normal_variance_bounds(n, 1.0, alpha))
        scale = float(np.sqrt(np.mean(W**2)))
    else:
        low, high = alpha ** (1 / n), 1.0
        scale = float(np.max(np.abs(W)))
    return np.ravel(W) / scale, low, high


def mean_of(W: Floats, family: str) -> Finding | None:
    if not np.any(W):
        return law("all_zero", "Every weight is 0.")
    values, low, _high = standardized(W, family, ALPHA / 2)
    bound = (bounds.normal_mean_bound if family == NORMAL else bounds.uniform_mean_bound)(W.size, 1 / low, ALPHA / 2)
    if abs(float(np.mean(values))) <= bound:
        return None
    if np.all(W >= 0):
        return law("never_negative", "No weight is negative; the weights should lie on both sides of 0.")
    return law("off_centre", "The mean of the weights is not 0.")


def family_of(W: Floats, family: str) -> Finding | None:
    if not np.any(W):
        return law("all_zero", "Every weight is 0.")
    if fits(W, family):
        return None
    if fits(W, UNIFORM if family == NORMAL else NORMAL):
        other = UNIFORM if family == NORMAL else NORMAL
        return law(f"is_{other}", f"The weights follow a {other} distribution, not a {family} one.")
    if np.max(np.abs(W)) < 2.35 * np.sqrt(np.mean(W**2)):
        return law("truncated", f"The weights look cut off at both ends; draw them from the whole {family} distribution.")
    return law("another_family", f"The weights do not follow a {family} distribution.")


def fits(W: Floats, family: str) -> bool:
    """Whether the distribution function is nowhere too far from that of the family, and normal tails hold what they should."""
    values, low, high = standardized(W, family, ALPHA / 5)
    grid = np.linspace(-3.5, 3.5, 141) if family == NORMAL else np.linspace(-1, 1, 81)
    cumulative = bounds.normal_cumulative(1.0) if family == NORMAL else bounds.uniform_cumulative(1.0)
    # The largest distance on a grid is at most the largest of all, so the bound on that one holds.
    found = np.searchsorted(np.sort(values), grid, side="right") / values.size
    one, other = cumulative(grid * low), cumulative(grid * high)
    slack = bounds.distribution_bound(values.size, ALPHA / 5)
    if np.any(found > np.maximum(one, other) + slack) or np.any(found < np.minimum(one, other) - slack):
        return False
    return family == UNIFORM or all(tail_fits(values, t, low, high) for t in (1.8, 2.3, 2.7))


def tail_fits(values: Floats, t: float, low: float, high: float) -> bool:
    """Whether the share beyond t root mean squares is a normal one. Far out, a share tells more than a distance does."""
    most, least = (math.erfc(t * factor / math.sqrt(2)) for factor in (low, high))
    share = float(np.mean(np.abs(values) > t))
    return bool(bounds.share_bounds(values.size, least, ALPHA / 5)[0] <= share <= bounds.share_bounds(values.size, most, ALPHA / 5)[1])


def variance_of(W: Floats, family: str, variance: float, guesses: Guesses, alpha: float = ALPHA) -> Finding | None:
    """What the variance is, if not the one required: the guess that is nearest, if it is near."""
    found = float(np.mean(W**2))
    if family == NORMAL:
        low, high = bounds.normal_variance_bounds(W.size, variance, alpha)
    else:
        low, high = bounds.uniform_variance_bounds(W.size, math.sqrt(3 * variance), alpha)
    if low <= found <= high:
        return None
    if found > 0:
        code, (guess, words) = min(guesses.items(), key=lambda item: abs(math.log(found / item[1][0])))
        if abs(found / guess - 1) < 0.1:
            return law(code, f"The variance is not the required one: {words}.")
    return law("another_variance", f"The variance is too {'small' if found < variance else 'large'}.")


def guesses_for(i: int, o: int, family: str, variance: float) -> Guesses:
    """The variances that slips lead to."""
    table = {
        "lecun_variance": (1 / i, "it is 1 / n_in"),
        "xavier_variance": (2 / (i + o), "it is 2 / (n_in + n_out)"),
        "he_variance": (2 / i, "it is 2 / n_in"),
        "fan_out_variance": (1 / o, "it is 1 / n_out"),
        "he_fan_out_variance": (2 / o, "it is 2 / n_out"),
        "sum_variance": (1 / (i + o), "it is 1 / (n_in + n_out)"),
        "root_taken_twice": (math.sqrt(variance), "its square root is used as the variance"),
        "not_scaled": (1.0 if family == NORMAL else 1 / 3, "it is that of numbers that are not scaled"),
    }
    if family == NORMAL:
        return table | {"root_forgotten": (variance**2, "the variance is used as the standard deviation")}
    return table | {
        "root_forgotten": (3 * variance**2, "the half width lacks its square root"),
        "std_as_half_width": (variance / 3, "the standard deviation is used as the half width"),
        "variance_as_half_width": (variance**2 / 3, "the variance is used as the half width"),
        "width_halved": (variance / 4, "the interval has half the required width"),
        "width_doubled": (variance * 4, "the interval has twice the required width"),
    }


def dependence(W: Floats) -> Finding | None:
    """Mean signs that are 0 for independent draws of any continuous law.

    A difference of two draws has either sign with equal probability; products of the signs of disjoint differences are independent.
    """
    # Two equal values among so many doubles are rare; half of them being copies is not chance.
    if np.unique(np.abs(W)).size <= W.size // 2:
        where = "rows" if not np.any(np.ptp(W, axis=0)) else "columns" if not np.any(np.ptp(W, axis=1)) else "places"
        return law(f"repeated_{where}", f"The same numbers are repeated in many {where}.")
    along = np.sign(W[:, ::2] - W[:, 1::2])
    down = np.sign(W[::2] - W[1::2])
    rows, columns = along[::2] * along[1::2], down[:, ::2] * down[:, 1::2]
    products = {
        "rows": (rows, "The rows are not independent of each other."),
        "columns": (columns, "The columns are not independent of each other."),
        "products": (rows[:, ::2] * rows[:, 1::2], "The weights are products of one number per row and one per column."),
    }
    for code, (signs, message) in products.items():
        if abs(float(np.mean(signs))) > bounds.correlation_bound(signs.size, ALPHA / 3):
            return law(f"dependent_{code}", message)
    return None


def draws_from_rng(first: Floats, again: Floats, other: Floats) -> Finding | None:
    if not np.allclose(first, again, rtol=1e-9, atol=0):
        return law("not_from_rng", "The same state of rng gives different weights: draw from rng, and from nothing else.")
    if np.allclose(first, other, rtol=1e-9, atol=0):
        return law("always_the_same", "A different state of rng gives the same weights: draw from rng, and do not seed anything.")
    return None


def guesses_for_std(n_in: int, std: float) -> Guesses:
    """The variances that slips in `scaled_normal_init` lead to."""
    return {
        "std_as_variance": (std, "std is used as the variance"),
        "std_squared": (std**4, "the square of std is used as the standard deviation"),
        "not_scaled": (1.0, "it is that of numbers that are not scaled"),
        "std_ignored": (SMALL_STD**2, "it is that of the standard deviation 0.01, whatever std is"),
        "divided_by_inputs": (std**2 / n_in, "it is std^2 / n_in"),
    }
