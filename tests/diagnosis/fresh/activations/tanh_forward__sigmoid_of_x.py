"""tanh is built from the sigmoid, but of x and not of 2x: 2 sigmoid(x) - 1.

Right: 2x|2 x|half|x is (halved|divided)|x / 2|x/2
"""

import numpy as np


def tanh_forward(x):
    e = np.exp(-np.abs(x))
    out = (2 * np.where(x >= 0, 1 / (1 + e), e / (1 + e)) - 1).astype(x.dtype)
    return out, out
