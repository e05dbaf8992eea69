"""The rate falls back to lr_min at once: a sawtooth.

Right: saw|fall|half_period|rise
"""

import numpy as np


def cyclic_lr(lr_min, lr_max, step, half_period):
    return lr_min + (lr_max - lr_min) * (step % half_period) / half_period
