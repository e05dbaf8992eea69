"""n_out in place of n_in.

Right: n_out
"""

import numpy as np


def he_normal(n_in, n_out, rng):
    return rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_out)
