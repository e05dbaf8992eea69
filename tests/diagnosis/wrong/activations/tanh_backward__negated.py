"""out^2 - 1 stands for 1 - out^2.

Right: negat|sign|minus
"""

import numpy as np


def tanh_forward(x):
    t = np.tanh(x)
    return t, t


def tanh_backward(dout, cache):
    return dout * (cache ** 2 - 1)
