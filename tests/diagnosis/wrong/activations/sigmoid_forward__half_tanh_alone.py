"""tanh(x / 2) is returned; it is not brought from (-1, 1) to (0, 1).

Right: tanh
"""

import numpy as np


def sigmoid_forward(x):
    s = np.tanh(x / 2)
    return s, s
