"""A class per scheme and per network, inverse-transform normals by Box and Muller, statistics by moments."""
import numpy as np


class Init:
    def __init__(self, n_in, n_out):
        self.shape = (n_in, n_out)
        self.n_in = n_in
        self.n_out = n_out

    def gaussian(self, rng):
        n = self.n_in * self.n_out
        radius = np.sqrt(-2.0 * np.log1p(-rng.random(n)))
        angle = 2.0 * np.pi * rng.random(n)
        return (radius * np.cos(angle)).reshape(self.shape)


class Normal(Init):
    def sample(self, variance, rng):
        return self.gaussian(rng) * np.sqrt(variance)


class Uniform(Init):
    def sample(self, variance, rng):
        a = np.sqrt(3.0 * variance)
        return rng.uniform(-a, a, size=self.shape)


class Zeros(Init):
    def sample(self):
        return np.zeros(self.shape)


def zeros_init(n_in, n_out):
    return Zeros(n_in, n_out).sample()


def scaled_normal_init(n_in, n_out, std, rng):
    return Normal(n_in, n_out).sample(std**2, rng)


def lecun_normal(n_in, n_out, rng):
    return Normal(n_in, n_out).sample(1.0 / n_in, rng)


def xavier_normal(n_in, n_out, rng):
    return Normal(n_in, n_out).sample(2.0 / (n_in + n_out), rng)


def xavier_uniform(n_in, n_out, rng):
    return Uniform(n_in, n_out).sample(2.0 / (n_in + n_out), rng)


def he_normal(n_in, n_out, rng):
    return Normal(n_in, n_out).sample(2.0 / n_in, rng)


def he_uniform(n_in, n_out, rng):
    return Uniform(n_in, n_out).sample(2.0 / n_in, rng)


def relu_bias(n_out, value=0.01):
    return np.repeat(float(value), n_out)


class Network:
    def __init__(self, sizes, scheme, rng):
        self.layers = []
        for position in range(len(sizes) - 1):
            self.layers.append((self.weight(sizes[position], sizes[position + 1], scheme, rng), np.zeros(sizes[position + 1])))

    @staticmethod
    def weight(n_in, n_out, scheme, rng):
        if scheme == "zeros_init":
            return zeros_init(n_in, n_out)
        if scheme == "scaled_normal_init":
            return scaled_normal_init(n_in, n_out, 0.01, rng)
        others = {f.__name__: f for f in (lecun_normal, xavier_normal, xavier_uniform, he_normal, he_uniform)}
        if scheme not in others:
            raise ValueError("no such scheme")
        return others[scheme](n_in, n_out, rng)


def initialize_network(layer_sizes, scheme, rng):
    return Network(layer_sizes, scheme, rng).layers


class Activation:
    def __init__(self, name):
        self.name = name
        if name not in {"sigmoid", "tanh", "relu"}:
            raise ValueError(name)

    def __call__(self, s):
        if self.name == "relu":
            return np.where(s > 0, s, np.zeros_like(s))
        if self.name == "tanh":
            return np.tanh(s)
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-s))

    def saturated(self, h):
        if self.name == "relu":
            return 0.0
        low = {"sigmoid": 0.0, "tanh": -1.0}[self.name]
        return float(np.mean(np.minimum(h - low, 1.0 - h) <= 1e-2))


def activation_statistics(x, weights, activation):
    act = Activation(activation)
    outputs = [x]
    for W, b in weights:
        outputs.append(act(np.einsum("nd,dm->nm", outputs[-1], W) + b))
    report = []
    for h in outputs[1:]:
        values = h.astype(np.float64)
        report.append(
            {
                "mean": np.average(values),
                "std": np.sqrt(np.mean(np.square(values - np.average(values)))),
                "saturated": act.saturated(h),
                "dead": float(np.sum(np.max(np.abs(h), axis=0) == 0)) / h.shape[1],
            }
        )
    return report


def symmetric_step(params, x, y, lr):
    sigma = Activation("sigmoid")
    w1, b1, w2, b2 = (np.array(params[k], copy=True) for k in ("W1", "b1", "W2", "b2"))
    h = sigma(np.einsum("i,ij->j", x, w1) + b1)
    o = sigma(np.einsum("j,jk->k", h, w2) + b2)
    g_o = 2 * (o - y) * o * (1 - o)
    g_h = np.einsum("k,jk->j", g_o, w2) * h * (1 - h)
    w2 -= lr * np.einsum("j,k->jk", h, g_o)
    b2 -= lr * g_o
    w1 -= lr * np.einsum("i,j->ij", x, g_h)
    b1 -= lr * g_h
    return {"W1": w1, "b1": b1, "W2": w2, "b2": b2}
