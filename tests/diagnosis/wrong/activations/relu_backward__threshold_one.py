"""The gradient passes only where x is above 1.

Right: thresh|above 1|x > 1
"""

import numpy as np


def relu_forward(x):
    return x * (x > 0), x


def relu_backward(dout, cache):
    return dout * (cache > 1)
