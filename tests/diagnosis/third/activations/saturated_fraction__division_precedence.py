r"""Only the count at the upper asymptote is divided by the number of values; the count at the lower one is added undivided, for brackets are missing.

Right: (?i)bracket|parenthes|precedence|count|number of (value|element|activation|saturat)|(above|more than|greater than|exceed\w*|larger than|over|bigger than|beyond) (1|one)\b|(not|un)[- ]?divided|(divid|divis)\w*|between 0 and 1|lower|\bsize\b
"""
import numpy as np


def saturated_fraction(h, kind, tol=1e-2):
    if kind == "sigmoid":
        low, high = 0.0, 1.0
    elif kind == "tanh":
        low, high = -1.0, 1.0
    else:
        raise ValueError("kind must be 'sigmoid' or 'tanh'")

    n_low = np.count_nonzero(np.abs(h - low) < tol)
    n_high = np.count_nonzero(np.abs(h - high) < tol)
    total = h.size

    return float(n_low + n_high / total)


def dead_units(h):
    return ~np.any(h, axis=0)


def sigmoid_forward(x):
    t = np.exp(-abs(x))
    out = np.where(x < 0, t, np.ones_like(x)) / (1 + t)
    return out, {"out": out}


def sigmoid_backward(dout, cache):
    out = cache["out"]
    return dout * (out - out ** 2)


def tanh_forward(x):
    out = np.tanh(x)
    return out, {"out": out}


def tanh_backward(dout, cache):
    out = cache["out"]
    return dout * (1 + out) * (1 - out)
