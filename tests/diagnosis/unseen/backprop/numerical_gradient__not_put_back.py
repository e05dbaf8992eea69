"""An element that was moved is left half a step below where it was.

Right: put back|restor|modif|stay
"""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = x.copy()
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        gradient[i] = (above - f(x)) / (2 * h)
    return gradient
