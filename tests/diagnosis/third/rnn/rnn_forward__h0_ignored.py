r"""The previous state is always read from h[:, t-1]; at t = 0 that is the last entry of an array of zeros, so the initial state h0 is never used.

Right: (?i:h0|initial (hidden )?state|start(ing)? state|first (time )?step|t ?= ?0|zeros?\b|state before|index -1|negative index|h\[:, ?-1\]|ignor)
"""
import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x.dot(Wx) + prev_h.dot(Wh) + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    dz = (1 - next_h * next_h) * dnext_h
    return dz.dot(Wx.T), dz.dot(Wh.T), x.T.dot(dz), prev_h.T.dot(dz), dz.sum(axis=0)


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    H = h0.shape[1]
    h = np.zeros((N, T, H), dtype=x.dtype)
    cache = []
    for t in range(T):
        h[:, t, :], step_cache = rnn_step_forward(x[:, t, :], h[:, t - 1, :].copy(), Wx, Wh, b)
        cache.append(step_cache)
    return h, cache


def unfold(step, s0, inputs):
    states = [s0]
    for x in inputs:
        states.append(step(states[-1], x))
    return states[1:]
