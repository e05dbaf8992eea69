"""x is clipped to [-5, 5] against overflow, which is far too narrow.

Right: clip|cut off|limit
"""

import numpy as np


def sigmoid_forward(x):
    out = 1 / (1 + np.exp(-np.clip(x, -5, 5)))
    return out, out
