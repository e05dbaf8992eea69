r"""The diagonal is set to 0 only after the division, so the n ones of the points with themselves are in the normalising sum, and Q sums to less than 1.

Right: (?i:diagonal|itself|themselves|\bself|Q_?ii|less than (1|one)|(sum|total)\w*.{0,20}(not|below|under|instead of) (to )?(1|one)|k ?(!=|=|≠) ?l|i ?(!=|=|≠) ?j)
"""
import numpy as np


def _dist2(y):
    n = y.shape[0]
    D = np.zeros((n, n), dtype=y.dtype)
    for i in range(n):
        for j in range(n):
            D[i, j] = np.sum((y[i] - y[j]) ** 2)
    return D


def low_dim_affinities(y):
    num = 1.0 / (1.0 + _dist2(y))
    Q = num / np.sum(num)
    np.fill_diagonal(Q, 0.0)
    return Q


def kl_divergence(P, Q):
    ratio = np.ones_like(P)
    mask = P > 0
    ratio[mask] = P[mask] / Q[mask]
    return np.sum(P * np.log(ratio))
