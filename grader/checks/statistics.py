"""Bounds that a correct random function leaves with a stated probability at most, whatever it is lucky enough to draw.

All are finite-sample inequalities, not asymptotic ones, so the false-fail rate is a theorem. A comparison that needs k of them takes
each at ``ALPHA / k`` and fails a correct function with probability at most `ALPHA`; a run of the course has fewer than 1000 such
comparisons. docs/statistics.md derives each bound and counts.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]

ALPHA = 1e-12


# The same few bounds are asked for again with every submission, and each takes 120 bisections.
@functools.cache
def share_bounds(n: int, p: float, alpha: float = ALPHA) -> tuple[float, float]:
    """The interval that the share of successes among `n` independent trials of probability `p` leaves with probability at most `alpha`.

    Chernoff's bound in its relative-entropy form: ``P(share >= q) <= exp(-n KL(q || p))`` for q > p, and likewise below
    (Hoeffding 1963, theorem 1).
    """
    budget = math.log(2 / alpha) / n
    if p in (0.0, 1.0):
        return p, p
    return _solve(lambda q: _relative_entropy(q, p) - budget, p, 0.0), _solve(lambda q: _relative_entropy(q, p) - budget, p, 1.0)


def _relative_entropy(q: float, p: float) -> float:
    total = 0.0
    if q > 0:
        total += q * math.log(q / p)
    if q < 1:
        total += (1 - q) * math.log((1 - q) / (1 - p))
    return total


def _solve(rises: Callable[[float], float], inside: float, end: float) -> float:
    """Bisect between `inside`, where the function is negative, and `end`; `end` itself if it is negative there too."""
    if rises(end) < 0:
        return end
    low, high = inside, end
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rises(middle) < 0 else (low, middle)
    return high


def normal_mean_bound(n: int, std: float, alpha: float = ALPHA) -> float:
    """How far the mean of `n` normal draws is from its expectation, at most: ``std sqrt(2 ln(2/alpha) / n)`` (Chernoff)."""
    return std * math.sqrt(2 * math.log(2 / alpha) / n)


def uniform_mean_bound(n: int, half_width: float, alpha: float = ALPHA) -> float:
    """The same for draws from U(-a, a), a being the half width: ``a sqrt(2 ln(2/alpha) / n)`` (Hoeffding 1963, theorem 2)."""
    return half_width * math.sqrt(2 * math.log(2 / alpha) / n)


def normal_variance_bounds(n: int, variance: float, alpha: float = ALPHA) -> tuple[float, float]:
    """The interval for the mean square of `n` normal draws of mean 0 (Laurent & Massart 2000, lemma 1)."""
    x = math.log(2 / alpha)
    return variance * max(0.0, 1 - 2 * math.sqrt(x / n)), variance * (1 + 2 * math.sqrt(x / n) + 2 * x / n)


def uniform_variance_bounds(n: int, half_width: float, alpha: float = ALPHA) -> tuple[float, float]:
    """The interval for the mean square of `n` draws from U(-a, a): squares lie in [0, a²], so Hoeffding's bound holds."""
    middle = half_width**2 / 3
    bound = half_width**2 * math.sqrt(math.log(2 / alpha) / (2 * n))
    return middle - bound, middle + bound


def distribution_bound(n: int, alpha: float = ALPHA) -> float:
    """The largest distance between the empirical and the true distribution function of `n` independent draws.

    Dvoretzky-Kiefer-Wolfowitz with Massart's constant (1990): ``P(sup |F_n - F| > t) <= 2 exp(-2 n t²)``.
    """
    return math.sqrt(math.log(2 / alpha) / (2 * n))


def normal_cumulative(std: float) -> Callable[[Floats], Floats]:
    """The distribution function of N(0, std²). ``math.erf`` is exact enough and keeps SciPy out of a grading run."""
    scale = 1 / (std * math.sqrt(2))

    def cumulative(x: Floats) -> Floats:
        return np.array([0.5 * (1 + math.erf(scale * value)) for value in x.tolist()])

    return cumulative


def uniform_cumulative(half_width: float) -> Callable[[Floats], Floats]:
    """The distribution function of U(-a, a)."""
    return lambda x: np.clip((x + half_width) / (2 * half_width), 0.0, 1.0)


def correlation_bound(n: int, alpha: float = ALPHA) -> float:
    """How far the mean of `n` independent values in [-1, 1], each of expectation 0, is from 0 (Hoeffding 1963, theorem 2).

    For a test of independence they are products that share no draw: products of disjoint pairs are independent of each other.
    """
    return math.sqrt(2 * math.log(2 / alpha) / n)
