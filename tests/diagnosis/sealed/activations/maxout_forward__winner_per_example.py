r"""One piece wins for a whole example (the one whose units sum to more) instead of every unit choosing for itself.

Right: (?i)(each|every|per|by|single|individual|own choice).{0,15}unit|unit.{0,40}(itself|own|separate|individual|independent)|whole (example|row)|per (example|row)|(example|row).{0,40}(one|same|single) piece|element[- ]?(by|wise)|same piece|sum(med)? (of|over|across) (the |all )?units
"""
import numpy as np


def maxout_forward(x, W1, b1, W2, b2):
    z1 = np.dot(x, W1) + b1
    z2 = np.dot(x, W2) + b2

    # which of the two linear maps is the strongest one
    strength1 = np.sum(z1, axis=1)
    strength2 = np.sum(z2, axis=1)

    out = np.zeros_like(z1)
    for n in range(x.shape[0]):
        if strength1[n] > strength2[n]:
            out[n] = z1[n]
        else:
            out[n] = z2[n]

    cache = (x, W1, b1, W2, b2)
    return out, cache


def maxout_backward(dout, cache):
    x, W1, b1, W2, b2 = cache
    z1 = np.dot(x, W1) + b1
    z2 = np.dot(x, W2) + b2
    first = z1 > z2

    ds1 = dout * first
    ds2 = dout * np.logical_not(first)

    dW1 = np.dot(x.T, ds1)
    dW2 = np.dot(x.T, ds2)
    db1 = np.sum(ds1, axis=0)
    db2 = np.sum(ds2, axis=0)
    dx = np.dot(ds1, W1.T) + np.dot(ds2, W2.T)
    return dx, dW1, db1, dW2, db2
