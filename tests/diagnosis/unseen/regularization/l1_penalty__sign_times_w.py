r"""The gradient is lam |w|.

Right: \|w\||abs|w\b|sign
"""

import numpy as np


def l1_penalty(w, lam):
    return float(lam * np.abs(w).sum()), lam * np.abs(w)
