"""The last possible start is never drawn.

Right: last|end|H - size|bottom|border
"""

import numpy as np


def random_crop(x, size, rng):
    n, h, w, c = x.shape
    if size > min(h, w):
        raise ValueError(size)
    out = np.empty((n, size, size, c), x.dtype)
    for i in range(n):
        r, q = rng.integers(0, max(1, h - size)), rng.integers(0, max(1, w - size))
        out[i] = x[i, r:r + size, q:q + size]
    return out
