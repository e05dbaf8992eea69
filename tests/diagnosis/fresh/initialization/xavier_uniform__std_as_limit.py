r"""The limit is the standard deviation of the normal scheme: 2 in place of 6.

Right: 6|2|sqrt\(3\)|limit|standard deviation
"""

import numpy as np


def xavier_uniform(n_in, n_out, rng):
    a = np.sqrt(2 / (n_in + n_out))
    return rng.uniform(-a, a, (n_in, n_out))
