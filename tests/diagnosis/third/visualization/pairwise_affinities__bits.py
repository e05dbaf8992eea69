r"""The entropy is computed with log2, in bits, but compared with the natural logarithm of the perplexity, so the sigmas come out too small.

Right: (?i:\bbits?\b|log_?2|\bbase\b|\bnats?\b|natural|unit|entropy|perplexity.{0,60}(too|small|low|not (reach|match|met|hit)|miss|wrong|differ)|sigmas?.{0,30}too small)
"""
import numpy as np


def squared_distances(a):
    diff = a[:, None, :] - a[None, :, :]
    return (diff ** 2).sum(axis=-1)


def conditional_row(d, beta):
    """d: squared distances to the other points (without itself)"""
    z = -(d - d.min()) * beta
    p = np.exp(z)
    return p / p.sum()


def row_entropy(p):
    p = p[p > 0]
    return -np.sum(p * np.log2(p))


def pairwise_affinities(x, perplexity):
    n = x.shape[0]
    d = squared_distances(x.astype(np.float64))
    goal = np.log(perplexity)
    cond = np.zeros((n, n))
    for i in range(n):
        others = np.delete(np.arange(n), i)
        di = d[i, others]
        lo, hi, beta = 0.0, np.inf, 1.0
        for _ in range(200):
            p = conditional_row(di, beta)
            e = row_entropy(p)
            if abs(e - goal) < 1e-9:
                break
            if e > goal:
                lo = beta
                beta = beta * 2 if hi == np.inf else (beta + hi) / 2
            else:
                hi = beta
                beta = (beta + lo) / 2
        cond[i, others] = p
    P = (cond + cond.T) / (2 * n)
    return P.astype(x.dtype)


def low_dim_affinities(y):
    k = 1 / (1 + squared_distances(y))
    np.fill_diagonal(k, 0)
    return k / k.sum()
