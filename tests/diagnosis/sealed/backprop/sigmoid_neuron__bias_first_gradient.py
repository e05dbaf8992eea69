r"""The gradient of the bias stands first in dw instead of last, and dx leaves out the first weight instead of the bias.

Right: (?i)bias|first|last|w\[1:\]|w\[:-1\]|order|shift|position|off by one
"""
import numpy as np


def sigmoid_neuron(w, x):
    weights, bias = w[:-1], w[-1]
    z = np.sum(weights * x) + bias
    e = np.exp(-np.abs(z))
    out = 1 / (1 + e) if z >= 0 else e / (1 + e)

    dz = out * (1 - out)
    dw = np.zeros_like(w)
    dw[0] = dz
    dw[1:] = dz * x
    dx = dz * w[1:]
    return out, dw, dx


def chain_gradients(w, x, y):
    def sig(z):
        e = np.exp(-np.abs(z))
        return 1 / (1 + e) if z >= 0 else e / (1 + e)

    acts = [float(x)]
    for k in range(len(w)):
        acts.append(sig(float(w[k]) * acts[-1]))

    result = [0.0] * len(w)
    g = acts[-1] - float(y)
    for k in reversed(range(len(w))):
        g = g * acts[k + 1] * (1 - acts[k + 1])
        result[k] = g * acts[k]
        g = g * float(w[k])
    return result
