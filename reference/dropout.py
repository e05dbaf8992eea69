"""Dropout: inverted, unscaled with weight scaling at inference, and the ensemble it stands for."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
DropoutParam: TypeAlias = dict[str, Any]
Cache: TypeAlias = Any


def dropout_forward(x: Floats, dropout_param: DropoutParam) -> tuple[Floats, Cache]:
    """Drop units at random in training and scale up the kept ones; pass everything through at inference.

    ``out = x * mask / p`` with ``mask`` 1 with probability ``p`` and else 0; ``out = x`` at inference

    Parameters
    ----------
    x : array of float32 or float64, any shape
        Activations.
    dropout_param : dict
        ``p`` in (0, 1] is the probability of **keeping** a unit; ``mode`` is ``'train'`` or ``'test'``; ``seed``, if there,
        seeds `numpy.random`, so that the same seed gives the same mask.

    Returns
    -------
    out : array, shape and dtype of `x`
    cache : object
        For `dropout_backward`.

    Raises
    ------
    ValueError
        If ``mode`` is neither ``'train'`` nor ``'test'``.

    Notes
    -----
    The paper's ``p`` keeps too; many libraries' ``p`` or ``rate`` drops. Every element has its own draw, so that the expected
    output is `x` and inference needs no scaling.

    References
    ----------
    .. [1] N. Srivastava et al., "Dropout", JMLR 15, 2014, sections 4 and 10.
    .. [2] Lecture note 003, section "Dropout"; 002, slides 77-84.
    """
    p, mode = dropout_param["p"], dropout_param["mode"]

    if mode == "train":
        if "seed" in dropout_param:
            np.random.seed(dropout_param["seed"])
        keep = np.random.rand(*x.shape) < p
        mask = keep.astype(x.dtype) / p
        out = x * mask
        return out, (mode, mask)
    if mode == "test":
        out = x.copy()
        return out, (mode, None)
    raise ValueError(f"dropout_param['mode'] is {mode!r}; expected 'train' or 'test'")


def dropout_backward(dout: Floats, cache: Cache) -> Floats:
    """Send the gradient back through the units that were kept, with their scale.

    ``dx = dout * mask / p`` with the mask of the forward pass; ``dx = dout`` at inference

    Parameters
    ----------
    dout : array of float32 or float64, any shape
        Gradient with respect to ``out``.
    cache : object
        From `dropout_forward`, either mode.

    Returns
    -------
    dx : array, shape and dtype of `dout`

    Notes
    -----
    The mask is the one of the forward pass, scale included; nothing is drawn here.

    References
    ----------
    .. [1] N. Srivastava et al., "Dropout", JMLR 15, 2014, section 5.1.
    """
    mode, mask = cache

    dx: Floats = dout * mask if mode == "train" else dout.copy()
    return dx


def dropout_forward_unscaled(x: Floats, dropout_param: DropoutParam) -> tuple[Floats, Cache]:
    """Drop units at random in training without scaling; scale all of them down at inference.

    ``out = x * mask`` in training, ``out = x * p`` at inference: the weight-scaling inference rule

    Parameters
    ----------
    x : array of float32 or float64, any shape
        Activations.
    dropout_param : dict
        ``p``, ``mode`` and ``seed`` as in `dropout_forward`.

    Returns
    -------
    out : array, shape and dtype of `x`
    cache : object
        The factor by which `x` was multiplied.

    Raises
    ------
    ValueError
        If ``mode`` is neither ``'train'`` nor ``'test'``.

    Notes
    -----
    Here the scale stands at inference alone; in `dropout_forward` it stands in training alone. Never in both, never in neither.

    References
    ----------
    .. [1] N. Srivastava et al., "Dropout", JMLR 15, 2014, section 4 and figure 2.
    .. [2] Lecture notes 002, slide 83; 003, section "Dropout" (``H = activation(...) * p``).
    """
    p, mode = dropout_param["p"], dropout_param["mode"]

    if mode == "train":
        if "seed" in dropout_param:
            np.random.seed(dropout_param["seed"])
        keep = np.random.rand(*x.shape) < p
        mask = keep.astype(x.dtype)
        out = x * mask
        return out, mask
    if mode == "test":
        out = x * p
        return out, p
    raise ValueError(f"dropout_param['mode'] is {mode!r}; expected 'train' or 'test'")


def ensemble_average(theta: Floats, x: Floats, p: float) -> float:
    """Average a linear unit over all 2^n dropout masks, each weighted by its probability.

    ``sum over masks of P(mask) * theta . (mask * x)`` with ``P(mask) = p^kept * (1 - p)^(n - kept)``

    Parameters
    ----------
    theta, x : (n,) array of float32 or float64
        Weights and inputs of the unit; n is at most 16.
    p : float
        Probability of keeping an input, in (0, 1].

    Returns
    -------
    float

    Notes
    -----
    No ``1 / p`` here: these are the members of the ensemble as they are in training. For a linear unit the average is ``p * theta . x``,
    which is why the weight-scaling rule is exact for it; with a non-linear unit it is an approximation.

    References
    ----------
    .. [1] Lecture note 002, slide 83 (the case n = 2, p = 1/2).
    .. [2] I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", 2016, section 7.12.
    """
    n = x.shape[0]
    masks = (np.arange(2**n)[:, np.newaxis] >> np.arange(n)) & 1
    kept = np.sum(masks, axis=1)
    probabilities = p**kept * (1 - p) ** (n - kept)
    outputs = (masks * x) @ theta
    return float(np.sum(probabilities * outputs))
