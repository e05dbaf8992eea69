"""All elements are moved at once: the slope along the diagonal, in every element.

Right: all (elements|of)|at once|same
"""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    return np.full_like(x, (f(x + h) - f(x - h)) / (2 * h))
