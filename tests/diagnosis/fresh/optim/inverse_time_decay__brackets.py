"""The brackets are missing: lr / 1 + k * epoch.

Right: bracket|plus|added
"""

import numpy as np


def inverse_time_decay(lr, epoch, k):
    return lr / 1 + k * epoch
