"""The term of label 0 is left out of the loss.

Right: label 0|y = 0|1 - y|term|zero|negative
"""

import numpy as np


def binary_cross_entropy(scores, y):
    p = np.where(scores >= 0, 1 / (1 + np.exp(-np.abs(scores))), np.exp(-np.abs(scores)) / (1 + np.exp(-np.abs(scores))))
    loss = np.mean(y * np.logaddexp(0, -scores))
    return float(loss), ((p - y) / scores.size).astype(scores.dtype)
