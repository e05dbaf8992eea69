"""The loss is a sum over the examples; the gradient is right.

Right: N times|sum|not divided|averag|mean
"""

import numpy as np


def _logp(x):
    s = x - x.max(axis=1, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=1, keepdims=True))


def softmax_loss(x, y):
    logp, n = _logp(x), len(x)
    d = np.exp(logp)
    d[np.arange(n), y] -= 1
    return float(-logp[np.arange(n), y].sum()), d / n
