"""Activations layer by layer, for weights that start too small, too large and right."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

EXAMPLES, LAYERS = 200, 10
# 500 units as on the slides, then 40 fewer in every layer: with equal layers, units before and units after would be the same number, and
# nobody could see which of the two a scheme looks at.
SIZES = [500 - 40 * layer for layer in range(LAYERS + 1)]
SMALL, LARGE = 0.01, 1.0

# What a histogram covers. ReLU has no upper end: of 500 unit Gaussians with He's weights hardly any value lies above 4.
EDGES = {"sigmoid": np.linspace(0, 1, 31), "tanh": np.linspace(-1, 1, 31), "relu": np.linspace(0, 4, 31)}


def run(part: str, functions: Any, data: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Send unit Gaussians through ten layers of 460 down to 100 units; `part` is ``ACTIVATION_SCHEME``, or ``told_SCHEME`` for tanh.

    Returns
    -------
    ACTIVATION_SCHEME : ``layer`` (10,), ``std`` (10,), ``edges`` (31,), ``share`` (10, 30)
        The standard deviation of the activations of each layer, and the share of them in each bin. Zeros of a ReLU are in no bin, and
        neither is what lies outside of the edges.
    told_SCHEME : ``layer`` (10,), ``std`` (10,), ``saturated`` (10,)
        What `activation_statistics` says of the same network.
    """
    activation, scheme = part.split("_", 1)
    rng = np.random.default_rng(50)
    x = rng.standard_normal((EXAMPLES, SIZES[0]))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        weights = [first_weights(scheme, before, after, functions, rng) for before, after in pairwise(SIZES)]
        if activation == "told":
            return told(x, weights, functions)
        return watched(x, weights, activation, getattr(functions, f"{activation}_forward"))


def first_weights(scheme: str, before: int, after: int, functions: Any, rng: np.random.Generator) -> Any:
    """The weights between two layers, from the function that is named by the scheme."""
    if scheme == "small":
        return functions.scaled_normal_init(before, after, SMALL, rng)
    if scheme == "large":
        return functions.scaled_normal_init(before, after, LARGE, rng)
    return getattr(functions, f"{scheme}_normal")(before, after, rng)


def watched(x: np.ndarray, weights: list[np.ndarray], activation: str, forward: Any) -> dict[str, np.ndarray]:
    """Spread and histogram of the activations of every layer."""
    edges = EDGES[activation]
    std, share = np.zeros(LAYERS), np.zeros((LAYERS, len(edges) - 1))
    h = x
    for layer, W in enumerate(weights):
        h = np.asarray(forward(h @ W)[0])
        std[layer] = h.std()
        drawn = h[h > 0] if activation == "relu" else h[np.isfinite(h)]
        share[layer] = np.histogram(drawn, edges)[0] / h.size
    return {"layer": np.arange(1, LAYERS + 1), "std": std, "edges": edges, "share": share}


def told(x: np.ndarray, weights: list[np.ndarray], functions: Any) -> dict[str, np.ndarray]:
    """The same network in the numbers of `activation_statistics`, under tanh."""
    statistics = functions.activation_statistics(x, [(W, np.zeros(W.shape[1])) for W in weights], "tanh")
    std, saturated = np.zeros(LAYERS), np.zeros(LAYERS)
    for layer in range(LAYERS):
        std[layer], saturated[layer] = statistics[layer]["std"], statistics[layer]["saturated"]
    return {"layer": np.arange(1, LAYERS + 1), "std": std, "saturated": saturated}
