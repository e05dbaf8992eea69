"""The gradient by w1 does not pass through w2.

Right: w2
"""

import numpy as np


def composed_gradients(w1, w2, x, y):
    h = np.tanh(w1 * x)
    o = 1 / (1 + np.exp(-w2 * h))
    d = 2 * (o - y) * o * (1 - o)
    return float(d * (1 - h ** 2) * x), float(d * h)
