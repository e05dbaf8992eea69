"""The restart comes one step late: t > T.

Right: late|restart|period|one step
"""

import numpy as np


def cosine_restarts(lr_min, lr_max, step, period, mult):
    t, T = step, period
    while t > T:
        t -= T
        T *= mult
    return float(lr_min + (lr_max - lr_min) * (1 + np.cos(np.pi * t / T)) / 2)
