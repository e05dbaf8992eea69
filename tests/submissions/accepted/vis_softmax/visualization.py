import numpy as np


# The style of a well-known step-by-step post: a softmax over negative distances, sigmas by a generic binary search.


def dead_filters(activations):
    return np.array([not np.any(activations[:, f]) for f in range(activations.shape[1])])


def filter_grid(W, pad=1):
    F, H, Wd, C = W.shape
    tiles = []
    for f in W:
        span = np.ptp(f)
        tiles.append((f - f.min()) / span if span else np.zeros_like(f))
    cols = int(np.ceil(F**0.5))
    while len(tiles) % cols:
        tiles.append(np.zeros((H, Wd, C), dtype=W.dtype))
    tiles = [np.pad(t, ((0, pad), (0, pad), (0, 0))) for t in tiles]
    rows = [np.hstack(tiles[i : i + cols]) for i in range(0, len(tiles), cols)]
    image = np.vstack(rows)
    return image[: image.shape[0] - pad, : image.shape[1] - pad]


def max_activating(activations, k):
    N, F = activations.shape[:2]
    keys = [(f, -activations[n, f].max(), n) for n in range(N) for f in range(F)]
    keys.sort()
    return np.array([key[2] for key in keys]).reshape(F, N)[:, :k]


def neg_squared_euc_dists(X):
    sum_X = np.sum(np.square(X), 1)
    return -np.add(np.add(-2 * np.dot(X, X.T), sum_X).T, sum_X)


def softmax(X):
    X = X.copy()
    np.fill_diagonal(X, -np.inf)
    e_x = np.exp(X - np.max(X, axis=1).reshape([-1, 1]))
    np.fill_diagonal(e_x, 0.0)
    return e_x / e_x.sum(axis=1).reshape([-1, 1])


def calc_perplexity(prob_matrix):
    entropy = -np.sum(prob_matrix * np.log2(prob_matrix + 1e-16), 1)
    return 2**entropy


def binary_search(eval_fn, target, tol=1e-10, max_iter=200, lower=1e-20, upper=10000.0):
    for _ in range(max_iter):
        guess = (lower + upper) / 2.0
        val = eval_fn(guess)
        if val > target:
            upper = guess
        else:
            lower = guess
        if np.abs(val - target) <= tol:
            break
    return guess


def pairwise_affinities(x, perplexity):
    distances = neg_squared_euc_dists(x.astype(np.float64))

    def row(i, sigma):
        others = np.delete(distances[i], i) / (2.0 * sigma * sigma)
        e = np.exp(others - others.max())
        return (e / e.sum())[None]

    with np.errstate(all="ignore"):
        sigmas = [binary_search(lambda s: calc_perplexity(row(i, s))[0], perplexity) for i in range(len(x))]
        p = softmax(distances / (2.0 * np.square(np.array(sigmas).reshape(-1, 1))))
    return ((p + p.T) / (2.0 * len(x))).astype(x.dtype)


def low_dim_affinities(y):
    inv_distances = np.power(1.0 - neg_squared_euc_dists(y), -1)
    np.fill_diagonal(inv_distances, 0.0)
    return inv_distances / np.sum(inv_distances)


def tsne_gradient(P, y):
    inv_distances = np.power(1.0 - neg_squared_euc_dists(y), -1)
    np.fill_diagonal(inv_distances, 0.0)
    pq_diff = np.expand_dims(P - low_dim_affinities(y), 2)
    y_diffs = np.expand_dims(y, 1) - np.expand_dims(y, 0)
    return 4.0 * (pq_diff * y_diffs * np.expand_dims(inv_distances, 2)).sum(1)


def kl_divergence(P, Q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(P > 0, P * np.log(P / Q), 0.0)
    return float(terms.sum())
