import numpy as np

# Sequences as matrices with N * T rows, and no step function in between


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    h, cache = rnn_forward(x[:, None, :], prev_h, Wx, Wh, b)
    return h[:, 0], cache


def rnn_step_backward(dnext_h, cache):
    dx, *rest = rnn_backward(dnext_h[:, None, :], cache)
    return (dx[:, 0], *rest)


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    H = h0.shape[1]
    a = (x.reshape(N * T, D) @ Wx + b).reshape(N, T, H)
    h = np.empty_like(a)
    for t in range(T):
        np.tanh(a[:, t] + (h[:, t - 1] if t else h0) @ Wh, out=h[:, t])
    return h.copy(), dict(x=x, h0=h0, Wx=Wx, Wh=Wh, h=h)


def rnn_backward(dh, cache):
    x, h0, Wx, Wh, h = (cache[k] for k in ('x', 'h0', 'Wx', 'Wh', 'h'))
    N, T, D = x.shape
    H = h0.shape[1]
    da = dh.copy()
    for t in reversed(range(T)):
        if t < T - 1:
            da[:, t] += da[:, t + 1] @ Wh.T
        da[:, t] *= 1 - h[:, t] ** 2
    flat = da.reshape(-1, H)
    before = np.hstack([h0[:, None], h[:, :-1]]).reshape(-1, H)
    dx = (flat @ Wx.T).reshape(N, T, D)
    return dx, da[:, 0] @ Wh.T, x.reshape(-1, D).T @ flat, before.T @ flat, flat.sum(0)


def unfold(step, s0, inputs):
    states = []
    for t, x in enumerate(inputs):
        previous = states[t - 1] if t > 0 else s0
        states.append(step(previous, x))
    return states
