import numpy as np


def affine_forward(x, w, b):
    N = x.shape[0]
    D = 1
    for d in x.shape[1:]:
        D *= d
    x_row = np.reshape(x, (N, D))
    out = x_row.dot(w) + b.reshape(1, -1)
    return out.astype(float), (x_row, w, x.shape)
