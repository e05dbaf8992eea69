"""Powers."""

import numpy as np


def cube_forward(x, scale=1.0):
    """Return scale * x^3 and a cache."""
    raise NotImplementedError


def cube_backward(dout, cache):
    """Return the gradient with respect to x."""
    raise NotImplementedError
