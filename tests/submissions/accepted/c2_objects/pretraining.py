"""Pre-training, object style: a tiny tape of linear and logistic layers."""
from __future__ import annotations

from collections import OrderedDict
from copy import deepcopy
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import numpy as np

from dl_common import Array, logistic


@dataclass
class Linear:
    W: Array
    b: Array

    def __call__(self, h):
        self.input = h
        return np.einsum('ij,jk->ik', h, self.W) + self.b

    def back(self, g):
        self.dW = np.einsum('ij,ik->jk', self.input, g)
        self.db = np.einsum('ik->k', g)
        return np.einsum('ik,jk->ij', g, self.W)

    def update(self, lr):
        self.W -= lr * self.dW
        self.b -= lr * self.db


class Logistic:
    def __call__(self, z):
        self.z = z
        return logistic(z)

    def back(self, g):
        # s (1 - s) = s(z) s(-z)
        return g * logistic(self.z) * logistic(-self.z)

    def update(self, lr):
        pass


class SquaredError:
    def __call__(self, y_hat, y):
        self.residual = y_hat - y
        return float(np.mean(np.sum(np.square(self.residual), axis=1)))

    def back(self):
        return self.residual * (2 / len(self.residual))


class Sequential(list):
    def __call__(self, x):
        return reduce(lambda h, part: part(h), self, x)

    def back(self, g):
        return reduce(lambda g, part: part.back(g), reversed(self), g)

    def fit(self, x, y, lr, steps):
        criterion = SquaredError()
        history = []
        for _ in range(steps):
            history.append(criterion(self(x), y))
            self.back(criterion.back())
            for part in self:
                part.update(lr)
        return history


def autoencoder_loss(x, W, b, W_dec, b_dec):
    encoder, decoder = Linear(W, b), Linear(W_dec, b_dec)
    net = Sequential([encoder, Logistic(), decoder])
    criterion = SquaredError()
    loss = criterion(net(x), x)
    net.back(criterion.back())
    return loss, OrderedDict(W=encoder.dW, b=encoder.db, W_dec=decoder.dW, b_dec=decoder.db)


def glorot(n_in, n_out, rng, dtype):
    limit = np.sqrt(6 / (n_in + n_out))
    return Linear(rng.uniform(-limit, limit, size=(n_in, n_out)).astype(dtype), np.zeros((n_out,), dtype))


def train_autoencoder(x, n_hidden, lr, steps, rng):
    encoder = glorot(x.shape[1], n_hidden, rng, x.dtype)
    decoder = glorot(n_hidden, x.shape[1], rng, x.dtype)
    history = Sequential([encoder, Logistic(), decoder]).fit(x, x, lr, steps)
    return encoder.W, encoder.b, history


def greedy_pretrain(x, hidden_sizes, lr, steps, rng):
    if len(hidden_sizes) == 0:
        return []
    first, *rest = hidden_sizes
    W, b, _ = train_autoencoder(x, first, lr, steps, rng)
    codes = Sequential([Linear(W, b), Logistic()])(x)
    return [(W, b)] + greedy_pretrain(codes, rest, lr, steps, rng)


def fine_tune(x, y, layers, head, lr, steps):
    hidden = [Linear(*deepcopy(tuple(layer))) for layer in layers]
    top = Linear(*deepcopy(tuple(head)))
    net = Sequential()
    for layer in hidden:
        net += [layer, Logistic()]
    net.append(top)
    losses = net.fit(x, y, lr, steps)
    return [(l.W, l.b) for l in hidden], (top.W, top.b), losses
