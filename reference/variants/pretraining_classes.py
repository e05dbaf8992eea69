"""A class per layer, uniform starts scaled by the number of inputs, losses in an array."""

import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    @classmethod
    def random(cls, n_in, n_out, rng, dtype):
        k = 1.0 / np.sqrt(n_in)
        W = rng.uniform(-k, k, size=(n_in, n_out)).astype(dtype)
        b = rng.uniform(-k, k, size=n_out).astype(dtype)
        return cls(W, b)

    def forward(self, x):
        self.x = x
        return x.dot(self.W) + self.b

    def backward(self, dout):
        self.dW = self.x.T.dot(dout)
        self.db = dout.sum(0)
        return dout.dot(self.W.T)

    def update(self, lr):
        self.W = self.W - lr * self.dW
        self.b = self.b - lr * self.db


class Sigmoid:
    def forward(self, s):
        self.h = (0.5 * (np.tanh(0.5 * s) + 1)).astype(s.dtype)
        return self.h

    def backward(self, dout):
        return dout * self.h * (1 - self.h)

    def update(self, lr):
        pass


class Net:
    def __init__(self, layers):
        self.layers = layers

    def loss(self, x, y):
        for layer in self.layers:
            x = layer.forward(x)
        diff = x - y
        grad = 2.0 * diff / x.shape[0]
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        return np.sum(diff * diff) / x.shape[0]

    def step(self, x, y, lr):
        loss = self.loss(x, y)
        for layer in self.layers:
            layer.update(lr)
        return loss


def autoencoder_loss(x, W, b, W_dec, b_dec):
    enc, dec = Affine(W, b), Affine(W_dec, b_dec)
    loss = Net([enc, Sigmoid(), dec]).loss(x, x)
    return loss, {"W": enc.dW, "b": enc.db, "W_dec": dec.dW, "b_dec": dec.db, "x": None}


def train_autoencoder(x, n_hidden, lr, steps, rng):
    enc = Affine.random(x.shape[1], n_hidden, rng, x.dtype)
    dec = Affine.random(n_hidden, x.shape[1], rng, x.dtype)
    net = Net([enc, Sigmoid(), dec])
    losses = np.array([net.step(x, x, lr) for _ in range(steps)])
    return enc.W, enc.b, losses


def greedy_pretrain(x, hidden_sizes, lr, steps, rng):
    layers, h = [], x
    for M in hidden_sizes:
        W, b, _ = train_autoencoder(h, M, lr, steps, rng)
        layers += [(W, b)]
        h = Sigmoid().forward(Affine(W, b).forward(h))
    return layers


def fine_tune(x, y, layers, head, lr, steps):
    affine = [Affine(W, b) for W, b in layers]
    top = Affine(*head)
    stack = []
    for a in affine:
        stack += [a, Sigmoid()]
    net = Net([*stack, top])
    losses = np.zeros(steps)
    for t in range(steps):
        losses[t] = net.step(x, y, lr)
    return [(a.W, a.b) for a in affine], (top.W, top.b), losses
