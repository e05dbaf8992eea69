"""The triangle is upside down: it starts at lr_max.

Right: lr_max|upside|each other|exchang|falls
"""

import numpy as np


def cyclic_lr(lr_min, lr_max, step, half_period):
    t = step % (2 * half_period)
    return lr_min + (lr_max - lr_min) * abs(t / half_period - 1)
