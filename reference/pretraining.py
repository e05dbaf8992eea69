"""Greedy layer-wise pre-training: an autoencoder, a stack of them trained one by one, and the fine-tuning of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Layer: TypeAlias = tuple[Floats, Floats]


def autoencoder_loss(x: Floats, W: Floats, b: Floats, W_dec: Floats, b_dec: Floats) -> tuple[float, dict[str, Floats]]:
    """Encode a batch, decode it again, and differentiate the error of the reconstruction.

    ``h = sigmoid(x W + b)``, ``x_hat = h W_dec + b_dec``, ``loss = 1/m sum_i sum_j (x_hat_ij - x_ij)^2``

    Parameters
    ----------
    x : (m, D) array of float32 or float64
        One example per row; it is input and target.
    W, b : (D, M) and (M,) array, dtype of `x`
        The encoder.
    W_dec, b_dec : (M, D) and (D,) array, dtype of `x`
        The decoder, with weights of its own (untied).

    Returns
    -------
    loss : float
    grads : dict
        ``W``, ``b``, ``W_dec``, ``b_dec``: the gradients, shaped like the parameters, dtype of `x`.

    Notes
    -----
    The squares are summed over the features and averaged over the examples, without a factor 1/2. The output is linear: only the codes
    pass through a sigmoid.

    References
    ----------
    .. [1] Lecture note 000, slides 11 and 20.
    .. [2] G. E. Hinton, R. R. Salakhutdinov, "Reducing the dimensionality of data with neural networks", Science 313, 2006.
    """
    m = x.shape[0]

    h = _sigmoid(x @ W + b)
    x_hat = h @ W_dec + b_dec
    error = x_hat - x
    loss = np.sum(error**2) / m

    dx_hat = 2 * error / m
    dW_dec = h.T @ dx_hat
    db_dec = np.sum(dx_hat, axis=0)
    dh = dx_hat @ W_dec.T
    ds = dh * h * (1 - h)
    dW = x.T @ ds
    db = np.sum(ds, axis=0)
    return float(loss), {"W": dW, "b": db, "W_dec": dW_dec, "b_dec": db_dec}


def train_autoencoder(x: Floats, n_hidden: int, lr: float, steps: int, rng: np.random.Generator) -> tuple[Floats, Floats, list[float]]:
    """Train an autoencoder from a random start by gradient descent on the full batch; keep its encoder.

    ``parameter <- parameter - lr * dloss/dparameter``, for all four at once, `steps` times

    Parameters
    ----------
    x : (m, D) array of float32 or float64
        One example per row.
    n_hidden : int
        M, the number of hidden units.
    lr : float
        Step size.
    steps : int
        Updates, each from all examples.
    rng : numpy.random.Generator
        Source of the start.

    Returns
    -------
    W, b : (D, M) and (M,) array, dtype of `x`
        The encoder after the last update.
    losses : list of float
        One loss per step, each taken before its update.

    Notes
    -----
    The start is Xavier's, with biases of 0; units must not start equal, or they stay equal. The decoder is thrown away.

    References
    ----------
    .. [1] Lecture note 000, slide 11.
    .. [2] Y. Bengio, P. Lamblin, D. Popovici, H. Larochelle, "Greedy layer-wise training of deep networks", NIPS 2006.
    """
    D = x.shape[1]
    std = np.sqrt(2 / (D + n_hidden))
    W = (std * rng.standard_normal((D, n_hidden))).astype(x.dtype)
    W_dec = (std * rng.standard_normal((n_hidden, D))).astype(x.dtype)
    b = np.zeros(n_hidden, dtype=x.dtype)
    b_dec = np.zeros(D, dtype=x.dtype)

    losses = []
    for _ in range(steps):
        loss, grads = autoencoder_loss(x, W, b, W_dec, b_dec)
        losses.append(loss)
        W = W - lr * grads["W"]
        b = b - lr * grads["b"]
        W_dec = W_dec - lr * grads["W_dec"]
        b_dec = b_dec - lr * grads["b_dec"]
    return W, b, losses


def greedy_pretrain(x: Floats, hidden_sizes: Sequence[int], lr: float, steps: int, rng: np.random.Generator) -> list[Layer]:
    """Train the layers of a network one after the other, each to reconstruct what the layers below make of the data.

    ``h_0 = x``; for k = 1, 2, ...: an autoencoder of ``h_(k-1)`` gives W_k and b_k; ``h_k = sigmoid(h_(k-1) W_k + b_k)``

    Parameters
    ----------
    x : (m, D) array of float32 or float64
        One example per row.
    hidden_sizes : sequence of int
        Units of each hidden layer; the input is not among them.
    lr, steps
        As in `train_autoencoder`, the same for every layer.
    rng : numpy.random.Generator
        Source of all starts.

    Returns
    -------
    layers : list of pairs (W, b)
        One per hidden layer, from the input on, dtype of `x`.

    Notes
    -----
    A layer is finished before the next one begins, and stays as it is from then on. Its target is the code below it, never `x`.

    References
    ----------
    .. [1] Lecture note 000, slides 11-13.
    .. [2] Y. Bengio, P. Lamblin, D. Popovici, H. Larochelle, "Greedy layer-wise training of deep networks", NIPS 2006.
    """
    layers = []
    h = x
    for n_hidden in hidden_sizes:
        W, b, _losses = train_autoencoder(h, n_hidden, lr, steps, rng)
        layers.append((W, b))
        h = _sigmoid(h @ W + b)
    return layers


def fine_tune(x: Floats, y: Floats, layers: Sequence[Layer], head: Layer, lr: float, steps: int) -> tuple[list[Layer], Layer, list[float]]:
    """Train the whole network on the targets, starting from pre-trained layers.

    ``h_0 = x``, ``h_k = sigmoid(h_(k-1) W_k + b_k)``, ``y_hat = h_n W + b``, ``loss = 1/m sum_i sum_j (y_hat_ij - y_ij)^2``

    Parameters
    ----------
    x : (m, D) array of float32 or float64
        One example per row.
    y : (m, K) array, dtype of `x`
        Real targets.
    layers : list of pairs (W, b)
        The hidden layers from the input on, dtype of `x`; they are the start and stay as they are.
    head : pair (W, b)
        The linear output layer, ``W (M, K)`` and ``b (K,)``.
    lr, steps
        Step size and number of updates, each from all examples.

    Returns
    -------
    layers, head
        The same structure after the last update, in new arrays.
    losses : list of float
        One loss per step, each taken before its update.

    Notes
    -----
    All layers move, the pre-trained ones too. All gradients are taken before any parameter moves.

    References
    ----------
    .. [1] Lecture note 000, slide 13.
    """
    m = x.shape[0]
    layers = [(W.copy(), b.copy()) for W, b in layers]
    W_out, b_out = head[0].copy(), head[1].copy()

    losses = []
    for _ in range(steps):
        codes = [x]
        for W, b in layers:
            codes.append(_sigmoid(codes[-1] @ W + b))
        y_hat = codes[-1] @ W_out + b_out
        error = y_hat - y
        loss = np.sum(error**2) / m
        losses.append(float(loss))

        dy_hat = 2 * error / m
        dW_out = codes[-1].T @ dy_hat
        db_out = np.sum(dy_hat, axis=0)
        dh = dy_hat @ W_out.T
        moved = []
        for k in reversed(range(len(layers))):
            W, b = layers[k]
            ds = dh * codes[k + 1] * (1 - codes[k + 1])
            dW = codes[k].T @ ds
            db = np.sum(ds, axis=0)
            dh = ds @ W.T
            moved.append((W - lr * dW, b - lr * db))
        layers = moved[::-1]
        W_out = W_out - lr * dW_out
        b_out = b_out - lr * db_out
    return layers, (W_out, b_out), losses


def _sigmoid(s: Floats) -> Floats:
    """``1 / (1 + exp(-s))`` without overflow: the exponent is never positive."""
    small = np.exp(-np.abs(s))
    out: Floats = np.where(s >= 0, 1 / (1 + small), small / (1 + small))
    return out
