"""The cut is made in the argument itself.

Right: modif|in place|writes
"""

import numpy as np


def relu_forward(x):
    x[x < 0] = 0
    return x, x
