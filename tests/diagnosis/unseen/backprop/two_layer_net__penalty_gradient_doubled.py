"""The penalty's gradient is 2 reg W.

Right: 2|twice|penalty|reg
"""

import numpy as np


def _net(x, y, params, reg):
    hidden = np.maximum(0, x @ params['W1'] + params['b1'])
    scores = hidden @ params['W2'] + params['b2']
    shifted = scores - scores.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return hidden, scores, logp


def two_layer_net(x, y, params, reg):
    hidden, scores, logp = _net(x, y, params, reg)
    n = len(x)
    W1, W2 = params['W1'], params['W2']
    loss = -logp[np.arange(n), y].mean() + 0.5 * reg * ((W1 ** 2).sum() + (W2 ** 2).sum())
    d = np.exp(logp)
    d[np.arange(n), y] -= 1
    d /= n
    dh = d @ W2.T * (hidden > 0)
    return float(loss), {'W1': x.T @ dh + 2 * reg * W1, 'b1': dh.sum(axis=0), 'W2': hidden.T @ d + 2 * reg * W2, 'b2': d.sum(axis=0)}
