"""x - slope stands for slope * x below 0.

Right: slope
"""

import numpy as np


def leaky_relu_forward(x, slope=0.01):
    return np.where(x > 0, x, x - x.dtype.type(slope)), (x, slope)
