"""The first state of the result is h0, and the last input is not read.

Right: h0|late|first
"""

import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h ** 2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def rnn_forward(x, h0, Wx, Wh, b):
    h = np.zeros((*x.shape[:2], h0.shape[1]), x.dtype)
    h[:, 0] = h0
    for t in range(1, x.shape[1]):
        h[:, t], _cache = rnn_step_forward(x[:, t - 1], h[:, t - 1], Wx, Wh, b)
    return h, None
