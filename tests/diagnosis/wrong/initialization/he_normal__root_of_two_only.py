"""sqrt(2) / n_in: the root is of the 2 alone.

Right: root|std|standard deviation|sqrt
"""

import numpy as np


def he_normal(n_in, n_out, rng):
    return np.sqrt(2) / n_in * rng.standard_normal((n_in, n_out))
