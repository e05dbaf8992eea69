# Other algebra: a bisection of sigma for all rows at once, the gradient as a graph Laplacian, einsum, sums of entropies.
import numpy as np


def dead_filters(activations):
    return ~activations.astype(bool).any(axis=(0, 2, 3))


def filter_grid(W, pad=1):
    lowest = np.amin(W, axis=(1, 2, 3))
    highest = np.amax(W, axis=(1, 2, 3))
    flat = highest == lowest
    tiles = np.einsum("fhwc,f->fhwc", W - lowest[:, None, None, None], 1 / (highest - lowest + flat))
    tiles = tiles.astype(W.dtype)
    F, H, Wd, C = W.shape
    cols = int(-(-(F**0.5) // 1))
    blank = np.zeros((H, Wd, C), dtype=W.dtype)
    bands = []
    for start in range(0, F, cols):
        line = list(tiles[start : start + cols])
        line += [blank] * (cols - len(line))
        pieces = []
        for tile in line:
            pieces += [np.zeros((H, pad, C), dtype=W.dtype), tile]
        band = np.concatenate(pieces[1:], axis=1)
        bands += [np.zeros((pad, band.shape[1], C), dtype=W.dtype), band]
    return np.concatenate(bands[1:], axis=0)


def max_activating(activations, k):
    N = activations.shape[0]
    scores = activations.max(3).max(2)
    return np.stack([np.lexsort((np.arange(N), -column))[:k] for column in scores.T])


def conditional(D, sigma):
    logits = -D / (2 * sigma[:, None] ** 2)
    np.fill_diagonal(logits, -np.inf)
    logits = logits - logits.max(axis=1, keepdims=True)
    e = np.exp(logits)
    return e / e.sum(axis=1, keepdims=True)


def pairwise_affinities(x, perplexity):
    n = x.shape[0]
    D = np.einsum("ijk,ijk->ij", x[:, None] - x[None], x[:, None] - x[None]).astype(np.float64)
    low = np.full(n, 1e-6)
    high = np.full(n, 1e6)
    for _ in range(80):
        middle = np.sqrt(low * high)
        p = conditional(D, middle)
        entropy = -np.sum(p * np.log(np.where(p > 0, p, 1)), axis=1)
        wide = np.exp(entropy) > perplexity
        high[wide] = middle[wide]
        low[~wide] = middle[~wide]
    p = conditional(D, np.sqrt(low * high))
    joint = (p + p.T) / 2
    return (joint / joint.sum()).astype(x.dtype)


def kernel(y):
    square = np.einsum("ik,ik->i", y, y)
    k = 1 / (1 + square[:, None] - 2 * np.einsum("ik,jk->ij", y, y) + square)
    return k * (1 - np.eye(len(y), dtype=y.dtype))


def low_dim_affinities(y):
    k = kernel(y)
    return k / k.sum()


def tsne_gradient(P, y):
    k = kernel(y)
    A = (P - k / k.sum()) * k
    L = np.diag(A.sum(axis=1)) - A
    return 4 * L @ y


def kl_divergence(P, Q):
    def cross(R):
        return np.sum(P * np.log(R, where=P > 0, out=np.zeros_like(P)))

    return cross(P) - cross(Q)
