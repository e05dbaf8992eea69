"""Terse, with einsum; positive random numbers at the start, and an encoder that starts at zero."""

import numpy as np


def sgm(s):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-s))


def autoencoder_loss(x, W, b, W_dec, b_dec, full=True):
    h = sgm(np.einsum("md,dk->mk", x, W) + b)
    e = np.einsum("mk,kd->md", h, W_dec) + b_dec - x
    loss = np.einsum("md,md->", e, e) / len(x)
    if not full:
        return loss
    d = e * 2 / len(x)
    s = np.einsum("md,kd,mk,mk->mk", d, W_dec, h, 1 - h)
    return loss, {
        "b_dec": np.einsum("md->d", d),
        "W_dec": np.einsum("mk,md->kd", h, d),
        "b": np.einsum("mk->k", s),
        "W": np.einsum("md,mk->dk", x, s),
    }


def train_autoencoder(x, n_hidden, lr, steps, rng):
    D, dt = x.shape[1], x.dtype
    P = [np.zeros((D, n_hidden), dt), np.zeros(n_hidden, dt), (0.1 * rng.random((n_hidden, D)) + 0.05).astype(dt), x.mean(axis=0)]
    L = []
    for _ in range(steps):
        l, g = autoencoder_loss(x, *P)
        L.append(float(l))
        P = [p - lr * g[k] for p, k in zip(P, ("W", "b", "W_dec", "b_dec"))]
    return P[0], P[1], L


def greedy_pretrain(x, hidden_sizes, lr, steps, rng):
    if not len(hidden_sizes):
        return []
    W, b, _ = train_autoencoder(x, hidden_sizes[0], lr, steps, rng)
    return [(W, b), *greedy_pretrain(sgm(x @ W + b), hidden_sizes[1:], lr, steps, rng)]


def fine_tune(x, y, layers, head, lr, steps):
    if steps == 0:
        return list(layers), head, []
    h = [x]
    for W, b in layers:
        h = [*h, sgm(h[-1] @ W + b)]
    e = h[-1] @ head[0] + head[1] - y
    loss = float(np.sum(e**2) / len(x))
    s = 2 * e / len(x)
    new, W_above = [], head[0]
    new_head = (head[0] - lr * h[-1].T @ s, head[1] - lr * s.sum(0))
    for (W, b), below, code in list(zip(layers, h, h[1:]))[::-1]:
        s = s @ W_above.T * code * (1 - code)
        new = [(W - lr * below.T @ s, b - lr * s.sum(0)), *new]
        W_above = W
    a, b_, rest = fine_tune(x, y, new, new_head, lr, steps - 1)
    return a, b_, [loss, *rest]
