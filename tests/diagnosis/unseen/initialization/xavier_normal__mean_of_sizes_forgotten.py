r"""The variance is 1 / (n_in + n_out): the 2 is forgotten.

Right: 2|sqrt\(2\)|half
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    return rng.standard_normal((n_in, n_out)) / np.sqrt(n_in + n_out)
