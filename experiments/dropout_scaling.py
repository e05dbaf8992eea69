"""Dropout's scale: what a unit gives on average in training, and what it gives in test mode."""

from __future__ import annotations

from typing import Any

import numpy as np

KEEP = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])  # the probabilities of keeping a unit
INPUTS, DRAWS = 10, 4000
SHOWN = (1, 4, 7)  # whose sums are drawn as histograms: p = 0.2, 0.5 and 0.8
EDGES = np.linspace(0, 4, 41)  # multiples of the sum without dropout


def run(part: str, functions: Any, data: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Add up ten inputs, 4000 times, under dropout; `part` is ``inverted``, ``unscaled``, ``unmatched`` or ``ensemble``.

    Returns
    -------
    inverted, unscaled, unmatched : ``keep`` (10,), ``train`` (10,), ``test`` (10,)
        For each probability p of keeping an input, the mean of the sum in training and the sum at inference, as multiples of the sum
        without dropout. ``unmatched`` trains like ``unscaled`` and infers like ``inverted``.
    inverted, unscaled : also ``kept`` (10,), ``edges`` (41,), ``shown`` (3,), ``share`` (3, 40)
        The share of inputs that are not 0 in training, and for p = 0.2, 0.5 and 0.8 the histogram of the sums in training.
    ensemble : ``keep`` (10,), ``average`` (10,)
        The exact average over all 1024 masks, in the same unit.
    """
    rng = np.random.default_rng(83)
    x, theta = rng.uniform(0.5, 1.5, INPUTS), rng.uniform(0.5, 1.5, INPUTS)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        if part == "ensemble":
            average = np.zeros(len(KEEP))
            for place, p in enumerate(KEEP):
                average[place] = functions.ensemble_average(theta, x, float(p)) / (theta @ x)
            return {"keep": KEEP, "average": average}
        return scales(part, x, theta, functions)


def scales(part: str, x: np.ndarray, theta: np.ndarray, functions: Any) -> dict[str, np.ndarray]:
    """Training and inference for every p, with one of the two conventions or with one half of each."""
    training = functions.dropout_forward if part == "inverted" else functions.dropout_forward_unscaled
    inference = functions.dropout_forward_unscaled if part == "unscaled" else functions.dropout_forward
    train, test, kept = np.zeros(len(KEEP)), np.zeros(len(KEEP)), np.zeros(len(KEEP))
    share = np.zeros((len(SHOWN), len(EDGES) - 1))
    many, full = np.tile(x, (DRAWS, 1)), theta @ x
    for place, p in enumerate(KEEP):
        dropped = np.asarray(training(many.copy(), {"mode": "train", "p": float(p), "seed": place})[0])
        sums = np.broadcast_to(dropped, many.shape) @ theta / full
        train[place], kept[place] = sums.mean(), np.mean(dropped != 0)
        test[place] = np.mean(np.asarray(inference(many.copy(), {"mode": "test", "p": float(p)})[0]) @ theta) / full
        if place in SHOWN:
            share[SHOWN.index(place)] = np.histogram(sums[np.isfinite(sums)], EDGES)[0] / DRAWS
    result = {"keep": KEEP, "train": train, "test": test}
    if part == "unmatched":
        return result
    return result | {"kept": kept, "edges": EDGES, "shown": KEEP[list(SHOWN)], "share": share}
