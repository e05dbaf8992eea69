r"""The gradient of x sends the second piece back through W1 as well; it should go through W2.

Right: (?i)\bW2\b|\bW1\b|(second|other) piece|piece (2|two)|weights of the (other|second|wrong)|both pieces|\bds2\b
"""
import numpy as np


def maxout_forward(x, W1, b1, W2, b2):
    s1, s2 = x @ W1 + b1, x @ W2 + b2
    pick = np.stack([s1, s2]).argmax(axis=0)
    return np.maximum(s1, s2), (x, W1, W2, pick)


def maxout_backward(dout, cache):
    x, W1, W2, pick = cache
    ds1 = np.where(pick == 0, dout, 0)
    ds2 = np.where(pick == 1, dout, 0)
    dx = ds1 @ W1.T
    dx += ds2 @ W1.T
    dW1, db1 = x.T @ ds1, ds1.sum(0)
    dW2, db2 = x.T @ ds2, ds2.sum(0)
    return dx, dW1, db1, dW2, db2


def two_relu_sigmoid(x):
    return np.maximum(0, x + 1) - np.maximum(0, x - 1)


def dead_units(h):
    return (h != 0).sum(0) == 0


def saturated_fraction(h, kind, tol=1e-2):
    ends = {'sigmoid': (0., 1.), 'tanh': (-1., 1.)}
    if kind not in ends:
        raise ValueError(kind)
    lo, hi = ends[kind]
    return float(np.mean((h < lo + tol) | (h > hi - tol)))
