r"""db is assigned anew at every step instead of being added up, so only the first time step remains; and dh0 is the gradient before Wh, because the product with the transposed Wh is left out.

Right: (?i:\bdb\b|bias|overwrit|assign|accumul|(one|first|last|single) (time )?step|dh0|\bWh\b|\bh0\b)
"""
import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return h, (x, prev_h, h, Wx, Wh)


def rnn_forward(x, h0, Wx, Wh, b):
    steps = []
    h = h0
    for t in range(x.shape[1]):
        h, c = rnn_step_forward(x[:, t], h, Wx, Wh, b)
        steps.append(c)
    return np.stack([c[2] for c in steps], axis=1), steps


def rnn_backward(dh, cache):
    steps = cache
    Wx, Wh = steps[0][3], steps[0][4]
    dx = np.zeros((dh.shape[0], dh.shape[1], Wx.shape[0]), dtype=dh.dtype)
    dWx = np.zeros_like(Wx)
    dWh = np.zeros_like(Wh)
    db = np.zeros(Wh.shape[0], dtype=dh.dtype)
    da = np.zeros_like(dh[:, 0])
    for t in range(len(steps) - 1, -1, -1):
        x_t, h_prev, h_t = steps[t][:3]
        total = dh[:, t] + da @ Wh.T         # own step + the step after
        da = total * (1 - h_t ** 2)
        dx[:, t] = da @ Wx.T
        dWx += x_t.T @ da
        dWh += h_prev.T @ da
        db = da.sum(axis=0)
    dh0 = da
    return dx, dh0, dWx, dWh, db
