"""The bias gets a 0 in dw.

Right: bias|last|end
"""

import numpy as np


def sigmoid_neuron(w, x):
    s = w[:-1] @ x + w[-1]
    out = 1 / (1 + np.exp(-s)) if s >= 0 else np.exp(s) / (1 + np.exp(s))
    d = out * (1 - out)
    return float(out), np.append(d * x, 0).astype(w.dtype), (d * w[:-1]).astype(w.dtype)
