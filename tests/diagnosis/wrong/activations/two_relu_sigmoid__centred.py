"""1 is subtracted, so that the range is [-1, 1].

Right: constant|shift|by 1|-1|minus 1|smaller
"""

import numpy as np


def two_relu_sigmoid(x):
    return np.maximum(0, x + 1) - np.maximum(0, x - 1) - 1
