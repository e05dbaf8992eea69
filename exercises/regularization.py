"""Regularization.

A network that is good on its training set alone has learned too much of it. You learn five remedies: a price on large weights, an end of
the training in time, several models instead of one, more images than there are (augmentation), and more looks at the image in question.

Everywhere: the dtype that comes in goes out (float32 stays float32); arguments are not modified. Epochs, labels, rows and columns count
from 0. Images are (N, H, W, C): example, row, column, channel. All randomness comes from the argument `rng`, a numpy.random.Generator
(`rng.random`, `rng.integers`, ...), and from nothing else.
"""

import numpy as np


def l2_penalty(w, lam):
    """Penalize large weights by their squares.

    ``penalty = 1/2 lam sum(w^2)``, ``grad = lam w``

    Parameters
    ----------
    w : array of any shape
        Weights.
    lam : float
        Strength of the penalty.

    Returns
    -------
    penalty : float
    grad : array, shape and dtype of `w`
        Gradient of the penalty with respect to `w`.

    Notes
    -----
    The squares are summed, not averaged. The half is there so that the gradient needs no 2; others write the penalty without it.

    Example: w = [3, -4] and lam = 0.1 give 1.25 and [0.3, -0.4].

    Source: lecture notes 000, slide 19; 002, slide 64; 003, the section on regularisation.
    """
    raise NotImplementedError


def l1_penalty(w, lam):
    """Penalize weights by their absolute values, which makes most of them exactly 0.

    ``penalty = lam sum(|w|)``, ``grad = lam sign(w)``

    Parameters
    ----------
    w : array of any shape
        Weights.
    lam : float
        Strength of the penalty.

    Returns
    -------
    penalty : float
    grad : array, shape and dtype of `w`
        Gradient of the penalty with respect to `w`.

    Notes
    -----
    There is no half here. At 0, where ``|w|`` has no derivative, take 0.

    Example: w = [3, -4, 0] and lam = 0.1 give 0.7 and [0.1, -0.1, 0].

    Source: lecture notes 000, slide 19; 003, the section on regularisation.
    """
    raise NotImplementedError


def weight_decay_step(w, dw, lr, lam):
    """Take one step of gradient descent on the loss plus the L2 penalty.

    ``next_w = w - lr (dw + lam w)``

    Parameters
    ----------
    w, dw : array of any shape
        Weights, and the gradient of the loss alone with respect to them: `dw` does not hold the penalty's gradient.
    lr : float
        Learning rate.
    lam : float
        Strength of the penalty.

    Returns
    -------
    next_w : array, shape and dtype of `w`

    Notes
    -----
    The learning rate scales the decay, too.

    Example: w = [2, -1], dw = [1, 1], lr = 0.1 and lam = 0.5 give [1.8, -1.05].

    Source: lecture note 002, slide 64 (the term with lambda theta beside the gradient); Krogh and Hertz 1991.
    """
    raise NotImplementedError


def early_stopping(val_losses, patience):
    """Find when training is stopped, and which epoch's weights are kept.

    After every epoch, the best epoch so far is the one of the lowest loss. Stop after the first epoch with
    ``epoch - best >= patience``.

    Parameters
    ----------
    val_losses : (T,) array
        Validation loss after each epoch, as training without end would give them; T is at least 1.
    patience : int
        How many epochs may pass without an improvement, at least 1.

    Returns
    -------
    stop_epoch : int
        The last epoch that is run; T - 1 if training is never stopped.
    best_epoch : int
        The epoch of the lowest loss up to `stop_epoch`.

    Notes
    -----
    Only a loss strictly below the best one so far is an improvement: of equal losses the earliest is the best. Whatever would have
    come after `stop_epoch` is never seen.

    Example: losses [5, 3, 4, 2, 3, 2, 6, 1] and patience 3 give (6, 3): no epoch from 4 to 6 is better than epoch 3. The loss of 1 is
    never reached.

    Source: lecture note 002, slides 71-73; Goodfellow, Bengio and Courville 2016, section 7.8.
    """
    raise NotImplementedError


def bootstrap_indices(n, k, rng):
    """Draw k training sets, each of n out of n examples with replacement, for bagging.

    Parameters
    ----------
    n, k : int
        Number of examples, and of training sets.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    indices : (k, n) array of integers
        Row i holds the examples of training set i: numbers from 0 to n - 1.

    Notes
    -----
    With replacement: every entry is drawn from all n examples, whatever has been drawn before. So a set has some examples more than
    once and others not at all (about 37 %); without replacement all sets would be the same.

    Example: n = 4 and k = 2 may give [[2, 0, 2, 3], [1, 1, 0, 2]].

    Source: lecture note 002, slides 74-76; Breiman 1996, "Bagging predictors".
    """
    raise NotImplementedError


def ensemble_predict(probs, how):
    """Combine the class probabilities of several models into one label for each example.

    Parameters
    ----------
    probs : (K, N, C) array
        Probability of each of C classes for each of N examples by each of K models.
    how : str
        - ``'mean'``: average the probabilities over the models, and take the class with the highest average;
        - ``'vote'``: every model has one vote, for the class that it gives the highest probability; take the class with the most votes.
        Raise ValueError for anything else.

    Returns
    -------
    labels : (N,) array of integers

    Notes
    -----
    If classes tie, take the lowest label, in both modes.

    Example: three models give one example [0.4, 0.6], [0.4, 0.6] and [0.9, 0.1]. The mean is [0.57, 0.43]: label 0; two of three
    vote for label 1.

    Source: lecture note 002, slides 74-76; Goodfellow, Bengio and Courville 2016, section 7.11.
    """
    raise NotImplementedError


def random_crop(x, size, rng):
    """Cut a square window out of every image, each at a random place of its own.

    Parameters
    ----------
    x : (N, H, W, C) array
        Images.
    size : int
        Height and width of the windows, at most H and at most W (raise ValueError if it is more).
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    out : (N, size, size, C) array, dtype of `x`

    Notes
    -----
    A window starts in any row from 0 to H - size and in any column from 0 to W - size, both ends included, all equally likely; so with
    size = H = W the image comes back whole. All channels share the window of their image.

    Example: H = W = 32 and size = 28 have 5 * 5 = 25 possible windows.

    Source: lecture note 002, slides 68-70; Krizhevsky, Sutskever and Hinton 2012, section 4.1.
    """
    raise NotImplementedError


def random_flip(x, rng):
    """Mirror each image, left to right, with probability 1/2.

    Parameters
    ----------
    x : (N, H, W, C) array
        Images.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    out : array, shape and dtype of `x`

    Notes
    -----
    A coin is tossed for every image, independently of the others. Left and right are swapped; top and bottom are not, and neither are the
    channels.

    Example: an image of one row with the pixels 1, 2, 3 comes out as 1, 2, 3 or as 3, 2, 1.

    Source: lecture note 002, slides 66-68; Krizhevsky, Sutskever and Hinton 2012, section 4.1.
    """
    raise NotImplementedError


def ten_crop(image, size):
    """Cut the four corners and the centre out of an image, and mirror each of the five.

    At test time, a network looks at all ten, and its predictions are averaged.

    Parameters
    ----------
    image : (H, W, C) array
        One image.
    size : int
        Height and width of the crops, at most H and at most W. H - size and W - size are even, so that there is one centre.

    Returns
    -------
    crops : (10, size, size, C) array, dtype of `image`
        Upper left, upper right, lower left, lower right, centre; then the mirror images (left to right) of these five, in that order.

    Notes
    -----
    Example: H = 3, W = 5, size = 1: the crops 0 to 4 are the pixels [0, 0], [0, 4], [2, 0], [2, 4] and [1, 2].

    Source: lecture note 002, slide 69 ("10 fixed crops of 224x224: 4 corners + center + flips").
    """
    raise NotImplementedError


def resize_short_side(image, side):
    """Resize an image by bilinear interpolation so that its shorter side becomes `side` and its proportions stay.

    If an axis of n pixels is to have m, its new pixel i lies at ``(i + 1/2) n / m - 1/2`` on the old axis; its value is interpolated
    linearly between the two old pixels around that place, along the rows and along the columns.

    Parameters
    ----------
    image : (H, W, C) array
        One image.
    side : int
        New length of the shorter side.

    Returns
    -------
    out : (H', W', C) array, dtype of `image`
        The shorter of H' and W' is `side`; the longer one is (longer / shorter) * side, rounded to the nearest whole number.

    Notes
    -----
    Pixels are small squares, and the 1/2 is where their centres are: the edges of old and new image meet, not the centres of the corner
    pixels. A place before the first or after the last old centre takes the value of that pixel. Along each axis, n and m are the lengths of
    this axis, the rounded one too. An image that becomes smaller is not smoothed first.

    Example: one row of the pixels 0, 4 with twice as many becomes 0, 1, 3, 4: its places are -1/4, 1/4, 3/4 and 5/4.

    Source: lecture note 002, slide 69 ("Resize training image, short side L"); Simonyan and Zisserman 2015, section 3.1.
    """
    raise NotImplementedError
