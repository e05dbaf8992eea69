"""Works in place on copies of its own; gradients in a tuple; the wide uniform start that is usual for sigmoids."""

import numpy as np


def sigmoid(s):
    out = np.empty_like(s)
    pos = s >= 0
    out[pos] = 1 / (1 + np.exp(-s[pos]))
    e = np.exp(s[~pos])
    out[~pos] = e / (1 + e)
    return out


def autoencoder_loss(x, W, b, W_dec, b_dec):
    h = sigmoid(x @ W + b)
    err = h @ W_dec
    err += b_dec
    err -= x
    loss = (err**2).sum(axis=1).mean()
    err *= 2
    err /= len(x)
    dW_dec = h.T @ err
    db_dec = err.sum(axis=0)
    ds = err @ W_dec.T
    ds *= h
    ds *= 1 - h
    return loss, (x.T @ ds, ds.sum(axis=0), dW_dec, db_dec)


def _wide(rng, n_in, n_out, dtype):
    limit = 4 * np.sqrt(6 / (n_in + n_out))
    return rng.uniform(-limit, limit, (n_in, n_out)).astype(dtype)


def train_autoencoder(x, n_hidden, lr, steps, rng):
    D = x.shape[1]
    W, V = _wide(rng, D, n_hidden, x.dtype), _wide(rng, n_hidden, D, x.dtype)
    b, c = np.zeros(n_hidden, x.dtype), np.zeros(D, x.dtype)
    losses = []
    while len(losses) < steps:
        loss, grads = autoencoder_loss(x, W, b, V, c)
        losses += [loss]
        for p, g in zip((W, b, V, c), grads):
            p -= lr * g
    return W, b, losses


def greedy_pretrain(x, hidden_sizes, lr, steps, rng):
    stack = []
    h = x.copy()
    for n in hidden_sizes:
        W, b, _ = train_autoencoder(h, n, lr, steps, rng)
        stack.append([W, b])
        h = sigmoid(h @ W + b)
    return stack


def fine_tune(x, y, layers, head, lr, steps):
    layers = [[W.copy(), b.copy()] for W, b in layers]
    U, c = head[0].copy(), head[1].copy()
    losses = []
    for _ in range(steps):
        hs = [x]
        for W, b in layers:
            hs.append(sigmoid(hs[-1] @ W + b))
        err = hs[-1] @ U + c - y
        losses.append((err**2).sum() / len(x))
        err *= 2 / len(x)
        grads = []
        up = err @ U.T
        for i in reversed(range(len(layers))):
            up = up * hs[i + 1] * (1 - hs[i + 1])
            grads.append((hs[i].T @ up, up.sum(0)))
            up = up @ layers[i][0].T
        U -= lr * hs[-1].T @ err
        c -= lr * err.sum(0)
        for (W, b), (dW, db) in zip(layers, grads[::-1]):
            W -= lr * dW
            b -= lr * db
    return layers, [U, c], losses
