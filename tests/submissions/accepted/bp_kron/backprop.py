# Everything with whole Jacobians.
import numpy as np
from functools import reduce


def affine_forward(x, w, b):
    rows = x.reshape(len(x), -1)
    out = np.stack([w.T @ row for row in rows]) + np.broadcast_to(b, (len(x), len(b)))
    return out, [rows, w, b, x.shape]


def affine_backward(dout, cache):
    rows, w, b, shape = cache
    N, D = rows.shape
    M = w.shape[1]
    eyeN, eyeM = np.eye(N, dtype=dout.dtype), np.eye(M, dtype=dout.dtype)
    g = dout.reshape(-1)
    d_x = np.kron(eyeN, w.T)            # (N M, N D)
    d_w = np.kron(rows, eyeM)           # (N M, D M)
    d_b = np.tile(eyeM, (N, 1))         # (N M, M)
    return tuple((J.T @ g).reshape(s) for J, s in ((d_x, shape), (d_w, (D, M)), (d_b, M)))


def relative_error(a, b):
    out = np.zeros(())
    for i in np.ndindex(a.shape):
        denominator = abs(a[i]) + abs(b[i])
        out = max(out, abs(a[i] - b[i]) / (denominator if denominator >= 1e-8 else 1e-8))
    return out


def _sig(a):
    return np.where(a < 0, np.exp(np.minimum(a, 0)) / (1 + np.exp(np.minimum(a, 0))), 1 / (1 + np.exp(-np.maximum(a, 0))))


def chain_gradients(w, x, y):
    n = len(w)
    h = np.r_[x, np.zeros(n)]
    for i in range(n):
        h[i + 1] = _sig(w[i] * h[i])
    s = h[1:] * (1 - h[1:])
    # (I - L) dh = s * h_before * dw with L below the diagonal: solve for dh_n by every w
    L = np.diag(s[1:] * w[1:], -1) if n > 1 else np.zeros((1, 1))
    dh = np.linalg.solve(np.eye(n) - L, np.diag(s * h[:-1]))
    return list((h[-1] - y) * dh[-1])


def composed_gradients(w1, w2, x, y):
    parts = []
    for inner in (True, False):
        t = np.tanh(w1 * x)
        o = _sig(np.asarray(w2 * t))
        path = [2 * (o - y), o - o ** 2]
        path += [w2, (1 - t) * (1 + t), x] if inner else [t]
        parts.append(reduce(np.multiply, path))
    return tuple(parts)


def sigmoid_neuron(w, x):
    one = np.ones(1, x.dtype)
    xx = np.hstack([x, one])
    out = _sig(np.inner(w, xx))
    d = np.diff([out ** 2, out])[0].astype(x.dtype)
    return out, xx * d, np.delete(w, -1) * d


def two_layer_net(x, y, params, reg):
    W1, b1, W2, b2 = (params[k] for k in ('W1', 'b1', 'W2', 'b2'))
    grads = {k: np.zeros_like(v) for k, v in params.items()}
    losses = []
    for xi, yi in zip(x, y):
        h = np.maximum(0, xi @ W1 + b1)
        f = h @ W2 + b2
        d = f - f[yi]                       # differences to the right class
        m = d.max()
        losses.append(m + np.log(np.exp(d - m).sum()))
        p = np.exp(d - losses[-1])
        p[yi] = -(p.sum() - p[yi])
        grads['b2'] += p / len(x)
        grads['W2'] += np.outer(h, p) / len(x)
        back = np.diag((h > 0).astype(x.dtype)) @ W2 @ p / len(x)
        grads['b1'] += back
        grads['W1'] += xi[:, None] * back
    for k in grads:
        if k.startswith('W'):
            grads[k] = grads[k] + reg * params[k]
    return np.mean(losses) + reg * np.sum([0.5 * np.square(v).sum() for k, v in params.items() if k[0] == 'W']), grads
