import math

import numpy as np


def dead_filters(activations):
    N, F, H, W = activations.shape
    dead = np.ones(F, dtype=bool)
    for f in range(F):
        for n in range(N):
            for i in range(H):
                for j in range(W):
                    if activations[n, f, i, j] != 0:
                        dead[f] = False
    return dead


def filter_grid(W, pad=1):
    F, H, Wd, C = W.shape
    cols = 1
    while cols * cols < F:
        cols += 1
    rows = (F + cols - 1) // cols
    out = np.zeros((rows * H + (rows - 1) * pad, cols * Wd + (cols - 1) * pad, C), W.dtype)
    for f in range(F):
        lo, hi = W[f].min(), W[f].max()
        r, c = f // cols, f % cols
        for i in range(H):
            for j in range(Wd):
                for ch in range(C):
                    if hi > lo:
                        out[r * (H + pad) + i, c * (Wd + pad) + j, ch] = (W[f, i, j, ch] - lo) / (hi - lo)
    return out


def max_activating(activations, k):
    N, F = activations.shape[:2]
    result = np.zeros((F, k), dtype=int)
    for f in range(F):
        scored = []
        for n in range(N):
            best = -math.inf
            for value in activations[n, f].flatten():
                if value > best:
                    best = value
            scored.append((-best, n))
        scored.sort()
        for r in range(k):
            result[f, r] = scored[r][1]
    return result


def _row(d, beta):
    m = min(d)
    w = [math.exp(-beta * (v - m)) for v in d]
    s = sum(w)
    p = [v / s for v in w]
    h = -sum(v * math.log(v) for v in p if v > 0)
    return p, h


def pairwise_affinities(x, perplexity):
    n, dim = x.shape
    target = math.log(perplexity)
    cond = np.zeros((n, n))
    for i in range(n):
        js = [j for j in range(n) if j != i]
        d = [sum((float(x[i, k]) - float(x[j, k])) ** 2 for k in range(dim)) for j in js]
        lo, hi, beta = 0.0, None, 1.0
        for _ in range(60):
            p, h = _row(d, beta)
            if abs(h - target) < 1e-7:
                break
            if h > target:
                lo = beta
                beta = beta * 2 if hi is None else (lo + hi) / 2
            else:
                hi = beta
                beta = (lo + hi) / 2
        for j, v in zip(js, p):
            cond[i, j] = v
    P = np.zeros((n, n), dtype=x.dtype)
    for i in range(n):
        for j in range(n):
            P[i, j] = (cond[i, j] + cond[j, i]) / (2 * n)
    return P


def low_dim_affinities(y):
    n = len(y)
    num = [[0.0] * n for _ in range(n)]
    total = 0.0
    for i in range(n):
        for j in range(n):
            if i != j:
                num[i][j] = 1.0 / (1.0 + sum((float(a) - float(b)) ** 2 for a, b in zip(y[i], y[j])))
                total += num[i][j]
    return np.array([[v / total for v in row] for row in num], dtype=y.dtype)


def tsne_gradient(P, y):
    Q = low_dim_affinities(y)
    dy = np.zeros_like(y)
    for i in range(y.shape[0]):
        for j in range(y.shape[0]):
            diff = y[i] - y[j]
            dy[i] += 4 * (P[i, j] - Q[i, j]) * diff / (1 + np.dot(diff, diff))
    return dy


def kl_divergence(P, Q):
    kl = 0.0
    for i in range(P.shape[0]):
        for j in range(P.shape[1]):
            if P[i, j] > 0:
                kl += float(P[i, j]) * (math.log(P[i, j]) - math.log(Q[i, j]))
    return kl
