"""The slope multiplies the gradient where x is positive too.

Right: slope
"""

import numpy as np


def leaky_relu_forward(x, slope=0.01):
    return np.where(x > 0, x, x.dtype.type(slope) * x), (x, slope)


def leaky_relu_backward(dout, cache):
    x, slope = cache
    return dout * dout.dtype.type(slope)
