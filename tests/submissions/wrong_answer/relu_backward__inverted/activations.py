import numpy as np


def sigmoid_forward(x):
    z = np.exp(-np.abs(x))
    out = np.where(x >= 0, 1 / (1 + z), z / (1 + z))
    return out, out


def sigmoid_backward(dout, cache):
    return dout * cache * (1 - cache)


def tanh_forward(x):
    out = np.tanh(x)
    return out, out


def tanh_backward(dout, cache):
    return dout * (1 - cache ** 2)


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    return dout * (cache <= 0)


def leaky_relu_forward(x, slope=0.01):
    return np.where(x > 0, x, slope * x), (x, slope)


def leaky_relu_backward(dout, cache):
    x, slope = cache
    return np.where(x > 0, dout, slope * dout)


def prelu_forward(x, alpha):
    if np.ndim(alpha) == 1:
        a = alpha.reshape((1, -1) + (1,) * (x.ndim - 2))
    else:
        a = alpha
    return np.where(x > 0, x, a * x), (x, alpha, a)


def prelu_backward(dout, cache):
    x, alpha, a = cache
    dx = np.where(x > 0, dout, a * dout)
    full = np.where(x > 0, 0, x * dout)
    if np.ndim(alpha) == 1:
        dalpha = full.sum(axis=tuple(i for i in range(x.ndim) if i != 1))
    else:
        dalpha = full.sum()
    return dx, dalpha


def elu_forward(x, alpha=1.0):
    out = np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1))
    return out, (x, out, alpha)


def elu_backward(dout, cache):
    x, out, alpha = cache
    return dout * np.where(x > 0, 1, out + alpha)


def maxout_forward(x, W1, b1, W2, b2):
    z1 = x.dot(W1) + b1
    z2 = x.dot(W2) + b2
    return np.maximum(z1, z2), (x, W1, W2, z1 > z2)


def maxout_backward(dout, cache):
    x, W1, W2, first = cache
    d1 = dout * first
    d2 = dout * ~first
    return d1.dot(W1.T) + d2.dot(W2.T), x.T.dot(d1), d1.sum(axis=0), x.T.dot(d2), d2.sum(axis=0)


def two_relu_sigmoid(x):
    return np.maximum(0, x + 1) - np.maximum(0, x - 1)


def saturated_fraction(h, kind, tol=1e-2):
    if kind == 'sigmoid':
        return np.mean((h < tol) | (h > 1 - tol))
    else:
        return np.mean(np.abs(h) > 1 - tol)


def dead_units(h):
    return np.all(h == 0, axis=0)
