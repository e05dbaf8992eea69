"""Weight initialization: what a layer starts from, what its activations look like then, and why units must not start equal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Layer: TypeAlias = tuple[Floats, Floats]


def zeros_init(n_in: int, n_out: int) -> Floats:
    """Start every weight at 0.

    ``W = 0``

    Parameters
    ----------
    n_in, n_out : int
        Units before and after the weights.

    Returns
    -------
    W : (n_in, n_out) array of float64

    Notes
    -----
    Right for linear and logistic regression, wrong for a hidden layer: its units then compute the same function for ever.

    References
    ----------
    .. [1] Lecture notes 000, slide 49; 001, section 3; 003, section "Weight Initialisation".
    """
    return np.zeros((n_in, n_out))


def scaled_normal_init(n_in: int, n_out: int, std: float, rng: np.random.Generator) -> Floats:
    """Draw normal weights of a given standard deviation.

    ``W ~ N(0, std^2)``

    Parameters
    ----------
    n_in, n_out : int
        Units before and after the weights.
    std : float
        Standard deviation, not variance: 0.01 for the notes' small random numbers, 1.0 for the large ones.
    rng : numpy.random.Generator
        Source of all draws.

    Returns
    -------
    W : (n_in, n_out) array of float64

    References
    ----------
    .. [1] Lecture notes 000, slides 51-53; 002, slides 29-35; 003, section "Weight Initialisation".
    """
    return std * rng.standard_normal((n_in, n_out))


def lecun_normal(n_in: int, n_out: int, rng: np.random.Generator) -> Floats:
    """Draw normal weights that keep the variance of a linear layer's output at that of its input.

    ``W ~ N(0, 1 / n_in)``

    Parameters
    ----------
    n_in, n_out : int
        Units before and after the weights.
    rng : numpy.random.Generator
        Source of all draws.

    Returns
    -------
    W : (n_in, n_out) array of float64

    Notes
    -----
    Notes 001 and 002 call this variance Xavier's; Glorot and Bengio's own is that of `xavier_normal`.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, "Efficient BackProp", 1998, section 4.6.
    .. [2] Lecture notes 000, slides 54-58; 001, section 3.
    """
    variance = 1 / n_in
    std = np.sqrt(variance)
    W: Floats = std * rng.standard_normal((n_in, n_out))
    return W


def xavier_normal(n_in: int, n_out: int, rng: np.random.Generator) -> Floats:
    """Draw normal weights halfway between what the forward and what the backward pass ask for.

    ``W ~ N(0, 2 / (n_in + n_out))``

    Parameters
    ----------
    n_in, n_out : int
        Units before and after the weights.
    rng : numpy.random.Generator
        Source of all draws.

    Returns
    -------
    W : (n_in, n_out) array of float64

    References
    ----------
    .. [1] X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010, equation 12.
    .. [2] Lecture note 001, section 3.
    """
    variance = 2 / (n_in + n_out)
    std = np.sqrt(variance)
    W: Floats = std * rng.standard_normal((n_in, n_out))
    return W


def xavier_uniform(n_in: int, n_out: int, rng: np.random.Generator) -> Floats:
    """Draw uniform weights of the variance of `xavier_normal`.

    ``W ~ U(-a, a)`` with ``a = sqrt(6 / (n_in + n_out))``

    Parameters
    ----------
    n_in, n_out : int
        Units before and after the weights.
    rng : numpy.random.Generator
        Source of all draws.

    Returns
    -------
    W : (n_in, n_out) array of float64

    Notes
    -----
    ``U(-a, a)`` has variance ``a^2 / 3``, hence the 6.

    References
    ----------
    .. [1] X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010, equation 16.
    .. [2] Lecture note 004, slide 20.
    """
    half_width = np.sqrt(6 / (n_in + n_out))
    W: Floats = rng.uniform(-half_width, half_width, (n_in, n_out))
    return W


def he_normal(n_in: int, n_out: int, rng: np.random.Generator) -> Floats:
    """Draw normal weights that make up for the half of the signal that a ReLU takes away.

    ``W ~ N(0, 2 / n_in)``

    Parameters
    ----------
    n_in, n_out : int
        Units before and after the weights.
    rng : numpy.random.Generator
        Source of all draws.

    Returns
    -------
    W : (n_in, n_out) array of float64

    References
    ----------
    .. [1] K. He et al., "Delving Deep into Rectifiers", arXiv:1502.01852, 2015, equation 10.
    .. [2] Lecture notes 001, section 3; 002, slides 29-46 ("Xavier/2").
    """
    variance = 2 / n_in
    std = np.sqrt(variance)
    W: Floats = std * rng.standard_normal((n_in, n_out))
    return W


def he_uniform(n_in: int, n_out: int, rng: np.random.Generator) -> Floats:
    """Draw uniform weights of the variance of `he_normal`.

    ``W ~ U(-a, a)`` with ``a = sqrt(6 / n_in)``

    Parameters
    ----------
    n_in, n_out : int
        Units before and after the weights.
    rng : numpy.random.Generator
        Source of all draws.

    Returns
    -------
    W : (n_in, n_out) array of float64

    References
    ----------
    .. [1] K. He et al., "Delving Deep into Rectifiers", arXiv:1502.01852, 2015, equation 10.
    """
    half_width = np.sqrt(6 / n_in)
    W: Floats = rng.uniform(-half_width, half_width, (n_in, n_out))
    return W


def relu_bias(n_out: int, value: float = 0.01) -> Floats:
    """Start the biases of ReLU units slightly above 0, so that the units are alive at first.

    ``b = value``

    Parameters
    ----------
    n_out : int
        Units.
    value : float
        What every bias starts at.

    Returns
    -------
    b : (n_out,) array of float64

    References
    ----------
    .. [1] Lecture note 000, slide 42.
    """
    return np.full(n_out, value)


def initialize_network(layer_sizes: Sequence[int], scheme: str, rng: np.random.Generator) -> list[Layer]:
    """Draw the weights of every layer by one scheme; biases start at 0.

    Parameters
    ----------
    layer_sizes : sequence of L + 1 int
        Units of each layer, the input among them: ``[500, 300, 10]`` has two weight layers.
    scheme : str
        Name of one of the functions above that give weights: ``'zeros_init'``, ``'scaled_normal_init'`` (std 0.01),
        ``'lecun_normal'``, ``'xavier_normal'``, ``'xavier_uniform'``, ``'he_normal'`` or ``'he_uniform'``.
    rng : numpy.random.Generator
        Source of all draws.

    Returns
    -------
    layers : list of L pairs (W, b)
        ``W (n_in, n_out)`` and ``b (n_out,)``, both float64, from the input on.

    Raises
    ------
    ValueError
        If `scheme` is none of these.

    References
    ----------
    .. [1] Lecture note 000, slides 50-60.
    """
    draw = _weight_drawers(rng).get(scheme)
    if draw is None:
        raise ValueError(f"scheme is {scheme!r}; expected one of {', '.join(_weight_drawers(rng))}")
    layers: list[Layer] = []
    for n_in, n_out in pairwise(layer_sizes):
        W = draw(n_in, n_out)
        b = np.zeros(n_out)
        layers.append((W, b))
    return layers


def activation_statistics(x: Floats, weights: Sequence[Layer], activation: str) -> list[dict[str, float]]:
    """Send a batch forward and describe the activations of every layer.

    ``h_k = activation(h_{k-1} W_k + b_k)`` with ``h_0 = x``

    Parameters
    ----------
    x : (N, D) array of float32 or float64
        One example per row.
    weights : sequence of pairs (W, b)
        ``W (n_in, n_out)`` and ``b (n_out,)``, dtype of `x`, from the input on.
    activation : str
        ``'sigmoid'``, ``'tanh'`` or ``'relu'``, the same for every layer.

    Returns
    -------
    statistics : list of dict
        Per weight layer four floats about its activations ``h`` (N, n_out): ``mean`` and ``std`` over all values; ``saturated``,
        the share of values within 1e-2 of an asymptote (0 and 1, or -1 and 1; 0.0 for ReLU, which has none above); ``dead``, the
        share of units that are exactly 0 for every example.

    Raises
    ------
    ValueError
        If `activation` is none of the three.

    Notes
    -----
    The statistics are those of the activations, not of the sums that enter them. ``std`` divides by the number of values.

    References
    ----------
    .. [1] Lecture notes 000, slides 50-60; 002, slides 29-46.
    """
    statistics = []
    h = x
    for W, b in weights:
        s = h @ W + b
        if activation == "sigmoid":
            h = _sigmoid(s)
            saturated = (h <= 0.01) | (h >= 0.99)
        elif activation == "tanh":
            h = np.tanh(s)
            saturated = (h <= -0.99) | (h >= 0.99)
        elif activation == "relu":
            h = np.maximum(s, 0)
            saturated = np.zeros_like(h, dtype=bool)
        else:
            raise ValueError(f"activation is {activation!r}; expected 'sigmoid', 'tanh' or 'relu'")
        dead = np.all(h == 0, axis=0)
        mean, std = np.mean(h), np.std(h)
        statistics.append({"mean": float(mean), "std": float(std), "saturated": float(np.mean(saturated)), "dead": float(np.mean(dead))})
    return statistics


def symmetric_step(params: dict[str, Floats], x: Floats, y: float, lr: float) -> dict[str, Floats]:
    """Take one step of gradient descent on a 2-2-1 network.

    ``h = sigmoid(x W1 + b1)``, ``o = sigmoid(h W2 + b2)``, ``L = (o - y)^2``; every parameter moves by ``-lr * dL/dparameter``

    Parameters
    ----------
    params : dict
        ``W1`` (2, 2), whose column j holds the weights into hidden unit j; ``b1`` (2,); ``W2`` (2, 1); ``b2`` (1,).
    x : (2,) array, dtype of the parameters
        One example.
    y : float
        Its target.
    lr : float
        Step size.

    Returns
    -------
    next_params : dict
        The same keys, shapes and dtypes, in new arrays.

    Notes
    -----
    The loss has no factor one half. All gradients are taken at the old parameters. Hidden units that start equal get equal gradients
    and so stay equal: the network never learns more than one of them could.

    References
    ----------
    .. [1] Lecture note 001, section 3; 000, slide 49.
    """
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]

    h = _sigmoid(x @ W1 + b1)
    o = _sigmoid(h @ W2 + b2)

    do = 2 * (o - y)
    da2 = do * o * (1 - o)
    dW2 = np.outer(h, da2)
    db2 = da2
    dh = W2 @ da2
    da1 = dh * h * (1 - h)
    dW1 = np.outer(x, da1)
    db1 = da1

    return {
        "W1": W1 - lr * dW1,
        "b1": b1 - lr * db1,
        "W2": W2 - lr * dW2,
        "b2": b2 - lr * db2,
    }


def _weight_drawers(rng: np.random.Generator) -> dict[str, Callable[[int, int], Floats]]:
    """Give the schemes as functions of the two sizes alone."""
    return {
        "zeros_init": zeros_init,
        "scaled_normal_init": lambda n_in, n_out: scaled_normal_init(n_in, n_out, 0.01, rng),
        "lecun_normal": lambda n_in, n_out: lecun_normal(n_in, n_out, rng),
        "xavier_normal": lambda n_in, n_out: xavier_normal(n_in, n_out, rng),
        "xavier_uniform": lambda n_in, n_out: xavier_uniform(n_in, n_out, rng),
        "he_normal": lambda n_in, n_out: he_normal(n_in, n_out, rng),
        "he_uniform": lambda n_in, n_out: he_uniform(n_in, n_out, rng),
    }


def _sigmoid(s: Floats) -> Floats:
    """``1 / (1 + exp(-s))`` without overflow: the exponent is never positive."""
    small = np.exp(-np.abs(s))
    out: Floats = np.where(s >= 0, 1 / (1 + small), small / (1 + small))
    return out
