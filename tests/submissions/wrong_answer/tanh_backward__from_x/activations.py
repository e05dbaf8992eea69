from builtins import range
import numpy as np


def sigmoid_forward(x):
    out = np.empty_like(x)
    pos = x >= 0
    out[pos] = 1.0 / (1.0 + np.exp(-x[pos]))
    e = np.exp(x[~pos])
    out[~pos] = e / (1.0 + e)
    cache = {'s': out}
    return out, cache


def sigmoid_backward(dout, cache):
    s = cache['s']
    dx = (s - s * s) * dout
    return dx


def tanh_forward(x):
    s, _ = sigmoid_forward(2 * x)
    out = 2 * s - 1
    return out, {'x': x}


def tanh_backward(dout, cache):
    t = cache['x']
    return dout * (1 - t) * (1 + t)


def relu_forward(x):
    out = x.copy()
    out[out < 0] = 0
    return out, (x < 0)


def relu_backward(dout, cache):
    dx = dout.copy()
    dx[cache] = 0
    return dx


def leaky_relu_forward(x, slope=0.01):
    out = np.array(x)
    out[x < 0] *= slope
    return out, [x < 0, slope]


def leaky_relu_backward(dout, cache):
    neg, slope = cache
    dx = np.array(dout)
    dx[neg] *= slope
    return dx


def prelu_forward(x, alpha):
    neg = x < 0
    shape = [1] * x.ndim
    if np.ndim(alpha) > 0:
        shape[1] = len(alpha)
    a = np.reshape(alpha, shape).astype(x.dtype)
    out = np.maximum(x, 0) + a * np.minimum(x, 0)
    return out, (x, alpha, a, neg)


def prelu_backward(dout, cache):
    x, alpha, a, neg = cache
    dx = dout * (~neg + a * neg)
    contrib = dout * np.minimum(x, 0)
    if np.ndim(alpha) == 0:
        return dx, contrib.sum()
    dalpha = np.zeros_like(alpha)
    for c in range(len(alpha)):
        dalpha[c] = contrib[:, c].sum()
    return dx, dalpha


def elu_forward(x, alpha=1.0):
    out = x.copy()
    neg = x < 0
    out[neg] = alpha * np.expm1(x[neg])
    return out, (x, alpha)


def elu_backward(dout, cache):
    x, alpha = cache
    dx = dout.copy()
    neg = x < 0
    dx[neg] *= alpha * np.exp(x[neg])
    return dx


def maxout_forward(x, W1, b1, W2, b2):
    z = np.stack([x @ W1 + b1, x @ W2 + b2])
    which = z.argmax(axis=0)
    return z.max(axis=0), (x, W1, W2, which)


def maxout_backward(dout, cache):
    x, W1, W2, which = cache
    d1 = np.where(which == 0, dout, 0)
    d2 = np.where(which == 1, dout, 0)
    dx = d1 @ W1.T + d2 @ W2.T
    return [dx, x.T @ d1, d1.sum(0), x.T @ d2, d2.sum(0)]


def two_relu_sigmoid(x):
    return np.clip(x + 1, 0, 2)


def saturated_fraction(h, kind, tol=1e-2):
    lo, hi = {'sigmoid': (0, 1), 'tanh': (-1, 1)}[kind]
    near = np.logical_or(np.abs(h - lo) < tol, np.abs(h - hi) < tol)
    return np.count_nonzero(near) / near.size


def dead_units(h):
    return ~h.any(axis=0)
