"""Every step is half as long.

Right: half|1/2
"""

import numpy as np


def _s(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e)).astype(z.dtype)


def symmetric_step(params, x, y, lr):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    lr = W1.dtype.type(lr) / 2
    h = _s(x @ W1 + b1)
    o = _s(h @ W2 + b2)
    do = 2 * (o - W1.dtype.type(y)) * o * (1 - o)
    dh = (W2 @ do) * h * (1 - h)
    return {"W1": W1 - lr * np.outer(x, dh), "b1": b1 - lr * dh, "W2": W2 - lr * np.outer(h, do), "b2": b2 - lr * do}
