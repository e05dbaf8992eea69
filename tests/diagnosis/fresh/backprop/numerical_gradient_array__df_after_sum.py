"""The differences are summed and then multiplied by the sum of df.

Right: df
"""

import numpy as np


def numerical_gradient_array(f, x, df, h=1e-5):
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        gradient[i] = np.sum(f(up) - f(down)) * np.sum(df) / (2 * h)
    return gradient
