"""dout is added to the slope instead of multiplied.

Right: dout.*(added|plus|sum)|added
"""

import numpy as np


def sigmoid_forward(x):
    e = np.exp(-np.abs(x))
    out = np.where(x >= 0, 1 / (1 + e), e / (1 + e)).astype(x.dtype)
    return out, out


def sigmoid_backward(dout, cache):
    return dout + cache * (1 - cache)
