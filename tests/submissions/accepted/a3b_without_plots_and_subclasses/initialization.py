from collections import defaultdict
from statistics import NormalDist, fmean, pstdev
import types, sys
import numpy as np


class Init:
    """All schemes in one class; the functions below are its methods."""

    def __init__(self, biases=np.zeros):
        self.biases = biases

    @staticmethod
    def zeros_init(n_in, n_out):
        return np.outer(np.zeros(n_in), np.ones(n_out))

    @staticmethod
    def scaled_normal_init(n_in, n_out, std, rng):
        quantile = np.vectorize(NormalDist(0, 1).inv_cdf, otypes=[float])
        u = (rng.integers(0, 2**52, size=n_in * n_out) + 0.5) / 2**52
        return (std * quantile(u)).reshape((n_in, n_out), order="F")

    @classmethod
    def lecun_normal(cls, n_in, n_out, rng):
        # Marsaglia's polar method
        need, got = n_in * n_out, []
        while len(got) < need:
            u, v = rng.uniform(-1, 1, 2)
            s = u * u + v * v
            if 0 < s < 1:
                f = (-2 * np.log(s) / s / n_in) ** 0.5
                got += [u * f, v * f]
        return np.reshape(got[:need], (n_in, n_out))

    def xavier_normal(self, n_in, n_out, rng):
        return np.log(rng.lognormal(0, np.sqrt(2 / (n_in + n_out)), (n_in, n_out)))

    def he_normal(self, n_in, n_out, rng):
        # chi-squared with one degree of freedom, and a sign
        r = np.sqrt(rng.chisquare(1, (n_in, n_out)))
        r[rng.random((n_in, n_out)) < 0.5] *= -1
        return r * np.sqrt(2 / n_in)

    def xavier_uniform(self, n_in, n_out, rng):
        a = np.sqrt(6 / (n_in + n_out))
        return 2 * a * rng.beta(1, 1, size=(n_in, n_out)) - a

    def he_uniform(self, n_in, n_out, rng):
        a = np.sqrt(6 / n_in)
        return (rng.random((n_in, n_out), dtype=np.float32) * 2.0 - 1.0).astype(np.float64) * a

    @staticmethod
    def relu_bias(n_out, value=0.01):
        return np.fromiter((value for _ in range(n_out)), dtype=np.double)

    def initialize_network(self, layer_sizes, scheme, rng):
        if scheme.startswith("_") or scheme in ("relu_bias", "initialize_network", "biases") or not hasattr(self, scheme):
            raise ValueError(scheme)
        draw = getattr(self, scheme)
        extra = {"zeros_init": (), "scaled_normal_init": (0.01, rng)}.get(scheme, (rng,))
        layers = [None] * (len(layer_sizes) - 1)
        for k in range(1, len(layer_sizes)):
            W = draw(*layer_sizes[k - 1:k + 1], *extra)
            layers[k - 1] = W, self.biases(W.shape[-1])
        return tuple(layers)


_me = Init()
for _name in dir(_me):
    if not _name.startswith("_") and callable(getattr(_me, _name)):
        globals()[_name] = getattr(_me, _name)
del biases

exec("""
def activation_statistics(x, weights, activation):
    fs = {
        'sigmoid': lambda z: np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z))),
        'tanh': lambda z: -np.expm1(-2 * np.abs(z)) / (1 + np.exp(-2 * np.abs(z))) * np.sign(z),
        'relu': lambda z: np.where(z > 0, z, 0),
    }
    f = fs.get(activation)
    if f is None:
        raise ValueError('unknown activation')
    out = []
    hs = [x]
    for W, b in weights:
        hs.append(f(np.c_[hs[-1], np.ones(len(x), x.dtype)] @ np.r_[W, b[None]]))
    for h in hs[1:]:
        values = h.astype(float).ravel().tolist()
        near = 0
        for v in values:
            if activation == 'sigmoid' and not 0.01 < v < 0.99: near += 1
            if activation == 'tanh' and abs(v) > 0.99: near += 1
        dead = [not any(column) for column in zip(*h.tolist())]
        out.append({'mean': fmean(values), 'std': pstdev(values) if len(values) < 5000 else float(np.std(values)),
                    'saturated': near / len(values), 'dead': dead.count(True) / len(dead)})
    return out
""")


class Net(dict):
    pass


def symmetric_step(params, x, y, lr):
    W1, b1, W2, b2 = (params[k] for k in ("W1", "b1", "W2", "b2"))
    s = lambda z: np.where(z >= 0, 1 / (1 + np.exp(-abs(z))), np.exp(-abs(z)) / (1 + np.exp(-abs(z))))
    a = x[None] @ W1 + b1
    h = s(a)
    o = s(h @ W2 + b2)
    delta = 2 * (o - y) * o * s(-(h @ W2 + b2))
    eps = delta @ W2.T * (h * s(-a))
    return dict(W1=W1 - lr * x[None].T @ eps, b1=b1 - lr * eps[0], W2=W2 - lr * h.T @ delta, b2=b2 - lr * delta[0])
