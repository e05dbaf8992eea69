r"""The derivative is computed as 1 - tanh(next_h)^2, but next_h has been through the tanh already: tanh is applied twice.

Right: (?i:twice|again|second time|double|alread|tanh\(next_h\)|tanh ?\(tanh|deriv|1 ?- ?next_h|tanh of (the )?(next|hidden|output|tanh)|pre.?activation)
"""
import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    from_input = np.dot(x, Wx)
    from_past = np.dot(prev_h, Wh)
    next_h = np.tanh(from_input + from_past + b)
    cache = {'x': x, 'prev_h': prev_h, 'Wx': Wx, 'Wh': Wh, 'h': next_h}
    return next_h, cache


def rnn_step_backward(dnext_h, cache):
    x, prev_h = cache['x'], cache['prev_h']
    Wx, Wh, h = cache['Wx'], cache['Wh'], cache['h']

    # through tanh: d tanh(a) = 1 - tanh(a)^2
    dtanh = 1 - np.tanh(h) ** 2
    da = dtanh * dnext_h

    # affine with two inputs
    dx = np.dot(da, Wx.T)
    dWx = np.dot(x.T, da)
    dprev_h = np.dot(da, Wh.T)
    dWh = np.dot(prev_h.T, da)
    db = np.sum(da, axis=0)
    return dx, dprev_h, dWx, dWh, db
