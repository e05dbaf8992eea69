"""Rows and columns are both reversed: a rotation by 180 degrees.

Right: top|row|both|rotat|upside
"""

import numpy as np


def random_flip(x, rng):
    out = x.copy()
    flip = rng.random(len(x)) < 0.5
    out[flip] = out[flip][:, ::-1, ::-1]
    return out
