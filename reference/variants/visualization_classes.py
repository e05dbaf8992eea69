from builtins import range  # noqa: A004  (CS231n's own files begin so)

import numpy as np


class Tiles:
    def __init__(self, W, pad):
        self.W, self.pad = W, pad
        self.F, self.H, self.Wd, self.C = W.shape
        self.cols = int(np.ceil(self.F**0.5))

    def normalised(self):
        for w in self.W:
            w = w.copy()
            w -= w.min()
            if w.max() > 0:
                w /= w.max()
            yield w

    def image(self):
        rows = (self.F - 1) // self.cols + 1
        canvas = np.zeros([rows * self.H + self.pad * (rows - 1), self.cols * self.Wd + self.pad * (self.cols - 1), self.C])
        tiles = self.normalised()
        y0 = 0
        try:
            for _ in range(rows):
                x0 = 0
                for _ in range(self.cols):
                    canvas[y0 : y0 + self.H, x0 : x0 + self.Wd] = next(tiles)
                    x0 += self.Wd + self.pad
                y0 += self.H + self.pad
        except StopIteration:
            pass
        return canvas.astype(self.W.dtype)


class Affinities:
    """One point's neighbours; sigma by bisection."""

    def __init__(self, d2, perplexity):
        self.d2 = d2 - np.min(d2)
        self.goal = perplexity

    def p(self, sigma):
        e = np.exp(-self.d2 / (2.0 * sigma * sigma))
        return e / np.sum(e)

    def perplexity(self, sigma):
        p = self.p(sigma)
        p = p[p > 0]
        return 2 ** (-np.sum(p * np.log2(p)))

    def solve(self):
        lo, hi = 0.0, 1.0
        grown = 0
        while self.perplexity(hi) < self.goal and grown < 60:
            hi *= 2
            grown += 1
        for _ in range(70):
            mid = 0.5 * (lo + hi)
            if self.perplexity(mid) < self.goal:
                lo = mid
            else:
                hi = mid
        return self.p(hi)


def dead_filters(activations):
    return np.logical_and(activations.max(axis=(0, 2, 3)) == 0, activations.min(axis=(0, 2, 3)) == 0)


def filter_grid(W, pad=1, **unused):
    return Tiles(W, pad).image()


def max_activating(activations, k):
    scores = activations.max(axis=(2, 3)).astype(float)
    out = []
    for f in range(scores.shape[1]):
        s = scores[:, f].copy()
        picked = []
        for _ in range(k):
            best = int(np.argmax(s))
            picked.append(best)
            s[best] = -np.inf
        out.append(picked)
    return np.array(out, dtype=np.int32)


def pairwise_affinities(x, perplexity):
    n = len(x)
    P = np.zeros((n, n), dtype=np.float64)
    for i in range(n):
        rest = np.delete(np.arange(n), i)
        d2 = ((np.asarray(x[rest], dtype=float) - x[i]) ** 2).sum(1)
        P[i, rest] = Affinities(d2, perplexity).solve()
    return ((P + P.T) / (2.0 * n)).astype(x.dtype)


class Map:
    def __init__(self, y):
        self.diff = y[:, None, :] - y[None, :, :]
        self.w = 1.0 / (1.0 + np.linalg.norm(self.diff, axis=-1) ** 2)
        self.w = np.where(np.eye(len(y), dtype=bool), 0, self.w).astype(y.dtype)
        self.Z = self.w.sum()
        self.Q = self.w / self.Z


def low_dim_affinities(y):
    return Map(y).Q


def tsne_gradient(P, y):
    m = Map(y)
    # Attraction and repulsion apart, as in the Barnes-Hut paper.
    attraction = np.einsum("ij,ijk->ik", P * m.w, m.diff)
    repulsion = np.einsum("ij,ijk->ik", m.Q**2 * m.Z, m.diff)
    return 4 * (attraction - repulsion)


def kl_divergence(P, Q):
    keep = np.nonzero(P)
    return np.sum(P[keep] * (np.log(P[keep]) - np.log(Q[keep])))
