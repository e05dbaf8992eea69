"""tanh is applied to the output once more before it is squared.

Right: twice|again|once more
"""

import numpy as np


def tanh_forward(x):
    out = np.tanh(x)
    return out, out


def tanh_backward(dout, cache):
    return dout * (1 - np.tanh(cache) ** 2)
