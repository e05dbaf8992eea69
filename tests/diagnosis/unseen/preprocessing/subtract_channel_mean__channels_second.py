"""The channels are taken to be axis 1.

Right: axis|channel|row
"""

import numpy as np


def subtract_channel_mean(train, x):
    return x - train.mean(axis=(0, 2, 3), keepdims=True)
