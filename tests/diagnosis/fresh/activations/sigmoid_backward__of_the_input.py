"""x is kept in the cache, and put where out belongs: dout * x * (1 - x).

Right: input|x.*(instead|for|in place)|cache
"""

import numpy as np


def sigmoid_forward(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e)).astype(x.dtype), x


def sigmoid_backward(dout, cache):
    return dout * cache * (1 - cache)
