# functional: parameters are one flat vector, the gradient too
import numpy as np
from _net import sig
import _net


def pack(*arrays):
    return np.concatenate([a.ravel() for a in arrays])


def unpack(theta, shapes):
    out, at = [], 0
    for s in shapes:
        n = int(np.prod(s))
        out.append(theta[at:at + n].reshape(s))
        at += n
    return out


def loss_and_gradient(theta, shapes, x, y):
    ps = unpack(theta, shapes)
    Ws, bs = ps[0::2], ps[1::2]

    def go(h, k):
        """returns loss, gradient by h, gradients from layer k on -- the recursion is the cache"""
        z = h @ Ws[k] + bs[k]
        if k == len(Ws) - 1:
            e = z - y
            loss, dz, rest = np.trace(e @ e.T) / len(x), e / (len(x) / 2), ()
        else:
            s = sig(z)
            loss, ds, rest = go(s, k + 1)
            dz = ds * (s - s * s)
        return loss, dz @ Ws[k].T, (h.T @ dz, np.ones(len(x), dz.dtype) @ dz) + rest

    loss, _, gs = go(x, 0)
    return loss, pack(*gs)


def descend(theta, shapes, x, y, lr, steps):
    seen = []
    while len(seen) < steps:
        loss, g = loss_and_gradient(theta, shapes, x, y)
        theta = theta - lr * g
        seen.append(loss)
    return unpack(theta, shapes), seen


def autoencoder_loss(x, W, b, W_dec, b_dec):
    ps = (W, b, W_dec, b_dec)
    shapes = [p.shape for p in ps]
    loss, g = loss_and_gradient(pack(*ps), shapes, x, x)
    return np.array(loss), tuple(unpack(g, shapes))


def train_autoencoder(x, n_hidden, lr, steps, rng):
    D = x.shape[-1]
    shapes = [(D, n_hidden), (n_hidden,), (n_hidden, D), (D,)]
    size = sum(int(np.prod(s)) for s in shapes)
    theta = rng.normal(0, 0.3, size).astype(x.dtype)       # biases as well
    (W, b, _, _), losses = descend(theta, shapes, x, x, lr, steps)
    return W, b, losses


def greedy_pretrain(x, hidden_sizes, lr, steps, rng):
    from functools import reduce

    def add(state, M):
        h, layers = state
        W, b = train_autoencoder(h, M, lr, steps, rng)[:2]
        return sig(h @ W + b), layers + [[W, b]]
    return reduce(add, hidden_sizes, (x, []))[1]


def fine_tune(x, y, layers, head, lr, steps):
    flat = [p for pair in list(layers) + [head] for p in pair]
    ps, losses = descend(pack(*flat), [p.shape for p in flat], x, y, lr, steps)
    pairs = [ps[i:i + 2] for i in range(0, len(ps), 2)]
    return pairs[:-1], pairs[-1], losses
