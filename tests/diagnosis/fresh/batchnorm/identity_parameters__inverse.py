"""gamma is 1 / sqrt(var + eps).

Right: 1 over|inverse|upside|1 /
"""

import numpy as np


def identity_parameters(x, eps):
    return (1 / np.sqrt(x.var(axis=0) + eps)).astype(x.dtype), x.mean(axis=0)
