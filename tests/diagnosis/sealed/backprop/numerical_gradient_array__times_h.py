r"""Without brackets, `/ 2 * h` divides by 2 and then multiplies by h instead of dividing by 2 h.

Right: (?i)bracket|parenthes|precedence|multipl\w*.{0,30}\bh\b|/ ?2 ?\* ?h|divid\w*.{0,25}\bh\b|\bh\b.{0,40}(multipl|divid|denominator)|too small|tiny|step size|h (squared|\^ ?2|\*\* ?2)
"""
import numpy as np


def numerical_gradient_array(f, x, df, h=1e-5):
    grad = np.zeros(x.shape)
    work = x.copy()
    for ix in np.ndindex(x.shape):
        keep = work[ix]
        work[ix] = keep + h
        y_plus = f(work).copy()
        work[ix] = keep - h
        y_minus = f(work).copy()
        work[ix] = keep
        grad[ix] = np.sum((y_plus - y_minus) * df) / 2 * h
    return grad


def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    work = x.copy()
    for ix in np.ndindex(x.shape):
        keep = work[ix]
        work[ix] = keep + h
        y_plus = f(work)
        work[ix] = keep - h
        y_minus = f(work)
        work[ix] = keep
        grad[ix] = (y_plus - y_minus) / (2 * h)
    return grad


def affine_forward(x, w, b):
    shape = x.shape
    flat = np.reshape(x, (shape[0], np.prod(shape[1:], dtype=int)))
    return flat.dot(w) + b, (flat, shape, w)


def affine_backward(dout, cache):
    flat, shape, w = cache
    dx = np.reshape(dout.dot(w.T), shape)
    dw = flat.T.dot(dout)
    db = np.ones(len(dout), dtype=dout.dtype).dot(dout)
    return dx, dw, db
