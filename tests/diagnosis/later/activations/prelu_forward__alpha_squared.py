"""alpha is multiplied in twice.

Right: alpha
"""

import numpy as np


def _line_up(alpha, x):
    alpha = np.asarray(alpha, dtype=x.dtype)
    return alpha if alpha.ndim == 0 else alpha.reshape((1, -1) + (1,) * (x.ndim - 2))


def prelu_forward(x, alpha):
    return np.where(x > 0, x, _line_up(alpha, x) ** 2 * x), (x, alpha)
