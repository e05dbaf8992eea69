import numpy as np


class Node(object):
    pass


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    n = Node()
    n.x, n.prev_h, n.Wx, n.Wh = x, prev_h, Wx, Wh
    n.a = np.sum(x[:, :, None] * Wx[None], axis=1) + np.sum(prev_h[:, :, None] * Wh[None], axis=1) + b
    return np.tanh(n.a), n


def rnn_step_backward(dnext_h, cache):
    n = cache
    with np.errstate(over='ignore'):
        sech = 1 / np.cosh(n.a)
    da = dnext_h * sech * sech
    dx = np.sum(da[:, None, :] * n.Wx, axis=2)
    dprev_h = np.sum(da[:, None, :] * n.Wh, axis=2)
    dWx = np.sum(n.x[:, :, None] * da[:, None, :], axis=0)
    dWh = np.sum(n.prev_h[:, :, None] * da[:, None, :], axis=0)
    db = np.add.reduce(da)
    return dx, dprev_h, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    h, nodes = h0, []
    h_all = np.array([], dtype=x.dtype).reshape(x.shape[0], 0, h0.shape[1])
    for x_t in np.split(x, x.shape[1], axis=1):
        h, node = rnn_step_forward(x_t[:, 0], h, Wx, Wh, b)
        nodes.append(node)
        h_all = np.concatenate([h_all, h[:, np.newaxis, :]], axis=1)
    return h_all, tuple(nodes)


def rnn_backward(dh, cache):
    dh = dh.copy()
    T = len(cache)
    dx = []
    dWx = dWh = db = 0
    for t in range(T - 1, -1, -1):
        dx_t, dprev, a, c, d = rnn_step_backward(dh[:, t], cache[t])
        if t > 0:
            dh[:, t - 1] += dprev
        dx.append(dx_t)
        dWx, dWh, db = dWx + a, dWh + c, db + d
    return np.swapaxes(np.array(dx[::-1]), 0, 1), dprev, dWx, dWh, db


def unfold(step, s0, inputs):
    inputs = list(inputs)
    states = []
    s = s0
    while inputs:
        s = step(s, inputs.pop(0))
        states += [s]
    return states
