import math

import numpy as np


def _gauss(shape, rng):
    u1 = 1.0 - rng.random(shape)
    u2 = rng.random(shape)
    return np.sqrt(-2 * np.log(u1)) * np.cos(2 * np.pi * u2)


def zeros_init(n_in, n_out):
    return np.zeros_like(np.empty((n_in, n_out)))


def scaled_normal_init(n_in, n_out, std, rng):
    return _gauss((n_in, n_out), rng) * std


def lecun_normal(n_in, n_out, rng):
    cov = np.eye(1) / n_in
    return rng.multivariate_normal([0.0], cov, size=(n_in, n_out))[..., 0]


def xavier_normal(n_in, n_out, rng):
    fan_avg = (n_in + n_out) / 2
    return (_gauss((n_in, n_out), rng) + _gauss((n_in, n_out), rng)) * np.sqrt(1 / fan_avg / 2)


def xavier_uniform(n_in, n_out, rng):
    a = np.sqrt(6.0 / (n_in + n_out))
    return a - 2 * a * rng.random((n_out, n_in)).T


def he_normal(n_in, n_out, rng):
    return (rng.normal(size=n_in * n_out) * np.sqrt(2.0 / n_in)).reshape(n_in, n_out)


def he_uniform(n_in, n_out, rng):
    return (rng.random((n_in, n_out)) - 0.5) * 2 * np.sqrt(6.0 / n_in)


def relu_bias(n_out, value=0.01):
    return np.repeat(float(value), n_out)


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
    if name == 'sigmoid':
        return 0.5 * np.tanh(0.5 * z) + 0.5
    raise ValueError(name)


def activation_statistics(x, weights, activation):
    result = []
    for i in range(len(weights)):
        W, b = weights[i]
        x = _act(x @ W + b, activation)
        m = x.shape[1]
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
        result.append({'mean': mean, 'std': std, 'saturated': float(saturated / x.size), 'dead': dead / m})
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
