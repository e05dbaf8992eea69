r"""The gradient has the sigmoid's slope once more: (p - y) p (1 - p).

Right: slope|p \(1 - p\)|p \* \(1 - p\)|derivative|sigmoid
"""

import numpy as np


def binary_cross_entropy(scores, y):
    e = np.exp(-np.abs(scores))
    p = np.where(scores >= 0, 1 / (1 + e), e / (1 + e))
    loss = np.mean(y * np.logaddexp(0, -scores) + (1 - y) * np.logaddexp(0, scores))
    return float(loss), ((p - y) * p * (1 - p) / scores.size).astype(scores.dtype)
