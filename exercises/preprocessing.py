"""Preprocessing.

Inputs on different scales pull at the weights with different force. Before the first layer, features are brought to a common mean and
scale. You learn to measure on the training set and to apply what was measured to every other set, and what to do with a feature that
never changes.

Everywhere: statistics come from the training set alone. The dtype that comes in goes out (float32 stays float32); arguments are not
modified. A feature that is constant in the training set becomes 0 there, never NaN, and NumPy does not warn; where you see to that, in
the function that measures or in the one that applies, is up to you, for they are used one after the other.
"""

import numpy as np


def standardize_fit(x):
    """Measure the mean and the standard deviation of every feature.

    ``mean_j = 1/N sum over i of x_ij``, ``std_j = sqrt(1/N sum over i of (x_ij - mean_j)^2)``

    Parameters
    ----------
    x : (N, D) array
        Training set, one example per row.

    Returns
    -------
    mean, std : (D,) array, dtype of `x`

    Notes
    -----
    The sum of squares is divided by N, not by N - 1.

    Example: x = [[1, 10], [3, 30]] gives mean = [2, 20] and std = [1, 10].

    Source: lecture notes 001, section 2; 004, slide 7.
    """
    raise NotImplementedError


def standardize(x, mean, std):
    """Give every feature the mean 0 and the standard deviation 1, as measured on the training set.

    ``z = (x - mean) / std``

    Parameters
    ----------
    x : (N, D) array
        The training set, or any other, for instance one test example.
    mean, std : (D,) array
        What your `standardize_fit` has given for the training set.

    Returns
    -------
    z : (N, D) array, dtype of `x`
        0 for a feature that is constant in the training set.

    Notes
    -----
    Measure nothing on `x` itself: a test set need not have the mean 0 afterwards.

    Example: x = [[4, 10]], mean = [2, 20], std = [1, 10] gives [[2, -1]].

    Source: lecture notes 001, section 2; 004, slide 7; LeCun et al. 1998, "Efficient BackProp", section 4.3.
    """
    raise NotImplementedError


def min_max_fit(x):
    """Measure the smallest and the largest value of every feature.

    ``lo_j = min over i of x_ij``, ``hi_j = max over i of x_ij``

    Parameters
    ----------
    x : (N, D) array
        Training set, one example per row.

    Returns
    -------
    lo, hi : (D,) array, dtype of `x`

    Notes
    -----
    Example: x = [[1, 30], [3, 10], [2, 20]] gives lo = [1, 10] and hi = [3, 30].

    Source: lecture notes 001, section 2; 004, slide 7.
    """
    raise NotImplementedError


def min_max(x, lo, hi):
    """Map every feature to [0, 1], as measured on the training set.

    ``z = (x - lo) / (hi - lo)``

    Parameters
    ----------
    x : (N, D) array
        The training set, or any other.
    lo, hi : (D,) array
        What your `min_max_fit` has given for the training set.

    Returns
    -------
    z : (N, D) array, dtype of `x`
        0 for a feature that is constant in the training set.

    Notes
    -----
    Values outside of the range of the training set come out below 0 or above 1. Do not clip them.

    Example: x = [[1.5, 40]], lo = [1, 10], hi = [3, 30] gives [[0.25, 1.5]].

    Source: lecture notes 001, section 2; 004, slide 7.
    """
    raise NotImplementedError


def subtract_mean_image(train, x):
    """Subtract the mean image of the training set.

    ``out = x - 1/N sum over i of train_i``

    Parameters
    ----------
    train : (N, H, W, C) array
        Training images: number, height, width, channels.
    x : (M, H, W, C) array
        The training images, or any others.

    Returns
    -------
    out : (M, H, W, C) array, dtype of `x`

    Notes
    -----
    The mean image has one value for every pixel and channel. It is not divided by anything.

    Example: two training images of one pixel and one channel, 2 and 6, and an image 5 give 1.

    Source: lecture note 002, slide 24; Krizhevsky, Sutskever and Hinton 2012 (AlexNet), section 2.
    """
    raise NotImplementedError


def subtract_channel_mean(train, x):
    """Subtract from each channel its mean over the training set.

    ``out_c = x_c - 1/(N H W) sum over i, h and w of train_ihwc``

    Parameters
    ----------
    train : (N, H, W, C) array
        Training images: number, height, width, channels.
    x : (M, H, W, C) array
        The training images, or any others.

    Returns
    -------
    out : (M, H, W, C) array, dtype of `x`

    Notes
    -----
    There are C means in all, one for every channel; the channels are the last axis.

    Example: one training image of two pixels, [[[1, 10], [3, 30]]], has the means 2 and 20: with it as train and as x,
    the result is [[[-1, -10], [1, 10]]].

    Source: lecture note 002, slide 24; Simonyan and Zisserman 2015 (VGG), section 2.1.
    """
    raise NotImplementedError
