"""Units that stop learning: the slope of an activation, and saturated and dead units as the learning rate grows."""

from __future__ import annotations

from typing import Any

import numpy as np

SUMS = np.linspace(-8, 8, 65)
POWERS = np.linspace(-2, 1, 7)  # the learning rates are ten to the power of these
TRAINING, HIDDEN, BATCH, STEPS = 1200, 100, 60, 60
START = 0.2  # weights are uniform between minus and plus this, about right for 64 inputs


def run(part: str, functions: Any, data: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Look at one activation; `part` is ``slope_ACTIVATION``, or ``trained_ACTIVATION`` for a network of 64-100-10 units.

    Returns
    -------
    slope_ACTIVATION : ``sum`` (65,), ``slope`` (65,)
        The gradient that comes back through one unit, where a gradient of 1 goes in.
    trained_ACTIVATION : ``power`` (7,), ``stuck`` (7,), ``loss`` (7,)
        For seven learning rates, after 60 steps: the share of dead units (ReLU) or of saturated activations (sigmoid, tanh), and the
        mean loss of the last ten steps.
    """
    kind, activation = part.split("_")
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        if kind == "slope":
            return {"sum": SUMS, "slope": slope(activation, functions)}
        stuck, loss = np.zeros(len(POWERS)), np.zeros(len(POWERS))
        for place, power in enumerate(POWERS):
            stuck[place], loss[place] = trained(activation, 10.0**power, functions, data)
    return {"power": POWERS, "stuck": stuck, "loss": loss}


def slope(activation: str, functions: Any) -> np.ndarray:
    """What the backward function makes of a gradient of 1."""
    _, cache = getattr(functions, f"{activation}_forward")(SUMS.copy())
    passed = np.zeros(len(SUMS))
    passed[:] = getattr(functions, f"{activation}_backward")(np.ones(len(SUMS)), cache)
    return passed


def trained(activation: str, rate: float, functions: Any, data: dict[str, np.ndarray]) -> tuple[float, float]:
    """Train a network at one learning rate; the share of what is stuck in its hidden layer, and its last losses."""
    forward, backward = getattr(functions, f"{activation}_forward"), getattr(functions, f"{activation}_backward")
    images, labels = data["images"][:TRAINING] / 16, data["labels"][:TRAINING].astype(np.int64)
    rng = np.random.default_rng(42)
    w1, b1 = rng.uniform(-START, START, (64, HIDDEN)), np.zeros(HIDDEN)
    w2, b2 = rng.uniform(-START, START, (HIDDEN, 10)), np.zeros(10)
    config = {"learning_rate": rate}
    losses = np.zeros(STEPS)
    for step in range(STEPS):
        batch = rng.integers(0, TRAINING, BATCH)
        sums, first = functions.affine_forward(images[batch], w1, b1)
        h, middle = forward(sums)
        scores, second = functions.affine_forward(h, w2, b2)
        losses[step], dscores = functions.softmax_loss(scores, labels[batch])
        dh, dw2, db2 = functions.affine_backward(dscores, second)
        _, dw1, db1 = functions.affine_backward(backward(dh, middle), first)
        w1, b1 = functions.sgd(w1, dw1, dict(config))[0], functions.sgd(b1, db1, dict(config))[0]
        w2, b2 = functions.sgd(w2, dw2, dict(config))[0], functions.sgd(b2, db2, dict(config))[0]
    h = forward(functions.affine_forward(images, w1, b1)[0])[0]
    if activation == "relu":
        return float(np.mean(functions.dead_units(h))), float(losses[-10:].mean())
    return float(functions.saturated_fraction(h, activation)), float(losses[-10:].mean())
