"""Brackets are missing: x - mean / std.

Right: bracket|mean / std|std
"""

import numpy as np


def standardize_fit(x):
    std = x.std(axis=0)
    return x.mean(axis=0), std


def standardize(x, mean, std):
    return x - mean / np.where(std == 0, 1, std)
