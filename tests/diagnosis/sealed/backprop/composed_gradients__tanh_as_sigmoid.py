r"""The slope of the tanh is written as h (1 - h), which is that of the sigmoid; it should be 1 - h^2.

Right: (?i)tanh|hyperbolic|1 ?- ?\w+ ?(\*\*|\^|\*) ?\w|h ?\*? ?\(1 ?- ?h\)|inner (function|derivative|slope)|\bf1\b
"""
import math
import numpy as np


def sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def composed_gradients(w1, w2, x, y):
    # forward
    z1 = w1 * x
    h = math.tanh(z1)
    z2 = w2 * h
    out = sigmoid(z2)

    # backward
    dL_dout = 2 * (out - y)
    dout_dz2 = out * (1 - out)
    dz2_dw2 = h
    dz2_dh = w2
    dh_dz1 = h * (1 - h)
    dz1_dw1 = x

    dw2 = dL_dout * dout_dz2 * dz2_dw2
    dw1 = dL_dout * dout_dz2 * dz2_dh * dh_dz1 * dz1_dw1
    return dw1, dw2


def chain_gradients(w, x, y):
    hs = [x]
    for wi in w:
        hs.append(sigmoid(wi * hs[-1]))
    delta = hs[-1] - y
    out = []
    for i in range(len(w) - 1, -1, -1):
        delta = delta * hs[i + 1] * (1 - hs[i + 1])
        out.insert(0, float(delta * hs[i]))
        delta = delta * w[i]
    return out
