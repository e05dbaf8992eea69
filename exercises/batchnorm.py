"""Normalization layers.

Deep networks train badly when the distribution of a layer's inputs keeps changing. A normalization layer standardizes them and then
lets the network choose a new scale and shift. You learn which axis each kind of layer averages over, what changes between training
and test mode, and how a gradient flows through a mean and a variance.

Everywhere: the dtype that comes in goes out (float32 stays float32); arguments are not modified, except that training updates the
running statistics in `bn_param`; the variance is the biased one (divide by the number of values); `eps` is added to the variance,
inside the square root. What you put into `cache` is your own business: it only comes back to your backward function.
"""

import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    """Standardize every feature over the mini-batch, then scale and shift it.

    Training::

        x_hat = (x - mean) / sqrt(var + eps)         mean and variance of each column of x
        out = gamma * x_hat + beta
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var

    Test mode: the same `out`, with running_mean and running_var in place of mean and var. Nothing is updated.

    Parameters
    ----------
    x : (N, D) array
        One example per row.
    gamma, beta : (D,) array
        Scale and shift, one per feature.
    bn_param : dict
        - ``mode``: ``'train'`` or ``'test'``, always given; raise ValueError for anything else;
        - ``eps``: default 1e-5;
        - ``momentum``: default 0.9, the share of the OLD running average that stays;
        - ``running_mean``, ``running_var``: (D,), both start at zeros if missing. After a training call `bn_param` must hold the
          new values. Keep keys you do not know.

    Returns
    -------
    out : (N, D) array, dtype of `x`
    cache : anything
        What your backward functions need. `batchnorm_backward` and `batchnorm_backward_alt` get the same one.

    Notes
    -----
    The running variance averages the biased variance, the one you divide by.

    Example: the column x = [1, 3] with gamma = 2, beta = 10 and eps = 0.44 has mean 2, variance 1 and standard deviation
    sqrt(1.44) = 1.2, so x_hat = [-0.8333, 0.8333] and out = [8.3333, 11.6667]. With momentum 0.9 and no statistics so far,
    running_mean becomes 0.2 and running_var 0.1.

    Source: lecture notes 000, slides 64-66; 002, slides 49-57; 004, slides 11-12; Ioffe and Szegedy 2015, arXiv:1502.03167.
    """
    raise NotImplementedError


def batchnorm_backward(dout, cache):
    """Send the gradient back through batch normalization, step by step.

    Draw the graph of the forward pass (mean, centred x, variance, standard deviation, x_hat, out) and walk it backwards.
    `x` is used by three nodes (itself, the mean, the variance): its gradient is the sum of what comes back along all three.

    Parameters
    ----------
    dout : (N, D) array
        Gradient of the loss with respect to `out`.
    cache : anything
        Yours, from `batchnorm_forward` in training mode.

    Returns
    -------
    dx : (N, D) array, dtype of `dout`
    dgamma, dbeta : (D,) array, dtype of `dout`

    Notes
    -----
    A check you can do yourself: adding a constant to a whole column of `x` does not change `out`, so every column of `dx` sums to 0.

    Source: lecture notes 000, slide 65; 002, slides 53-54; Ioffe and Szegedy 2015, section 3.
    """
    raise NotImplementedError


def batchnorm_backward_alt(dout, cache):
    """Send the gradient back through batch normalization in one expression.

    Simplify the derivative on paper until `dx` is a single line of `dout`, x_hat, the standard deviation and gamma. The result is the
    same as that of `batchnorm_backward`, and so is the cache.

    Parameters
    ----------
    dout : (N, D) array
        Gradient of the loss with respect to `out`.
    cache : anything
        Yours, from `batchnorm_forward` in training mode.

    Returns
    -------
    dx : (N, D) array, dtype of `dout`
    dgamma, dbeta : (D,) array, dtype of `dout`

    Notes
    -----
    Start from d x_hat[i] / d x[j] = (1[i = j] - 1/N - x_hat[i] x_hat[j] / N) / std, with std = sqrt(var + eps).

    Source: Ioffe and Szegedy 2015, arXiv:1502.03167, section 3.
    """
    raise NotImplementedError


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Standardize every channel over the mini-batch and all positions, then scale and shift it.

    ``out[:, c] = gamma[c] * (x[:, c] - mean[c]) / sqrt(var[c] + eps) + beta[c]``, mean and variance over N, H and W

    Parameters
    ----------
    x : (N, C, H, W) array
        Feature maps.
    gamma, beta : (C,) array
        Scale and shift, one per channel.
    bn_param : dict
        As in `batchnorm_forward`; ``running_mean`` and ``running_var`` are (C,).

    Returns
    -------
    out : (N, C, H, W) array, dtype of `x`
    cache : anything

    Notes
    -----
    There is ONE mean and ONE variance per channel, so that a feature is treated alike wherever it appears in the image. You may call
    `batchnorm_forward`; mind the order of the axes when you reshape.

    Source: lecture note 003, "Batch Normalisation"; Ioffe and Szegedy 2015, section 3.2.
    """
    raise NotImplementedError


def spatial_batchnorm_backward(dout, cache):
    """Send the gradient back through spatial batch normalization.

    Parameters
    ----------
    dout : (N, C, H, W) array
        Gradient of the loss with respect to `out`.
    cache : anything
        Yours, from `spatial_batchnorm_forward` in training mode.

    Returns
    -------
    dx : (N, C, H, W) array, dtype of `dout`
    dgamma, dbeta : (C,) array, dtype of `dout`

    Notes
    -----
    The number of values behind each mean is N * H * W, not N.

    Source: Ioffe and Szegedy 2015, arXiv:1502.03167, section 3.2.
    """
    raise NotImplementedError


def identity_parameters(x, eps):
    """Give the gamma and beta with which batch normalization returns its input.

    ``gamma = sqrt(var + eps)``, ``beta = mean``

    Parameters
    ----------
    x : (N, D) array
        The mini-batch to be recovered.
    eps : float
        The ``eps`` of the normalization that is to be undone.

    Returns
    -------
    gamma, beta : (D,) array, dtype of `x`

    Notes
    -----
    The slides have no eps; with it inside the normalization, it has to be inside gamma too.

    Example: the column x = [1, 3] with eps = 0.44 gives gamma = 1.2 and beta = 2; 1.2 * [-0.8333, 0.8333] + 2 is [1, 3] again.

    Source: lecture notes 000, slide 66; 002, slide 54.
    """
    raise NotImplementedError


def layernorm_forward(x, gamma, beta, ln_param):
    """Standardize every example over its own features, then scale and shift every feature.

    ``out[n] = gamma * (x[n] - mean[n]) / sqrt(var[n] + eps) + beta``, mean and variance of row n

    Parameters
    ----------
    x : (N, D) array
        One example per row.
    gamma, beta : (D,) array
        Scale and shift, one per feature.
    ln_param : dict
        ``eps``, default 1e-5.

    Returns
    -------
    out : (N, D) array, dtype of `x`
    cache : anything

    Notes
    -----
    An example is normalized on its own: there is no mode, training and testing are the same, and there are no running statistics.

    Example: the row x = [1, 3] with gamma = [1, 2], beta = [0, 10] and eps = 0.44 gives out = [-0.8333, 11.6667].

    Source: lecture note 000, slide 69 (beyond batch normalization); Ba, Kiros and Hinton 2016, arXiv:1607.06450.
    """
    raise NotImplementedError


def layernorm_backward(dout, cache):
    """Send the gradient back through layer normalization.

    Parameters
    ----------
    dout : (N, D) array
        Gradient of the loss with respect to `out`.
    cache : anything
        Yours, from `layernorm_forward`.

    Returns
    -------
    dx : (N, D) array, dtype of `dout`
    dgamma, dbeta : (D,) array, dtype of `dout`

    Notes
    -----
    Two axes are at work: gamma and beta are shared by all examples, the mean and the variance by all features of one example.
    As gamma differs from feature to feature, it has to be applied before anything is averaged over features.

    Source: Ba, Kiros and Hinton 2016, arXiv:1607.06450, section 3.
    """
    raise NotImplementedError


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    """Standardize every example over each group of channels, then scale and shift every channel.

    ``out = gamma * (x - mean) / sqrt(var + eps) + beta``, one mean and variance for each example and each group

    Parameters
    ----------
    x : (N, C, H, W) array
        Feature maps.
    gamma, beta : (1, C, 1, 1) array
        Scale and shift, one per CHANNEL.
    G : int
        Number of groups. A group is C / G consecutive channels: for C = 6 and G = 2 channels 0, 1, 2 and channels 3, 4, 5.
    gn_param : dict
        ``eps``, default 1e-5.

    Returns
    -------
    out : (N, C, H, W) array, dtype of `x`
    cache : anything

    Notes
    -----
    The mean of a group is over its C / G channels and all H * W positions of one example.

    Source: lecture note 000, slide 69 (beyond batch normalization); Wu and He 2018, arXiv:1803.08494, section 3.
    """
    raise NotImplementedError


def spatial_groupnorm_backward(dout, cache):
    """Send the gradient back through group normalization.

    Parameters
    ----------
    dout : (N, C, H, W) array
        Gradient of the loss with respect to `out`.
    cache : anything
        Yours, from `spatial_groupnorm_forward`. You will want G in it.

    Returns
    -------
    dx : (N, C, H, W) array, dtype of `dout`
    dgamma, dbeta : (1, C, 1, 1) array, dtype of `dout`
        Shaped like `gamma` and `beta`.

    Source: Wu and He 2018, arXiv:1803.08494, section 3.
    """
    raise NotImplementedError
