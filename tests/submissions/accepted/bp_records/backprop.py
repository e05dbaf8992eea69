from collections import OrderedDict, namedtuple
from contextlib import suppress

import numpy as np

Affine = namedtuple('Affine', 'x w b')


def affine_forward(x, w, b):
    return [np.einsum('nd,dm->nm', x.reshape(x.shape[0], w.shape[0]), w) + b, Affine(x, w, b)]


def affine_backward(dout, cache):
    grads = OrderedDict()
    grads['x'] = (cache.w @ dout.T).T.reshape(cache.x.shape)
    grads['w'] = sum(np.multiply.outer(xi.ravel(), di) for xi, di in zip(cache.x, dout))
    grads['b'] = dout.T.sum(-1)
    return tuple(grads.values())


def eval_numerical_gradient(f, x, verbose=True, h=1e-5):
    fx = f(x)
    grad = np.full(x.shape, np.nan)
    it = np.nditer(x, flags=['multi_index'], op_flags=['readwrite'])
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
    x = np.array(x, dtype=float, copy=True)
    grad = []
    for i in range(x.size):
        results = []
        for sign in (1, -1):
            moved = np.array(x)
            moved.ravel()[i] += sign * h
            results.append(f(moved))
        grad.append((np.subtract(*results) * df).sum() / (2 * h))
    return np.array(grad).reshape(x.shape)


def rel_error(x, y):
    with np.errstate(divide='ignore', invalid='ignore'):
        ratio = np.abs(x - y) / (np.abs(x) + np.abs(y))
    small = np.abs(x) + np.abs(y) < 1e-8
    ratio[small] = np.abs(x - y)[small] / 1e-8
    return np.float64(ratio.max())


def two_layer_net(x, y, params, reg):
    # everything in double precision, and back at the end
    dtype = x.dtype
    p = {k: v.astype(np.float64) for k, v in params.items()}
    x = x.astype(np.float64)
    with np.errstate(all='ignore'):
        a, c1 = affine_forward(x, p['W1'], p['b1'])
        h = (a + abs(a)) / 2
        s, c2 = affine_forward(h, p['W2'], p['b2'])
        logp = s - np.logaddexp.reduce(s, axis=1, keepdims=True)
        picked = np.take_along_axis(logp, y.reshape(-1, 1), 1)
        ds = np.exp(logp)
        ds[range(len(y)), y] += -1.0
        ds *= 1.0 / len(y)
        dh, dW2, db2 = affine_backward(ds, c2)
        _, dW1, db1 = affine_backward(dh * np.heaviside(a, 0.5), c1)
    loss = -picked.mean() + 0.5 * reg * (np.einsum('ij,ij', p['W1'], p['W1']) + np.trace(p['W2'].T @ p['W2']))
    grads = dict(W1=dW1 + reg * p['W1'], W2=dW2 + reg * p['W2'], b1=db1, b2=db2)
    return np.array(loss), {k: v.astype(dtype) for k, v in grads.items()}


def chain_gradients(w, x, y):
    values, slopes = [x], []
    for k in w.tolist():
        z = k * values[-1]
        big = np.exp(-abs(z))
        values.append(1 / (1 + big) if z > 0 else big / (1 + big))
        slopes.append(big / (1 + big) ** 2)
    g, out = values[-1] - y, ()
    while slopes:
        g *= slopes.pop()
        values.pop()
        out = (g * values[-1], *out)
        with suppress(IndexError):
            g *= w[len(slopes)]
    return out
