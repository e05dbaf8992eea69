"""Looking inside, object style."""
from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dl_common import keeps_dtype_of


def dead_filters(activations):
    return np.logical_not(np.any(activations, axis=(0, 2, 3)))


@dataclass
class Grid:
    count: int

    @property
    def columns(self):
        return math.isqrt(self.count - 1) + 1

    @property
    def rows(self):
        return -(-self.count // self.columns)


def filter_grid(W, pad=1):
    F, h, w, C = W.shape
    grid = Grid(F)
    flat = W.reshape(F, -1)
    least = np.amin(flat, axis=1, keepdims=True)
    spread = np.ptp(flat, axis=1, keepdims=True)
    tiles = np.divide(flat - least, spread, out=np.zeros_like(flat), where=spread != 0).reshape(W.shape)
    # fill up, frame every tile below and on the right, arrange, cut the last frame off
    tiles = np.concatenate([tiles, np.zeros((grid.rows * grid.columns - F, h, w, C), W.dtype)])
    tiles = np.pad(tiles, ((0, 0), (0, pad), (0, pad), (0, 0)))
    image = tiles.reshape(grid.rows, grid.columns, h + pad, w + pad, C).transpose(0, 2, 1, 3, 4)
    image = image.reshape(grid.rows * (h + pad), grid.columns * (w + pad), C)
    return image[:image.shape[0] - pad, :image.shape[1] - pad]


def max_activating(activations, k):
    scores = np.max(activations, axis=(2, 3))                       # N, F
    n = np.broadcast_to(np.arange(len(scores))[:, None], scores.shape)
    return np.lexsort((n, -scores), axis=0)[:k].T


class Distances:
    """Squared distances by |a|^2 + |b|^2 - 2 a.b"""

    def __init__(self, points):
        self.points = np.asarray(points, dtype=np.float64)
        self.points = self.points - self.points.mean(axis=0)

    @cached_property
    def squared(self):
        gram = self.points @ self.points.T
        norm = np.diag(gram)
        d = np.maximum(norm[:, None] + norm[None, :] - 2 * gram, 0)
        d = (d + d.T) / 2
        np.fill_diagonal(d, 0)
        return d


@keeps_dtype_of(0)
def pairwise_affinities(x, perplexity):
    n = len(x)
    d = Distances(x).squared
    d[np.diag_indices(n)] = np.inf
    d -= d.min(axis=1, keepdims=True)
    target = np.log(perplexity)

    def rows(log_beta):
        with np.errstate(invalid='ignore'):
            w = np.exp(-np.exp(log_beta)[:, None] * d)
        p = w / w.sum(axis=1, keepdims=True)
        logs = np.log(np.where(p > 0, p, 1))
        return p, -(p * logs).sum(axis=1)

    # all rows at once
    lo, hi = np.full(n, -50.), np.full(n, 50.)
    for _ in range(80):
        mid = (lo + hi) / 2
        _, entropy = rows(mid)
        too_flat = entropy > target
        lo, hi = np.where(too_flat, mid, lo), np.where(too_flat, hi, mid)
    p, _ = rows((lo + hi) / 2)
    joint = p + p.T
    return joint / joint.sum()


class StudentMap:
    def __init__(self, y):
        self.y = y
        self.kernel = 1 / (1 + Distances(y).squared)
        np.fill_diagonal(self.kernel, 0)
        self.Q = self.kernel / np.sum(self.kernel)

    def gradient(self, P):
        # graph Laplacian of the forces
        S = (P - self.Q) * self.kernel
        L = np.diag(S.sum(axis=1)) - S
        return 4 * L @ (self.y - self.y.mean(axis=0))


@keeps_dtype_of(0)
def low_dim_affinities(y):
    return StudentMap(y).Q


@keeps_dtype_of(1)
def tsne_gradient(P, y):
    return StudentMap(y).gradient(P)


def kl_divergence(P, Q):
    support = P > 0
    p, q = P[support], Q[support]
    return p @ (np.log(p) - np.log(q))
