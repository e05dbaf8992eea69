"""dx goes through W1 for both pieces.

Right: W1|W2
"""

import numpy as np


def maxout_forward(x, W1, b1, W2, b2):
    s1, s2 = x @ W1 + b1, x @ W2 + b2
    return np.maximum(s1, s2), (x, W1, W2, s1 > s2)


def maxout_backward(dout, cache):
    x, W1, W2, first = cache
    ds1, ds2 = dout * first, dout * ~first
    return ds1 @ W1.T + ds2 @ W1.T, x.T @ ds1, ds1.sum(axis=0), x.T @ ds2, ds2.sum(axis=0)
