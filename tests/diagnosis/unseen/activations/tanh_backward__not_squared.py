r"""The square is forgotten: 1 - out.

Right: squar|1 - out(?!\^)
"""

import numpy as np


def tanh_forward(x):
    out = np.tanh(x)
    return out, out


def tanh_backward(dout, cache):
    return dout * (1 - cache)
