r"""The last factor is the normalised Q instead of the kernel (1 + |y_i - y_j|^2)^-1, so the gradient is too small by the normalising sum.

Right: (?i:normali[sz]|\bQ\b.{0,50}(instead|place|twice|factor|kernel|weight|rather)|(by|with|uses?|multipl\w+) Q\b|kernel|1 ?\+ ?\|?(y|d)|\(1 ?\+|(last|third|final) factor|too small|Student)
"""
import numpy as np


def low_dim_affinities(y):
    diff = y[:, np.newaxis] - y[np.newaxis]
    w = 1 / (1 + np.sum(diff ** 2, axis=2))
    w[np.arange(len(y)), np.arange(len(y))] = 0
    return w / np.sum(w)


def tsne_gradient(P, y):
    Q = low_dim_affinities(y)
    n = y.shape[0]
    dy = np.zeros_like(y)
    for i in range(n):
        diff = y[i] - y                      # (n, m)
        force = (P[i] - Q[i]) * Q[i]         # (n,)
        dy[i] = 4 * np.sum(force[:, None] * diff, axis=0)
    return dy


def kl_divergence(P, Q):
    m = P > 0
    return float((P[m] * (np.log(P[m]) - np.log(Q[m]))).sum())
