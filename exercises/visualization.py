"""Looking inside a network.

You learn to see what a convolutional network has learned: which filters have died, what the filters look like, which inputs excite
them most, and how the network arranges its inputs, with t-SNE, whose parts you write one by one.

Everywhere: the dtype that comes in goes out (float32 stays float32); arguments are not modified; nothing warns for inputs between -1e4
and 1e4. Activation maps are (N, F, H, W): N inputs, F filters. Logarithms are natural.
"""

import numpy as np


def dead_filters(activations):
    """Find the filters whose activation map is zero for every input.

    Parameters
    ----------
    activations : (N, F, H, W) array
        Activation maps of F filters for N inputs.

    Returns
    -------
    dead : (F,) array of bool

    Notes
    -----
    Dead means EXACTLY 0 at every position for every input. A filter with a negative value is alive; so is one whose values sum to 0.

    Source: lecture note 004, slide 3 (a symptom of a learning rate that is too high).
    """
    raise NotImplementedError


def filter_grid(W, pad=1):
    """Show the filters of a layer as one image, a tile for each.

    Every filter is scaled to [0, 1] by its own least and largest weight, over all its pixels and channels:
    ``(w - least) / (largest - least)``. The tiles are laid out row by row in ``ceil(sqrt(F))`` columns.

    Parameters
    ----------
    W : (F, H, W, C) array
        F filters of C channels.
    pad : int
        Width of the lines of 0 between neighbouring tiles. There are none at the border of the image.

    Returns
    -------
    image : array of shape (rows * H + (rows - 1) * pad, columns * W + (columns - 1) * pad, C), dtype of `W`

    Notes
    -----
    - A filter whose weights are all equal is shown as 0, without a division by 0.
    - There are as many rows as are needed: ``ceil(F / columns)``. Places that are left over in the last row are 0.
    - The channel axis stays, also if C is 1.

    Example: five filters of 3 x 3 pixels with pad = 1 give an image of 7 x 11 pixels: 3 + 1 + 3 high, 3 + 1 + 3 + 1 + 3 wide.

    Source: lecture note 004, slide 4.
    """
    raise NotImplementedError


def max_activating(activations, k):
    """Find the k inputs that activate each filter most.

    The score of an input for a filter is the LARGEST value of its activation map, over all positions.

    Parameters
    ----------
    activations : (N, F, H, W) array
        Activation maps of F filters for N inputs; values may be negative.
    k : int
        How many inputs, at most N.

    Returns
    -------
    indices : (F, k) array of integers
        For each filter, indices of inputs in descending order of their score. Of equal scores the lowest index comes first.

    Example: one filter, scores [0.5, 2, 2] and k = 2 give [[1, 2]].

    Source: lecture note 004, slide 5.
    """
    raise NotImplementedError


def pairwise_affinities(x, perplexity):
    """Turn distances between data points into the joint probabilities P of t-SNE.

    ``p(j|i) = exp(-|x_i - x_j|^2 / (2 sigma_i^2)) / sum over k != i of exp(-|x_i - x_k|^2 / (2 sigma_i^2))``, ``p(i|i) = 0``;
    ``P_ij = (p(j|i) + p(i|j)) / (2 n)``

    Parameters
    ----------
    x : (n, d) array
        One point per row.
    perplexity : float
        Each point has its own sigma_i: the one for which ``exp(entropy of p(.|i))`` is the perplexity, where the entropy is
        ``-sum over j of p(j|i) log p(j|i)``, in nats. Search for it, by bisection for instance. The perplexity is above 1 and below
        n - 1 (for a larger one, return anything finite).

    Returns
    -------
    P : (n, n) array, dtype of `x`
        Symmetric, with a diagonal of 0 and a sum of 1. No early exaggeration.

    Notes
    -----
    - The search has to reach the entropy to within 1e-4, or nearer.
    - The entropy rises with sigma.
    - If a point is far from all others, every exponential of its row is 0 in the computer, and the quotient 0 / 0. The same trick as in a
      stable softmax helps.

    Example: for a perplexity of 2 the entropy has to be log 2 = 0.693, as much as two equally near neighbours have.

    Source: lecture note 004, slide 6; van der Maaten and Hinton 2008, JMLR 9, sections 2 and 3.1.
    """
    raise NotImplementedError


def low_dim_affinities(y):
    """Turn distances in the map into the joint probabilities Q of t-SNE.

    ``Q_ij = (1 + |y_i - y_j|^2)^-1 / sum over k != l of (1 + |y_k - y_l|^2)^-1``, ``Q_ii = 0``: Student's t with one degree of freedom

    Parameters
    ----------
    y : (n, m) array
        One point of the map per row, n at least 2; m is mostly 2.

    Returns
    -------
    Q : (n, n) array, dtype of `y`
        Symmetric, with a diagonal of 0 and a sum of 1.

    Notes
    -----
    The sum is one number, over ALL pairs of different points. There is no sigma and no perplexity here.

    Example: three points on a line at 0, 1 and 3 have 1 / (1 + d^2) = 1/2, 1/10 and 1/5 for their pairs, and the sum over all ordered
    pairs is 1.6; so Q_12 = 0.5 / 1.6 = 0.3125.

    Source: van der Maaten and Hinton 2008, JMLR 9, equation 4.
    """
    raise NotImplementedError


def tsne_gradient(P, y):
    """Differentiate the divergence of the map from the data with respect to the points of the map.

    ``dy_i = 4 sum over j of (P_ij - Q_ij) (y_i - y_j) (1 + |y_i - y_j|^2)^-1``, where Q is `low_dim_affinities` of y

    Parameters
    ----------
    P : (n, n) array
        Joint probabilities of the data, from `pairwise_affinities`.
    y : (n, m) array
        One point of the map per row.

    Returns
    -------
    dy : (n, m) array, dtype of `y`
        Gradient of ``kl_divergence(P, low_dim_affinities(y))``.

    Notes
    -----
    The factor 4 belongs to it. You can test this function with central differences of your own `kl_divergence`.

    Source: van der Maaten and Hinton 2008, JMLR 9, equation 5 and appendix A.
    """
    raise NotImplementedError


def kl_divergence(P, Q):
    """Measure how far the distribution Q is from the distribution P, in nats.

    ``KL(P || Q) = sum over i, j of P_ij log(P_ij / Q_ij)``

    Parameters
    ----------
    P, Q : (n, n) array
        Probabilities, each with a sum of 1. Where Q is 0, P is 0 too.

    Returns
    -------
    float

    Notes
    -----
    ``0 log 0`` counts as 0, as on the diagonal of t-SNE's P and Q, and must give neither NaN nor a warning.

    Example: P = [[0, 1/2], [1/2, 0]] and Q = [[0, 1/4], [3/4, 0]] give 1/2 log 2 + 1/2 log(2/3) = 0.1438.

    Source: van der Maaten and Hinton 2008, JMLR 9, equation 3.
    """
    raise NotImplementedError
