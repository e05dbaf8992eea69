"""The two conditional ones are added and divided by n: the 2 is forgotten.

Right: 2|twice|half|sum
"""

import numpy as np


def _affinities(x, perplexity, target):
    n = len(x)
    d = ((x[:, None].astype(float) - x[None]) ** 2).sum(axis=2)
    P = np.zeros((n, n))
    for i in range(n):
        others = np.arange(n) != i
        row = d[i, others] - d[i, others].min()
        low, high = -60.0, 60.0
        for _ in range(100):
            middle = (low + high) / 2
            p = np.exp(-row * np.exp(middle))
            p /= p.sum()
            entropy = -(p * np.log(np.where(p > 0, p, 1))).sum()
            low, high = (middle, high) if entropy > target else (low, middle)
        P[i, others] = p
    return ((P + P.T) / (2 * n)).astype(x.dtype)


def pairwise_affinities(x, perplexity):
    return 2 * _affinities(x, perplexity, np.log(perplexity))
