import numpy as np
from functools import reduce


def affine_forward(x, w, b):
    k = w.shape[0]
    return np.einsum('nd,dm->nm', x.reshape(-1, k), w) + b[None], [x, w]

def affine_backward(dout, cache):
    x, w = cache
    return (np.einsum('nm,dm->nd', dout, w).reshape(x.shape), np.einsum('nd,nm->dm', x.reshape(len(x), -1), dout), np.einsum('nm->m', dout))

def numerical_gradient(f, x, h=1e-5):
    g = np.zeros_like(x)
    for k, _ in np.ndenumerate(x):
        e = np.zeros_like(x); e[k] = h
        g[k] = (f(x + e) - f(x - e)) / (h + h)
    return g

def numerical_gradient_array(f, x, df, h=1e-5):
    # the gradient of the scalar function sum(f * df)
    return numerical_gradient(lambda v: float(np.sum(f(v) * df)), x, h)

def relative_error(a, b):
    worst = 0.
    for p, q in zip(np.ravel(a).tolist(), np.ravel(b).tolist()):
        worst = max(worst, abs(p - q) / max(1e-8, abs(p) + abs(q)))
    return worst

σ = lambda z: np.exp(min(z, 0)) / (1 + np.exp(-abs(z)))

def chain_gradients(w, x, y):
    def go(k, h):
        """returns h_n and dh_n/dh and [dh_n/dw_i for i >= k]"""
        if k == len(w):
            return h, 1., []
        o = σ(w[k] * h)
        h_n, back, rest = go(k + 1, o)
        local = o * (1 - o) * back
        return h_n, local * w[k], [local * h] + rest
    h_n, _, g = go(0, x)
    return [(h_n - y) * gi for gi in g]

def composed_gradients(w1, w2, x, y):
    t = np.tanh(w1 * x); z = w2 * t; o = σ(z)
    d = 2 * (o - y) * σ(z) * σ(-z)
    return d * w2 * x / np.cosh(np.clip(w1 * x, -300, 300)) ** 2, d * t

def sigmoid_neuron(w, x):
    *ws, b = w.tolist()
    out = σ(sum(p * q for p, q in zip(ws, x.tolist())) + b)
    J = float(out * (1 - out))
    return out, np.array([J * v for v in x] + [J], dtype=w.dtype), np.array(ws, dtype=x.dtype) * J

def two_layer_net(x, y, params, reg):
    p = dict(params)
    z = x @ p['W1'] + p['b1']; h = z * (z > 0)
    s = h @ p['W2'] + p['b2']
    s -= s.max(-1, keepdims=True)
    lp = s - np.log(np.exp(s).sum(-1))[:, None]
    Y = np.equal.outer(y, np.arange(s.shape[1])).astype(x.dtype)
    d = (np.exp(lp) - Y) / len(x)
    e = (d @ p['W2'].T) * (z > 0)
    loss = -np.sum(Y * lp) / len(x) + .5 * reg * sum(np.dot(p[k].ravel(), p[k].ravel()) for k in ('W1', 'W2'))
    p.update(W1=x.T @ e + reg * p['W1'], b1=e.sum(0), W2=h.T @ d + reg * p['W2'], b2=d.sum(0))
    return np.asarray(loss), p
