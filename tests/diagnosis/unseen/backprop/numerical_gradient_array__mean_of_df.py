"""A mean over the outputs instead of the sum.

Right: mean|averag|divided|1/
"""

import numpy as np


def numerical_gradient_array(f, x, df, h=1e-5):
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        gradient[i] = np.mean((f(up) - f(down)) * df) / (2 * h)
    return gradient
