"""The sum is of w itself.

Right: abs|sign
"""

import numpy as np


def l1_penalty(w, lam):
    return float(lam * w.sum()), lam * np.sign(w)
