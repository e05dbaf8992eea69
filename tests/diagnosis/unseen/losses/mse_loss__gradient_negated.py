"""The gradient is by the target: target - pred.

Right: sign|negat|target
"""

import numpy as np


def mse_loss(pred, target):
    return float(((pred - target) ** 2).sum() / len(pred)), 2 * (target - pred) / len(pred)
