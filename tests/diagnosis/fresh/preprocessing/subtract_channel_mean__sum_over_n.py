r"""The sum over everything is divided by N alone.

Right: H \* W|divided|N\b
"""

import numpy as np


def subtract_channel_mean(train, x):
    return x - train.sum(axis=(0, 1, 2)) / len(train)
