"""Every set is a permutation: without replacement.

Right: replac|permut|once
"""

import numpy as np


def bootstrap_indices(n, k, rng):
    return np.array([rng.permutation(n) for _ in range(k)]).reshape(k, n)
