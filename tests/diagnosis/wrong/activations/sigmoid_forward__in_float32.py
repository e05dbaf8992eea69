"""Computed in float32, then turned back.

Right: float32
"""

import numpy as np


def sigmoid_forward(x):
    kind, x = x.dtype, x.astype(np.float32)
    e = np.exp(-np.abs(x))
    s = np.where(x >= 0, 1 / (1 + e), e / (1 + e)).astype(kind)
    return s, s
