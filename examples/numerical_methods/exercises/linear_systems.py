"""Linear systems.

A triangular system is solved row by row; its gradient is another triangular system. A general one is solved by iteration. You learn which
values are known when a row is solved, how a gradient goes back through a solver, and what it means that an iteration uses old values.

Everywhere: the dtype that comes in goes out, and the arguments are not modified.
"""

import numpy as np


def solve_lower(L, b):
    """Solve ``L x = b`` for a lower triangular L by forward substitution.

    ``x[i] = (b[i] - sum over j < i of L[i, j] x[j]) / L[i, i]``

    Parameters
    ----------
    L : (n, n) array
        What is above the diagonal is ignored. Nothing on the diagonal is 0.
    b : (n, k) array
        k right-hand sides, one per column.

    Returns
    -------
    x : (n, k) array, dtype of `b`
    cache : anything
        What `solve_lower_backward` needs.

    Notes
    -----
    Example: L = [[2, 0], [1, 4]] and b = [[2], [9]] give x = [[1], [2]].
    """
    raise NotImplementedError


def solve_lower_backward(dx, cache):
    """Send the gradient of a loss back through `solve_lower`.

    ``db`` solves ``L^T db = dx``, and ``dL = -db x^T`` on and below the diagonal, 0 above it

    Parameters
    ----------
    dx : (n, k) array
        Gradient of the loss with respect to x.
    cache : anything
        Yours, from `solve_lower`.

    Returns
    -------
    dL : (n, n) array, dtype of `dx`
    db : (n, k) array, dtype of `dx`
    """
    raise NotImplementedError


def jacobi(A, b, x0, steps=1):
    """Improve an approximate solution of ``A x = b`` by Jacobi's iteration.

    Every step computes ``x_new[i] = (b[i] - sum over j != i of A[i, j] x_old[j]) / A[i, i]`` for all i from the same old x.

    Parameters
    ----------
    A : (n, n) array
        Nothing on the diagonal is 0.
    b, x0 : (n,) array
        The right-hand side and the first approximation.
    steps : int
        How many steps to take; with 0 the answer is x0.

    Returns
    -------
    x : (n,) array, dtype of `x0`

    Notes
    -----
    Example: A = [[2, 1], [1, 4]], b = [4, 9] and x0 = [1, 1] give [1.5, 2] after one step.
    """
    raise NotImplementedError
