"""mult is not used: all periods have the first one's length.

Right: mult|period
"""

import numpy as np


def cosine_restarts(lr_min, lr_max, step, period, mult):
    t = step % period
    return float(lr_min + (lr_max - lr_min) * (1 + np.cos(np.pi * t / period)) / 2)
