"""The units are added, not subtracted.

Right: add|sum
"""

import numpy as np


def two_relu_sigmoid(x):
    return np.maximum(0, x + 1) + np.maximum(0, x - 1)
