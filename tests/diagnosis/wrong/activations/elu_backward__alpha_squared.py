"""alpha is multiplied in twice, which shows only where it is not 1.

Right: alpha
"""

import numpy as np


def elu_forward(x, alpha=1.0):
    low = x.dtype.type(alpha) * np.expm1(np.minimum(x, 0))
    return np.where(x > 0, x, low), (x, alpha)


def elu_backward(dout, cache):
    x, alpha = cache
    return np.where(x > 0, dout, dout * dout.dtype.type(alpha ** 2) * np.exp(np.minimum(x, 0)))
