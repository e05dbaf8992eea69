"""The derivative of tanh is left out, and db is a mean.

Right: (?s)(tanh|slope|derivative).*(mean|1/N|divided)|(mean|1/N|divided).*(tanh|slope|derivative)
"""

import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h
    dx, dprev_h = da @ Wx.T, da @ Wh.T
    dWx, dWh, db = x.T @ da, prev_h.T @ da, da.mean(axis=0)
    return dx, dprev_h, dWx, dWh, db
