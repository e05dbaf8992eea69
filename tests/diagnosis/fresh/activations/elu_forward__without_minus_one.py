"""The -1 is forgotten: alpha * exp(x) below 0.

Right: -1|- 1|minus 1|plus alpha|alpha is added
"""

import numpy as np


def elu_forward(x, alpha=1.0):
    out = np.where(x > 0, x, alpha * np.exp(np.minimum(x, 0))).astype(x.dtype)
    return out, (x, out, alpha)
