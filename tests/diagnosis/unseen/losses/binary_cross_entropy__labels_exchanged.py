"""y and 1 - y stand in each other's place in loss and gradient.

Right: 1 - y|1 - p|exchang|label|each other
"""

import numpy as np


def binary_cross_entropy(scores, y):
    e = np.exp(-np.abs(scores))
    p = np.where(scores >= 0, 1 / (1 + e), e / (1 + e))
    y = 1 - y
    loss = np.mean(y * np.logaddexp(0, -scores) + (1 - y) * np.logaddexp(0, scores))
    return float(loss), ((p - y) / scores.size).astype(scores.dtype)
