"""The weights have mean std, not 0.

Right: mean
"""

import numpy as np


def scaled_normal_init(n_in, n_out, std, rng):
    return rng.normal(std, std, size=(n_in, n_out))
