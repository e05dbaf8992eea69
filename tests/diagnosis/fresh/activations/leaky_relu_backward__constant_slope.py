r"""0.01 is written into the backward pass.

Right: slope.*(default|ignored|fixed|not used|constant|0\.01|always)|default
"""

import numpy as np


def leaky_relu_forward(x, slope=0.01):
    return np.where(x > 0, x, slope * x).astype(x.dtype), (x, slope)


def leaky_relu_backward(dout, cache):
    x, slope = cache
    return np.where(x > 0, dout, 0.01 * dout).astype(dout.dtype)
