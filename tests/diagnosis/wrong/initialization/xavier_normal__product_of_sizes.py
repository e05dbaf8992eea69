"""The variance is 2 / (n_in * n_out).

Right: n_in \* n_out|product
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    return np.sqrt(2 / (n_in * n_out)) * rng.standard_normal((n_in, n_out))
