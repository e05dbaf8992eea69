"""dalpha sums dout where x is negative, without the factor x.

Right: without x|x.*(left out|missing|forgotten)
"""

import numpy as np


def prelu_forward(x, alpha):
    a = np.asarray(alpha)
    shaped = a.reshape((1, -1) + (1,) * (x.ndim - 2)) if a.ndim else a
    return np.where(x > 0, x, shaped * x).astype(x.dtype), (x, a, shaped)


def prelu_backward(dout, cache):
    x, a, shaped = cache
    dx = np.where(x > 0, dout, shaped * dout).astype(dout.dtype)
    axes = (0, *range(2, x.ndim)) if a.ndim else None
    return dx, np.sum(dout * (x <= 0), axis=axes)
