r"""A unit is called dead as soon as one of its activations is 0 (not all nonzero) instead of when all of them are.

Right: (?i)\bany\b|(at least|as soon as|only|just|a single|even) .{0,12}(one|single|once|zero)|\bone (example|activation|zero|value|of)|\ball\b.{0,40}(example|activation|zero|0|of them)|(every|each) (one|example|activation|of)|some example
"""
import numpy as np


def relu_forward(x):
    """max(0, x)"""
    return np.clip(x, 0, None), x


def relu_backward(dout, cache):
    x = cache
    return np.where(x > 0, dout, 0).astype(dout.dtype)


def saturated_fraction(h, kind, tol=1e-2):
    """share of h close to an asymptote"""
    if kind == 'sigmoid':
        near = np.minimum(np.abs(h), np.abs(h - 1)) < tol
    elif kind == 'tanh':
        near = np.minimum(np.abs(h + 1), np.abs(h - 1)) < tol
    else:
        raise ValueError("unknown kind: %r" % (kind,))
    return near.sum() / near.size


def dead_units(h):
    """units (columns) without any signal"""
    alive = np.all(h, axis=0)
    return np.logical_not(alive)


def two_relu_sigmoid(x):
    a, _ = relu_forward(x + 1)
    b, _ = relu_forward(x - 1)
    return a - b
