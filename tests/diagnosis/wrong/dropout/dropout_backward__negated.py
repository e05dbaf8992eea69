"""The gradient has the wrong sign.

Right: negat|sign|minus
"""

import numpy as np


def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    if mode == "train":
        mask = np.random.random_sample(x.shape) < p
        return (x * mask / p).astype(x.dtype), (mode, mask, p)
    if mode == "test":
        return x.copy(), (mode, None, p)
    raise ValueError(mode)


def dropout_backward(dout, cache):
    mode, mask, p = cache
    dout = -dout
    return dout if mode == "test" else (dout * mask / p).astype(dout.dtype)
