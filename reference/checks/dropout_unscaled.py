"""Checks of dropout without a scale in training, and of the mean over all masks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.checks import Call, Expectation, Kind, Student, check, compare, contract

from .dropout import Rng, draw, forward_checks

unscaled_checks = forward_checks(
    "dropout_forward_unscaled",
    "not_scaled",
    "multiplied_by_p",
    (
        "In training, every unit is either 0 or x, without any scale.",
        "In test mode return x * p: the weight-scaling inference rule.",
    ),
    share=1,
)


@check("ensemble_average", Kind.SMOKE, points=0, public=True)
def returns_a_number(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one number. For theta = [2, -1], x = [3, 4] and p = 1/2 it is 1."""
    yield compare(student.ensemble_average(np.array([2.0, -1.0]), np.array([3.0, 4.0]), 0.5))


@check("ensemble_average", Kind.VALUE, points=3)
def averages_over_all_masks(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Weight the output of every mask by the probability of that mask; for a linear unit the mean is p theta.x."""
    for n, p in ((1, 0.3), (2, 0.5), (5, 0.8), (9, 0.35), (4, 1.0)):
        yield compare(student.ensemble_average(draw(rng, n), draw(rng, n), p))
    theta, x = (draw(rng, 6).astype(np.float32) for _ in range(2))
    yield compare(student.ensemble_average(theta, x, 0.6), dtype=np.float32)


def call_average(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.ensemble_average(draw(rng, 6), draw(rng, 6), 0.7)


average_contract = contract("ensemble_average", call_average, dtype=0)
