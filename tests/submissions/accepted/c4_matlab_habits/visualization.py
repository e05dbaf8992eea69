import numpy as np


class Vis:
    @staticmethod
    def dead_filters(a):
        return (a.max(axis=(0, 2, 3)) == 0) & (a.min(axis=(0, 2, 3)) == 0)

    @classmethod
    def max_activating(cls, a, k):
        s = np.amax(np.amax(a, 3), 2)
        N = s.shape[0]
        order = N - 1 - np.argsort(s[::-1], axis=0, kind='mergesort')[::-1]
        return order[:k].T


dead_filters = Vis.dead_filters
max_activating = Vis.max_activating


def filter_grid(W, pad=1):
    F, H, w, C = W.shape
    cols = int(np.ceil(np.sqrt(F))); rows = int(np.ceil(F / float(cols)))
    image = np.zeros((rows * H + (rows - 1) * pad, cols * w + (cols - 1) * pad, C)).astype(W.dtype)
    for f in range(F):
        i, j = divmod(f, cols)
        lo = W[f].min()
        hi = W[f].max()
        tile = (W[f] - lo) * (1 / (hi - lo)) if hi - lo > 0 else np.zeros((H, w, C))
        image[np.ix_(range(i * (H + pad), i * (H + pad) + H), range(j * (w + pad), j * (w + pad) + w))] = tile
    return image


def Hbeta(D, beta):
    logits = -D * beta
    logP = logits - np.logaddexp.reduce(logits)
    P = np.exp(logP)
    return -np.sum(P * logP), P


def pairwise_affinities(x, perplexity):
    X = x.astype('float64')
    (n, d) = X.shape
    P = np.zeros((n, n))
    logU = np.log(perplexity)
    for i in range(n):
        betamin, betamax, beta = -np.inf, np.inf, 1.0
        idx = np.concatenate((np.r_[0:i], np.r_[i + 1:n])).astype(int)
        Di = np.linalg.norm(X[idx] - X[i], axis=1) ** 2
        Di = Di - Di.min()
        for tries in range(300):
            H, thisP = Hbeta(Di, beta)
            if abs(H - logU) < 1e-7:
                break
            if H > logU:
                betamin = beta
                beta = beta * 2 if betamax == np.inf else (beta + betamax) / 2
            else:
                betamax = beta
                beta = beta / 2 if betamin == -np.inf else (beta + betamin) / 2
        P[i, idx] = thisP
    P = P + P.T
    P /= P.sum()
    return P.astype(x.dtype)


def low_dim_affinities(y):
    n = len(y)
    i, j = np.triu_indices(n, 1)
    k = np.exp(-np.log1p(np.square(y[i] - y[j]).sum(1)))
    Q = np.zeros((n, n), y.dtype)
    Q[i, j] = Q[j, i] = k / (2 * k.sum())
    return Q


def tsne_gradient(P, y):
    """complex step through KL"""
    n, m = y.shape
    off = ~np.eye(n, dtype=bool)
    p = P[off]
    z = y.astype(complex)
    dy = np.zeros_like(y)
    for i in range(n):
        for c in range(m):
            z[i, c] += 1e-30j
            k = 1 / (1 + ((z[:, None] - z[None]) ** 2).sum(-1))[off]
            dy[i, c] = -(p * np.log(k / k.sum())).sum().imag / 1e-30
            z[i, c] = y[i, c]
    return dy


def kl_divergence(P, Q):
    with np.errstate(divide='ignore', invalid='ignore'):
        return np.nansum(P * np.log(P / Q))
