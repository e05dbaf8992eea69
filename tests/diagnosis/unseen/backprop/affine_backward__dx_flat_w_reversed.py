"""db sums the columns of dout in the wrong axis and dw is a mean: two slips.

Right: mean|averag|1/N|divided
"""

import numpy as np


def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    flat = x.reshape(len(x), -1)
    return (dout @ w.T).reshape(x.shape), flat.T @ dout / len(x), dout.sum(axis=1)
