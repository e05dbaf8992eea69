"""Activation functions with their gradients, and two ways to see that units have stopped learning."""
# Longer than our modules otherwise are: a known mistake is an edit of one source, so an exercise has one reference file.

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Bools: TypeAlias = npt.NDArray[np.bool_]
Scalar: TypeAlias = float | np.floating[Any]
Cache: TypeAlias = Any


def sigmoid_forward(x: Floats) -> tuple[Floats, Cache]:
    """Squash every element into (0, 1).

    ``out = 1 / (1 + exp(-x))``

    Parameters
    ----------
    x : array of float32 or float64, any shape
        Sums that enter the units.

    Returns
    -------
    out : array, shape and dtype of `x`
    cache : object
        For `sigmoid_backward`.

    Notes
    -----
    For negative `x` the same fraction is written ``exp(x) / (1 + exp(x))``, so that no exponent is positive and nothing overflows.

    References
    ----------
    .. [1] Lecture notes 000, slides 31-36; 002, slide 18.
    """
    small = np.exp(-np.abs(x))
    out: Floats = np.where(x >= 0, 1 / (1 + small), small / (1 + small))
    cache = out
    return out, cache


def sigmoid_backward(dout: Floats, cache: Cache) -> Floats:
    """Send the gradient back through the sigmoid.

    ``dx = dout * out * (1 - out)``

    Parameters
    ----------
    dout : array of float32 or float64
        Gradient with respect to ``out``.
    cache : object
        From `sigmoid_forward`.

    Returns
    -------
    dx : array, shape and dtype of `dout`

    Notes
    -----
    The derivative is written in the output, not in the input. It is at most 1/4, and 0 where the unit is saturated.

    References
    ----------
    .. [1] Lecture note 000, slides 31-32.
    """
    out = cache
    dx: Floats = dout * out * (1 - out)
    return dx


def tanh_forward(x: Floats) -> tuple[Floats, Cache]:
    """Squash every element into (-1, 1), with 0 staying 0.

    ``out = tanh(x)``

    Parameters
    ----------
    x : array of float32 or float64, any shape
        Sums that enter the units.

    Returns
    -------
    out : array, shape and dtype of `x`
    cache : object
        For `tanh_backward`.

    Notes
    -----
    It is a sigmoid on another scale: ``tanh(x) = 2 * sigmoid(2x) - 1``. The quotient of exponentials overflows; ``np.tanh`` does not.

    References
    ----------
    .. [1] Lecture notes 000, slide 37; 002, slide 20.
    """
    out = np.tanh(x)
    cache = out
    return out, cache


def tanh_backward(dout: Floats, cache: Cache) -> Floats:
    """Send the gradient back through tanh.

    ``dx = dout * (1 - out^2)``

    Parameters
    ----------
    dout : array of float32 or float64
        Gradient with respect to ``out``.
    cache : object
        From `tanh_forward`.

    Returns
    -------
    dx : array, shape and dtype of `dout`

    References
    ----------
    .. [1] Lecture note 000, slide 37.
    """
    out = cache
    dx: Floats = dout * (1 - out**2)
    return dx


def relu_forward(x: Floats) -> tuple[Floats, Cache]:
    """Cut off what is below 0.

    ``out = max(0, x)``

    Parameters
    ----------
    x : array of float32 or float64, any shape
        Sums that enter the units.

    Returns
    -------
    out : array, shape and dtype of `x`
    cache : object
        For `relu_backward`.

    References
    ----------
    .. [1] V. Nair, G. Hinton, "Rectified Linear Units Improve Restricted Boltzmann Machines", 2010.
    .. [2] Lecture notes 000, slides 38-42; 002, slide 21.
    """
    out = np.maximum(0, x)
    cache = x
    return out, cache


def relu_backward(dout: Floats, cache: Cache) -> Floats:
    """Let the gradient pass where the input was positive, and only there.

    ``dx = dout if x > 0 else 0``

    Parameters
    ----------
    dout : array of float32 or float64
        Gradient with respect to ``out``.
    cache : object
        From `relu_forward`.

    Returns
    -------
    dx : array, shape and dtype of `dout`

    Notes
    -----
    The sign that counts is that of `x`, not that of `dout`. At 0 any number in [0, 1] is a subgradient; here it is 0.

    References
    ----------
    .. [1] Lecture note 000, slides 40-41.
    """
    x = cache
    dx: Floats = dout * (x > 0)
    return dx


def leaky_relu_forward(x: Floats, slope: float = 0.01) -> tuple[Floats, Cache]:
    """Scale what is below 0 by a small constant instead of cutting it off.

    ``out = x if x > 0 else slope * x``

    Parameters
    ----------
    x : array of float32 or float64, any shape
        Sums that enter the units.
    slope : float
        Slope below 0.

    Returns
    -------
    out : array, shape and dtype of `x`
    cache : object
        For `leaky_relu_backward`.

    Notes
    -----
    ``max(slope * x, x)``, as in the notes, is the same for slopes up to 1 only. The sign of `x` decides, whatever the slope.

    References
    ----------
    .. [1] A. Maas, A. Hannun, A. Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013.
    .. [2] Lecture notes 000, slide 43; 002, slide 22.
    """
    out = np.where(x > 0, x, slope * x)
    cache = (x, slope)
    return out, cache


def leaky_relu_backward(dout: Floats, cache: Cache) -> Floats:
    """Let the gradient pass where the input was positive, and scale it by the slope elsewhere.

    ``dx = dout if x > 0 else slope * dout``

    Parameters
    ----------
    dout : array of float32 or float64
        Gradient with respect to ``out``.
    cache : object
        From `leaky_relu_forward`.

    Returns
    -------
    dx : array, shape and dtype of `dout`

    References
    ----------
    .. [1] Lecture note 000, slide 43.
    """
    x, slope = cache
    dx: Floats = np.where(x > 0, dout, slope * dout)
    return dx


def prelu_forward(x: Floats, alpha: Floats | float) -> tuple[Floats, Cache]:
    """Scale what is below 0 by a learned slope.

    ``out = x if x > 0 else alpha * x``

    Parameters
    ----------
    x : (N, C) or (N, C, H, W) array of float32 or float64
        Sums that enter the units. With a scalar `alpha`, any shape.
    alpha : float, or (C,) array of the dtype of `x`
        Slope below 0: one for all units, or one per channel (axis 1).

    Returns
    -------
    out : array, shape and dtype of `x`
    cache : object
        For `prelu_backward`.

    Notes
    -----
    Channels are axis 1, also of an image batch, where plain broadcasting would take the last axis. The slope may be negative or above 1.

    References
    ----------
    .. [1] K. He et al., "Delving Deep into Rectifiers", arXiv:1502.01852, 2015, section 2.1.
    .. [2] Lecture note 000, slide 43.
    """
    slope = _along_channels(alpha, x.ndim)
    out = np.where(x > 0, x, slope * x)
    cache = (x, alpha)
    return out, cache


def prelu_backward(dout: Floats, cache: Cache) -> tuple[Floats, Floats | Scalar]:
    """Send the gradient back to the input and to the learned slope.

    ``dx = dout if x > 0 else alpha * dout``; ``dalpha = sum(0 if x > 0 else x * dout)``

    Parameters
    ----------
    dout : array of float32 or float64
        Gradient with respect to ``out``.
    cache : object
        From `prelu_forward`.

    Returns
    -------
    dx : array, shape and dtype of `dout`
    dalpha : scalar or (C,) array, dtype of `dout`
        Summed over everything that shares a slope: all elements, or all but the channel axis.

    Notes
    -----
    The slope's gradient is a sum over the examples, not a mean.

    References
    ----------
    .. [1] K. He et al., "Delving Deep into Rectifiers", arXiv:1502.01852, 2015, equations 2-4.
    """
    x, alpha = cache
    slope = _along_channels(alpha, x.ndim)
    dx: Floats = np.where(x > 0, dout, slope * dout)
    dslope: Floats = np.where(x > 0, 0, x * dout)
    if np.ndim(alpha) == 0:
        dalpha: Floats | Scalar = np.sum(dslope)
    else:
        all_but_channels = (0, *range(2, x.ndim))
        dalpha = np.sum(dslope, axis=all_but_channels)
    return dx, dalpha


def elu_forward(x: Floats, alpha: float = 1.0) -> tuple[Floats, Cache]:
    """Let what is below 0 level off at ``-alpha``.

    ``out = x if x > 0 else alpha * (exp(x) - 1)``

    Parameters
    ----------
    x : array of float32 or float64, any shape
        Sums that enter the units.
    alpha : float
        Height of the level below 0.

    Returns
    -------
    out : array, shape and dtype of `x`
    cache : object
        For `elu_backward`.

    Notes
    -----
    Note 000 has ``alpha * exp(x) - 1``, which jumps at 0 unless alpha is 1. Both branches of ``np.where`` are evaluated, so the exponent
    is capped at 0, or a large `x` would overflow in the branch that nobody wants.

    References
    ----------
    .. [1] D.-A. Clevert, T. Unterthiner, S. Hochreiter, "Fast and Accurate Deep Network Learning by Exponential Linear Units",
       arXiv:1511.07289, 2015, equation 15.
    .. [2] Lecture note 000, slide 44.
    """
    negative = np.minimum(x, 0)
    below = alpha * np.expm1(negative)
    out = np.where(x > 0, x, below)
    cache = (x, alpha)
    return out, cache


def elu_backward(dout: Floats, cache: Cache) -> Floats:
    """Send the gradient back through the exponential linear unit.

    ``dx = dout if x > 0 else dout * alpha * exp(x)``

    Parameters
    ----------
    dout : array of float32 or float64
        Gradient with respect to ``out``.
    cache : object
        From `elu_forward`.

    Returns
    -------
    dx : array, shape and dtype of `dout`

    Notes
    -----
    The slope below 0 is ``out + alpha``, not ``out``.

    References
    ----------
    .. [1] D.-A. Clevert, T. Unterthiner, S. Hochreiter, arXiv:1511.07289, 2015, equation 15.
    """
    x, alpha = cache
    negative = np.minimum(x, 0)
    slope = alpha * np.exp(negative)
    dx: Floats = np.where(x > 0, dout, slope * dout)
    return dx


def maxout_forward(x: Floats, W1: Floats, b1: Floats, W2: Floats, b2: Floats) -> tuple[Floats, Cache]:
    """Take, for every unit, the larger of two affine functions of the input.

    ``out = max(x W1 + b1, x W2 + b2)``

    Parameters
    ----------
    x : (N, D) array of float32 or float64
        One example per row.
    W1, W2 : (D, M) array, dtype of `x`
        Weights of the two pieces of M units.
    b1, b2 : (M,) array, dtype of `x`
        Their biases.

    Returns
    -------
    out : (N, M) array, dtype of `x`
    cache : object
        For `maxout_backward`.

    Notes
    -----
    Every unit of every example chooses for itself. ReLU is the case ``W1 = 0, b1 = 0``.

    References
    ----------
    .. [1] I. Goodfellow et al., "Maxout Networks", arXiv:1302.4389, 2013, section 3.
    .. [2] Lecture notes 000, slide 45; 002, slide 22.
    """
    s1 = x @ W1 + b1
    s2 = x @ W2 + b2
    out = np.maximum(s1, s2)
    cache = (x, W1, W2, s1, s2)
    return out, cache


def maxout_backward(dout: Floats, cache: Cache) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Send the gradient back through the piece that was the larger one.

    ``ds1 = dout if s1 >= s2 else 0``, ``ds2 = dout - ds1``; then as in an affine layer, ``dx`` the sum of both pieces

    Parameters
    ----------
    dout : (N, M) array of float32 or float64
        Gradient with respect to ``out``.
    cache : object
        From `maxout_forward`.

    Returns
    -------
    dx : (N, D) array, dtype of `dout`
    dW1 : (D, M) array, dtype of `dout`
    db1 : (M,) array, dtype of `dout`
    dW2 : (D, M) array, dtype of `dout`
    db2 : (M,) array, dtype of `dout`

    Notes
    -----
    Weight and bias gradients are sums over the examples. In a tie the first piece gets all of the gradient.

    References
    ----------
    .. [1] I. Goodfellow et al., "Maxout Networks", arXiv:1302.4389, 2013, section 3.
    """
    x, W1, W2, s1, s2 = cache
    first = s1 >= s2
    ds1 = dout * first
    ds2 = dout * ~first

    dx = ds1 @ W1.T + ds2 @ W2.T
    dW1 = x.T @ ds1
    db1 = np.sum(ds1, axis=0)
    dW2 = x.T @ ds2
    db2 = np.sum(ds2, axis=0)
    return dx, dW1, db1, dW2, db2


def two_relu_sigmoid(x: Floats) -> Floats:
    """Combine two ReLU units into a piecewise linear function of the shape of a sigmoid.

    ``out = max(0, x + 1) - max(0, x - 1)``

    Parameters
    ----------
    x : array of float32 or float64, any shape
        Inputs.

    Returns
    -------
    out : array, shape and dtype of `x`
        0 up to -1, then rising with slope 1, and 2 from 1 on.

    Notes
    -----
    The range is [0, 2], as in the notes, not [0, 1].

    References
    ----------
    .. [1] Lecture note 000, slide 38.
    """
    out: Floats = np.maximum(0, x + 1) - np.maximum(0, x - 1)
    return out


def saturated_fraction(h: Floats, kind: str, tol: float = 1e-2) -> float:
    """Measure which share of the activations is near an asymptote, where hardly any gradient passes.

    ``share of h with h - low <= tol or high - h <= tol``

    Parameters
    ----------
    h : array of float32 or float64, any shape
        Activations, after the activation function.
    kind : str
        ``'sigmoid'`` (asymptotes 0 and 1) or ``'tanh'`` (-1 and 1).
    tol : float
        Distance to an asymptote that counts as saturated.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If `kind` is neither.

    Notes
    -----
    Both asymptotes count.

    References
    ----------
    .. [1] Lecture notes 000, slides 32-33 and 53; 002, slide 35.
    """
    if kind == "sigmoid":
        low, high = 0.0, 1.0
    elif kind == "tanh":
        low, high = -1.0, 1.0
    else:
        raise ValueError(f"kind is {kind!r}; expected 'sigmoid' or 'tanh'")
    near_low = h - low <= tol
    near_high = high - h <= tol
    return float(np.mean(near_low | near_high))


def dead_units(h: Floats) -> Bools:
    """Find the units that are 0 for every example, and so get no gradient through a ReLU.

    ``dead_j = all over i of (h_ij == 0)``

    Parameters
    ----------
    h : (N, M) array of float32 or float64
        Activations of M units for N examples.

    Returns
    -------
    dead : (M,) array of bool

    Notes
    -----
    A unit whose activations sum to 0 is not dead, nor is one that is 0 for some examples.

    References
    ----------
    .. [1] Lecture notes 000, slides 40-42; 002, slide 21.
    """
    dead: Bools = np.all(h == 0, axis=0)
    return dead


def _along_channels(alpha: Floats | float, ndim: int) -> Floats | float:
    """Give a slope per channel the shape (1, C, 1, ...) that broadcasts along axis 1; a scalar stays as it is."""
    if np.ndim(alpha) == 0:
        return alpha
    return np.reshape(alpha, (1, -1) + (1,) * (ndim - 2))
