"""The larger product is taken first, and the biases of both pieces are added to it.

Right: bias|b1|b2
"""

import numpy as np


def maxout_forward(x, W1, b1, W2, b2):
    return np.maximum(x @ W1, x @ W2) + b1 + b2, None
