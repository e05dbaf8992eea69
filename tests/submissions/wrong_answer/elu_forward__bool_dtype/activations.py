import numpy as np


class Cache:
    def __init__(self, **kw):
        self.__dict__.update(kw)


def sigmoid_forward(x):
    out = 0.5 * (1 + np.tanh(0.5 * x))
    return out, Cache(x=x, out=out)


def sigmoid_backward(dout, cache):
    x = cache.x
    e = np.exp(-np.abs(x))
    return dout * e / (1 + e) ** 2


def tanh_forward(x):
    e = np.exp(-2 * np.abs(x))
    out = np.sign(x) * (1 - e) / (1 + e)
    return out, Cache(out=out)


def tanh_backward(dout, cache):
    return dout * (1 - np.square(cache.out))


def relu_forward(x):
    out = (np.abs(x) + x) / 2
    return out, Cache(out=out)


def relu_backward(dout, cache):
    return dout * np.sign(cache.out)


def leaky_relu_forward(x, slope=0.01):
    k = np.where(x > 0, 1.0, slope).astype(x.dtype)
    return x * k, k


def leaky_relu_backward(dout, cache):
    return dout * cache


def prelu_forward(x, alpha):
    a = np.array(alpha, dtype=x.dtype)
    if a.ndim:
        a = a.reshape(1, *a.shape, *([1] * (x.ndim - 2)))
    return np.maximum(0, x) + a * np.minimum(0, x), Cache(x=x, a=a, shape=np.shape(alpha))


def prelu_backward(dout, cache):
    x, a = cache.x, cache.a
    dx = dout * (x > 0) + dout * (x <= 0) * a
    g = dout * np.minimum(0, x)
    axes = tuple(k for k in range(g.ndim) if not cache.shape or k != 1)
    return dx, g.sum(axis=axes).reshape(cache.shape)


def elu_forward(x, alpha=1.0):
    neg = alpha * np.exp(np.clip(x, None, 0))
    out = (x > 0) * x + (x <= 0) * alpha * (neg / alpha - 1)
    return out, Cache(slope=(x > 0) + (x <= 0) * neg)


def elu_backward(dout, cache):
    return dout * cache.slope


def maxout_forward(x, W1, b1, W2, b2):
    W = np.concatenate([W1, W2], axis=1)
    b = np.concatenate([b1, b2])
    z = x @ W + b
    M = W1.shape[1]
    z1, z2 = z[:, :M], z[:, M:]
    m = (z1 >= z2).astype(x.dtype)
    return z1 * m + z2 * (1 - m), Cache(x=x, W=W, m=m, M=M)


def maxout_backward(dout, cache):
    d = np.hstack([dout * cache.m, dout * (1 - cache.m)])
    dW = cache.x.T @ d
    db = np.sum(d, axis=0)
    M = cache.M
    return d @ cache.W.T, dW[:, :M], db[:M], dW[:, M:], db[M:]


def two_relu_sigmoid(x):
    def relu(v):
        return v * (v > 0)
    return relu(x + 1) - relu(x - 1)


def saturated_fraction(h, kind, tol=1e-2):
    if kind == 'tanh':
        h = (h + 1) / 2
        tol = tol / 2
    return float(((h < tol) + (1 - h < tol)).mean())


def dead_units(h):
    return np.abs(h).max(axis=0) == 0
