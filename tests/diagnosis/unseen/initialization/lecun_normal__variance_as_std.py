"""1 / n_in is taken for the standard deviation.

Right: root|variance|standard deviation
"""

import numpy as np


def lecun_normal(n_in, n_out, rng):
    return rng.normal(0, 1 / n_in, (n_in, n_out))
