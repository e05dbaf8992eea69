import math
import numpy as np


def _sig(v):
    if v >= 0:
        return 1 / (1 + math.exp(-v))
    return math.exp(v) / (1 + math.exp(v))


def sigmoid_forward(x):
    f = np.vectorize(_sig, otypes=[float])
    out = f(x).astype(x.dtype)
    return out, out


def sigmoid_backward(dout, cache):
    s = cache
    return dout * s * (1 - s)


def tanh_forward(x):
    out = np.vectorize(math.tanh, otypes=[x.dtype])(x)
    return out, out


def tanh_backward(dout, cache):
    return dout - dout * cache * cache


def relu_forward(x):
    return np.piecewise(x, [x > 0], [lambda v: v, 0]), x


def relu_backward(dout, cache):
    g = np.piecewise(cache, [cache > 0, cache == 0], [1, 0.5, 0])
    return g * dout


def leaky_relu_forward(x, slope=0.01):
    return np.piecewise(x, [x > 0, x <= 0], [lambda v: v, lambda v: slope * v]), (x, slope)


def leaky_relu_backward(dout, cache):
    x, slope = cache
    return np.piecewise(x, [x > 0], [1, slope]) * dout


def prelu_forward(x, alpha):
    a = np.asarray(alpha)
    if a.ndim:
        a = np.moveaxis(np.broadcast_to(a, np.moveaxis(x, 1, -1).shape), -1, 1)
    out = x.copy()
    m = x <= 0
    out[m] = (a * x)[m]
    return out, (x, alpha)


def prelu_backward(dout, cache):
    x, alpha = cache
    if isinstance(alpha, np.ndarray) and alpha.ndim:
        a = alpha[(None, slice(None)) + (None,) * (x.ndim - 2)]
        last = np.moveaxis(dout * x * (x <= 0), 1, -1).reshape(-1, alpha.shape[0])
        dalpha = last.sum(axis=0)
    else:
        a = float(alpha)
        dalpha = float(np.sum((dout * x)[x <= 0]))
    dx = np.where(x > 0, 1, a) * dout
    return dx.astype(dout.dtype), dalpha


def elu_forward(x, alpha=1.0):
    f = np.vectorize(lambda v: v if v > 0 else alpha * (math.exp(v) - 1), otypes=[x.dtype])
    return f(x), (x, alpha)


def elu_backward(dout, cache):
    x, alpha = cache
    f = np.vectorize(lambda v: 1.0 if v > 0 else alpha * math.exp(v), otypes=[x.dtype])
    return f(x) * dout


def maxout_forward(x, W1, b1, W2, b2):
    N, M = x.shape[0], W1.shape[1]
    out = np.zeros((N, M), dtype=x.dtype)
    pick = np.zeros((N, M), dtype=int)
    for i in range(N):
        for j in range(M):
            a = np.dot(x[i], W1[:, j]) + b1[j]
            b = np.dot(x[i], W2[:, j]) + b2[j]
            if b > a:
                out[i, j], pick[i, j] = b, 1
            else:
                out[i, j] = a
    return out, (x, (W1, W2), pick)


def maxout_backward(dout, cache):
    x, Ws, pick = cache
    dx = np.zeros_like(x)
    dW = [np.zeros_like(Ws[0]), np.zeros_like(Ws[1])]
    db = [np.zeros(Ws[0].shape[1], x.dtype), np.zeros(Ws[1].shape[1], x.dtype)]
    for i in range(dout.shape[0]):
        for j in range(dout.shape[1]):
            k = pick[i, j]
            dx[i] += dout[i, j] * Ws[k][:, j]
            dW[k][:, j] += dout[i, j] * x[i]
            db[k][j] += dout[i, j]
    return dx, dW[0], db[0], dW[1], db[1]


def two_relu_sigmoid(x):
    return relu_forward(x + 1)[0] - relu_forward(x - 1)[0]


def saturated_fraction(h, kind, tol=1e-2):
    count = 0
    for v in h.flatten():
        if kind == 'sigmoid':
            count += v <= tol or v >= 1 - tol
        elif kind == 'tanh':
            count += v <= -1 + tol or v >= 1 - tol
        else:
            raise ValueError(kind)
    return count / h.size


def dead_units(h):
    return np.array([not np.any(h[:, j]) for j in range(h.shape[1])])
