"""Backpropagation: the affine layer, numerical gradients to check against, and the chain rule through small networks."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Labels: TypeAlias = npt.NDArray[np.integer[Any]]
Cache: TypeAlias = Any


def affine_forward(x: Floats, w: Floats, b: Floats) -> tuple[Floats, Cache]:
    """Multiply every example by the weights and add the biases.

    ``out = rows @ w + b`` with ``rows`` the examples of `x`, each flattened to D = d1 * ... * dk numbers

    Parameters
    ----------
    x : (N, d1, ..., dk) array of float32 or float64
        One example per entry of the first axis, images included.
    w : (D, M) array, dtype of `x`
        Weights.
    b : (M,) array, dtype of `x`
        Biases.

    Returns
    -------
    out : (N, M) array, dtype of `x`
    cache : object
        For `affine_backward`.

    References
    ----------
    .. [1] Lecture note 000, module 9.1, slides 3-5.
    """
    rows = x.reshape(x.shape[0], -1)
    out: Floats = rows @ w + b
    return out, (x, w)


def affine_backward(dout: Floats, cache: Cache) -> tuple[Floats, Floats, Floats]:
    """Send the gradient back through an affine layer.

    ``dx = dout @ w.T``, ``dw = rows.T @ dout``, ``db = sum of dout over the examples``

    Parameters
    ----------
    dout : (N, M) array of float32 or float64
        Gradient with respect to ``out``.
    cache : object
        From `affine_forward`.

    Returns
    -------
    dx : array, shape and dtype of ``x``
    dw : (D, M) array
    db : (M,) array

    Notes
    -----
    ``dw`` and ``db`` are sums over the mini-batch. If the loss is a mean, its 1 / N is in `dout` already.

    References
    ----------
    .. [1] Lecture note 000, slides 4 and 6: the gradient of a weight is proportional to the input of the weight.
    """
    x, w = cache
    rows = x.reshape(x.shape[0], -1)

    drows = dout @ w.T
    dx: Floats = drows.reshape(x.shape)
    dw: Floats = rows.T @ dout
    db: Floats = np.sum(dout, axis=0)
    return dx, dw, db


def numerical_gradient(f: Callable[[Floats], float], x: Floats, h: float = 1e-5) -> Floats:
    """Differentiate a scalar function by central differences, one element of `x` at a time.

    ``gradient[i] = (f(x + h e_i) - f(x - h e_i)) / (2 h)``

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x` and returns a scalar; it has no side effects.
    x : array of float64, any shape
        Where to differentiate.
    h : float
        Half the distance between the two points.

    Returns
    -------
    gradient : array of float64, shape of `x`

    Notes
    -----
    The truncation error is ``h^2 f''' / 6``, that of a one-sided difference ``h f'' / 2``.

    References
    ----------
    .. [1] W. Press et al., "Numerical Recipes", 3rd edition, 2007, section 5.7.
    """
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = h
        rise = f(x + step) - f(x - step)
        gradient[index] = rise / (2 * h)
    return gradient


def numerical_gradient_array(f: Callable[[Floats], Floats], x: Floats, df: Floats, h: float = 1e-5) -> Floats:
    """Differentiate ``sum(f(x) * df)`` by central differences, one element of `x` at a time.

    ``gradient[i] = sum((f(x + h e_i) - f(x - h e_i)) * df) / (2 h)``

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x` and returns an array; it has no side effects.
    x : array of float64, any shape
        Where to differentiate.
    df : array of float64, shape of ``f(x)``
        Upstream gradient: that of the loss with respect to ``f(x)``.
    h : float
        Half the distance between the two points.

    Returns
    -------
    gradient : array of float64, shape of `x`

    References
    ----------
    .. [1] W. Press et al., "Numerical Recipes", 3rd edition, 2007, section 5.7.
    """
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = h
        rise = f(x + step) - f(x - step)
        gradient[index] = np.sum(rise * df) / (2 * h)
    return gradient


def relative_error(a: Floats, b: Floats) -> float:
    """Give the largest relative difference between two arrays.

    ``max of |a - b| / max(1e-8, |a| + |b|)`` over the elements

    Parameters
    ----------
    a, b : array of float32 or float64, of one shape
        For instance a gradient by backpropagation and the same one by differences.

    Returns
    -------
    float
        Between 0 and 1.

    Notes
    -----
    The floor of 1e-8 stands in each element's own denominator, so that two zeros agree instead of giving 0 / 0.
    """
    difference = np.abs(a - b)
    size = np.abs(a) + np.abs(b)
    error = difference / np.maximum(1e-8, size)
    return float(np.max(error))


def chain_gradients(w: Floats, x: float, y: float) -> list[float]:
    """Differentiate the loss of a thin chain of sigmoids by each of its weights.

    ``h_0 = x``, ``h_i = sigmoid(w_i h_(i-1))`` for i = 1 ... n, ``L = (h_n - y)^2 / 2``

    Parameters
    ----------
    w : (n,) array of float32 or float64
        One weight per layer, input side first.
    x, y : float
        Input and target.

    Returns
    -------
    list of n floats
        ``dL/dw_1, ..., dL/dw_n``: input side first, without the loss.

    Notes
    -----
    The last layer has its sigmoid too.

    References
    ----------
    .. [1] Lecture note 000, slides 3 and 4.
    """
    h = [x]
    for weight in w:
        h.append(_sigmoid(weight * h[-1]))

    gradients = []
    dh = h[-1] - y
    for i in reversed(range(len(w))):
        slope = h[i + 1] * (1 - h[i + 1])
        da = dh * slope
        gradients.append(float(da * h[i]))
        dh = da * w[i]
    return gradients[::-1]


def composed_gradients(w1: float, w2: float, x: float, y: float) -> tuple[float, float]:
    """Differentiate the squared error of two composed functions by their weights.

    ``L = (sigmoid(w2 tanh(w1 x)) - y)^2``

    Parameters
    ----------
    w1, w2 : float
        Weights of the inner and of the outer function.
    x, y : float
        Input and target.

    Returns
    -------
    dw1, dw2 : float

    Notes
    -----
    There is no 1/2 in this loss, so its gradient has the factor 2.

    References
    ----------
    .. [1] Lecture note 001, theorem 1 and "Back-Propagation".
    """
    hidden = math.tanh(w1 * x)
    out = _sigmoid(w2 * hidden)

    dout = 2 * (out - y)
    outer_slope = out * (1 - out)
    da2 = dout * outer_slope
    dw2 = da2 * hidden
    dhidden = da2 * w2
    inner_slope = 1 - hidden**2
    da1 = dhidden * inner_slope
    dw1 = da1 * x
    return dw1, dw2


def sigmoid_neuron(w: Floats, x: Floats) -> tuple[float, Floats, Floats]:
    """Evaluate a sigmoid neuron and differentiate its output by its weights and inputs.

    ``out = sigmoid(w_1 x_1 + ... + w_n x_n + w_(n+1))``

    Parameters
    ----------
    w : (n + 1,) array of float32 or float64
        One weight per input, and the bias last.
    x : (n,) array, dtype of `w`
        Inputs.

    Returns
    -------
    out : float
    dw : (n + 1,) array, dtype of `w`
        The gradient by the bias last.
    dx : (n,) array, dtype of `w`

    References
    ----------
    .. [1] Lecture note 002, slide 89.
    """
    weights, bias = w[:-1], w[-1]
    a = float(weights @ x + bias)
    out = _sigmoid(a)

    slope = out * (1 - out)
    inputs = np.append(x, x.dtype.type(1))
    dw: Floats = slope * inputs
    dx: Floats = slope * weights
    return out, dw, dx


def two_layer_net(x: Floats, y: Labels, params: dict[str, Floats], reg: float) -> tuple[float, dict[str, Floats]]:
    """Give the loss of a network with one hidden layer, and its gradients by all parameters.

    affine, ReLU, affine, softmax; ``loss = mean cross-entropy + reg / 2 * (sum of W1^2 + sum of W2^2)``

    Parameters
    ----------
    x : (N, D) array of float32 or float64
        One example per row.
    y : (N,) array of integers
        The right class of each example, from 0 to C - 1.
    params : dict
        ``W1`` (D, M), ``b1`` (M,), ``W2`` (M, C), ``b2`` (C,), dtype of `x`.
    reg : float
        Strength of the L2 penalty, which the biases do not pay.

    Returns
    -------
    loss : float
    grads : dict
        Under the same keys, each with the shape and dtype of its parameter.

    Notes
    -----
    The logarithm of the softmax is taken as ``shifted - log(sum(exp(shifted)))``, which never meets a logarithm of 0.

    References
    ----------
    .. [1] Lecture note 000, slides 5 and 6; 002, slides 88-91.
    """
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    n = x.shape[0]
    examples = np.arange(n)

    a = x @ W1 + b1
    hidden = np.maximum(a, 0)
    scores = hidden @ W2 + b2
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    data_loss = -np.sum(log_probs[examples, y]) / n
    penalty = 0.5 * reg * (np.sum(W1**2) + np.sum(W2**2))
    loss = float(data_loss + penalty)

    dscores = np.exp(log_probs)
    dscores[examples, y] -= 1
    dscores = dscores / n
    dhidden = dscores @ W2.T
    da = dhidden * (a > 0)

    grads = {}
    grads["W1"] = x.T @ da + reg * W1
    grads["b1"] = np.sum(da, axis=0)
    grads["W2"] = hidden.T @ dscores + reg * W2
    grads["b2"] = np.sum(dscores, axis=0)
    return loss, grads


def _sigmoid(a: float) -> float:
    """``1 / (1 + e^-a)`` by the exponential that cannot overflow."""
    small = math.exp(-abs(a))
    return 1 / (1 + small) if a >= 0 else small / (1 + small)
