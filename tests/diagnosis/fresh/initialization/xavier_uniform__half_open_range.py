"""Drawn from U(0, a), not U(-a, a).

Right: 0|negative|positive|side|centre|center
"""

import numpy as np


def xavier_uniform(n_in, n_out, rng):
    a = np.sqrt(6 / (n_in + n_out))
    return rng.uniform(0, a, (n_in, n_out))
