r"""dWh sums over the steps from the second on only: the first step, whose previous state is h0, is left out of it.

Right: (?i:h0|first (time )?step|t ?= ?0|initial (hidden )?state|(dWh|Wh)\b.{0,60}(miss|lack|without|left out|leav|omit|skip|forg|second step|T ?- ?1|too few|incomplete)|(miss|lack|leav|omit|skip|forg)\w*.{0,60}(dWh|Wh)\b|T ?- ?1)
"""
import numpy as np


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    xw = x @ Wx + b                  # (N, T, H), all steps at once
    h = np.empty_like(xw)
    prev = h0
    for t in range(T):
        h[:, t] = np.tanh(xw[:, t] + prev @ Wh)
        prev = h[:, t]
    return h, (x, h0, Wx, Wh, h.copy())


def rnn_backward(dh, cache):
    x, h0, Wx, Wh, h = cache
    N, T, H = dh.shape
    da = np.empty_like(dh)           # gradient before the tanh, for every step
    future = np.zeros((N, H), dtype=dh.dtype)
    for t in range(T - 1, -1, -1):
        da[:, t] = (dh[:, t] + future) * (1 - h[:, t] ** 2)
        future = da[:, t] @ Wh.T
    dx = da @ Wx.T
    dWx = np.einsum('ntd,nth->dh', x, da)
    dWh = np.einsum('ntk,nth->kh', h[:, :-1], da[:, 1:])
    db = da.sum(axis=(0, 1))
    return dx, future, dWx, dWh, db
