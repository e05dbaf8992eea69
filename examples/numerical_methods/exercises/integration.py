"""Numerical integration.

Three ways to an integral: from samples at given points, from a function at equal distances, and from a function at random points. You
learn which weight each value gets, what a rule is exact for, and how a random estimate tells its own error.
"""

import numpy as np


def trapezoid_rule(y, x):
    """Integrate samples along the last axis by the trapezoid rule.

    ``sum over i of (x[i+1] - x[i]) * (y[..., i] + y[..., i+1]) / 2``

    Parameters
    ----------
    y : (..., n) array
        The values at the points; every leading index has an integral of its own.
    x : (n,) array, dtype of `y`
        The points, in increasing order; the distances between them may differ.

    Returns
    -------
    integral : (...) array, dtype of `y`

    Notes
    -----
    Example: y = [1, 3, 3] at x = [0, 1, 3] gives 2 + 6 = 8.
    """
    raise NotImplementedError


def simpson_rule(f, a, b, n=10):
    """Integrate f from a to b by the composite Simpson rule.

    ``h / 3 * (f(x_0) + 4 f(x_1) + 2 f(x_2) + 4 f(x_3) + ... + 4 f(x_(n-1)) + f(x_n))`` with ``h = (b - a) / n``, ``x_i = a + i h``

    Parameters
    ----------
    f : callable
        Takes a number or an array of any shape, and returns the values at its elements.
    a, b : float
        The ends; b may be below a, and the integral then has the other sign.
    n : int
        The number of intervals, which is even.

    Returns
    -------
    integral : float

    Notes
    -----
    The rule is exact for polynomials up to degree 3. Example: x^3 from 0 to 2 with n = 2 gives 4.
    """
    raise NotImplementedError


def monte_carlo(f, a, b, n, rng):
    """Estimate the integral of f from a to b from its values at n random points, and the standard error of the estimate.

    ``estimate = (b - a) * mean of f(x)`` and ``error = (b - a) * standard deviation of f(x) / sqrt(n)``, x uniform in [a, b)

    Parameters
    ----------
    f : callable
        As in `simpson_rule`.
    a, b : float
        The ends, a below b.
    n : int
        The number of points.
    rng : numpy.random.Generator
        Draw from it and from nothing else.

    Returns
    -------
    estimate, error : float

    Notes
    -----
    Whether the standard deviation divides by n - 1 or by n is left to you: for the usual n nobody can tell.
    """
    raise NotImplementedError
