"""The codes passed on are h W + b, without the sigmoid.

Right: sigmoid|linear
"""

import numpy as np


def _sigmoid(a):
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1 / (1 + e), e / (1 + e)).astype(a.dtype)


def _loss(x, W, b, W_dec, b_dec):
    h = _sigmoid(x @ W + b)
    d = h @ W_dec + b_dec - x
    loss = float((d ** 2).sum() / len(x))
    d = 2 * d / len(x)
    da = d @ W_dec.T * h * (1 - h)
    return loss, (x.T @ da, da.sum(axis=0), h.T @ d, d.sum(axis=0))


def _train(x, n_hidden, lr, steps, rng):
    W, W_dec = rng.normal(0, 0.3, (x.shape[1], n_hidden)), rng.normal(0, 0.3, (n_hidden, x.shape[1]))
    p = [a.astype(x.dtype) for a in (W, np.zeros(n_hidden), W_dec, np.zeros(x.shape[1]))]
    losses = []
    for _ in range(steps):
        loss, grads = _loss(x, *p)
        losses.append(loss)
        p = [(a - lr * g).astype(x.dtype) for a, g in zip(p, grads)]
    return p[0], p[1], losses


def greedy_pretrain(x, hidden_sizes, lr, steps, rng):
    h, layers = x, []
    for n in hidden_sizes:
        W, b, _losses = _train(h, n, lr, steps, rng)
        layers.append((W, b))
        h = h @ W + b
    return layers
