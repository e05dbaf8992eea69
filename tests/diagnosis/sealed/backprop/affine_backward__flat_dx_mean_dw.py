r"""The gradient of x stays flat instead of getting the shape of x back, and the gradient of the weights is divided by the number of examples a second time.

Right: (?i)reshap|flat|shape|(divid|mean|averag)\w*|\bsum\b|batch size|1 ?/ ?N|number of examples
"""
import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    m = dout.shape[0]
    x_flat = x.reshape(m, -1)
    dx = dout @ w.T
    dw = (x_flat.T @ dout) / m
    db = dout.sum(axis=0)
    return dx, dw, db


def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros_like(x)
    for i in np.ndindex(*x.shape):
        xp, xm = x.copy(), x.copy()
        xp[i] += h
        xm[i] -= h
        grad[i] = (f(xp) - f(xm)) / (2 * h)
    return grad


def numerical_gradient_array(f, x, df, h=1e-5):
    # the same thing for the scalar function sum(f * df)
    return numerical_gradient(lambda z: np.sum(f(z) * df), x, h)
