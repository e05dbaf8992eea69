# In place, but on arrays of its own; a cache that the backward pass uses up.
import math

import numpy as np


def affine_forward(x, w, b):
    out = np.dot(np.reshape(x, (x.shape[0], w.shape[0])), w)
    out += b
    cache = [x, w]
    return out, cache


def affine_backward(dout, cache):
    x, w = cache
    dx = np.dot(dout, np.transpose(w))
    dx.shape = x.shape
    dw = np.zeros_like(w)
    for xi, di in zip(x, dout):
        dw += np.outer(xi, di)
    db = np.ones(dout.shape[0], dtype=dout.dtype) @ dout
    return dx, dw, db


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=np.float64)
    out = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        keep = x[i]
        x[i] = keep + h
        out[i] += f(x)
        x[i] = keep - h
        out[i] -= f(x)
        x[i] = keep
    out /= 2 * h
    return out


def numerical_gradient_array(f, x, df, h=1e-5):
    x = x.copy()
    out = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        keep = x[i]
        x[i] = keep + h
        change = np.array(f(x))
        x[i] = keep - h
        change -= f(x)
        x[i] = keep
        change *= df
        out[i] = change.sum()
    out /= 2 * h
    return out


def relative_error(a, b):
    size = np.abs(a)
    size += np.abs(b)
    np.maximum(size, 1e-8, out=size)
    error = a - b
    np.abs(error, out=error)
    error /= size
    return float(np.amax(error))


def sigmoid(a):
    return 0.5 * math.tanh(0.5 * a) + 0.5


def chain_gradients(w, x, y):
    n = len(w)
    h = np.zeros(n + 1)
    h[0] = x
    for i in range(n):
        h[i + 1] = sigmoid(w[i] * h[i])
    g = np.zeros(n)
    upstream = h[n] - y
    for i in range(n - 1, -1, -1):
        upstream *= h[i + 1] - h[i + 1] ** 2
        g[i] = upstream * h[i]
        upstream *= w[i]
    return g.tolist()


def composed_gradients(w1, w2, x, y):
    h = math.tanh(w1 * x)
    o = sigmoid(w2 * h)
    g = 2 * (o - y) * (o - o * o)
    return float(g * w2 * (x - x * h * h)), float(g * h)


def sigmoid_neuron(w, x):
    o = sigmoid(float(np.dot(w[:-1], x)) + float(w[-1]))
    g = o - o * o
    dw, dx = w.copy(), w[:-1].copy()
    dw[:-1] = x
    dw[-1] = 1
    dw *= g
    dx *= g
    return o, dw, dx


def two_layer_net(x, y, params, reg):
    W1, b1 = params["W1"], params["b1"]
    W2, b2 = params["W2"], params["b2"]
    h = x @ W1
    h += b1
    h[h < 0] = 0
    s = h @ W2
    s += b2
    s -= s.max(axis=1, keepdims=True)
    right = s[np.arange(len(y)), y].copy()
    np.exp(s, out=s)
    z = s.sum(axis=1)
    loss = float(np.average(np.log(z) - right))
    s /= z[:, None]
    s[np.arange(len(y)), y] -= 1.0
    s /= len(y)
    dh = s @ W2.T
    dh[h == 0] = 0
    grads = {"W1": x.T @ dh, "b1": dh.sum(0), "W2": h.T @ s, "b2": s.sum(0)}
    for k in ("W1", "W2"):
        loss += float(0.5 * reg * (params[k] ** 2).sum())
        grads[k] += reg * params[k]
    return loss, grads
