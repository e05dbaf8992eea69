from builtins import range
import math
import numpy as np


def zeros_init(n_in, n_out):
    W = np.empty((n_in, n_out))
    W[:] = 0
    return W


def scaled_normal_init(n_in, n_out, std, rng):
    W = np.zeros((n_in, n_out))
    for i in range(n_in):
        for j in range(n_out):
            W[i, j] = rng.normal(0, std)
    return W


def lecun_normal(n_in, n_out, rng):
    return scaled_normal_init(n_in, n_out, math.sqrt(1 / n_in), rng)


def xavier_normal(n_in, n_out, rng):
    return scaled_normal_init(n_in, n_out, math.sqrt(2 / (n_in + n_out)), rng)


def xavier_uniform(n_in, n_out, rng):
    r = math.sqrt(6) / math.sqrt(n_in + n_out)
    W = np.zeros((n_in, n_out))
    for i in range(n_in):
        W[i] = rng.uniform(-r, r, n_out)
    return W


def he_normal(n_in, n_out, rng):
    return scaled_normal_init(n_in, n_out, math.sqrt(2 / n_in), rng)


def he_uniform(n_in, n_out, rng):
    r = math.sqrt(6 / n_in)
    return (2 * rng.random((n_in, n_out)) - 1) * r


def relu_bias(n_out, value=0.01):
    b = []
    for _ in range(n_out):
        b.append(value)
    return np.array(b, dtype=float)


def initialize_network(layer_sizes, scheme, rng):
    out = []
    for k in range(1, len(layer_sizes)):
        args = [layer_sizes[k - 1], layer_sizes[k]]
        if scheme == 'scaled_normal_init':
            args.append(0.01)
        if scheme != 'zeros_init':
            args.append(rng)
        out.append((globals()[scheme](*args), relu_bias(layer_sizes[k], 0)))
    return out


def _act(z, name):
    if name == 'relu':
        return z * (z > 0)
    if name == 'tanh':
        return np.tanh(z)
    return 0.5 * np.tanh(0.5 * z) + 0.5


def activation_statistics(x, weights, activation):
    result = []
    for i in range(len(weights)):
        W, b = weights[i]
        x = _act(x @ W + b, activation)
        n, m = x.shape
        total = 0.0
        dead = 0
        saturated = 0
        lo = -1 if activation == 'tanh' else 0
        for j in range(m):
            if not x[:, j].any():
                dead += 1
        if activation != 'relu':
            saturated = np.sum(x - lo < 0.01) + np.sum(1 - x < 0.01)
        mean = sum(x.ravel().tolist()) / x.size
        std = math.sqrt(sum((v - mean) ** 2 for v in x.ravel().tolist()) / x.size)
        result.append(dict(mean=mean, std=std, saturated=float(saturated / x.size), dead=dead / m))
    return result


def symmetric_step(params, x, y, lr):
    s = lambda z: 0.5 * (1 + math.tanh(z / 2))
    W1, b1, W2, b2 = [params[k].copy() for k in ('W1', 'b1', 'W2', 'b2')]
    h = [s(sum(x[i] * W1[i, j] for i in range(2)) + b1[j]) for j in range(2)]
    o = s(h[0] * W2[0, 0] + h[1] * W2[1, 0] + b2[0])
    delta = 2 * (o - y) * o * (1 - o)
    back = [W2[j, 0] * delta * h[j] * (1 - h[j]) for j in range(2)]
    for j in range(2):
        W2[j, 0] -= lr * delta * h[j]
        b1[j] -= lr * back[j]
        for i in range(2):
            W1[i, j] -= lr * back[j] * x[i]
    b2[0] -= lr * delta
    return {'W1': W1, 'b1': b1, 'W2': W2, 'b2': b2}
