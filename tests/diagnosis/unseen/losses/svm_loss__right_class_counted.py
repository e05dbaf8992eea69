r"""The right class's own term is left in: 1 too much in the loss.

Right: right class|own|\b1\b
"""

import numpy as np


def svm_loss(x, y):
    n = len(x)
    margins = np.maximum(0, x - x[np.arange(n), y][:, None] + 1)
    loss = margins.sum() / n
    margins[np.arange(n), y] = 0
    d = (margins > 0).astype(x.dtype)
    d[np.arange(n), y] -= d.sum(axis=1)
    return float(loss), d / n
