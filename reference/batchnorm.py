"""Normalization layers: batch, layer, spatial batch and spatial group normalization."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
NormParam: TypeAlias = dict[str, Any]
Cache: TypeAlias = Any


def batchnorm_forward(x: Floats, gamma: Floats, beta: Floats, bn_param: NormParam) -> tuple[Floats, Cache]:
    """Standardize every feature over the mini-batch, then scale and shift it.

    ``out = gamma * (x - mean) / sqrt(var + eps) + beta``

    Parameters
    ----------
    x : (N, D) array of float32 or float64
        One example per row.
    gamma, beta : (D,) array, dtype of `x`
        Learned scale and shift, one per feature.
    bn_param : dict
        ``mode`` is ``'train'`` or ``'test'``; ``eps`` (default 1e-5) is added to the variance, not to the standard deviation;
        ``momentum`` (default 0.9) is the share of the old running average that stays; ``running_mean`` and ``running_var``, both
        (D,), start at zeros and are updated in this dict in training. Other keys are left alone.

    Returns
    -------
    out : (N, D) array, dtype of `x`
    cache : object
        For `batchnorm_backward` and `batchnorm_backward_alt`; None in test mode.

    Raises
    ------
    ValueError
        If ``mode`` is neither ``'train'`` nor ``'test'``.

    Notes
    -----
    The variance is the biased one (it divides by N), for the running average too: the paper's algorithm 2 and PyTorch take the
    unbiased one there. ``momentum`` weighs the old value, where PyTorch's weighs the new one. Test mode uses the running
    statistics alone and changes none of them.

    References
    ----------
    .. [1] S. Ioffe, C. Szegedy, "Batch Normalization", arXiv:1502.03167, 2015, algorithms 1 and 2.
    .. [2] Lecture notes 000, slides 64-66; 002, slides 49-57; 004, slides 11-12.
    """
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    running_mean = bn_param.get("running_mean", np.zeros_like(x[0]))
    running_var = bn_param.get("running_var", np.zeros_like(x[0]))

    if mode == "train":
        mean = np.mean(x, axis=0)
        var = np.var(x, axis=0)
        std = np.sqrt(var + eps)
        x_hat = (x - mean) / std
        out = gamma * x_hat + beta
        bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
        bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
        return out, (x_hat, std, gamma)
    if mode == "test":
        running_std = np.sqrt(running_var + eps)
        x_hat = (x - running_mean) / running_std
        out = gamma * x_hat + beta
        return out, None
    raise ValueError(f"bn_param['mode'] is {mode!r}; expected 'train' or 'test'")


def batchnorm_backward(dout: Floats, cache: Cache) -> tuple[Floats, Floats, Floats]:
    """Send the gradient back through batch normalization, one node of the graph at a time.

    ``x`` reaches ``out`` by three paths: directly, through the variance and through the mean; their gradients add up.

    Parameters
    ----------
    dout : (N, D) array of float32 or float64
        Gradient with respect to ``out``.
    cache : object
        From `batchnorm_forward` in training mode.

    Returns
    -------
    dx : (N, D) array, dtype of `dout`
    dgamma, dbeta : (D,) array, dtype of `dout`

    Notes
    -----
    The mean and the variance depend on every example, so each row of `dx` depends on every row of `dout`. Columns of `dx` sum to 0:
    a shift of a whole feature changes nothing.

    References
    ----------
    .. [1] S. Ioffe, C. Szegedy, "Batch Normalization", arXiv:1502.03167, 2015, section 3.
    .. [2] Lecture notes 000, slide 65; 002, slides 53-54.
    """
    x_hat, std, gamma = cache
    N = dout.shape[0]

    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * x_hat, axis=0)

    centered = x_hat * std
    dx_hat = dout * gamma
    dstd = -np.sum(dx_hat * x_hat, axis=0) / std
    dvar = dstd / (2 * std)
    dcentered = dx_hat / std + dvar * 2 * centered / N
    dmean = -np.sum(dcentered, axis=0)
    dx = dcentered + dmean / N
    return dx, dgamma, dbeta


def batchnorm_backward_alt(dout: Floats, cache: Cache) -> tuple[Floats, Floats, Floats]:
    """Send the gradient back through batch normalization in one simplified expression.

    ``dx = gamma / (N * std) * (N * dout - sum(dout) - x_hat * sum(dout * x_hat))``, the sums over the batch

    Parameters
    ----------
    dout : (N, D) array of float32 or float64
        Gradient with respect to ``out``.
    cache : object
        From `batchnorm_forward` in training mode, the same as for `batchnorm_backward`.

    Returns
    -------
    dx : (N, D) array, dtype of `dout`
    dgamma, dbeta : (D,) array, dtype of `dout`

    Notes
    -----
    The expression is exact with ``eps`` too, as long as ``std`` is ``sqrt(var + eps)`` throughout.
    """
    x_hat, std, gamma = cache
    N = dout.shape[0]

    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * x_hat, axis=0)
    dx = gamma / (N * std) * (N * dout - dbeta - x_hat * dgamma)
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(x: Floats, gamma: Floats, beta: Floats, bn_param: NormParam) -> tuple[Floats, Cache]:
    """Standardize every channel over the mini-batch and all positions, then scale and shift it.

    ``out[:, c] = gamma[c] * (x[:, c] - mean[c]) / sqrt(var[c] + eps) + beta[c]``

    Parameters
    ----------
    x : (N, C, H, W) array of float32 or float64
        Feature maps.
    gamma, beta : (C,) array, dtype of `x`
        Learned scale and shift, one per channel.
    bn_param : dict
        As in `batchnorm_forward`; ``running_mean`` and ``running_var`` are (C,).

    Returns
    -------
    out : (N, C, H, W) array, dtype of `x`
    cache : object
        For `spatial_batchnorm_backward`; None in test mode.

    Raises
    ------
    ValueError
        If ``mode`` is neither ``'train'`` nor ``'test'``.

    Notes
    -----
    One mean and one variance per channel, over N * H * W values: neither per position nor per example. The channel axis has to be
    moved to the end before the reshape; a reshape alone mixes channels.

    References
    ----------
    .. [1] S. Ioffe, C. Szegedy, "Batch Normalization", arXiv:1502.03167, 2015, section 3.2.
    .. [2] Lecture note 003, section "Batch Normalisation" (one mean and one variance per activation map).
    """
    N, C, H, W = x.shape
    rows = x.transpose(0, 2, 3, 1).reshape(N * H * W, C)
    out_rows, cache = batchnorm_forward(rows, gamma, beta, bn_param)
    out = out_rows.reshape(N, H, W, C).transpose(0, 3, 1, 2)
    return out, cache


def spatial_batchnorm_backward(dout: Floats, cache: Cache) -> tuple[Floats, Floats, Floats]:
    """Send the gradient back through spatial batch normalization.

    Every position of every example counts as a row of `batchnorm_backward`.

    Parameters
    ----------
    dout : (N, C, H, W) array of float32 or float64
        Gradient with respect to ``out``.
    cache : object
        From `spatial_batchnorm_forward` in training mode.

    Returns
    -------
    dx : (N, C, H, W) array, dtype of `dout`
    dgamma, dbeta : (C,) array, dtype of `dout`
    """
    N, C, H, W = dout.shape
    dout_rows = dout.transpose(0, 2, 3, 1).reshape(N * H * W, C)
    dx_rows, dgamma, dbeta = batchnorm_backward(dout_rows, cache)
    dx = dx_rows.reshape(N, H, W, C).transpose(0, 3, 1, 2)
    return dx, dgamma, dbeta


def identity_parameters(x: Floats, eps: float) -> tuple[Floats, Floats]:
    """Give the scale and shift with which batch normalization returns its input.

    ``gamma = sqrt(var + eps)``, ``beta = mean``

    Parameters
    ----------
    x : (N, D) array of float32 or float64
        The mini-batch to be recovered.
    eps : float
        The ``eps`` of the normalization that is to be undone.

    Returns
    -------
    gamma, beta : (D,) array, dtype of `x`

    Notes
    -----
    The slides write ``gamma = sqrt(var)``, which undoes a normalization without `eps`. The root is part of the answer: `gamma`
    is a standard deviation.

    References
    ----------
    .. [1] Lecture notes 000, slide 66; 002, slide 54.
    """
    gamma = np.sqrt(np.var(x, axis=0) + eps)
    beta = np.mean(x, axis=0)
    return gamma, beta


def layernorm_forward(x: Floats, gamma: Floats, beta: Floats, ln_param: NormParam) -> tuple[Floats, Cache]:
    """Standardize every example over its own features, then scale and shift every feature.

    ``out[n] = gamma * (x[n] - mean(x[n])) / sqrt(var(x[n]) + eps) + beta``

    Parameters
    ----------
    x : (N, D) array of float32 or float64
        One example per row.
    gamma, beta : (D,) array, dtype of `x`
        Learned scale and shift, one per feature (not per example).
    ln_param : dict
        ``eps`` (default 1e-5) is added to the variance.

    Returns
    -------
    out : (N, D) array, dtype of `x`
    cache : object
        For `layernorm_backward`.

    Notes
    -----
    No example sees another, so training and test are the same and there are no running statistics. The variance is the biased one.

    References
    ----------
    .. [1] J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer Normalization", arXiv:1607.06450, 2016, section 3.
    .. [2] Lecture note 000, slide 69 (beyond batch normalization).
    """
    eps = ln_param.get("eps", 1e-5)

    mean = np.mean(x, axis=1, keepdims=True)
    var = np.var(x, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    out = gamma * x_hat + beta
    return out, (x_hat, std, gamma)


def layernorm_backward(dout: Floats, cache: Cache) -> tuple[Floats, Floats, Floats]:
    """Send the gradient back through layer normalization.

    ``dx = (dx_hat - mean(dx_hat) - x_hat * mean(dx_hat * x_hat)) / std`` with ``dx_hat = dout * gamma``, the means over features

    Parameters
    ----------
    dout : (N, D) array of float32 or float64
        Gradient with respect to ``out``.
    cache : object
        From `layernorm_forward`.

    Returns
    -------
    dx : (N, D) array, dtype of `dout`
    dgamma, dbeta : (D,) array, dtype of `dout`

    Notes
    -----
    Two axes are at work: the parameters are shared by the examples, so their gradients sum over the batch; the statistics belong to
    an example, so `dx` averages over features. `gamma` differs within that average and cannot be pulled out of it.

    References
    ----------
    .. [1] J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer Normalization", arXiv:1607.06450, 2016, section 3.
    """
    x_hat, std, gamma = cache

    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * x_hat, axis=0)

    dx_hat = dout * gamma
    mean_dx_hat = np.mean(dx_hat, axis=1, keepdims=True)
    mean_dx_hat_x_hat = np.mean(dx_hat * x_hat, axis=1, keepdims=True)
    dx = (dx_hat - mean_dx_hat - x_hat * mean_dx_hat_x_hat) / std
    return dx, dgamma, dbeta


def spatial_groupnorm_forward(x: Floats, gamma: Floats, beta: Floats, G: int, gn_param: NormParam) -> tuple[Floats, Cache]:
    """Standardize every example over each group of channels, then scale and shift every channel.

    ``x_hat = (x - mean) / sqrt(var + eps)`` per example and group, ``out = gamma * x_hat + beta``

    Parameters
    ----------
    x : (N, C, H, W) array of float32 or float64
        Feature maps.
    gamma, beta : (1, C, 1, 1) array, dtype of `x`
        Learned scale and shift, one per channel (not per group).
    G : int
        Number of groups; divides C.
    gn_param : dict
        ``eps`` (default 1e-5) is added to the variance.

    Returns
    -------
    out : (N, C, H, W) array, dtype of `x`
    cache : object
        For `spatial_groupnorm_backward`.

    Raises
    ------
    ValueError
        If `G` does not divide C.

    Notes
    -----
    A group is C / G *consecutive* channels. ``G = 1`` normalizes over all of an example, ``G = C`` over one channel at a time.

    References
    ----------
    .. [1] Y. Wu, K. He, "Group Normalization", arXiv:1803.08494, 2018, section 3.
    .. [2] Lecture note 000, slide 69 (beyond batch normalization).
    """
    eps = gn_param.get("eps", 1e-5)
    N, C, H, W = x.shape

    groups = x.reshape(N, G, C // G, H, W)
    mean = np.mean(groups, axis=(2, 3, 4), keepdims=True)
    var = np.var(groups, axis=(2, 3, 4), keepdims=True)
    std = np.sqrt(var + eps)
    x_hat = ((groups - mean) / std).reshape(N, C, H, W)
    out = gamma * x_hat + beta
    return out, (x_hat, std, gamma, G)


def spatial_groupnorm_backward(dout: Floats, cache: Cache) -> tuple[Floats, Floats, Floats]:
    """Send the gradient back through group normalization.

    As `layernorm_backward`, with the means over the channels and positions of a group.

    Parameters
    ----------
    dout : (N, C, H, W) array of float32 or float64
        Gradient with respect to ``out``.
    cache : object
        From `spatial_groupnorm_forward`.

    Returns
    -------
    dx : (N, C, H, W) array, dtype of `dout`
    dgamma, dbeta : (1, C, 1, 1) array, dtype of `dout`
    """
    x_hat, std, gamma, G = cache
    N, C, H, W = dout.shape

    dbeta = np.sum(dout, axis=(0, 2, 3), keepdims=True)
    dgamma = np.sum(dout * x_hat, axis=(0, 2, 3), keepdims=True)

    dx_hat = (dout * gamma).reshape(N, G, C // G, H, W)
    x_hat_groups = x_hat.reshape(N, G, C // G, H, W)
    mean_dx_hat = np.mean(dx_hat, axis=(2, 3, 4), keepdims=True)
    mean_dx_hat_x_hat = np.mean(dx_hat * x_hat_groups, axis=(2, 3, 4), keepdims=True)
    dx_groups = (dx_hat - mean_dx_hat - x_hat_groups * mean_dx_hat_x_hat) / std
    dx = dx_groups.reshape(N, C, H, W)
    return dx, dgamma, dbeta
