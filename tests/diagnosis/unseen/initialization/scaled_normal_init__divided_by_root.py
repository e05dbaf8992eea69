"""std is divided by sqrt(n_in), as in LeCun's scheme.

Right: n_in|root
"""

import numpy as np


def scaled_normal_init(n_in, n_out, std, rng):
    return rng.standard_normal((n_in, n_out)) * std / np.sqrt(n_in)
