"""Regularization: penalties on the weights, stopping in time, ensembles, and augmentation of images."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Number: TypeAlias = np.floating[Any]
Integers: TypeAlias = npt.NDArray[np.integer[Any]]


def l2_penalty(w: Floats, lam: float) -> tuple[Number, Floats]:
    """Penalize large weights by their squares.

    ``penalty = 1/2 lam sum(w^2)``, ``grad = lam w``

    Parameters
    ----------
    w : array of float32 or float64, any shape
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
    The half stands in the penalty, so that no 2 stands in the gradient. The squares are summed, not averaged, and no root is taken.

    References
    ----------
    .. [1] Lecture notes 000, slide 19; 002, slide 64; 003, section on regularisation.
    .. [2] I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", 2016, section 7.1.1.
    """
    penalty: Number = lam / 2 * np.sum(w**2)
    grad = lam * w
    return penalty, grad


def l1_penalty(w: Floats, lam: float) -> tuple[Number, Floats]:
    """Penalize weights by their size, which makes most of them exactly 0.

    ``penalty = lam sum(|w|)``, ``grad = lam sign(w)``

    Parameters
    ----------
    w : array of float32 or float64, any shape
        Weights.
    lam : float
        Strength of the penalty.

    Returns
    -------
    penalty : float
    grad : array, shape and dtype of `w`
        A subgradient of the penalty with respect to `w`.

    Notes
    -----
    There is no half here. At 0, where ``|w|`` has no derivative, the subgradient 0 is taken.

    References
    ----------
    .. [1] Lecture notes 000, slide 19; 003, section on regularisation.
    .. [2] I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", 2016, section 7.1.2.
    """
    penalty: Number = lam * np.sum(np.abs(w))
    grad = lam * np.sign(w)
    return penalty, grad


def weight_decay_step(w: Floats, dw: Floats, lr: float, lam: float) -> Floats:
    """Take one step of gradient descent on the loss plus the L2 penalty.

    ``next_w = w - lr (dw + lam w)``

    Parameters
    ----------
    w, dw : array of float32 or float64, any shape
        Weights, and the gradient of the loss alone (without the penalty) with respect to them.
    lr : float
        Learning rate.
    lam : float
        Strength of the penalty.

    Returns
    -------
    next_w : array, shape and dtype of `w`

    Notes
    -----
    The decay is scaled by the learning rate, as the penalty's gradient is; in decoupled decay (AdamW) it need not be.

    References
    ----------
    .. [1] Lecture note 002, slide 64 (the term with lambda theta beside the gradient).
    .. [2] A. Krogh, J. A. Hertz, "A simple weight decay can improve generalization", NIPS 4, 1991.
    """
    gradient = dw + lam * w
    next_w: Floats = w - lr * gradient
    return next_w


def early_stopping(val_losses: Floats, patience: int) -> tuple[int, int]:
    """Find when training is stopped, and which epoch's weights are kept.

    Stop after the first epoch with ``epoch - best >= patience``, ``best`` being the epoch of the lowest loss until then.

    Parameters
    ----------
    val_losses : (T,) array of float32 or float64
        Validation loss after each epoch, as training without end would give them; T is at least 1.
    patience : int
        How many epochs may pass without an improvement, at least 1.

    Returns
    -------
    stop_epoch : int
        The last epoch that is run, counted from 0: ``T - 1`` if training is never stopped.
    best_epoch : int
        The epoch of the lowest loss up to `stop_epoch`, the earliest of equal ones.

    Notes
    -----
    Only a loss strictly below the best so far is an improvement. What happens after `stop_epoch` is never seen.

    References
    ----------
    .. [1] Lecture note 002, slides 71-73.
    .. [2] I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", 2016, section 7.8 (algorithm 7.1).
    """
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return epoch, best


def bootstrap_indices(n: int, k: int, rng: np.random.Generator) -> Integers:
    """Draw k training sets, each of n out of n examples with replacement.

    Parameters
    ----------
    n, k : int
        Number of examples, and of training sets.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    indices : (k, n) array of integers
        Row i holds the examples of training set i, each one of 0 to n - 1.

    Notes
    -----
    With replacement a set repeats some examples and lacks others, on average a share (1 - 1/n)^n, nearly 1/e: without it all k sets
    would be the same.

    References
    ----------
    .. [1] Lecture note 002, slides 74-76.
    .. [2] L. Breiman, "Bagging predictors", Machine Learning 24, 1996.
    """
    return rng.integers(n, size=(k, n))


def ensemble_predict(probs: Floats, how: str) -> Integers:
    """Combine the class probabilities of several models into one label for each example.

    ``'mean'``: the class of the highest mean probability; ``'vote'``: the class that most models give the highest probability

    Parameters
    ----------
    probs : (K, N, C) array of float32 or float64
        Probability of each of C classes for each of N examples by each of K models.
    how : str
        ``'mean'`` or ``'vote'``.

    Returns
    -------
    labels : (N,) array of integers

    Raises
    ------
    ValueError
        If `how` is neither.

    Notes
    -----
    Ties go to the lowest label, in both modes.

    References
    ----------
    .. [1] Lecture note 002, slides 74-76.
    .. [2] I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", 2016, section 7.11.
    """
    if how == "mean":
        scores = np.mean(probs, axis=0)
    elif how == "vote":
        votes = np.argmax(probs, axis=2)
        classes = np.arange(probs.shape[2])
        scores = np.sum(votes[:, :, np.newaxis] == classes, axis=0)
    else:
        raise ValueError(f"how is {how!r}; expected 'mean' or 'vote'")
    labels: Integers = np.argmax(scores, axis=1)
    return labels


def random_crop(x: Floats, size: int, rng: np.random.Generator) -> Floats:
    """Cut a square window out of every image, each at a place of its own.

    Parameters
    ----------
    x : (N, H, W, C) array of float32 or float64
        Images.
    size : int
        Height and width of the windows, at most H and at most W.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    out : (N, size, size, C) array, dtype of `x`

    Raises
    ------
    ValueError
        If `size` is above H or W.

    Notes
    -----
    A window may start in any row from 0 to H - size, and in any column from 0 to W - size, all of them equally likely: both ends are
    included, and `size` may equal H or W.

    References
    ----------
    .. [1] Lecture note 002, slides 68-70.
    .. [2] A. Krizhevsky, I. Sutskever, G. Hinton, "ImageNet classification with deep CNNs", NIPS 25, 2012, section 4.1.
    """
    n, height, width, _channels = x.shape
    tops = rng.integers(height - size + 1, size=n)
    lefts = rng.integers(width - size + 1, size=n)
    rows = tops[:, np.newaxis] + np.arange(size)
    columns = lefts[:, np.newaxis] + np.arange(size)
    images = np.arange(n)[:, np.newaxis, np.newaxis]
    out: Floats = x[images, rows[:, :, np.newaxis], columns[:, np.newaxis, :]]
    return out


def random_flip(x: Floats, rng: np.random.Generator) -> Floats:
    """Mirror each image, left to right, with probability 1/2.

    Parameters
    ----------
    x : (N, H, W, C) array of float32 or float64
        Images.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    out : array, shape and dtype of `x`

    Notes
    -----
    Every image has its own coin. What is reversed is the axis of the columns, W.

    References
    ----------
    .. [1] Lecture note 002, slides 66-68.
    .. [2] A. Krizhevsky, I. Sutskever, G. Hinton, "ImageNet classification with deep CNNs", NIPS 25, 2012, section 4.1.
    """
    flipped = rng.random(len(x)) < 0.5
    mirrored = x[:, :, ::-1]
    out = x.copy()
    out[flipped] = mirrored[flipped]
    return out


def ten_crop(image: Floats, size: int) -> Floats:
    """Cut the four corners and the centre out of an image, and mirror each of the five.

    Parameters
    ----------
    image : (H, W, C) array of float32 or float64
        An image.
    size : int
        Height and width of the crops, at most H and at most W; H - size and W - size are even.

    Returns
    -------
    crops : (10, size, size, C) array, dtype of `image`
        Upper left, upper right, lower left, lower right, centre; then the mirror images (left to right) of these five in that order.

    References
    ----------
    .. [1] Lecture note 002, slide 69 ("10 fixed crops of 224x224: 4 corners + center + flips").
    .. [2] A. Krizhevsky, I. Sutskever, G. Hinton, "ImageNet classification with deep CNNs", NIPS 25, 2012, section 4.1.
    """
    height, width, _channels = image.shape
    bottom, right = height - size, width - size
    middle, centre = bottom // 2, right // 2
    corners = [(0, 0), (0, right), (bottom, 0), (bottom, right), (middle, centre)]
    crops = np.stack([image[top : top + size, left : left + size] for top, left in corners])
    mirrored = crops[:, :, ::-1]
    return np.concatenate([crops, mirrored])


def resize_short_side(image: Floats, side: int) -> Floats:
    """Resize an image by bilinear interpolation so that its shorter side becomes `side` and its proportions stay.

    Pixel i of an axis of n pixels, of which m are made, is the pixel at ``(i + 1/2) n / m - 1/2`` of the old axis

    Parameters
    ----------
    image : (H, W, C) array of float32 or float64
        An image.
    side : int
        New length of the shorter side.

    Returns
    -------
    out : (H', W', C) array, dtype of `image`
        The shorter of H' and W' is `side`, the longer one is rounded to the nearest whole number.

    Notes
    -----
    Pixels are squares whose centres lie at half numbers ("half-pixel centres"): the edges of old and new image coincide, not the centres
    of their corner pixels. A position outside of the old centres is moved to the nearest one. Each axis has the ratio of its own lengths,
    the rounded one too. An image that shrinks is not smoothed first (no antialiasing).

    References
    ----------
    .. [1] Lecture note 002, slide 69 ("Resize training image, short side L").
    .. [2] K. Simonyan, A. Zisserman, "Very deep convolutional networks", arXiv:1409.1556, 2015, section 3.1.
    """
    shorter = min(image.shape[:2])
    out = image
    for axis in (0, 1):
        old = image.shape[axis]
        new = round(old * side / shorter)
        position = (np.arange(new) + 0.5) * old / new - 0.5
        floor = np.floor(position).astype(int)
        lower = np.maximum(floor, 0)
        upper = np.minimum(floor + 1, old - 1)
        weight = (position - floor).astype(image.dtype)
        weight = weight.reshape((new, 1, 1) if axis == 0 else (new, 1))
        out = (1 - weight) * np.take(out, lower, axis) + weight * np.take(out, upper, axis)
    return out
