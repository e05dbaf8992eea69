import numpy as np


class Dropout:
    def __init__(self, p, mode, seed=None, scale=True):
        if mode not in ("train", "test"):
            raise ValueError("mode is neither train nor test")
        self.p, self.mode, self.scale = p, mode, scale
        self.random = np.random if seed is None else np.random.RandomState(seed)
        self.mask = None

    def forward(self, x):
        if self.mode == "test":
            return x if self.scale else x * self.p
        self.mask = self.random.choice(np.array([0, 1], dtype=x.dtype), size=x.shape, p=[1 - self.p, self.p])
        y = self.mask * x
        if self.scale:
            y /= self.p
        return y

    def backward(self, dy):
        if self.mode == "test":
            return dy
        dx = self.mask * dy
        dx /= self.p
        return dx


def dropout_forward(x, dropout_param, **kwargs):
    layer = Dropout(**{k: v for k, v in dropout_param.items() if k in ("p", "mode", "seed")})
    return layer.forward(x), layer


def dropout_backward(dout, cache):
    return cache.backward(dout)


def dropout_forward_unscaled(x, dropout_param):
    layer = Dropout(dropout_param["p"], dropout_param["mode"], dropout_param.get("seed"), scale=False)
    return layer.forward(x), layer


def ensemble_average(theta, x, p):
    # distribution over subsets, one unit at a time: values and their probabilities double with each
    values, probs = np.zeros(1), np.ones(1)
    for t, a in zip(theta, x):
        values = np.concatenate([values, values + t * a])
        probs = np.concatenate([(1 - p) * probs, p * probs])
    return float(values @ probs)
