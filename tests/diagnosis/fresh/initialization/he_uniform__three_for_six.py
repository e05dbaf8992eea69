r"""The limit is sqrt(3 / n_in): LeCun's.

Right: 3|6|sqrt\(2\)|half|LeCun|2
"""

import numpy as np


def he_uniform(n_in, n_out, rng):
    a = np.sqrt(3 / n_in)
    return rng.uniform(-a, a, (n_in, n_out))
