r"""dWh is computed with the next hidden state instead of the previous one, and db is the mean over the examples instead of the sum.

Right: (?i:\bdWh\b|gradient (of|for|by|with respect to) Wh\b|\b(next|previous|prev|wrong)[ _](hidden )?(state|h)\b|\bdb\b|bias|\bmean|averag)
"""
import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    a = np.einsum('nd,dh->nh', x, Wx) + np.einsum('nk,kh->nh', prev_h, Wh) + b
    h = np.tanh(a)
    return h, (x, prev_h, h, Wx, Wh)


def rnn_step_backward(dnext_h, cache):
    x, prev_h, h, Wx, Wh = cache
    delta = dnext_h * (1 - h * h)
    dx = np.einsum('nh,dh->nd', delta, Wx)
    dprev_h = np.einsum('nh,kh->nk', delta, Wh)
    dWx = np.einsum('nd,nh->dh', x, delta)
    dWh = np.einsum('nk,nh->kh', h, delta)
    db = delta.mean(0)
    return dx, dprev_h, dWx, dWh, db


def unfold(step, s0, inputs):
    out = [step(s0, inputs[0])]
    for x in inputs[1:]:
        out.append(step(out[-1], x))
    return out
