"""The share is given in per cent.

Right: 100|per ?cent
"""

import numpy as np


def saturated_fraction(h, kind, tol=1e-2):
    if kind not in ("sigmoid", "tanh"):
        raise ValueError(kind)
    low = 0.0 if kind == "sigmoid" else -1.0
    return float(100 * np.mean((np.abs(h - low) < tol) | (np.abs(h - 1) < tol)))
