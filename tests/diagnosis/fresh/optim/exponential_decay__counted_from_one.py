"""Epochs are counted from 1: exp(-k (epoch + 1)).

Right: epoch|count|from 1|one (too )?(late|early)
"""

import numpy as np


def exponential_decay(lr, epoch, k):
    return float(lr * np.exp(-k * (epoch + 1)))
