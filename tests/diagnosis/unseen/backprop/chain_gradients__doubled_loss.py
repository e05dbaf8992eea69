"""The loss is differentiated as if it had no 1/2.

Right: 2 times|twice|half|1/2|factor 2|factor two
"""

import numpy as np


def chain_gradients(w, x, y):
    hs = [x]
    for wi in w:
        hs.append(1 / (1 + np.exp(-wi * hs[-1])))
    d, grads = 2 * (hs[-1] - y), []
    for i in range(len(w) - 1, -1, -1):
        d = d * hs[i + 1] * (1 - hs[i + 1])
        grads.insert(0, float(d * hs[i]))
        d = d * w[i]
    return grads
