"""The exponent has the wrong sign: 1 / (1 + exp(x)).

Right: sign|exp\(x\)|1 - 
"""

import numpy as np


def sigmoid_forward(x):
    e = np.exp(-np.abs(x))
    s = np.where(x < 0, 1 / (1 + e), e / (1 + e)).astype(x.dtype)
    return s, s
