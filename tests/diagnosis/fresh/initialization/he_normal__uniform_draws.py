"""Uniform draws of [0, 1) are scaled, not normal ones.

Right: uniform|normal|0
"""

import numpy as np


def he_normal(n_in, n_out, rng):
    return rng.random((n_in, n_out)) * np.sqrt(2 / n_in)
