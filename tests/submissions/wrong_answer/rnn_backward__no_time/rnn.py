import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    z = np.dot(x, Wx) + np.dot(prev_h, Wh) + b
    next_h = np.tanh(z)
    cache = (x, prev_h, Wx, Wh, b, z, next_h)
    return next_h, cache


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, b, z, next_h = cache
    dz = (1 - next_h ** 2) * dnext_h
    dx = np.dot(dz, Wx.T)
    dprev_h = np.dot(dz, Wh.T)
    dWx = np.dot(x.T, dz)
    dWh = np.dot(prev_h.T, dz)
    db = np.sum(dz, axis=0)
    return dx, dprev_h, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    N, H = h0.shape
    h = np.zeros((N, T, H), dtype=x.dtype)
    before = np.zeros((N, T, H), dtype=x.dtype)
    state = h0
    for i in range(T):
        before[:, i, :] = state
        state = np.tanh(np.dot(x[:, i, :], Wx) + np.dot(state, Wh) + b)
        h[:, i, :] = state
    cache = (x, h0, Wx, Wh, b, h.copy(), before)
    return h, cache


def rnn_backward(dh, cache):
    x, h0, Wx, Wh, b, h, before = cache
    N, T, D = x.shape
    dx, dh0 = np.zeros_like(x), np.zeros_like(h0)
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)
    dprev = np.zeros_like(h0)
    for i in range(T - 1, -1, -1):
        total = dh[:, i, :]
        dz = total * (1 - h[:, i, :] ** 2)
        dx[:, i, :] = np.dot(dz, Wx.T)
        dprev = np.dot(dz, Wh.T)
        dWx += np.dot(x[:, i, :].T, dz)
        dWh += np.dot(before[:, i, :].T, dz)
        db += dz.sum(axis=0)
    dh0 = dprev
    return dx, dh0, dWx, dWh, db


def unfold(step, s0, inputs):
    states = []
    state = s0
    for x in inputs:
        state = step(state, x)
        states.append(state)
    return states
