import numpy as np


def pairwise_affinities(x, perplexity):
    n = x.shape[0]
    D = np.sum((x[:, None] - x[None]) ** 2, axis=2)
    P = np.zeros((n, n), dtype=x.dtype)
    for i in range(n):
        lo, hi = -60.0, 60.0
        near = D[i][D[i] > 0].min()
        for _ in range(60):
            mid = (lo + hi) / 2
            e = np.where(D[i] > 0, np.exp(-np.exp(mid) * np.maximum(D[i] - near, 0)), 0)
            p = e / e.sum()
            H = -np.sum(p * np.log(np.where(p > 0, p, 1)))
            if H > np.log(perplexity):
                lo = mid
            else:
                hi = mid
        P[i] = p
    return (P + P.T) / (2 * n)
