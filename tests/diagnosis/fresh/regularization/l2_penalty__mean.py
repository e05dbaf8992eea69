"""The squares are averaged.

Right: mean|averag|1/|divided
"""

import numpy as np


def l2_penalty(w, lam):
    return float(0.5 * lam * (w ** 2).mean()), lam * w
