r"""The output is multiplied in, where its sign alone should be used.

Right: \bx\b.*(product|times|multipl)|(product|times|multipl).*\b(x|out|input|output)\b|once too often
"""

import numpy as np


def relu_forward(x):
    return np.maximum(0, x), x


def relu_backward(dout, cache):
    return dout * np.maximum(0, cache)
