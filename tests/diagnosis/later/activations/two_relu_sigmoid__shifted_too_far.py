"""max(0, x + 2) - max(0, x - 2).

Right: shift|\b2\b|twice
"""

import numpy as np


def two_relu_sigmoid(x):
    return np.maximum(0, x + 2) - np.maximum(0, x - 2)
