"""The root of the mean squared error.

Right: root
"""

import numpy as np


def mse_loss(pred, target):
    return float(np.sqrt(((pred - target) ** 2).sum() / len(pred))), 2 * (pred - target) / len(pred)
