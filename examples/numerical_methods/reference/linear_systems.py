"""The reference of linear systems."""

import numpy as np


def solve_lower(L, b):
    """Solve ``L x = b`` for a lower triangular L by forward substitution."""
    x = np.zeros_like(b)
    for i in range(len(L)):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
    return x, (L, x)


def solve_lower_backward(dx, cache):
    """Send the gradient of a loss back through `solve_lower`: the adjoint of a solve is a solve with the transpose."""
    L, x = cache
    db = np.linalg.solve(np.tril(L).T, dx)
    dL = -np.tril(db @ x.T)
    return dL, db


def jacobi(A, b, x0, steps=1):
    """Improve an approximate solution of ``A x = b`` by Jacobi's iteration."""
    diagonal = np.diag(A)
    rest = A - np.diag(diagonal)
    x = x0
    for _ in range(steps):
        x = (b - rest @ x) / diagonal
    return x
