import numpy as np


def sig(z):
    out = np.zeros_like(z)
    m = z > 0
    out[m] = 1 / (1 + np.exp(-z[m]))
    out[~m] = np.exp(z[~m]) / (1 + np.exp(z[~m]))
    return out

NORMAL = {'lecun_normal': lambda i, o: 1 / i, 'xavier_normal': lambda i, o: 2 / (i + o), 'he_normal': lambda i, o: 2 / i}
UNIFORM = {'xavier_uniform': lambda i, o: 2 / (i + o), 'he_uniform': lambda i, o: 2 / i}


def zeros_init(n_in, n_out):
    return np.zeros([n_in, n_out], dtype=np.float64)


def scaled_normal_init(n_in, n_out, std, rng):
    return rng.normal(loc=0.0, scale=std, size=(n_in, n_out))


def _draw(name, n_in, n_out, rng):
    if name in NORMAL:
        return rng.normal(scale=NORMAL[name](n_in, n_out) ** 0.5, size=(n_in, n_out))
    half = (3 * UNIFORM[name](n_in, n_out)) ** 0.5
    return rng.uniform(low=-half, high=half, size=(n_in, n_out))


def lecun_normal(n_in, n_out, rng):
    return _draw('lecun_normal', n_in, n_out, rng)


def xavier_normal(n_in, n_out, rng):
    return _draw('xavier_normal', n_in, n_out, rng)


def xavier_uniform(n_in, n_out, rng):
    return _draw('xavier_uniform', n_in, n_out, rng)


def he_normal(n_in, n_out, rng):
    return _draw('he_normal', n_in, n_out, rng)


def he_uniform(n_in, n_out, rng):
    return _draw('he_uniform', n_in, n_out, rng)


def relu_bias(n_out, value=0.01):
    return value * np.ones((n_out,))


def initialize_network(layer_sizes, scheme, rng):
    table = {
        'zeros_init': lambda i, o, r: zeros_init(i, o),
        'scaled_normal_init': lambda i, o, r: scaled_normal_init(i, o, 0.01, r),
    }
    for n in list(NORMAL) + list(UNIFORM):
        table[n] = (lambda name: lambda i, o, r: _draw(name, i, o, r))(n)
    make = table[scheme]
    return [(make(i, o, rng), np.zeros((o,))) for i, o in zip(layer_sizes, layer_sizes[1:])]


def activation_statistics(x, weights, activation):
    f = {'sigmoid': sig, 'tanh': np.tanh, 'relu': lambda z: np.maximum(z, 0)}[activation]
    lo = {'sigmoid': 0., 'tanh': -1., 'relu': None}[activation]
    hs = [x]
    for W, b in weights:
        hs.append(f(np.dot(hs[-1], W) + b[None, :]))
    rows = []
    for h in hs[1:]:
        if lo is None:
            sat = 0.0
        else:
            sat = ((h <= lo + 1e-2) | (h >= 1 - 1e-2)).mean()
        rows.append({'mean': np.mean(h), 'std': np.std(h), 'saturated': sat, 'dead': (np.count_nonzero(h, axis=0) == 0).mean()})
    return rows


def symmetric_step(params, x, y, lr):
    x = x.reshape(1, 2)
    h = sig(x @ params['W1'] + params['b1'])
    o = sig(h @ params['W2'] + params['b2'])
    g2 = 2 * (o - y) * o * (1 - o)
    g1 = g2 @ params['W2'].T * h * (1 - h)
    grads = {'W1': x.T @ g1, 'b1': g1.sum(0), 'W2': h.T @ g2, 'b2': g2.sum(0)}
    return {k: params[k] - lr * grads[k] for k in params}
