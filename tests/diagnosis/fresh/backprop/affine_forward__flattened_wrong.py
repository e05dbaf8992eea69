"""The images are flattened with the examples last and then transposed: features of different examples are mixed.

Right: reshape|flatten|mix|order
"""

import numpy as np


def affine_forward(x, w, b):
    return x.reshape(-1, len(x)).T @ w + b, (x, w)
