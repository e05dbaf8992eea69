import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    rows = []
    for n in range(x.shape[0]):
        rows.append(np.tanh(Wx.T @ x[n] + Wh.T @ prev_h[n] + b))
    next_h = np.vstack(rows)
    return next_h, (x, prev_h, Wx, Wh, b)


def rnn_step_backward(dnext_h, cache):
    # everything is computed again; one Jacobian per example
    x, prev_h, Wx, Wh, b = cache
    next_h, _ = rnn_step_forward(x, prev_h, Wx, Wh, b)
    dx, dprev_h = np.empty_like(x), np.empty_like(prev_h)
    dWx, dWh, db = Wx * 0, Wh * 0, b * 0
    for n in range(len(x)):
        J = np.diag(1 - next_h[n] ** 2)
        v = J @ dnext_h[n]
        dx[n], dprev_h[n] = Wx @ v, Wh @ v
        dWx = dWx + np.outer(x[n], v)
        dWh = dWh + np.outer(prev_h[n], v)
        db = db + v
    return dx, dprev_h, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    if x.shape[1] == 1:
        h, _ = rnn_step_forward(x[:, 0], h0, Wx, Wh, b)
        return h[:, None], (x, h0, Wx, Wh, b)
    early, _ = rnn_forward(x[:, :-1], h0, Wx, Wh, b)
    last, _ = rnn_step_forward(x[:, -1], early[:, -1], Wx, Wh, b)
    return np.append(early, last[:, None], axis=1), (x, h0, Wx, Wh, b)


def rnn_backward(dh, cache):
    x, h0, Wx, Wh, b = cache
    h, _ = rnn_forward(x, h0, Wx, Wh, b)
    prev = np.concatenate((h0[:, None], h[:, :-1]), axis=1)
    back = np.zeros(h0.shape, h0.dtype)
    dxs, total = [], [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
    for t in range(x.shape[1])[::-1]:
        dx, back, *g = rnn_step_backward(np.add(dh[:, t], back), (x[:, t], prev[:, t], Wx, Wh, b))
        dxs = [dx] + dxs
        for s, p in zip(total, g):
            np.add(s, p, out=s)
    return tuple([np.stack(dxs, axis=1), back] + total)


def unfold(step, s0, inputs):
    if len(inputs) == 1:
        return [step(s0, inputs[0])]
    before = unfold(step, s0, inputs[:-1])
    return before + [step(before[-1], inputs[-1])]
