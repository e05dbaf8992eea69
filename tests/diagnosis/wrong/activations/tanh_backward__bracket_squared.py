"""(1 - out)^2 stands for 1 - out^2.

Right: \(1 - out\)|bracket|squared
"""

import numpy as np


def tanh_forward(x):
    t = np.tanh(x)
    return t, t


def tanh_backward(dout, cache):
    return dout * (1 - cache) ** 2
