"""Looking inside a network: dead filters, filter images, the examples that excite a filter most, and t-SNE."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Bools: TypeAlias = npt.NDArray[np.bool_]
Integers: TypeAlias = npt.NDArray[np.signedinteger[Any]]

# Enough to go from a precision of 1 to that of distances of 1e4 or 1e-4, and then to halve the bracket 30 times.
SEARCH_STEPS = 64


def dead_filters(activations: Floats) -> Bools:
    """Find the filters whose activation map is zero for every input.

    ``dead_f = all over n, h, w of (activations[n, f, h, w] == 0)``

    Parameters
    ----------
    activations : (N, F, H, W) array of float32 or float64
        Activation maps of F filters for N inputs.

    Returns
    -------
    dead : (F,) array of bool

    Notes
    -----
    Exactly 0 everywhere: a filter with a negative value is alive, and so is one whose values cancel.

    References
    ----------
    .. [1] Lecture note 004, slide 3.
    """
    dead: Bools = np.all(activations == 0, axis=(0, 2, 3))
    return dead


def filter_grid(W: Floats, pad: int = 1) -> Floats:
    """Show the filters of a layer as one image, a tile for each.

    ``tile_f = (W_f - min W_f) / (max W_f - min W_f)``, in ``ceil(sqrt(F))`` columns, row by row

    Parameters
    ----------
    W : (F, H, W, C) array of float32 or float64
        F filters of C channels.
    pad : int
        Width of the lines of 0 between the tiles; there are none at the border.

    Returns
    -------
    image : (rows * H + (rows - 1) * pad, columns * W + (columns - 1) * pad, C) array, dtype of `W`
        Values in [0, 1].

    Notes
    -----
    Least and largest weight are those of one filter, over all its pixels and channels. A filter whose weights are all equal becomes 0;
    so does the place of a tile for which there is no filter. There are as many rows as are needed, ``ceil(F / columns)``.

    References
    ----------
    .. [1] Lecture note 004, slide 4.
    """
    n_filters, height, width, channels = W.shape
    low = np.min(W, axis=(1, 2, 3), keepdims=True)
    high = np.max(W, axis=(1, 2, 3), keepdims=True)
    spread = high - low
    tiles = (W - low) / np.where(spread > 0, spread, 1)

    columns = math.ceil(math.sqrt(n_filters))
    rows = math.ceil(n_filters / columns)
    image = np.zeros((rows * (height + pad) - pad, columns * (width + pad) - pad, channels), dtype=W.dtype)
    for f in range(n_filters):
        row, column = divmod(f, columns)
        top, left = row * (height + pad), column * (width + pad)
        image[top : top + height, left : left + width] = tiles[f]
    return image


def max_activating(activations: Floats, k: int) -> Integers:
    """Find the inputs that activate each filter most.

    ``score[n, f] = max over h, w of activations[n, f, h, w]``; the k largest scores of each filter, the largest first

    Parameters
    ----------
    activations : (N, F, H, W) array of float32 or float64
        Activation maps of F filters for N inputs.
    k : int
        How many inputs, at most N.

    Returns
    -------
    indices : (F, k) array of integers
        Of the inputs, in descending order of their score; of equal scores the lowest index comes first.

    References
    ----------
    .. [1] Lecture note 004, slide 5.
    """
    scores = np.max(activations, axis=(2, 3))
    order = np.argsort(-scores, axis=0, kind="stable")
    indices: Integers = order[:k].T
    return indices


def pairwise_affinities(x: Floats, perplexity: float) -> Floats:
    """Turn distances between data into the joint probabilities of t-SNE.

    ``p(j|i) = exp(-b_i |x_i - x_j|^2) / sum over k != i of exp(-b_i |x_i - x_k|^2)``, ``P_ij = (p(j|i) + p(i|j)) / (2 n)``

    Parameters
    ----------
    x : (n, d) array of float32 or float64
        One point per row.
    perplexity : float
        What ``exp(entropy of p(.|i))``, the entropy in nats, is for every i by the choice of its precision ``b_i = 1 / (2 sigma_i^2)``.
        Above 1, and below n - 1, which is the most that n - 1 neighbours can have.

    Returns
    -------
    P : (n, n) array, dtype of `x`
        Symmetric, with a diagonal of 0 and a sum of 1.

    Notes
    -----
    No early exaggeration. The precision is doubled or halved until it is bracketed, and then bisected; 1e-4 of the entropy would be
    precise enough. The nearest neighbour's distance cancels in the quotient; without it every exponential of a point that is far
    from all others is 0, and the quotient 0 / 0.

    References
    ----------
    .. [1] L. van der Maaten, G. Hinton, "Visualizing Data using t-SNE", JMLR 9, 2008, sections 2 and 3.1.
    .. [2] Lecture note 004, slide 6.
    """
    n = x.shape[0]
    others = ~np.eye(n, dtype=bool)
    differences = x[:, np.newaxis] - x
    distances = np.sum(differences**2, axis=2)[others].reshape(n, n - 1)
    distances = distances - np.min(distances, axis=1, keepdims=True)

    precision = np.ones((n, 1), dtype=x.dtype)
    low = np.zeros_like(precision)
    high = np.full_like(precision, np.inf)
    for _ in range(SEARCH_STEPS):
        weights = np.exp(-precision * distances)
        total = np.sum(weights, axis=1, keepdims=True)
        mean_distance = np.sum(weights * distances, axis=1, keepdims=True) / total
        entropy = np.log(total) + precision * mean_distance
        too_flat = entropy > math.log(perplexity)
        low = np.where(too_flat, precision, low)
        high = np.where(too_flat, high, precision)
        precision = np.where(np.isinf(high), 2 * precision, (low + high) / 2)

    weights = np.exp(-precision * distances)
    conditional = np.zeros((n, n), dtype=x.dtype)
    conditional[others] = (weights / np.sum(weights, axis=1, keepdims=True)).ravel()
    P: Floats = (conditional + conditional.T) / (2 * n)
    return P


def low_dim_affinities(y: Floats) -> Floats:
    """Turn distances in the map into joint probabilities, by Student's t with one degree of freedom.

    ``Q_ij = (1 + |y_i - y_j|^2)^-1 / sum over k != l of (1 + |y_k - y_l|^2)^-1``, ``Q_ii = 0``

    Parameters
    ----------
    y : (n, m) array of float32 or float64
        One point of the map per row, n at least 2.

    Returns
    -------
    Q : (n, n) array, dtype of `y`
        Symmetric, with a diagonal of 0 and a sum of 1.

    Notes
    -----
    One sum over all pairs, not one per row, and no width: far points keep more of the probability than a Gaussian leaves them.

    References
    ----------
    .. [1] L. van der Maaten, G. Hinton, "Visualizing Data using t-SNE", JMLR 9, 2008, equation 4.
    """
    differences = y[:, np.newaxis] - y
    closeness = 1 / (1 + np.sum(differences**2, axis=2))
    np.fill_diagonal(closeness, 0)
    Q: Floats = closeness / np.sum(closeness)
    return Q


def tsne_gradient(P: Floats, y: Floats) -> Floats:
    """Differentiate the divergence of the map from the data with respect to the points of the map.

    ``dy_i = 4 sum over j of (P_ij - Q_ij) (y_i - y_j) (1 + |y_i - y_j|^2)^-1``

    Parameters
    ----------
    P : (n, n) array of float32 or float64
        Joint probabilities of the data: symmetric, with a diagonal of 0 and a sum of 1.
    y : (n, m) array, dtype of `P`
        One point of the map per row.

    Returns
    -------
    dy : (n, m) array, dtype of `y`
        Gradient of ``kl_divergence(P, low_dim_affinities(y))``.

    Notes
    -----
    The 4 belongs to it: every pair stands twice in the sum, and a square has a derivative with a 2.

    References
    ----------
    .. [1] L. van der Maaten, G. Hinton, "Visualizing Data using t-SNE", JMLR 9, 2008, equation 5 and appendix A.
    """
    Q = low_dim_affinities(y)
    differences = y[:, np.newaxis] - y
    closeness = 1 / (1 + np.sum(differences**2, axis=2))
    pull = (P - Q) * closeness
    dy: Floats = 4 * np.sum(pull[:, :, np.newaxis] * differences, axis=1)
    return dy


def kl_divergence(P: Floats, Q: Floats) -> float:
    """Measure how far one distribution is from another, in nats.

    ``KL(P || Q) = sum over i, j of P_ij log(P_ij / Q_ij)``

    Parameters
    ----------
    P, Q : (n, n) array of float32 or float64
        Probabilities, each with a sum of 1. Where Q is 0, P must be.

    Returns
    -------
    float

    Notes
    -----
    Not symmetric: P, the data's, comes first and is what the logarithm is weighted with. ``0 log 0`` counts 0, as on the diagonal.

    References
    ----------
    .. [1] L. van der Maaten, G. Hinton, "Visualizing Data using t-SNE", JMLR 9, 2008, equation 3.
    """
    some = P > 0
    p, q = P[some], Q[some]
    return float(np.sum(p * np.log(p / q)))
