# Python loops and plain floats wherever they will do.
import math

import numpy as np


def sigmoid(a):
    if a < 0:
        e = math.exp(a)
        return e / (1.0 + e)
    return 1.0 / (1.0 + math.exp(-a))


def affine_forward(x, w, b):
    N = x.shape[0]
    D, M = w.shape
    out = np.empty((N, M), dtype=x.dtype)
    for n in range(N):
        flat = x[n].ravel()
        for m in range(M):
            total = b[m]
            for d in range(D):
                total = total + flat[d] * w[d, m]
            out[n, m] = total
    return out, {"x": x, "w": w, "b": b}


def affine_backward(dout, cache):
    x, w, b = cache["x"], cache["w"], cache["b"]
    dx = np.zeros_like(x)
    dw = np.zeros_like(w)
    db = np.zeros_like(b)
    for n in range(len(x)):
        flat = x[n].flatten()
        row = np.zeros(flat.shape, dtype=x.dtype)
        for m in range(w.shape[1]):
            db[m] += dout[n, m]
            for d in range(w.shape[0]):
                dw[d, m] += flat[d] * dout[n, m]
                row[d] += dout[n, m] * w[d, m]
        dx[n] = row.reshape(x[n].shape)
    return [dx, dw, db]


def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    flat = x.reshape(-1)  # a view
    for i in range(flat.size):
        old = float(flat[i])
        flat[i] = old + h
        up = float(f(x))
        flat[i] = old - h
        down = float(f(x))
        flat[i] = old
        grad.flat[i] = (up - down) / (2.0 * h)
    return grad


def numerical_gradient_array(f, x, df, h=1e-5):
    grad = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        # moved and put back by arithmetic alone
        x[i] += h
        up = f(x).copy()
        x[i] -= 2 * h
        down = f(x).copy()
        x[i] += h
        total = 0.0
        for change, upstream in zip((up - down).ravel(), df.ravel()):
            total += float(change * upstream)
        grad[i] = total / (2 * h)
    return grad


def relative_error(a, b):
    worst = 0.0
    for one, other in zip(a.ravel().tolist(), b.ravel().tolist()):
        size = abs(one) + abs(other)
        if size < 1e-8:
            size = 1e-8
        worst = max(worst, abs(one - other) / size)
    return worst


def chain_gradients(w, x, y):
    w = [float(value) for value in w]
    grads = []
    for i in range(len(w)):
        # each weight on its own, from the product of the derivatives on its way to the loss
        h, d = float(x), 0.0
        for j in range(len(w)):
            a = w[j] * h
            s = sigmoid(a)
            d = s * (1 - s) * (h if j == i else w[j] * d)
            h = s
        grads.append((h - y) * d)
    return grads


def composed_gradients(w1, w2, x, y):
    t = math.tanh(w1 * x)
    s = sigmoid(w2 * t)
    common = 2 * (s - y) * s * (1 - s)
    return common * w2 * (1 - t * t) * x, common * t


def sigmoid_neuron(w, x):
    n = len(x)
    a = float(w[n])
    for i in range(n):
        a += float(w[i]) * float(x[i])
    s = sigmoid(a)
    dw = np.empty(n + 1, dtype=w.dtype)
    dx = np.empty(n, dtype=x.dtype)
    for i in range(n):
        dw[i] = s * (1 - s) * x[i]
        dx[i] = s * (1 - s) * w[i]
    dw[n] = s * (1 - s)
    return s, dw, dx


def two_layer_net(x, y, params, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    N, D = x.shape
    M, C = W2.shape
    grads = {key: np.zeros(value.shape, value.dtype) for key, value in params.items()}
    loss = 0.0
    for n in range(N):
        a = [float(b1[m]) + sum(float(x[n, d]) * float(W1[d, m]) for d in range(D)) for m in range(M)]
        h = [max(value, 0.0) for value in a]
        scores = [float(b2[c]) + sum(h[m] * float(W2[m, c]) for m in range(M)) for c in range(C)]
        top = max(scores)
        lse = top + math.log(sum(math.exp(s - top) for s in scores))
        loss += (lse - scores[y[n]]) / N
        dscores = [(math.exp(scores[c] - lse) - (1 if c == y[n] else 0)) / N for c in range(C)]
        for c in range(C):
            grads["b2"][c] += dscores[c]
            for m in range(M):
                grads["W2"][m, c] += h[m] * dscores[c]
        for m in range(M):
            if a[m] <= 0:
                continue
            da = sum(float(W2[m, c]) * dscores[c] for c in range(C))
            grads["b1"][m] += da
            for d in range(D):
                grads["W1"][d, m] += float(x[n, d]) * da
    for key in ("W1", "W2"):
        loss += 0.5 * reg * float((params[key].astype(float) ** 2).sum())
        grads[key] += reg * params[key]
    return loss, grads
