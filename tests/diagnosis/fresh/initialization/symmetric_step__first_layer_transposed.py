"""The gradient by W1 is the outer product the wrong way round.

Right: transpos|W1
"""

import numpy as np


def symmetric_step(params, x, y, lr):
    W1, b1, W2, b2 = (params[k] for k in ('W1', 'b1', 'W2', 'b2'))
    sig = lambda a: 1 / (1 + np.exp(-np.clip(a, -700, 700)))
    h = sig(x @ W1 + b1)
    o = sig(h @ W2 + b2)
    d = 2 * (o - y) * o * (1 - o)
    dh = (W2 @ d) * h * (1 - h)
    return {'W1': W1 - lr * np.outer(dh, x), 'b1': b1 - lr * dh, 'W2': W2 - lr * np.outer(h, d), 'b2': b2 - lr * d}
