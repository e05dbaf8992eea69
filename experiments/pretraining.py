"""Greedy layer-wise pre-training against a random start, on a small and deep network."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

EXAMPLES = 200
HIDDEN = [16, 12, 8]  # few units in three layers of sigmoids: with large layers the random start would do as well (000, slide 17)
START = 0.3  # weights are uniform between minus and plus this
STARTS = 3
PRETRAINING, FINE_TUNING, EVERY = 300, 600, 20
PRETRAINING_RATE, RATE = 0.1, 0.2


def run(part: str, functions: Any, data: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Tell 200 digits apart with a network of 64-16-12-8-10 units; `part` is ``random``, ``pretrained`` or ``autoencoder``.

    Returns
    -------
    random, pretrained : ``step`` (30,), ``loss`` (30,), ``start`` (3,), ``final`` (3,)
        The loss while fine-tuning, a mean over three starts, and where each of the three ends.
    autoencoder : ``step`` (15,), ``loss`` (15,)
        The error of reconstruction while the first layer is trained.
    """
    x = data["images"][:EXAMPLES] / 16
    steps = np.arange(0, PRETRAINING if part == "autoencoder" else FINE_TUNING, EVERY)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        if part == "autoencoder":
            losses = functions.train_autoencoder(x, HIDDEN[0], PRETRAINING_RATE, PRETRAINING, np.random.default_rng(15))[2]
            return {"step": steps, "loss": curve(losses, PRETRAINING)[steps]}
        losses = np.zeros((STARTS, FINE_TUNING))
        for start in range(STARTS):
            losses[start] = fine_tuned(part, start, x.copy(), np.eye(10)[data["labels"][:EXAMPLES]], functions)
    return {"step": steps, "loss": losses.mean(axis=0)[steps], "start": np.arange(1, STARTS + 1), "final": losses[:, -1]}


def fine_tuned(part: str, start: int, x: np.ndarray, y: np.ndarray, functions: Any) -> np.ndarray:
    """The losses of fine-tuning from one start; the output layer starts at random in both parts, and at the same values."""
    rng = np.random.default_rng(start)
    head = (rng.uniform(-START, START, (HIDDEN[-1], 10)), np.zeros(10))
    if part == "pretrained":
        layers = functions.greedy_pretrain(x, HIDDEN, PRETRAINING_RATE, PRETRAINING, rng)
    else:
        sizes = [x.shape[1], *HIDDEN]
        layers = [(rng.uniform(-START, START, (a, b)), np.zeros(b)) for a, b in pairwise(sizes)]
    return curve(functions.fine_tune(x, y, layers, head, RATE, FINE_TUNING)[2], FINE_TUNING)


def curve(losses: Any, steps: int) -> np.ndarray:
    """As many losses as there were steps; a list of another length raises."""
    found = np.zeros(steps)
    found[:] = np.asarray(losses, dtype=np.float64)
    return found
