"""The right class gets -1, however many terms it stands in.

Right: count|how many|right class|once|-1
"""

import numpy as np


def svm_loss(x, y):
    n = len(x)
    margins = np.maximum(0, x - x[np.arange(n), y][:, None] + 1)
    margins[np.arange(n), y] = 0
    d = (margins > 0).astype(x.dtype)
    d[np.arange(n), y] = -1
    return float(margins.sum() / n), d / n
