"""Written like most of the course's real work: prepared arrays, a list of caches that the backward pass takes from its end."""

import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h, cache = None, None
    forward = np.dot(x, Wx) + np.dot(prev_h, Wh) + b
    next_h = np.tanh(forward)
    cache = (next_h, Wx, Wh, x, prev_h)
    return next_h, cache


def rnn_step_backward(dnext_h, cache):
    dx, dprev_h, dWx, dWh, db = None, None, None, None, None
    next_h, Wx, Wh, x, prev_h = cache
    dforward = (1 - np.square(next_h)) * dnext_h
    dx = dforward.dot(Wx.T)
    dprev_h = np.dot(dforward, Wh.T)
    dWx = np.dot(dforward.T, x).T
    dWh = np.dot(prev_h.T, dforward)
    db = np.ones(dforward.shape[0], dtype=dforward.dtype).dot(dforward)
    return dx, dprev_h, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, _ = x.shape
    _, H = h0.shape
    h = np.zeros((T, N, H), dtype=x.dtype)
    cache = []
    x = x.transpose(1, 0, 2)
    for i in range(T):
        h[i], cache_ = rnn_step_forward(x[i], h[i - 1] if i > 0 else h0, Wx, Wh, b)
        cache.append(cache_)
    return h.transpose(1, 0, 2), cache


def rnn_backward(dh, cache):
    cache = list(cache)
    N, T, H = dh.shape
    x0 = cache[0][3]
    D = x0.shape[1]
    dtype = dh.dtype
    dx = np.zeros((T, N, D), dtype=dtype)
    dWx, dWh, db = np.zeros((D, H), dtype=dtype), np.zeros((H, H), dtype=dtype), np.zeros(H, dtype=dtype)
    dprev = np.zeros((N, H), dtype=dtype)
    dh = dh.transpose(1, 0, 2).copy()
    while cache:
        i = len(cache) - 1
        dh[i] += dprev
        dx[i], dprev, dWx_, dWh_, db_ = rnn_step_backward(dh[i], cache.pop())
        dWx, dWh, db = dWx + dWx_, dWh + dWh_, db + db_
    return dx.swapaxes(0, 1), dprev, dWx, dWh, db


def unfold(step, s0, inputs, verbose=False):
    states = [s0]
    for x in inputs:
        states.append(step(states[-1], x))
    return states[1:]
