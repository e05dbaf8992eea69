"""Where dout is negative nothing is passed, beside where x is.

Right: dout
"""

import numpy as np


def relu_forward(x):
    return np.maximum(0, x), x


def relu_backward(dout, cache):
    return np.where(cache > 0, np.maximum(dout, 0), 0)
