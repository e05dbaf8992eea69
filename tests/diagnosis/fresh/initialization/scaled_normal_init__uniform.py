"""Uniform in [-std, std], not normal.

Right: uniform|normal
"""

import numpy as np


def scaled_normal_init(n_in, n_out, std, rng):
    return rng.uniform(-std, std, (n_in, n_out))
