import numpy as np


def low_dim_affinities(y):
    d = np.sum((y[:, None] - y[None]) ** 2, axis=2)
    num = np.exp(-d)
    np.fill_diagonal(num, 0)
    return num / num.sum()


def tsne_gradient(P, y):
    Q = low_dim_affinities(y)
    dy = np.zeros_like(y)
    for i in range(len(y)):
        for j in range(len(y)):
            diff = y[i] - y[j]
            dy[i] += 4 * (P[i, j] - Q[i, j]) * diff / (1 + diff @ diff)
    return dy
