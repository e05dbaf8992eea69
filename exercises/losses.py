"""Losses.

A loss says in one number how wrong a network is, and its gradient says in which direction every score is wrong. You learn how scores
become probabilities, what the two common losses of classification want of the scores, and why they are computed from the scores and
not from probabilities that have already been rounded.

Everywhere: a loss is the mean over the N examples, and so is its gradient (both are divided by N). A loss function returns a pair: the
loss, a number, and the gradient of that number, with the shape of the scores. Labels may be integers; the dtype of the scores goes out
(float32 stays float32). Arguments are not modified. Scores between -10 000 and 10 000 give neither warnings nor infinities, and no loss
is capped.
"""

import numpy as np


def softmax(x):
    """Turn scores into probabilities, row by row.

    ``p_k = exp(x_k) / sum over j of exp(x_j)``

    Parameters
    ----------
    x : (N, C) array
        Scores, one example per row.

    Returns
    -------
    p : (N, C) array, dtype of `x`
        Every row sums to 1.

    Notes
    -----
    exp(1000) is infinite. Does the result change if the same number is subtracted from all scores of a row?

    Example: x = [[0, log 3]] gives [[0.25, 0.75]], and so does [[1000, 1000 + log 3]].

    Source: lecture note 002, slides 12-15; Goodfellow, Bengio and Courville 2016, sections 4.1 and 6.2.2.3.
    """
    raise NotImplementedError


def softmax_loss(x, y):
    """Give the cross-entropy loss of the softmax of the scores, and its gradient.

    ``loss = -mean over i of log softmax(x_i)[y_i]``

    Parameters
    ----------
    x : (N, C) array
        Scores, one example per row.
    y : (N,) array of integers
        The right class of each example, from 0 to C - 1.

    Returns
    -------
    loss : scalar
        The mean over the N examples.
    dx : (N, C) array, dtype of `x`
        Gradient of the loss with respect to `x`.

    Notes
    -----
    The probability of a class may round to 0, and its logarithm is then infinite. Work on paper with the logarithm first: what is the
    log of exp(x_k) / sum? Do not clip probabilities; a class that is 1000 below the winner has the loss 1000.

    Example: x = [[0, log 3]] and y = [0] give loss = log 4 = 1.386... and dx = [[-0.75, 0.75]].

    Source: lecture note 002, slides 14-16; Goodfellow, Bengio and Courville 2016, section 6.2.2.3.
    """
    raise NotImplementedError


def svm_loss(x, y):
    """Give the multi-class hinge loss of the scores, and its gradient.

    ``loss = mean over i of sum over k != y_i of max(0, x_ik - x_i[y_i] + 1)``

    Parameters
    ----------
    x : (N, C) array
        Scores, one example per row.
    y : (N,) array of integers
        The right class of each example, from 0 to C - 1.

    Returns
    -------
    loss : scalar
        Summed over the wrong classes, averaged over the N examples.
    dx : (N, C) array, dtype of `x`
        Gradient of the loss with respect to `x`.

    Notes
    -----
    The right class has no term of its own. Its score does appear in the terms of the other classes: count in how many.

    Example: x = [[1, 3, 1.5, -2]] and y = [0] give loss = 3 + 1.5 + 0 = 4.5 and dx = [[-2, 1, 1, 0]].

    Source: lecture note 002, slide 16; Weston and Watkins 1999, ESANN.
    """
    raise NotImplementedError


def binary_cross_entropy(scores, y):
    """Give the cross-entropy loss of a yes-or-no classifier, and its gradient, from the scores before the sigmoid.

    ``loss = -mean(y log p + (1 - y) log(1 - p))`` with ``p = 1 / (1 + exp(-scores))``

    Parameters
    ----------
    scores : (N,) or (N, 1) array
        Scores (logits), not probabilities: the sigmoid is part of this function.
    y : array, shape of `scores`
        Labels, 0 or 1, of any numeric dtype.

    Returns
    -------
    loss : scalar
        The mean over all elements.
    dscores : array, shape and dtype of `scores`
        Gradient of the loss with respect to the scores, not the probabilities.

    Notes
    -----
    On one slide the minus sign is missing: a loss is never negative. A score of -1000 with label 1 has the loss 1000, though p rounds to
    0: write -log p and -log(1 - p) as functions of the score first, and see to it that no exponential overflows.

    Example: scores = [log 3, log 3] and y = [1, 0] give loss = (log(4/3) + log 4) / 2 = 0.837... and dscores = [-0.125, 0.375].

    Source: lecture note 002, slides 8-10; Goodfellow, Bengio and Courville 2016, section 6.2.2.2.
    """
    raise NotImplementedError


def mse_loss(pred, target):
    """Give the squared error, summed over the components of an example and averaged over the examples, and its gradient.

    ``loss = 1/N sum over i and d of (pred_id - target_id)^2``

    Parameters
    ----------
    pred, target : (N, D) array
        Predictions and what they should be, one example per row.

    Returns
    -------
    loss : scalar
    dpred : (N, D) array, dtype of `pred`
        Gradient of the loss with respect to `pred`.

    Notes
    -----
    The sum is divided by N alone, not by N * D, and there is no factor 1/2: remember it in the gradient.

    Example: pred = [[1, 2], [3, 4]] and target = [[1, 0], [0, 4]] give loss = (4 + 9) / 2 = 6.5 and dpred = [[0, 2], [3, 0]].

    Source: lecture note 000, slide 11.
    """
    raise NotImplementedError
