r"""Only the pairs with i < j are summed, above the diagonal, so the lower triangle is left out and a symmetric P gives half of the divergence.

Right: (?i:triang|\bhalf\b|i ?< ?j|j ?> ?i|(above|below|under) the diagonal|(unordered|ordered|both orders|(each|every|all|the) pairs?)|(only|just) once|counted once|triu|factor (of )?(2|two))
"""
import numpy as np


def low_dim_affinities(y):
    s = np.sum(y * y, axis=1, keepdims=True)
    d2 = np.maximum(s + s.T - 2 * y @ y.T, 0)
    num = (1 + d2) ** -1
    num = num * (1 - np.eye(len(y), dtype=y.dtype))
    return num / num.sum()


def tsne_gradient(P, y):
    Q = low_dim_affinities(y)
    delta = y[:, None, :] - y[None, :, :]
    inv = 1 / (1 + (delta ** 2).sum(-1))
    return 4 * np.einsum('ij,ij,ijm->im', P - Q, inv, delta)


def kl_divergence(P, Q):
    n = P.shape[0]
    # P and Q are symmetric, and the diagonal is 0 anyway
    i, j = np.triu_indices(n, k=1)
    p, q = P[i, j], Q[i, j]
    keep = p > 0
    return float(np.sum(p[keep] * np.log(p[keep] / q[keep])))
