"""One draw per weight, lists first, loops over examples and units."""
import math

import numpy as np


def _fill(n_in, n_out, draw):
    W = np.empty((n_in, n_out))
    for i in range(n_in):
        for j in range(n_out):
            W[i, j] = draw()
    return W


def zeros_init(n_in, n_out):
    return np.array([[0.0 for _ in range(n_out)] for _ in range(n_in)])


def scaled_normal_init(n_in, n_out, std, rng):
    return _fill(n_in, n_out, lambda: rng.normal(0.0, std))


def lecun_normal(n_in, n_out, rng):
    return _fill(n_in, n_out, lambda: rng.normal(0.0, 1.0 / math.sqrt(n_in)))


def xavier_normal(n_in, n_out, rng):
    return _fill(n_in, n_out, lambda: rng.normal(0.0, math.sqrt(2.0 / (n_in + n_out))))


def xavier_uniform(n_in, n_out, rng):
    a = math.sqrt(6.0 / (n_in + n_out))
    return _fill(n_in, n_out, lambda: rng.uniform(-a, a))


def he_normal(n_in, n_out, rng):
    return _fill(n_in, n_out, lambda: rng.normal(0.0, math.sqrt(2.0 / n_in)))


def he_uniform(n_in, n_out, rng):
    a = math.sqrt(6.0 / n_in)
    return _fill(n_in, n_out, lambda: rng.uniform(-a, a))


def relu_bias(n_out, value=0.01):
    b = np.zeros(n_out)
    for j in range(n_out):
        b[j] = value
    return b


def initialize_network(layer_sizes, scheme, rng):
    layers = []
    for k in range(1, len(layer_sizes)):
        n_in, n_out = layer_sizes[k - 1], layer_sizes[k]
        if scheme == "zeros_init":
            W = zeros_init(n_in, n_out)
        elif scheme == "scaled_normal_init":
            W = scaled_normal_init(n_in, n_out, 0.01, rng)
        elif scheme == "lecun_normal":
            W = lecun_normal(n_in, n_out, rng)
        elif scheme == "xavier_normal":
            W = xavier_normal(n_in, n_out, rng)
        elif scheme == "xavier_uniform":
            W = xavier_uniform(n_in, n_out, rng)
        elif scheme == "he_normal":
            W = he_normal(n_in, n_out, rng)
        elif scheme == "he_uniform":
            W = he_uniform(n_in, n_out, rng)
        else:
            raise ValueError("unknown scheme " + str(scheme))
        layers.append((W, np.zeros((n_out,))))
    return layers


def _sigmoid(z):
    z = float(z)
    if z >= 0:
        return 1.0 / (1.0 + math.exp(-z))
    e = math.exp(z)
    return e / (1.0 + e)


def _activate(z, activation):
    if activation == "sigmoid":
        return _sigmoid(z)
    if activation == "tanh":
        return math.tanh(z)
    if activation == "relu":
        return float(z) if z > 0 else 0.0
    raise ValueError(activation)


def activation_statistics(x, weights, activation):
    statistics = []
    h = x
    for W, b in weights:
        N, M = h.shape[0], W.shape[1]
        out = np.zeros((N, M), dtype=x.dtype)
        for n in range(N):
            for m in range(M):
                total = b[m]
                for d in range(h.shape[1]):
                    total = total + h[n, d] * W[d, m]
                out[n, m] = _activate(total, activation)
        values = [float(v) for v in out.ravel()]
        mean = sum(values) / len(values)
        var = sum((v - mean) ** 2 for v in values) / len(values)
        if activation == "relu":
            saturated = 0
        else:
            low = 0 if activation == "sigmoid" else -1
            saturated = sum(1 for v in values if v - low < 1e-2 or 1 - v < 1e-2)
        dead = sum(1 for m in range(M) if all(out[n, m] == 0 for n in range(N)))
        statistics.append({"mean": mean, "std": math.sqrt(var), "saturated": saturated / len(values), "dead": dead / M})
        h = out
    return statistics


def symmetric_step(params, x, y, lr):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    h = [_sigmoid(x[0] * W1[0, j] + x[1] * W1[1, j] + b1[j]) for j in range(2)]
    o = _sigmoid(h[0] * W2[0, 0] + h[1] * W2[1, 0] + b2[0])
    delta = 2 * (o - y) * o * (1 - o)
    new = {name: value.copy() for name, value in params.items()}
    new["b2"][0] -= lr * delta
    for j in range(2):
        new["W2"][j, 0] -= lr * delta * h[j]
        back = delta * W2[j, 0] * h[j] * (1 - h[j])
        new["b1"][j] -= lr * back
        for i in range(2):
            new["W1"][i, j] -= lr * back * x[i]
    return new
