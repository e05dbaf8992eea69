"""Losses: softmax cross-entropy, the multi-class hinge, binary cross-entropy from logits, squared error; each with its gradient."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Integers: TypeAlias = npt.NDArray[np.integer[Any]]
Labels: TypeAlias = npt.NDArray[np.number[Any]]
Scalar: TypeAlias = np.floating[Any]


def softmax(x: Floats) -> Floats:
    """Turn scores into probabilities, row by row.

    ``p_k = exp(x_k) / sum over j of exp(x_j)``

    Parameters
    ----------
    x : (N, C) array of float32 or float64
        Scores, one example per row.

    Returns
    -------
    p : (N, C) array, dtype of `x`
        Every row sums to 1.

    Notes
    -----
    A number taken from all scores of a row leaves its probabilities as they are. With the row's own maximum taken away no exponential
    exceeds 1, and the sum is at least 1; the maximum of the whole array would leave rows of which every exponential underflows.

    References
    ----------
    .. [1] Lecture note 002, slides 12-15.
    .. [2] I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", 2016, sections 4.1 and 6.2.2.3.
    """
    shifted = x - np.max(x, axis=1, keepdims=True)
    exponentials = np.exp(shifted)
    p: Floats = exponentials / np.sum(exponentials, axis=1, keepdims=True)
    return p


def softmax_loss(x: Floats, y: Integers) -> tuple[Scalar, Floats]:
    """Give the mean cross-entropy of the softmax of the scores, and its gradient.

    ``loss = -mean over i of log softmax(x_i)[y_i]``, ``dx_ik = (p_ik - [k = y_i]) / N``

    Parameters
    ----------
    x : (N, C) array of float32 or float64
        Scores, one example per row.
    y : (N,) array of integers
        The right class of each example, from 0 to C - 1.

    Returns
    -------
    loss : scalar, dtype of `x`
    dx : (N, C) array, dtype of `x`

    Notes
    -----
    The logarithm is taken of the sum, never of a probability, which may have underflowed to 0: the loss of a class that is 1000 below
    the winner is 1000, neither infinite nor capped.

    References
    ----------
    .. [1] Lecture note 002, slides 14-16.
    .. [2] I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", 2016, section 6.2.2.3.
    """
    n = x.shape[0]
    rows = np.arange(n)
    shifted = x - np.max(x, axis=1, keepdims=True)
    exponentials = np.exp(shifted)
    sums = np.sum(exponentials, axis=1, keepdims=True)
    log_probabilities = shifted - np.log(sums)
    loss = -np.mean(log_probabilities[rows, y])

    dx: Floats = exponentials / sums
    dx[rows, y] -= 1
    dx /= n
    return loss, dx


def svm_loss(x: Floats, y: Integers) -> tuple[Scalar, Floats]:
    """Give the mean multi-class hinge loss of the scores, and its gradient.

    ``loss = mean over i of sum over k != y_i of max(0, x_ik - x_i[y_i] + 1)``

    Parameters
    ----------
    x : (N, C) array of float32 or float64
        Scores, one example per row.
    y : (N,) array of integers
        The right class of each example, from 0 to C - 1.

    Returns
    -------
    loss : scalar, dtype of `x`
    dx : (N, C) array, dtype of `x`

    Notes
    -----
    The right class has no term of its own, which would add 1 per example. Every wrong class that violates its margin pushes its own
    score down and that of the right class up, so the right class gets as many pushes as there are violations.

    References
    ----------
    .. [1] Lecture note 002, slide 16.
    .. [2] J. Weston, C. Watkins, "Support Vector Machines for Multi-Class Pattern Recognition", ESANN 1999.
    """
    n = x.shape[0]
    rows = np.arange(n)
    right = x[rows, y][:, np.newaxis]
    margins = np.maximum(0, x - right + 1)
    margins[rows, y] = 0
    loss = np.sum(margins) / n

    dx: Floats = (margins > 0).astype(x.dtype)
    dx[rows, y] = -np.sum(dx, axis=1)
    dx /= n
    return loss, dx


def binary_cross_entropy(scores: Floats, y: Labels) -> tuple[Scalar, Floats]:
    """Give the mean cross-entropy of a sigmoid's probabilities against labels 0 and 1, and its gradient, from the scores.

    ``loss = -mean(y log p + (1 - y) log(1 - p))`` with ``p = 1 / (1 + exp(-s))``, ``ds = (p - y) / N``

    Parameters
    ----------
    scores : (N,) or (N, 1) array of float32 or float64
        Scores before the sigmoid (logits).
    y : array of numbers, shape of `scores`
        Labels, 0 or 1.

    Returns
    -------
    loss : scalar, dtype of `scores`
    dscores : array, shape and dtype of `scores`

    Notes
    -----
    ``-log p = log(1 + exp(-s))`` and ``-log(1 - p) = log(1 + exp(s))``, which differ by s; so the loss of one element is
    ``log(1 + exp(s)) - y s``, in which nothing can become the logarithm of 0. One slide of the lecture drops the minus sign.

    References
    ----------
    .. [1] Lecture note 002, slides 8-10 (whose L lacks the sign; its C has it).
    .. [2] I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", 2016, section 6.2.2.2.
    """
    targets = y.astype(scores.dtype)
    losses = np.logaddexp(0, scores) - targets * scores
    loss = np.mean(losses)

    p = np.exp(-np.logaddexp(0, -scores))
    dscores: Floats = (p - targets) / scores.size
    return loss, dscores


def mse_loss(pred: Floats, target: Floats) -> tuple[Scalar, Floats]:
    """Give the mean over the examples of the summed squared errors, and its gradient.

    ``loss = 1/N sum over i and d of (pred_id - target_id)^2``, ``dpred = 2 (pred - target) / N``

    Parameters
    ----------
    pred, target : (N, D) array of float32 or float64
        Predictions and what they should be, one example per row.

    Returns
    -------
    loss : scalar, dtype of `pred`
    dpred : (N, D) array, dtype of `pred`

    Notes
    -----
    Summed over the D components of an example, averaged over the N examples; no factor 1/2.

    References
    ----------
    .. [1] Lecture note 000, slide 11 (the reconstruction error of an autoencoder).
    """
    n = pred.shape[0]
    errors = pred - target
    loss = np.sum(errors**2) / n

    dpred: Floats = 2 * errors / n
    return loss, dpred
