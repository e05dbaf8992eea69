"""The bias is rounded to two digits.

Right: round|digit
"""

import numpy as np


def relu_bias(n_out, value=0.01):
    return np.full(n_out, round(value, 2))
