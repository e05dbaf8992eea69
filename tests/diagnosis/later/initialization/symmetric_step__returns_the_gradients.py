"""The gradients are returned, not the new parameters.

Right: gradient
"""

import numpy as np


def symmetric_step(params, x, y, lr):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    h = 1 / (1 + np.exp(-(x @ W1 + b1)))
    o = 1 / (1 + np.exp(-(h @ W2 + b2)))
    do = 2 * (o - y) * o * (1 - o)
    dh = (W2 @ do) * h * (1 - h)
    return {"W1": np.outer(x, dh), "b1": dh, "W2": np.outer(h, do), "b2": do}
