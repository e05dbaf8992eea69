"""dw is the outer product of the sums of x and dout over the examples.

Right: sum
"""

import numpy as np


def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    flat = x.reshape(len(x), -1)
    return (dout @ w.T).reshape(x.shape), np.outer(flat.sum(axis=0), dout.sum(axis=0)).astype(dout.dtype), dout.sum(axis=0)
