# -*- coding: utf-8 -*-
"""backprop.py  --  written with old habits"""
from numpy import *
from math import exp as mexp, tanh as mtanh, log as mlog


def affine_forward(x, w, b):
    N = x.shape[0]
    D = prod(x.shape[1:])
    out = zeros((N, w.shape[1]), dtype=x.dtype)
    rows = x.reshape(N, D)
    for i in range(N):
        for m in range(w.shape[1]):
            out[i, m] = sum(rows[i] * w[:, m]) + b[m]
    cache = {}
    cache['x'] = x
    cache['w'] = w
    cache['b'] = b
    return out, cache


def affine_backward(dout, cache):
    x, w, b = cache['x'], cache['w'], cache['b']
    dx, dw, db = zeros(x.shape, x.dtype), zeros(w.shape, w.dtype), zeros(b.shape, b.dtype)
    for i in range(len(x)):
        row = x[i].flatten()
        dx[i] = sum(w * dout[i], axis=1).reshape(x[i].shape)
        dw += outer(row, dout[i])
        db += dout[i]
    return dx, dw, db


def eval_numerical_gradient(f, x, verbose=False, h=1e-5):
    fx = f(x)
    grad = zeros_like(x)
    it = nditer(x, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        ix = it.multi_index
        oldval = x[ix]
        x[ix] = oldval + h
        fxph = f(x)
        x[ix] = oldval - h
        fxmh = f(x)
        x[ix] = oldval
        grad[ix] = (fxph - fxmh) / (2 * h)
        if verbose:
            print(ix, grad[ix], fx)
        it.iternext()
    return grad


def eval_numerical_gradient_array(f, x, df, h=1e-5):
    grad = zeros_like(x)
    it = nditer(x, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        ix = it.multi_index
        oldval = x[ix]
        x[ix] = oldval + h
        pos = f(x).copy()
        x[ix] = oldval - h
        neg = f(x).copy()
        x[ix] = oldval
        grad[ix] = sum((pos - neg) * df) / (2 * h)
        it.iternext()
    return grad


def rel_error(x, y):
    """ returns relative error """
    return max(abs(x - y) / (maximum(1e-8, abs(x) + abs(y))))


def sgm(t):
    if t < -700:
        return 0.0
    return 1 / (1 + mexp(-t))


def chain_gradients(w, x, y):
    hs = [x]
    for wi in w:
        hs.append(sgm(wi * hs[-1]))
    n = len(w)
    grads = []
    for i in range(n):
        # dL/dw_i written out as the product of the slide
        g = (hs[n] - y)
        for j in range(n - 1, i, -1):
            g = g * hs[j + 1] * (1 - hs[j + 1]) * w[j]
        g = g * hs[i + 1] * (1 - hs[i + 1]) * hs[i]
        grads.append(float(g))
    return grads


def composed_gradients(w1, w2, x, y):
    a = mtanh(w1 * x)
    o = sgm(w2 * a)
    delta = 2 * (o - y) * o * (1 - o)
    return [delta * w2 * (1 - a ** 2) * x, delta * a]


def sigmoid_neuron(w, x):
    n = len(x)
    z = float(w[n])
    for i in range(n):
        z = z + float(w[i]) * float(x[i])
    f = sgm(z)
    ddot = (1 - f) * f
    dw = zeros(n + 1, w.dtype)
    dx = zeros(n, x.dtype)
    for i in range(n):
        dw[i] = x[i] * ddot
        dx[i] = w[i] * ddot
    dw[-1] = 1.0 * ddot
    return f, dw, dx


def two_layer_net(X, y, params, reg):
    W1, b1, W2, b2 = params['W1'], params['b1'], params['W2'], params['b2']
    N = X.shape[0]
    grads = {}
    for k, v in params.items():
        grads[k] = zeros_like(v)
    loss = 0.0
    for i in range(N):
        h = maximum(X[i].dot(W1) + b1, 0)
        s = h.dot(W2) + b2
        s = s - max(s)
        logZ = log(sum(exp(s)))
        loss += logZ - s[y[i]]
        ds = exp(s - logZ)
        ds[y[i]] -= 1
        ds /= N
        grads['W2'] += outer(h, ds)
        grads['b2'] += ds
        dh = W2.dot(ds)
        dh[h == 0] = 0
        grads['W1'] += outer(X[i], dh)
        grads['b1'] += dh
    loss /= N
    loss += 0.5 * reg * (sum(W1 * W1) + sum(W2 * W2))
    for k in ('W1', 'W2'):
        grads[k] += reg * params[k]
    return loss, grads
