"""One mean over everything is subtracted.

Right: one|axis|all|whole|scalar
"""

import numpy as np


def subtract_mean_image(train, x):
    return x - train.mean()
