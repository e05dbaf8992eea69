"""Each row is normalized by its own sum.

Right: row
"""

import numpy as np


def low_dim_affinities(y):
    d = ((y[:, None] - y[None]) ** 2).sum(axis=2)
    k = 1 / (1 + d)
    np.fill_diagonal(k, 0)
    return (k / k.sum(axis=1, keepdims=True)).astype(y.dtype)
