r"""The slope of tanh is taken at w1 * x not squared: 1 - tanh.

Right: squar|1 - tanh(?!\^)|tanh|slope
"""

import numpy as np


def composed_gradients(w1, w2, x, y):
    h = np.tanh(w1 * x)
    o = 1 / (1 + np.exp(-w2 * h))
    d = 2 * (o - y) * o * (1 - o)
    return float(d * w2 * (1 - h) * x), float(d * h)
