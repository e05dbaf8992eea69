r"""The factor 1 / (1 + d^2) is left out.

Right: kernel|left out|1 \+|factor|\^-1|student
"""

import numpy as np


def tsne_gradient(P, y):
    diff = y[:, None] - y[None]
    k = 1 / (1 + (diff ** 2).sum(axis=2))
    np.fill_diagonal(k, 0)
    Q = k / k.sum()
    return (4 * ((P - Q)[..., None] * diff).sum(axis=1)).astype(y.dtype)
