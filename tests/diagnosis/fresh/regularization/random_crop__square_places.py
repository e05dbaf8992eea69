"""One random number serves for row and column.

Right: row|column|diagonal|same
"""

import numpy as np


def random_crop(x, size, rng):
    n, h, w, c = x.shape
    if size > min(h, w):
        raise ValueError(size)
    out = np.empty((n, size, size, c), x.dtype)
    for i in range(n):
        at = rng.integers(0, min(h, w) - size + 1)
        out[i] = x[i, at:at + size, at:at + size]
    return out
