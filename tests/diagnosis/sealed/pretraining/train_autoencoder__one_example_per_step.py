r"""Every step picks one random example for its loss and gradients instead of using all examples (stochastic gradient descent in place of full-batch).

Right: (?i:one (random |single )?(example|row|sample|point)|single|stochastic|mini.?batch|(all|whole|every|full|entire).{0,12}(example|batch|row|data|x\b)|full.?batch|\bSGD\b|subset|(only )?part of (the )?(data|examples|batch|x\b))
"""
import numpy as np


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def autoencoder_loss(x, W, b, W_dec, b_dec):
    m = len(x)
    h = sigmoid(x.dot(W) + b)
    x_hat = h.dot(W_dec) + b_dec
    diff = x_hat - x
    loss = (diff ** 2).sum() / m
    d_out = 2.0 / m * diff
    d_hid = d_out.dot(W_dec.T) * h * (1 - h)
    grads = dict(W=x.T.dot(d_hid), b=d_hid.sum(0), W_dec=h.T.dot(d_out), b_dec=d_out.sum(0))
    return loss, grads


def train_autoencoder(x, n_hidden, lr, steps, rng):
    m, D = x.shape
    dt = x.dtype
    p = {
        'W': (rng.standard_normal((D, n_hidden)) / np.sqrt(D)).astype(dt),
        'b': np.zeros(n_hidden, dtype=dt),
        'W_dec': (rng.standard_normal((n_hidden, D)) / np.sqrt(n_hidden)).astype(dt),
        'b_dec': np.zeros(D, dtype=dt),
    }
    losses = []
    for _ in range(steps):
        i = int(rng.integers(m))
        loss, g = autoencoder_loss(x[i:i + 1], p['W'], p['b'], p['W_dec'], p['b_dec'])
        losses.append(float(loss))
        for name in p:
            p[name] = p[name] - lr * g[name]
    return p['W'], p['b'], losses
