r"""The mean is over the training set and x together.

Right: x\b|both|together|training
"""

import numpy as np


def subtract_mean_image(train, x):
    return (x - np.concatenate([train, x]).mean(axis=0)).astype(x.dtype)
