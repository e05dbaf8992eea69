r"""A forward difference: (f(x + h) - f(x)) / h.

Right: one-sided|one side|forward diff|f\(x\)
"""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        moved = x.copy()
        moved[i] += h
        gradient[i] = (f(moved) - f(x)) / h
    return gradient
