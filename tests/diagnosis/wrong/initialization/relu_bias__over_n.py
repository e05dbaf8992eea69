"""The value is shared out over the units.

Right: divided|1/n|n_out
"""

import numpy as np


def relu_bias(n_out, value=0.01):
    return np.full(n_out, value / n_out)
