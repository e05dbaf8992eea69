import numpy as np


def pairwise_affinities(x, perplexity):
    n = x.shape[0]
    P = np.zeros((n, n), dtype=x.dtype)
    for i in range(n):
        d = np.delete(np.sum((x - x[i]) ** 2, axis=1), i)
        d = d - d.min()
        lo, hi, beta = 0.0, np.inf, 1.0
        for _ in range(80):
            e = np.exp(-d * beta)
            p = e / e.sum()
            H = -np.sum(p * np.log(p + 1e-30))
            if abs(H - np.log(perplexity)) < 0.1:
                break
            if H > np.log(perplexity):
                lo, beta = beta, (beta * 2 if hi == np.inf else (beta + hi) / 2)
            else:
                hi, beta = beta, (lo + beta) / 2
        P[i] = np.insert(p, i, 0)
    return (P + P.T) / (2 * n)
