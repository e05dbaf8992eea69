import numpy as np


def numerical_gradient(f, x, h=1e-5):
    result = np.zeros(x.shape)
    for i in range(x.size):
        idx = np.unravel_index(i, x.shape)
        tmp = x[idx]
        x[idx] = tmp + h
        f1 = f(x)
        x[idx] = tmp - h
        f2 = f(x)
        result[idx] = (f1 - f2) / 2 / h
    return result
