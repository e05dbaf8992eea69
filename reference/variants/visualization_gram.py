# Distances from the Gram matrix, one row of the search at a time, tiny floors under the probabilities: as in much public t-SNE code.
import numpy as np

FLOOR = 1e-12


def dead_filters(activations):
    flat = activations.transpose(1, 0, 2, 3).reshape(activations.shape[1], -1)
    return np.count_nonzero(flat, axis=1) == 0


def filter_grid(W, pad=1):
    F, H, Wd, C = W.shape
    flat = W.reshape(F, -1)
    lo = flat.min(1)[:, None]
    span = flat.max(1)[:, None] - lo
    span[span == 0] = 1
    tiles = ((flat - lo) / span).reshape(W.shape)
    cols = int(np.ceil(np.sqrt(F)))
    rows = int(np.ceil(F / cols))
    # A border on every side, cut off at the end.
    padded = np.zeros((rows * cols, H + pad, Wd + pad, C), dtype=W.dtype)
    padded[:F, :H, :Wd] = tiles
    big = padded.reshape(rows, cols, H + pad, Wd + pad, C).transpose(0, 2, 1, 3, 4)
    big = big.reshape(rows * (H + pad), cols * (Wd + pad), C)
    return big[: rows * (H + pad) - pad, : cols * (Wd + pad) - pad]


def max_activating(activations, k):
    N, F = activations.shape[:2]
    top = activations.reshape(N, F, -1).max(-1).T
    return np.array([sorted(range(N), key=lambda n: -top[f, n])[:k] for f in range(F)])


def squared_distances(x):
    sums = np.sum(np.square(x), 1)
    return np.maximum(np.add(np.add(-2 * np.dot(x, x.T), sums).T, sums), 0)


def Hbeta(D, beta):
    D = D - D.min()
    P = np.exp(-D * beta)
    sumP = np.sum(P)
    H = np.log(sumP) + beta * np.sum(D * P) / sumP
    return H, P / sumP


def pairwise_affinities(x, perplexity, tol=1e-5):
    n = x.shape[0]
    D = squared_distances(x)
    P = np.zeros((n, n), dtype=x.dtype)
    logU = np.log(perplexity)
    for i in range(n):
        betamin, betamax, beta = -np.inf, np.inf, 1.0
        Di = D[i, np.concatenate((np.r_[0:i], np.r_[i + 1 : n]))]
        H, thisP = Hbeta(Di, beta)
        Hdiff = H - logU
        tries = 0
        while np.abs(Hdiff) > tol and tries < 50:
            if Hdiff > 0:
                betamin = beta
                beta = beta * 2 if betamax == np.inf else (beta + betamax) / 2
            else:
                betamax = beta
                beta = beta / 2 if betamin == -np.inf else (beta + betamin) / 2
            H, thisP = Hbeta(Di, beta)
            Hdiff = H - logU
            tries += 1
        P[i, np.concatenate((np.r_[0:i], np.r_[i + 1 : n]))] = thisP
    P = P + P.T
    P = P / np.sum(P)
    return np.maximum(P, FLOOR)


def low_dim_affinities(y):
    num = 1 / (1 + squared_distances(y))
    num[range(len(y)), range(len(y))] = 0
    return np.maximum(num / np.sum(num), FLOOR)


def tsne_gradient(P, y):
    n = y.shape[0]
    num = 1 / (1 + squared_distances(y))
    num[range(n), range(n)] = 0
    PQ = P - np.maximum(num / np.sum(num), FLOOR)
    dY = np.zeros(y.shape, dtype=y.dtype)
    for i in range(n):
        dY[i, :] = 4 * np.sum(np.tile(PQ[:, i] * num[:, i], (y.shape[1], 1)).T * (y[i, :] - y), 0)
    return dY


def kl_divergence(P, Q):
    return np.sum(P * np.log(np.maximum(P, FLOOR) / np.maximum(Q, FLOOR)))
