"""dW1 and dW2 come back as (M, D).

Right: transpos
"""

import numpy as np


def maxout_forward(x, W1, b1, W2, b2):
    s1, s2 = x @ W1 + b1, x @ W2 + b2
    first = s1 > s2
    return np.where(first, s1, s2), (x, W1, W2, first)


def maxout_backward(dout, cache):
    x, W1, W2, first = cache
    ds1, ds2 = dout * first, dout * ~first
    dx = ds1 @ W1.T + ds2 @ W2.T
    return dx, ds1.T @ x, ds1.sum(axis=0), ds2.T @ x, ds2.sum(axis=0)
