import numpy as np


def tsne_gradient(P, y):
    diff = y[:, None] - y[None]
    num = 1 / (1 + np.sum(diff**2, axis=2))
    np.fill_diagonal(num, 0)
    Q = num / num.sum()
    return 4 * np.sum(((Q - P) * num)[:, :, None] * diff, axis=1)
