"""The share of what is NOT saturated.

Right: not sat|unsat|complement|1 minus|1 -|rest
"""

import numpy as np


def saturated_fraction(h, kind, tol=1e-2):
    if kind not in ("sigmoid", "tanh"):
        raise ValueError(kind)
    low = 0.0 if kind == "sigmoid" else -1.0
    return float(1 - np.mean((np.abs(h - low) < tol) | (np.abs(h - 1) < tol)))
