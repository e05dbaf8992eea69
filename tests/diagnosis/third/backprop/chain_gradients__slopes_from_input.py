r"""The gradient of w_i collects the slopes and weights of the layers before i, from the input up to i, instead of those after it, from the output back to i.

Right: (?i)(weights?|layers?|slopes?|derivatives?|factors?).{0,40}(before|previous|earlier|preceding|below|after|later|following|behind|above|between)|(before|previous|earlier|preceding|later|following) .{0,20}(weights?|layers?|slopes?)|(from|at|starting) (the )?(input|output|wrong)|direction|forwards?\b|backwards?\b|input side|output side|chain rule|accumulat|wrong (slopes|weights|layers)
"""
import numpy as np


def _s(z):
    if z >= 0:
        return 1.0 / (1.0 + np.exp(-z))
    t = np.exp(z)
    return t / (1.0 + t)


def chain_gradients(w, x, y):
    w = [float(v) for v in w]
    n = len(w)

    h = [float(x)]
    for i in range(n):
        h.append(_s(w[i] * h[i]))
    error = h[n] - y

    grads = []
    signal = error
    for i in range(n):
        slope = h[i + 1] * (1 - h[i + 1])
        signal = signal * slope
        grads.append(signal * h[i])
        signal = signal * w[i]
    return grads


def composed_gradients(w1, w2, x, y):
    a = np.tanh(w1 * x)
    o = _s(w2 * a)
    dz2 = 2 * (o - y) * o * (1 - o)
    dw2 = dz2 * a
    dw1 = dz2 * w2 * (1 - a * a) * x
    return dw1, dw2
