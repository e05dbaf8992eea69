"""The least and greatest absolute values.

Right: abs|sign
"""

import numpy as np


def min_max_fit(x):
    return np.abs(x).min(axis=0), np.abs(x).max(axis=0)
