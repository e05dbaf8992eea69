"""1 is subtracted in all classes: fancy indexing with a slice.

Right: all classes|every class|1
"""

import numpy as np


def _logp(x):
    s = x - x.max(axis=1, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=1, keepdims=True))


def softmax_loss(x, y):
    logp, n = _logp(x), len(x)
    d = np.exp(logp)
    d[:, y] -= 1
    return float(-logp[np.arange(n), y].mean()), d / n
