import numpy as np


def dead_filters(activations):
    N, F, H, W = activations.shape
    return (activations == 0).sum(axis=(0, 2, 3)) == N * H * W


def filter_grid(W, pad=1):
    n, h, w, c = W.shape
    cols = int(np.ceil(np.sqrt(n)))
    rows = int(np.ceil(n / cols))
    grid = np.zeros((rows * h + pad * (rows - 1), cols * w + pad * (cols - 1), c), dtype=W.dtype)
    i = 0
    for r in range(rows):
        for k in range(cols):
            if i < n:
                img = W[i]
                lo, hi = np.min(img), np.max(img)
                # 1e-8 against a constant filter
                grid[r * (h + pad) : r * (h + pad) + h, k * (w + pad) : k * (w + pad) + w] = (img - lo) / (hi - lo + 1e-8)
            i += 1
    return grid


def max_activating(activations, k):
    peak = activations.max(axis=-1).max(axis=-1)
    return np.argsort(-peak, axis=0, kind="mergesort")[:k, :].T.copy()


def pairwise_affinities(x, perplexity):
    n = x.shape[0]
    P = np.zeros((n, n))
    for i in range(n):
        dist = np.sum((x - x[i]) ** 2, axis=1).astype(np.float64)
        dist = np.delete(dist, i)
        # The width as a multiple of the mean distance, in log scale; stops at 1e-4 of the entropy.
        lo, hi = -40.0, 40.0
        scale = dist.mean() + 1e-30
        while True:
            mid = (lo + hi) / 2
            logit = -dist / scale * np.exp(-mid)
            logit -= logit.max()
            p = np.exp(logit)
            p /= p.sum()
            H = -(p * np.log(p + 1e-300)).sum()
            if abs(H - np.log(perplexity)) < 1e-4 or hi - lo < 1e-9:
                break
            if H < np.log(perplexity):
                lo = mid
            else:
                hi = mid
        P[i] = np.insert(p, i, 0.0)
    return ((P + P.T) / (2 * n)).astype(x.dtype)


def low_dim_affinities(y):
    sq = np.sum(y * y, axis=1, keepdims=True)
    w = 1.0 / (1.0 + sq + sq.T - 2.0 * y.dot(y.T))
    w = w - np.diag(np.diag(w))
    return w / w.sum()


def tsne_gradient(P, y):
    sq = np.sum(y * y, axis=1, keepdims=True)
    w = 1.0 / (1.0 + sq + sq.T - 2.0 * y.dot(y.T))
    w = w - np.diag(np.diag(w))
    M = (P - w / w.sum()) * w
    return 4.0 * (M.sum(axis=1)[:, None] * y - M.dot(y))


def kl_divergence(P, Q):
    return np.sum(P * np.log((P + 1e-12) / (Q + 1e-12)))
