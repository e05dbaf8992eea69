"""Training with and without batch normalization, on handwritten digits with two hidden layers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

TRAINING = 1200  # of the 1797 digits; the others are held out
HIDDEN = 50
START = 0.3  # weights are uniform between minus and plus this; sigmoids learn from it, but slowly
RATE = 0.5
BATCH, STEPS, EVERY = 60, 300, 15


def run(part: str, functions: Any, data: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Train a network of 64-50-50-10 units by plain gradient descent; `part` is ``plain`` or ``normalized``.

    Returns
    -------
    ``step`` (20,), ``loss`` (20,), ``accuracy`` (20,)
        After every 15 steps: the mean loss of these steps, and the share of the held-out digits that are told right.
    """
    normalize = part == "normalized"
    images, labels = data["images"] / 16, data["labels"].astype(np.int64)
    rng = np.random.default_rng(67)
    network = first_network(rng)
    loss, accuracy = np.zeros(STEPS), np.zeros(STEPS // EVERY)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for step in range(STEPS):
            batch = rng.integers(0, TRAINING, BATCH)
            loss[step] = take_step(network, images[batch], labels[batch], normalize, functions)
            if (step + 1) % EVERY == 0:
                scores = forward(network, images[TRAINING:], "test", normalize, functions)[0]
                accuracy[step // EVERY] = np.mean(np.argmax(scores, axis=1) == labels[TRAINING:])
    return {"step": np.arange(EVERY, STEPS + 1, EVERY), "loss": loss.reshape(-1, EVERY).mean(axis=1), "accuracy": accuracy}


def first_network(rng: np.random.Generator) -> list[dict[str, Any]]:
    """One dict of parameters per layer; `running` is for the averages that inference uses."""
    sizes = [64, HIDDEN, HIDDEN, 10]
    network: list[dict[str, Any]] = []
    for before, after in pairwise(sizes):
        weights = {"w": rng.uniform(-START, START, (before, after)), "b": np.zeros(after)}
        network.append({**weights, "gamma": np.ones(after), "beta": np.zeros(after), "running": {}})
    return network


def forward(network: list[dict[str, Any]], x: np.ndarray, mode: str, normalize: bool, functions: Any) -> tuple[np.ndarray, list[Any]]:
    """Scores of a batch, and the caches of every layer in the order in which they were made."""
    caches = []
    h = x
    for layer in network[:-1]:
        h, affine = functions.affine_forward(h, layer["w"], layer["b"])
        norm = None
        if normalize:
            layer["running"]["mode"] = mode
            h, norm = functions.batchnorm_forward(h, layer["gamma"], layer["beta"], layer["running"])
        h, activation = functions.sigmoid_forward(h)
        caches.append((affine, norm, activation))
    scores, last = functions.affine_forward(h, network[-1]["w"], network[-1]["b"])
    return scores, [*caches, last]


def take_step(network: list[dict[str, Any]], x: np.ndarray, y: np.ndarray, normalize: bool, functions: Any) -> float:
    """Go forward, go back, and move every parameter; the loss before the step."""
    scores, caches = forward(network, x, "train", normalize, functions)
    loss, dscores = functions.softmax_loss(scores, y)
    dh, dw, db = functions.affine_backward(dscores, caches[-1])
    gradients = [{"w": dw, "b": db}]
    for affine, norm, activation in reversed(caches[:-1]):
        dh = functions.sigmoid_backward(dh, activation)
        found = {}
        if normalize:
            dh, found["gamma"], found["beta"] = functions.batchnorm_backward(dh, norm)
        dh, found["w"], found["b"] = functions.affine_backward(dh, affine)
        gradients.insert(0, found)
    for layer, found in zip(network, gradients, strict=True):
        for name, gradient in found.items():
            layer[name] = functions.sgd(layer[name], gradient, {"learning_rate": RATE})[0]
    return float(loss)
