import numpy as np

# all weights in one matrix [Wx; Wh; b], inputs get a column of ones


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    z = np.hstack((x, prev_h, np.ones((x.shape[0], 1), dtype=x.dtype)))
    W = np.vstack((Wx, Wh, b))
    h = np.tanh(z.dot(W))
    return h, {'z': z, 'W': W, 'h': h, 'sizes': (Wx.shape[0], Wh.shape[0])}


def rnn_step_backward(dnext_h, cache):
    D, H = cache['sizes']
    dz_pre = dnext_h - dnext_h * np.power(cache['h'], 2)
    dz = dz_pre.dot(cache['W'].T)
    dW = cache['z'].T.dot(dz_pre)
    return dz[:, :D], dz[:, D:D + H], dW[:D, :], dW[D:D + H, :], dW[-1, :]


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = np.shape(x)
    H = len(b)
    hs = np.zeros((N, T + 1, H), x.dtype)
    hs[:, 0, :] = h0
    caches = {}
    for t in range(1, T + 1):
        hs[:, t, :], caches[t] = rnn_step_forward(x[:, t - 1, :], hs[:, t - 1, :], Wx, Wh, b)
    caches['shape'] = x.shape
    return hs[:, 1:, :], caches


def rnn_backward(dh, cache):
    N, T, D = cache['shape']
    dx = np.zeros(cache['shape'], dh.dtype)
    g = np.zeros_like(dh[:, 0, :])
    grads = None
    for t in range(T, 0, -1):
        out = rnn_step_backward(g + dh[:, t - 1, :], cache[t])
        dx[:, t - 1, :] = out[0]
        g = out[1]
        grads = list(out[2:]) if grads is None else [p + q for p, q in zip(grads, out[2:])]
    return [dx, g] + grads


def unfold(step, s0, inputs):
    states = {-1: s0}
    for t in range(len(inputs)):
        states[t] = step(states[t - 1], inputs[t])
    return [states[t] for t in range(len(inputs))]
