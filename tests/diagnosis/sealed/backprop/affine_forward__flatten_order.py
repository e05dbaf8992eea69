r"""The examples are flattened in the wrong order: transposing the whole array reverses the axes of an image, so its numbers meet the wrong weights.

Right: (?i)flatten|reshap|order|transpos|column[- ]major|fortran|axes|layout|row[- ]major|permut|shuffl|mixed|image
"""
import numpy as np


def affine_forward(x, w, b):
    N = x.shape[0]
    D = w.shape[0]
    # columns are the examples here, as in the notes: w^T x + b
    X = x.T.reshape(D, N)
    out = (np.dot(w.T, X) + b.reshape(-1, 1)).T
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    x, w, b = cache
    N = x.shape[0]
    rows = x.reshape(N, -1)
    dx = np.dot(dout, w.T).reshape(x.shape)
    dw = np.dot(rows.T, dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


def relative_error(a, b):
    num = np.abs(a - b)
    den = np.maximum(1e-8, np.abs(a) + np.abs(b))
    return float(np.max(num / den))
