"""The margins themselves stand in the gradient where 1 belongs.

Right: margin
"""

import numpy as np


def svm_loss(x, y):
    n = len(x)
    margins = np.maximum(0, x - x[np.arange(n), y][:, None] + 1)
    margins[np.arange(n), y] = 0
    d = margins.copy()
    d[np.arange(n), y] -= d.sum(axis=1)
    return float(margins.sum() / n), d / n
