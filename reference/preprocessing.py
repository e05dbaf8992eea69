"""Preprocessing: standardization, min-max normalization, and the mean image and channel means of images."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]


def standardize_fit(x: Floats) -> tuple[Floats, Floats]:
    """Measure the mean and the standard deviation of every feature of a training set.

    ``mean_j = 1/N sum over i of x_ij``, ``std_j = sqrt(1/N sum over i of (x_ij - mean_j)^2)``

    Parameters
    ----------
    x : (N, D) array of float32 or float64
        Training set, one example per row.

    Returns
    -------
    mean, std : (D,) array, dtype of `x`

    Notes
    -----
    The standard deviation is the biased one: the sum is divided by N, not by N - 1. It is taken from the deviations and not as
    ``mean(x^2) - mean(x)^2``, which cancels, and may become negative, where the mean is large.

    References
    ----------
    .. [1] Lecture note 001, section 2, "Standard Normalization".
    .. [2] Lecture note 004, slide 7.
    """
    mean: Floats = np.mean(x, axis=0)
    std: Floats = np.std(x, axis=0)
    return mean, std


def standardize(x: Floats, mean: Floats, std: Floats) -> Floats:
    """Shift and scale every feature as the training set says.

    ``z = (x - mean) / std``, and 0 for a feature that is constant in the training set

    Parameters
    ----------
    x : (N, D) array of float32 or float64
        The training set itself, or any other.
    mean, std : (D,) array, dtype of `x`
        From `standardize_fit`, of the training set.

    Returns
    -------
    z : (N, D) array, dtype of `x`

    Notes
    -----
    Nothing is measured on `x`: a test set that is standardized by its own statistics is another problem than the one learned. A constant
    feature has ``x - mean = 0`` and ``std = 0``; any positive divisor makes the 0 that is due.

    References
    ----------
    .. [1] Lecture note 001, section 2, "Standard Normalization".
    .. [2] Y. LeCun, L. Bottou, G. Orr, K.-R. Mueller, "Efficient BackProp", 1998, section 4.3.
    """
    scale = np.where(std > 0, std, 1)
    z: Floats = (x - mean) / scale
    return z


def min_max_fit(x: Floats) -> tuple[Floats, Floats]:
    """Measure the smallest and the largest value of every feature of a training set.

    ``lo_j = min over i of x_ij``, ``hi_j = max over i of x_ij``

    Parameters
    ----------
    x : (N, D) array of float32 or float64
        Training set, one example per row.

    Returns
    -------
    lo, hi : (D,) array, dtype of `x`

    References
    ----------
    .. [1] Lecture note 001, section 2, "Min-Max Normalization".
    .. [2] Lecture note 004, slide 7.
    """
    lo: Floats = np.min(x, axis=0)
    hi: Floats = np.max(x, axis=0)
    return lo, hi


def min_max(x: Floats, lo: Floats, hi: Floats) -> Floats:
    """Map the range that every feature has in the training set to [0, 1].

    ``z = (x - lo) / (hi - lo)``, and 0 for a feature that is constant in the training set

    Parameters
    ----------
    x : (N, D) array of float32 or float64
        The training set itself, or any other.
    lo, hi : (D,) array, dtype of `x`
        From `min_max_fit`, of the training set.

    Returns
    -------
    z : (N, D) array, dtype of `x`
        Below 0 or above 1 where `x` leaves the range of the training set: nothing is clipped.

    References
    ----------
    .. [1] Lecture note 001, section 2, "Min-Max Normalization".
    .. [2] Lecture note 004, slide 7.
    """
    width = hi - lo
    scale = np.where(width > 0, width, 1)
    z: Floats = (x - lo) / scale
    return z


def subtract_mean_image(train: Floats, x: Floats) -> Floats:
    """Subtract the mean image of the training set (AlexNet).

    ``out = x - 1/N sum over i of train_i``

    Parameters
    ----------
    train : (N, H, W, C) array of float32 or float64
        Training images.
    x : (M, H, W, C) array, dtype of `train`
        The training images themselves, or any others.

    Returns
    -------
    out : (M, H, W, C) array, dtype of `x`

    Notes
    -----
    One mean for every pixel and channel, over the images alone.

    References
    ----------
    .. [1] Lecture note 002, slide 24.
    .. [2] A. Krizhevsky, I. Sutskever, G. Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012, section 2.
    """
    mean_image = np.mean(train, axis=0)
    out: Floats = x - mean_image
    return out


def subtract_channel_mean(train: Floats, x: Floats) -> Floats:
    """Subtract the mean of each channel over the training set (VGG).

    ``out_c = x_c - 1/(N H W) sum over i, h and w of train_ihwc``

    Parameters
    ----------
    train : (N, H, W, C) array of float32 or float64
        Training images.
    x : (M, H, W, C) array, dtype of `train`
        The training images themselves, or any others.

    Returns
    -------
    out : (M, H, W, C) array, dtype of `x`

    Notes
    -----
    C numbers in all; the channels are the last axis.

    References
    ----------
    .. [1] Lecture note 002, slide 24.
    .. [2] K. Simonyan, A. Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2015, section 2.1.
    """
    channel_mean = np.mean(train, axis=(0, 1, 2))
    out: Floats = x - channel_mean
    return out
