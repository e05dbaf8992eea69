"""The gradient has a factor 2 too many.

Right: \b2\b|twice|two
"""

import numpy as np


def sigmoid_forward(x):
    e = np.exp(-np.abs(x))
    s = np.where(x >= 0, 1 / (1 + e), e / (1 + e)).astype(x.dtype)
    return s, s


def sigmoid_backward(dout, cache):
    return 2 * dout * cache * (1 - cache)
