"""Scales in place, uses masked exponentials, copies the parameters and updates the copies; fan-in and fan-out by name."""
from copy import deepcopy
from functools import partial

import numpy as np


def zeros_init(n_in, n_out):
    W = np.empty((n_in, n_out))
    W.fill(0)
    return W


def scaled_normal_init(n_in, n_out, std, rng):
    W = rng.standard_normal(n_in * n_out).reshape(n_in, n_out)
    W *= std
    return W


def lecun_normal(n_in, n_out, rng):
    W = rng.standard_normal((n_in, n_out))
    W /= np.sqrt(n_in)
    return W


def xavier_normal(n_in, n_out, rng):
    W = rng.standard_normal((n_in, n_out))
    W /= np.sqrt((n_in + n_out) / 2)
    return W


def xavier_uniform(n_in, n_out, rng):
    W = rng.random((n_in, n_out))
    W -= 0.5
    W *= np.sqrt(24.0 / (n_in + n_out))
    return W


def he_normal(n_in, n_out, rng):
    W = rng.standard_normal((n_out, n_in)).T
    W *= np.sqrt(2.0 / n_in)
    return W


def he_uniform(n_in, n_out, rng):
    limit = np.sqrt(6.0 / n_in)
    return rng.uniform(low=-limit, high=limit, size=(n_in, n_out)).astype(np.float64)


def relu_bias(n_out, value=0.01):
    b = np.zeros((n_out,))
    b[:] = value
    return b


SCHEMES = {
    "zeros_init": lambda n_in, n_out, rng: zeros_init(n_in, n_out),
    "scaled_normal_init": lambda n_in, n_out, rng: scaled_normal_init(n_in, n_out, 1e-2, rng),
    "lecun_normal": lecun_normal,
    "xavier_normal": xavier_normal,
    "xavier_uniform": xavier_uniform,
    "he_normal": he_normal,
    "he_uniform": he_uniform,
}


def initialize_network(layer_sizes, scheme, rng):
    try:
        draw = partial(SCHEMES[scheme], rng=rng)
    except KeyError:
        raise ValueError(f"unknown scheme {scheme}") from None
    sizes = list(layer_sizes)
    network = []
    n_in = sizes.pop(0)
    while sizes:
        n_out = sizes.pop(0)
        network += [[draw(n_in, n_out), np.zeros(n_out)]]
        n_in = n_out
    return network


def _sigmoid(s):
    out = np.empty_like(s)
    positive = s >= 0
    out[positive] = 1 / (1 + np.exp(-s[positive]))
    e = np.exp(s[~positive])
    out[~positive] = e / (1 + e)
    return out


def activation_statistics(x, weights, activation):
    if activation not in ("sigmoid", "tanh", "relu"):
        raise ValueError(activation)
    statistics = []
    h = x.copy()
    for W, b in weights:
        h = np.matmul(h, W)
        h += b
        saturated = np.float64(0)
        if activation == "sigmoid":
            h = _sigmoid(h)
            saturated = 1 - np.mean((h > 0.01) & (h < 0.99))
        elif activation == "tanh":
            np.tanh(h, out=h)
            saturated = np.mean(np.abs(h) > 1 - 0.01)
        else:
            h[h < 0] = 0
        statistics.append({"dead": np.mean(~np.any(h != 0, axis=0)), "saturated": saturated, "std": h.std(), "mean": h.mean(), "layer": len(statistics)})
    return statistics


def symmetric_step(params, x, y, lr):
    new = deepcopy(params)
    h = _sigmoid(params["W1"].T @ x + params["b1"])
    o = _sigmoid(params["W2"].T @ h + params["b2"])
    delta = o - y
    delta *= 2
    delta *= o * (1 - o)
    back = params["W2"][:, 0] * delta[0]
    back *= h
    back *= 1 - h
    new["W1"] -= lr * x[:, None] * back[None, :]
    new["b1"] -= lr * back
    new["W2"] -= lr * (h * delta)[:, None]
    new["b2"] -= lr * delta
    return new
