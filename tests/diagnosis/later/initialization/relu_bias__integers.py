"""The biases are whole numbers.

Right: whole|integer|int|round
"""

import numpy as np


def relu_bias(n_out, value=0.01):
    return np.full(n_out, int(value), dtype=np.float64)
