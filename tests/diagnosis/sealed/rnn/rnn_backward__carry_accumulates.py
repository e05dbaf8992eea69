r"""The gradient carried back to the previous state is accumulated with += over the steps instead of being replaced, so contributions of later steps are counted again at every earlier step.

Right: (?i:accumul|\+=|replac|(add|sum|count|pil)\w*.{0,40}(again|twice|more than once|repeat|several|carr|dprev|every|too often)|carr(y|ied)|running (sum|total)|\btwice\b|more than once)
"""
import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(np.matmul(x, Wx) + np.matmul(prev_h, Wh) + b)
    cache = x, prev_h, Wx, Wh, next_h
    return next_h, cache


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    dact = dnext_h * (1 - next_h ** 2)
    db = np.sum(dact, axis=0)
    dWx = np.matmul(x.T, dact)
    dWh = np.matmul(prev_h.T, dact)
    dx = np.matmul(dact, Wx.T)
    dprev_h = np.matmul(dact, Wh.T)
    return dx, dprev_h, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    h = np.zeros((N, T, h0.shape[1]), dtype=x.dtype)
    cache = []
    prev = h0
    for t in range(T):
        prev, c = rnn_step_forward(x[:, t, :], prev, Wx, Wh, b)
        h[:, t, :] = prev
        cache.append(c)
    return h, cache


def rnn_backward(dh, cache):
    N, T, H = dh.shape
    D = cache[0][0].shape[1]
    dx = np.zeros((N, T, D), dtype=dh.dtype)
    dWx = np.zeros((D, H), dtype=dh.dtype)
    dWh = np.zeros((H, H), dtype=dh.dtype)
    db = np.zeros((H,), dtype=dh.dtype)
    dprev_h = np.zeros((N, H), dtype=dh.dtype)
    for t in reversed(range(T)):
        grads = rnn_step_backward(dh[:, t, :] + dprev_h, cache[t])
        dx[:, t, :] = grads[0]
        # everything adds up
        dprev_h += grads[1]
        dWx += grads[2]
        dWh += grads[3]
        db += grads[4]
    return dx, dprev_h, dWx, dWh, db
