"""value is forgotten: ones.

Right: value|one
"""

import numpy as np


def relu_bias(n_out, value=0.01):
    return np.ones(n_out)
