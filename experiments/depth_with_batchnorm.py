"""The same ten badly initialized layers, with batch normalization and without."""

from __future__ import annotations

from typing import Any

import numpy as np

EXAMPLES, UNITS, LAYERS = 200, 200, 10
WIDTHS = {"small": 0.02, "large": 2.0}  # weights are uniform between minus and plus this: far too small, and far too large
EDGES = np.linspace(-1, 1, 31)
BATCHES = 60  # with a momentum of 0.9 the start of a running average has faded to 0.9^60 = 0.2 % by then


def run(part: str, functions: Any, data: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Send unit Gaussians through ten layers; `part` is ``WIDTH_KIND``, the kind ``plain``, ``normalized`` or ``sums``; or ``inference``.

    Returns
    -------
    WIDTH_plain, WIDTH_normalized : ``layer`` (10,), ``std`` (10,), ``edges`` (31,), ``share`` (10, 30)
        Under tanh: the standard deviation of the activations of each layer, and the share of them in each bin.
    WIDTH_sums : ``layer`` (10,), ``std`` (10,)
        The normalized sums of a network that has no activation function at all.
    inference : ``layer`` (5,), ``train`` (5,), ``test`` (5,)
        The standard deviation in training, and that of the same examples at inference, after 60 batches.
    """
    rng = np.random.default_rng(62)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        if part == "inference":
            return inference(rng, functions)
        width, kind = part.split("_")
        x = rng.standard_normal((EXAMPLES, UNITS))
        weights = [rng.uniform(-WIDTHS[width], WIDTHS[width], (UNITS, UNITS)) for _ in range(LAYERS)]
        return layer_by_layer(x, weights, kind, functions)


def layer_by_layer(x: np.ndarray, weights: list[np.ndarray], kind: str, functions: Any) -> dict[str, np.ndarray]:
    """Spread, and under tanh the histogram, of every layer."""
    std, share = np.zeros(LAYERS), np.zeros((LAYERS, len(EDGES) - 1))
    h = x
    for layer, W in enumerate(weights):
        h = h @ W
        if kind != "plain":
            h = normalized(h, 1.0, 0.0, {"mode": "train"}, functions)
        if kind != "sums":
            h = np.asarray(functions.tanh_forward(h)[0])
        std[layer] = h.std()
        share[layer] = np.histogram(h[np.isfinite(h)], EDGES)[0] / (EXAMPLES * UNITS)
    watched = {"layer": np.arange(1, LAYERS + 1), "std": std}
    return watched if kind == "sums" else watched | {"edges": EDGES, "share": share}


def inference(rng: np.random.Generator, functions: Any) -> dict[str, np.ndarray]:
    """Five normalized layers without activation functions: trained on batches, then used on the last of them."""
    weights = [rng.uniform(-0.2, 0.2, (50, 50)) for _ in range(5)]
    scales = [0.5, 2.0, 1.0, 3.0, 1.5]  # gamma, layer by layer, as a network may have learned it
    params: list[dict[str, Any]] = [{} for _ in weights]
    batch = np.zeros((EXAMPLES, 50))
    spread = {"train": np.zeros(5), "test": np.zeros(5)}
    for _ in range(BATCHES):
        batch = rng.standard_normal((EXAMPLES, 50))
        spread["train"] = spreads(batch, weights, scales, "train", params, functions)
    spread["test"] = spreads(batch, weights, scales, "test", params, functions)
    return {"layer": np.arange(1, 6), **spread}


def spreads(
    x: np.ndarray, weights: list[np.ndarray], scales: list[float], mode: str, params: list[dict[str, Any]], functions: Any
) -> np.ndarray:
    """Standard deviation after every layer, in one mode."""
    std = np.zeros(len(weights))
    h = x
    for layer, W in enumerate(weights):
        params[layer]["mode"] = mode
        h = normalized(h @ W, scales[layer], 0.5, params[layer], functions)
        std[layer] = h.std()
    return std


def normalized(sums: np.ndarray, scale: float, shift: float, bn_param: dict[str, Any], functions: Any) -> np.ndarray:
    """The layer under test, with one scale and one shift for all features."""
    units = sums.shape[1]
    return np.asarray(functions.batchnorm_forward(sums, np.full(units, scale), np.full(units, shift), bn_param)[0])
