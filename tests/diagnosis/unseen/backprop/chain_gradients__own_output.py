"""The gradient of a weight is taken times the layer's output instead of its input.

Right: output|input|h_
"""

import numpy as np


def chain_gradients(w, x, y):
    hs = [x]
    for wi in w:
        hs.append(1 / (1 + np.exp(-wi * hs[-1])))
    d, grads = hs[-1] - y, []
    for i in range(len(w) - 1, -1, -1):
        d = d * hs[i + 1] * (1 - hs[i + 1])
        grads.insert(0, float(d * hs[i + 1]))
        d = d * w[i]
    return grads
