import numpy as np


def affine_forward(x, w, b):
    N = x.shape[0]
    D = 1
    for d in x.shape[1:]:
        D *= d
    x_row = np.reshape(x, (N, D))
    out = x_row.dot(w) + b.reshape(1, -1)
    return out, (x_row, w, x.shape)


def affine_backward(dout, cache):
    x_row, w, shape = cache
    dx = dout.dot(w.T)
    dx = np.reshape(dx, shape)
    dw = x_row.T.dot(dout)
    db = dout.T.dot(np.ones(dout.shape[0]))
    return dx, dw, db
