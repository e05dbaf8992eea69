"""h0 is not used: the state starts at zeros.

Right: h0|zero
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
    h, state = np.zeros((*x.shape[:2], h0.shape[1]), x.dtype), np.zeros_like(h0)
    for t in range(x.shape[1]):
        state, _cache = rnn_step_forward(x[:, t], state, Wx, Wh, b)
        h[:, t] = state
    return h, None
