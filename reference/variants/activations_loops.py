import math

import numpy as np


def _each(f, *arrays):
    out = np.empty_like(arrays[0])
    for i in np.ndindex(*arrays[0].shape):
        out[i] = f(*[float(a[i]) for a in arrays])
    return out


def sigmoid_forward(x):
    def one(v):
        if v >= 0:
            return 1 / (1 + math.exp(-v))
        e = math.exp(v)
        return e / (1 + e)

    out = _each(one, x)
    return out, out


def sigmoid_backward(dout, cache):
    return _each(lambda d, s: d * s * (1 - s), dout, cache)


def tanh_forward(x):
    out = _each(math.tanh, x)
    return out, out


def tanh_backward(dout, cache):
    return _each(lambda d, t: d * (1 - t) * (1 + t), dout, cache)


def relu_forward(x):
    return _each(lambda v: max(0.0, v), x), x


def relu_backward(dout, cache):
    return _each(lambda d, v: d if v > 0 else 0.0, dout, cache)


def leaky_relu_forward(x, slope=0.01):
    return _each(lambda v: v if v > 0 else slope * v, x), (x, slope)


def leaky_relu_backward(dout, cache):
    x, slope = cache
    return _each(lambda d, v: d if v > 0 else slope * d, dout, x)


def prelu_forward(x, alpha):
    out = np.empty_like(x)
    for i in np.ndindex(*x.shape):
        a = alpha if np.ndim(alpha) == 0 else alpha[i[1]]
        if x[i] > 0:
            out[i] = x[i]
        else:
            out[i] = a * x[i]
    return out, (x, alpha)


def prelu_backward(dout, cache):
    x, alpha = cache
    dx = np.zeros_like(x)
    if np.ndim(alpha) == 0:
        dalpha = 0.0
    else:
        dalpha = np.zeros_like(alpha)
    for i in np.ndindex(*x.shape):
        if x[i] > 0:
            dx[i] = dout[i]
        elif np.ndim(alpha) == 0:
            dx[i] = alpha * dout[i]
            dalpha += float(x[i]) * float(dout[i])
        else:
            dx[i] = alpha[i[1]] * dout[i]
            dalpha[i[1]] += x[i] * dout[i]
    return dx, dalpha


def elu_forward(x, alpha=1.0):
    return _each(lambda v: v if v > 0 else alpha * (math.exp(v) - 1), x), (x, alpha)


def elu_backward(dout, cache):
    x, alpha = cache
    return _each(lambda d, v: d if v > 0 else d * alpha * math.exp(v), dout, x)


def maxout_forward(x, W1, b1, W2, b2):
    N, M = x.shape[0], W1.shape[1]
    out = np.zeros((N, M), dtype=x.dtype)
    winner = np.zeros((N, M), dtype=int)
    for n in range(N):
        for m in range(M):
            first = np.dot(x[n], W1[:, m]) + b1[m]
            second = np.dot(x[n], W2[:, m]) + b2[m]
            if second > first:
                winner[n, m] = 1
                out[n, m] = second
            else:
                out[n, m] = first
    return out, (x, (W1, W2), winner)


def maxout_backward(dout, cache):
    x, W, winner = cache
    dx = np.zeros_like(x)
    dW = [np.zeros_like(W[0]), np.zeros_like(W[1])]
    db = [np.zeros(W[0].shape[1], dtype=x.dtype), np.zeros(W[1].shape[1], dtype=x.dtype)]
    for n in range(dout.shape[0]):
        for m in range(dout.shape[1]):
            k = winner[n, m]
            dx[n] += dout[n, m] * W[k][:, m]
            dW[k][:, m] += dout[n, m] * x[n]
            db[k][m] += dout[n, m]
    return dx, dW[0], db[0], dW[1], db[1]


def two_relu_sigmoid(x):
    return _each(lambda v: max(0.0, v + 1) - max(0.0, v - 1), x)


def saturated_fraction(h, kind, tol=1e-2):
    if kind not in ("sigmoid", "tanh"):
        raise ValueError("unknown kind " + str(kind))
    low = 0 if kind == "sigmoid" else -1
    count = 0
    for v in h.flat:
        if v < low + tol or v > 1 - tol:
            count += 1
    return count / h.size


def dead_units(h):
    dead = np.ones(h.shape[1], dtype=bool)
    for j in range(h.shape[1]):
        for i in range(h.shape[0]):
            if h[i, j] != 0:
                dead[j] = False
                break
    return dead
