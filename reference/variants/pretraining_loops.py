"""Loops over examples and units, small normal numbers at the start."""

import math

import numpy as np


def sig(z):
    z = float(z)
    if z < 0:
        e = math.exp(z)
        return e / (1 + e)
    return 1 / (1 + math.exp(-z))


def encode(x, W, b):
    out = np.zeros((len(x), len(b)), dtype=x.dtype)
    for i in range(len(x)):
        for j in range(len(b)):
            out[i, j] = sig(np.sum(x[i] * W[:, j]) + b[j])
    return out


def autoencoder_loss(x, W, b, W_dec, b_dec):
    m = x.shape[0]
    H = encode(x, W, b)
    grads = {"W": np.zeros_like(W), "b": np.zeros_like(b), "W_dec": np.zeros_like(W_dec), "b_dec": np.zeros_like(b_dec)}
    loss = 0
    for i in range(m):
        h = H[i]
        err = np.zeros_like(x[i])
        for d in range(x.shape[1]):
            err[d] = np.sum(h * W_dec[:, d]) + b_dec[d] - x[i, d]
            loss += float(err[d]) ** 2 / m
        delta = 2 * err / m
        for d in range(x.shape[1]):
            grads["W_dec"][:, d] += h * delta[d]
            grads["b_dec"][d] += delta[d]
        for j in range(len(b)):
            s = np.sum(W_dec[j] * delta) * h[j] * (1 - h[j])
            grads["b"][j] += s
            grads["W"][:, j] += x[i] * s
    return loss, grads


def train_autoencoder(x, n_hidden, lr, steps, rng):
    D = x.shape[1]
    params = {
        "W": np.array(0.01 * rng.standard_normal((D, n_hidden)), dtype=x.dtype),
        "b": np.zeros(n_hidden, dtype=x.dtype),
        "W_dec": np.array(0.01 * rng.standard_normal((n_hidden, D)), dtype=x.dtype),
        "b_dec": np.zeros(D, dtype=x.dtype),
    }
    losses = []
    for t in range(steps):
        loss, grads = autoencoder_loss(x, **params)
        losses.append(loss)
        for k, value in params.items():
            params[k] = value - lr * grads[k]
    return params["W"], params["b"], losses


def greedy_pretrain(x, hidden_sizes, lr, steps, rng):
    layers = []
    inp = x
    for i in range(len(hidden_sizes)):
        W, b, _ = train_autoencoder(inp, hidden_sizes[i], lr, steps, rng)
        layers.append((W, b))
        inp = encode(inp, W, b)
    return layers


def fine_tune(x, y, layers, head, lr, steps):
    Ws = [W for W, _ in layers] + [head[0]]
    bs = [b for _, b in layers] + [head[1]]
    n = len(Ws)
    losses = []
    for t in range(steps):
        acts = [x]
        for i in range(n - 1):
            acts.append(encode(acts[i], Ws[i], bs[i]))
        out = acts[-1] @ Ws[-1] + bs[-1]
        loss = 0
        for i in range(len(x)):
            for k in range(y.shape[1]):
                loss += float(out[i, k] - y[i, k]) ** 2
        losses.append(loss / len(x))
        delta = 2 * (out - y) / len(x)
        newW, newb = [None] * n, [None] * n
        for i in range(n - 1, -1, -1):
            gW = np.zeros_like(Ws[i])
            gb = np.zeros_like(bs[i])
            for e in range(len(x)):
                gW += np.outer(acts[i][e], delta[e])
                gb += delta[e]
            newW[i] = Ws[i] - lr * gW
            newb[i] = bs[i] - lr * gb
            if i > 0:
                below = np.zeros_like(acts[i])
                for e in range(len(x)):
                    below[e] = np.dot(Ws[i], delta[e]) * acts[i][e] * (1 - acts[i][e])
                delta = below
        Ws, bs = newW, newb
    return [(Ws[i], bs[i]) for i in range(n - 1)], (Ws[-1], bs[-1]), losses
