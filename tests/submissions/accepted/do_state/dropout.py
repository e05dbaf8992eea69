import numpy as np


class Dropout:
    def __init__(self, param):
        self.keep = param['p']
        self.training = param['mode'] == 'train'
        seed = param.get('seed')
        self.rng = np.random if seed is None else np.random.RandomState(seed)

    def forward(self, x, scale):
        if not self.training:
            return x
        self.mask = self.rng.uniform(size=x.shape) >= 1 - self.keep
        out = np.array(x, copy=True)
        out[~self.mask] = 0
        if scale:
            out /= self.keep
        return out

    def backward(self, dout):
        if not self.training:
            return dout
        dx = np.zeros_like(dout)
        dx[self.mask] = dout[self.mask] / self.keep
        return dx


def dropout_forward(x, dropout_param):
    d = Dropout(dropout_param)
    return d.forward(x, True), d


def dropout_backward(dout, cache):
    return cache.backward(dout)


def dropout_forward_unscaled(x, dropout_param):
    d = Dropout(dropout_param)
    out = d.forward(x, False)
    if not d.training:
        out = out * d.keep
    return out, d


def ensemble_average(theta, x, p):
    n = len(theta)
    codes = np.arange(2 ** n)
    masks = (codes[:, None] >> np.arange(n)) & 1
    ones = masks.sum(axis=1)
    w = p ** ones * (1 - p) ** (n - ones)
    return (w * (masks * x).dot(theta)).sum()
