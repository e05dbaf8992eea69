import numpy as np


# Newton's method for the precisions, all rows at once, safeguarded by a bracket; the gradient from pairs i < j.


def dead_filters(activations):
    return np.abs(activations).max(axis=(0, 2, 3)) == 0


def filter_grid(W, pad=1):
    F, H, Wd, C = W.shape
    flat = W.reshape(F, H * Wd * C)
    flat = flat - flat.min(axis=1)[:, None]
    top = flat.max(axis=1)[:, None]
    flat = np.divide(flat, top, out=np.zeros_like(flat), where=top > 0)
    cols = next(c for c in range(1, F + 1) if c * c >= F)
    image = np.zeros((-(-F // cols) * (H + pad) - pad, cols * (Wd + pad) - pad, C), W.dtype)
    for f, tile in enumerate(flat.reshape(W.shape)):
        y, x = (f // cols) * (H + pad), (f % cols) * (Wd + pad)
        image[y : y + H, x : x + Wd, :] = tile
    return image


def max_activating(activations, k):
    scores = np.moveaxis(activations, 1, 0).reshape(activations.shape[1], activations.shape[0], -1).max(axis=2)
    out = np.empty((scores.shape[0], k), dtype=np.intp)
    for f, row in enumerate(scores):
        out[f] = sorted(range(len(row)), key=lambda n: (-row[n], n))[:k]
    return out


def pairwise_affinities(x, perplexity):
    n = len(x)
    d = np.array([[((x[i].astype(float) - x[j]) ** 2).sum() for j in range(n) if j != i] for i in range(n)])
    d -= d.min(1, keepdims=True)
    goal = np.log(perplexity)
    u = -np.log(d.mean(1) + 1e-12)
    lo, hi = u - 40, u + 40
    for _ in range(100):
        b = np.exp(u)
        e = np.exp(-b[:, None] * d)
        p = e / e.sum(1, keepdims=True)
        m1 = (p * d).sum(1)
        var = (p * d**2).sum(1) - m1**2
        H = np.log(e.sum(1)) + b * m1
        lo = np.where(H > goal, u, lo)
        hi = np.where(H > goal, hi, u)
        slope = -(b**2) * var
        step = np.where(slope < -1e-12, (H - goal) / np.where(slope < -1e-12, slope, -1.0), np.inf)
        new = u - step
        u = np.where((new > lo) & (new < hi), new, (lo + hi) / 2)
    P = np.zeros((n, n))
    for i in range(n):
        P[i, :i], P[i, i + 1 :] = p[i, :i], p[i, i:]
    P += P.T.copy()
    return (P / P.sum()).astype(x.dtype)


def low_dim_affinities(y):
    n = len(y)
    i, j = np.triu_indices(n, 1)
    w = 1 / (1 + np.square(y[i] - y[j]).sum(-1))
    Q = np.zeros((n, n), y.dtype)
    Q[i, j] = Q[j, i] = w / (2 * w.sum())
    return Q


def tsne_gradient(P, y):
    i, j = np.triu_indices(len(y), 1)
    diff = y[i] - y[j]
    w = 1 / (1 + np.square(diff).sum(-1))
    force = (4 * (P[i, j] - w / (2 * w.sum())) * w)[:, None] * diff
    dy = np.zeros_like(y)
    np.add.at(dy, i, force)
    np.subtract.at(dy, j, force)
    return dy


def kl_divergence(P, Q):
    P, Q = P.ravel(), Q.ravel()
    order = [k for k in range(P.size) if P[k] > 0]
    return -float(np.dot(P[order], np.log(Q[order] / P[order])))
