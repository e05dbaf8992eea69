"""Every image is mirrored.

Right: every|all|always|probability
"""

import numpy as np


def random_flip(x, rng):
    return x[:, :, ::-1].copy()
