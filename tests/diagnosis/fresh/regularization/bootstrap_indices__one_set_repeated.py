"""One set is drawn and repeated k times.

Right: one set|same|repeat|all sets|each
"""

import numpy as np


def bootstrap_indices(n, k, rng):
    return np.tile(rng.integers(0, n, n), (k, 1))
