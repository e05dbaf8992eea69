import numpy as np
import math


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    N, D = x.shape
    H = b.shape[0]
    next_h = np.zeros((N, H), dtype=x.dtype)
    for n in range(N):
        for j in range(H):
            total = float(b[j])
            for d in range(D):
                total += float(x[n, d]) * float(Wx[d, j])
            for i in range(H):
                total += float(prev_h[n, i]) * float(Wh[i, j])
            next_h[n, j] = math.tanh(total)
    cache = [x, prev_h, Wx, Wh, b, next_h]
    return next_h, cache


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, b, next_h = cache
    N, D = x.shape
    H = b.shape[0]
    dx, dprev_h = np.zeros_like(x), np.zeros_like(prev_h)
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)
    for n in range(N):
        for j in range(H):
            g = dnext_h[n, j] * (1 - next_h[n, j] * next_h[n, j])
            db[j] += g
            for d in range(D):
                dx[n, d] += g * Wx[d, j]
                dWx[d, j] += g * x[n, d]
            for i in range(H):
                dprev_h[n, i] += g * Wh[i, j]
                dWh[i, j] += g * prev_h[n, i]
    return [dx, dprev_h, dWx, dWh, db]


def rnn_forward(x, h0, Wx, Wh, b):
    T = x.shape[1]
    h, cache = [], {}
    for t in range(T):
        before = h0 if t == 0 else h[t - 1]
        new, cache[t] = rnn_step_forward(x[:, t, :], before, Wx, Wh, b)
        h.append(new)
    return np.stack(h, axis=1), cache


def rnn_backward(dh, cache):
    T = len(cache)
    dx = [None] * T
    later = 0
    sums = None
    t = T - 1
    while t >= 0:
        dx[t], later, *params = rnn_step_backward(dh[:, t, :] + later, cache[t])
        if sums is None:
            sums = params
        else:
            sums = [s + p for s, p in zip(sums, params)]
        t -= 1
    return np.stack(dx, axis=1), later, sums[0], sums[1], sums[2]


def unfold(step, s0, inputs):
    T = len(inputs)
    states = [None] * T
    for t in range(T):
        if t == 0:
            states[t] = step(s0, inputs[0])
        else:
            states[t] = step(states[t - 1], inputs[t])
    return states
