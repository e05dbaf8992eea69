"""The mean is not subtracted.

Right: mean
"""

import numpy as np


def standardize_fit(x):
    std = x.std(axis=0)
    return x.mean(axis=0), std


def standardize(x, mean, std):
    return np.where(x == x[0], 0, 1) * 0 + x / np.where(std == 0, 1, std)
