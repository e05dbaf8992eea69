"""The derivative is taken for out * (1 + out).

Right: 1 \+ out|plus|sign
"""

import numpy as np


def sigmoid_forward(x):
    e = np.exp(-np.abs(x))
    s = np.where(x >= 0, 1 / (1 + e), e / (1 + e)).astype(x.dtype)
    return s, s


def sigmoid_backward(dout, cache):
    return dout * cache * (1 + cache)
