"""The distance stands there, not its square.

Right: squar|distance|root
"""

import numpy as np


def low_dim_affinities(y):
    d = np.sqrt(((y[:, None] - y[None]) ** 2).sum(axis=2))
    k = 1 / (1 + d)
    np.fill_diagonal(k, 0)
    return (k / k.sum()).astype(y.dtype)
