"""The sum is squared, not the squares summed.

Right: square of the sum|sum.*squared|squar
"""

import numpy as np


def l2_penalty(w, lam):
    return float(0.5 * lam * w.sum() ** 2), lam * w
