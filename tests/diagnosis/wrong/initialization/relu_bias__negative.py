"""The biases are -value.

Right: negat|sign|minus
"""

import numpy as np


def relu_bias(n_out, value=0.01):
    return np.full(n_out, -value)
