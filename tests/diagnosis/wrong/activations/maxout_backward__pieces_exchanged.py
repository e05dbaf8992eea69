"""dW1 and dW2 stand in each other's place, and so do db1 and db2.

Right: order|exchang|place|swap|other piece
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
    return dx, x.T @ ds2, ds2.sum(axis=0), x.T @ ds1, ds1.sum(axis=0)
