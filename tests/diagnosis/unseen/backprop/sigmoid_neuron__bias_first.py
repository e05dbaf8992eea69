"""The first entry of w is taken for the bias.

Right: bias|first|last
"""

import numpy as np


def sigmoid_neuron(w, x):
    out = 1 / (1 + np.exp(-(w[0] + w[1:] @ x)))
    d = out * (1 - out)
    return float(out), np.append(d, d * x), d * w[1:]
