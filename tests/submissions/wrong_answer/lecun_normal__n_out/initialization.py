import numpy as np


def sigmoid(z):
    z = np.clip(z, -80, 80)
    return 1 / (1 + np.exp(-z))


def zeros_init(n_in, n_out):
    return np.zeros((n_in, n_out))


def scaled_normal_init(n_in, n_out, std, rng):
    return std * rng.standard_normal((n_in, n_out))


def lecun_normal(n_in, n_out, rng):
    return rng.standard_normal((n_in, n_out)) / np.sqrt(n_out)


def xavier_normal(n_in, n_out, rng):
    return rng.normal(0, np.sqrt(2 / (n_in + n_out)), size=(n_in, n_out))


def xavier_uniform(n_in, n_out, rng):
    limit = np.sqrt(6 / (n_in + n_out))
    return rng.uniform(-limit, limit, size=(n_in, n_out))


def he_normal(n_in, n_out, rng):
    return rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)


def he_uniform(n_in, n_out, rng):
    limit = np.sqrt(6 / n_in)
    return rng.uniform(-limit, limit, size=(n_in, n_out))


def relu_bias(n_out, value=0.01):
    return np.full(n_out, value)


def initialize_network(layer_sizes, scheme, rng):
    layers = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:]):
        if scheme == 'zeros_init':
            W = zeros_init(n_in, n_out)
        elif scheme == 'scaled_normal_init':
            W = scaled_normal_init(n_in, n_out, 0.01, rng)
        elif scheme == 'lecun_normal':
            W = lecun_normal(n_in, n_out, rng)
        elif scheme == 'xavier_normal':
            W = xavier_normal(n_in, n_out, rng)
        elif scheme == 'xavier_uniform':
            W = xavier_uniform(n_in, n_out, rng)
        elif scheme == 'he_normal':
            W = he_normal(n_in, n_out, rng)
        elif scheme == 'he_uniform':
            W = he_uniform(n_in, n_out, rng)
        else:
            raise ValueError(scheme)
        b = np.zeros(n_out)
        layers.append((W, b))
    return layers


def activation_statistics(x, weights, activation):
    stats = []
    h = x
    for W, b in weights:
        z = h.dot(W) + b
        if activation == 'sigmoid':
            h = sigmoid(z)
            sat = np.mean((h < 0.01) | (h > 0.99))
        elif activation == 'tanh':
            h = np.tanh(z)
            sat = np.mean(np.abs(h) > 0.99)
        else:
            h = np.maximum(0, z)
            sat = 0.0
        dead = np.mean(np.all(h == 0, axis=0))
        stats.append({'mean': h.mean(), 'std': h.std(), 'saturated': sat, 'dead': dead})
    return stats


def symmetric_step(params, x, y, lr):
    W1, b1, W2, b2 = params['W1'], params['b1'], params['W2'], params['b2']
    h = sigmoid(x.dot(W1) + b1)
    o = sigmoid(h.dot(W2) + b2)
    do = 2 * (o - y)
    dz2 = do * o * (1 - o)
    dW2 = np.outer(h, dz2)
    db2 = dz2
    dh = W2.dot(dz2)
    dz1 = dh * h * (1 - h)
    dW1 = np.outer(x, dz1)
    db1 = dz1
    return {'W1': W1 - lr * dW1, 'b1': b1 - lr * db1, 'W2': W2 - lr * dW2, 'b2': b2 - lr * db2}
