r"""The bias is added after the tanh instead of inside it.

Right: (?i:bias|\bb\b|outside|inside|after (the )?tanh|before (the )?tanh|parenthes|(range|above|beyond|exceed|larger|outside|greater).{0,20}1)
"""
import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    s = np.tanh(x @ Wx + prev_h @ Wh)
    next_h = s + b
    return next_h, (x, prev_h, Wx, Wh, b)


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, b = cache
    s = np.tanh(x @ Wx + prev_h @ Wh + b)     # cheap enough to do again
    da = dnext_h * (1 - s ** 2)
    dx = da @ Wx.T
    dprev_h = da @ Wh.T
    dWx = x.T @ da
    dWh = prev_h.T @ da
    db = da.sum(axis=0)
    return dx, dprev_h, dWx, dWh, db


def unfold(step, s0, inputs):
    states = []
    s = s0
    for x in inputs:
        s = step(s, x)
        states.append(s)
    return states
