"""Checks of the learning-rate schedules. Epochs and steps are whole numbers, and so are periods and their factor.

A period that is found by a logarithm is right at the restarts that are looked at: the rounding of ``log(3**5, 3)`` is nobody's mistake.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any

import numpy as np

from grader.checks import Call, Check, Expectation, Kind, Student, check, compare, contract

Rng = np.random.Generator
Arguments = tuple[float, ...]
# (lr_min, lr_max): the lower bound is never 0, and the two are not of one ratio.
BOUNDS = ((0.02, 0.5), (0.3, 0.9))


def rate(rng: Rng) -> float:
    """A rate that is not 1, as a Python number."""
    return float(rng.uniform(0.05, 0.8))


def rates_at(
    function: str, kind: Kind, points: int, name: str, cases: Sequence[Arguments], sentence: str, *, public: bool = False
) -> Check:
    """The check called `name`: a rate for each of `cases`. A first argument of 0 is drawn."""

    def body(student: Student, rng: Rng) -> Iterator[Expectation]:
        for first, *others in cases:
            yield compare(getattr(student, function)(first or rate(rng), *others))

    body.__name__, body.__doc__ = name, sentence
    return check(function, kind, points=points, public=public)(body)


def number(function: str, *arguments: float, stability: int = 0) -> tuple[Check, ...]:
    """A schedule returns one number; far out in training it still does. The first two arguments are a rate and the time."""

    def call_schedule(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
        first, at, *others = arguments
        call: Call = getattr(student, function)(first, int(at * scale), *others)
        return call

    return contract(function, call_schedule, dtype=0, purity=0, stability=stability)


STEP = "Multiply lr by drop each time that `every` epochs have passed: lr * drop^(epoch // every)."
step_decay = (
    rates_at(
        "step_decay", Kind.SMOKE, 0, "has_dropped_once_after_three_epochs", [(0.1, 3, 0.5, 2)], f"Return one number. {STEP}",
        public=True,
    ),
    rates_at(
        "step_decay", Kind.VALUE, 2, "keeps_the_rate_from_one_drop_to_the_next",
        [(0, 0, 0.5, 3), (0, 2, 0.3, 5), (0, 4, 0.3, 5), (0, 7, 0.3, 5), (0, 14, 0.6, 4), (0, 38, 0.9, 10), (0, 95, 0.2, 9)],
        f"{STEP} In between the rate stays as it is.",
    ),
    rates_at(
        "step_decay", Kind.VALUE, 1, "drops_the_rate_at_every_multiple",
        [(0, 5, 0.3, 5), (0, 10, 0.3, 5), (0, 12, 0.6, 4), (0, 3, 0.7, 1), (0, 90, 0.85, 30)],
        f"{STEP} Epochs count from 0, and epoch `every` is the first with the lower rate.",
    ),
    *number("step_decay", 0.3, 7, 0.4, 3),
)  # fmt: skip

EXPONENTIAL = "Return lr * e^(-k * epoch)."
exponential_decay = (
    rates_at(
        "exponential_decay", Kind.SMOKE, 0, "has_decayed_after_two_epochs", [(0.1, 2, 0.5)], f"Return one number. {EXPONENTIAL}",
        public=True,
    ),
    rates_at(
        "exponential_decay", Kind.VALUE, 3, "decays_by_one_factor_per_epoch",
        [(0, 0, 0.3), (0, 1, 0.3), (0, 2, 0.3), (0, 7, 0.05), (0, 40, 0.05), (0, 3, 1.4), (0, 30, 0.7), (0, 5, 0.0)],
        f"{EXPONENTIAL} In epoch 0, and in every epoch if k is 0, this is lr.",
    ),
    *number("exponential_decay", 0.3, 1, 1.7, stability=1),
)  # fmt: skip

INVERSE = "Return lr / (1 + k * epoch)."
inverse_time_decay = (
    rates_at(
        "inverse_time_decay", Kind.SMOKE, 0, "has_halved_after_two_epochs", [(0.1, 2, 0.5)], f"Return one number. {INVERSE}",
        public=True,
    ),
    rates_at(
        "inverse_time_decay", Kind.VALUE, 3, "decays_as_one_over_time",
        [(0, 0, 0.3), (0, 1, 0.3), (0, 2, 0.3), (0, 7, 0.05), (0, 40, 0.05), (0, 3, 1.4), (0, 3000, 0.7), (0, 5, 0.0)],
        f"{INVERSE} In epoch 0, and in every epoch if k is 0, this is lr.",
    ),
    *number("inverse_time_decay", 0.3, 6, 0.4),
)  # fmt: skip

COSINE = "t steps into a period of T steps, return lr_min + (lr_max - lr_min) * (1 + cos(pi * t / T)) / 2."


def within(*places: tuple[int, ...]) -> list[Arguments]:
    """Each place, (step, period, mult) or (step, half_period), with one pair of bounds after the other."""
    return [(*bounds, *place) for bounds, place in zip(cycle(BOUNDS), places, strict=False)]


cosine_restarts = (
    rates_at(
        "cosine_restarts", Kind.SMOKE, 0, "is_half_way_down_after_half_a_period", [(0.2, 1.0, 3, 6, 2)], f"Return one number. {COSINE}",
        public=True,
    ),
    rates_at(
        "cosine_restarts", Kind.VALUE, 2, "falls_along_a_cosine_in_the_first_period",
        within((0, 7, 2), (1, 7, 2), (3, 7, 3), (6, 7, 2), (11, 40, 3), (39, 40, 2)), f"{COSINE} Steps count from 0.",
    ),
    rates_at(
        "cosine_restarts", Kind.VALUE, 1, "starts_again_in_the_step_after_a_period",
        within((6, 7, 2), (7, 7, 2), (21, 7, 2), (49, 7, 2), (5, 5, 3), (20, 5, 3)),
        "Each period starts with lr_max: at step `period` the first one is over, and t is 0 again.",
    ),
    rates_at(
        "cosine_restarts", Kind.VALUE, 2, "makes_each_period_longer_than_the_one_before",
        within((11, 7, 2), (20, 7, 2), (30, 7, 2), (48, 7, 2), (60, 7, 2), (13, 5, 3), (47, 5, 3), (90, 5, 3)),
        f"{COSINE} Each period is mult times as long as the one before: period, period * mult, period * mult^2 and so on.",
    ),
    rates_at(
        "cosine_restarts", Kind.VALUE, 1, "keeps_the_period_if_mult_is_one",
        within((9, 7, 1), (13, 7, 1), (14, 7, 1), (33, 7, 1), (3, 1, 1)), f"{COSINE} With mult = 1 all periods have the same length.",
    ),
    *contract("cosine_restarts", lambda student, rng, dtype, scale: student.cosine_restarts(0.1, 0.7, 9, 4, 2), dtype=0, purity=0),
)  # fmt: skip

RISE = "The rate rises in a straight line from lr_min at step 0 to lr_max at step half_period"
cyclic_lr = (
    rates_at(
        "cyclic_lr", Kind.SMOKE, 0, "is_half_way_up_after_half_of_it", [(0.2, 1.0, 2, 4)], f"Return one number. {RISE}.",
        public=True,
    ),
    rates_at(
        "cyclic_lr", Kind.VALUE, 1, "rises_to_the_upper_bound",
        within((0, 6), (1, 6), (4, 6), (6, 6), (3, 11), (1, 1)), f"{RISE}.",
    ),
    rates_at(
        "cyclic_lr", Kind.VALUE, 1, "falls_to_the_lower_bound",
        within((7, 6), (10, 6), (12, 6), (19, 11), (2, 1)),
        f"{RISE}, and falls in a straight line to lr_min at twice that step.",
    ),
    rates_at(
        "cyclic_lr", Kind.VALUE, 2, "has_cycles_that_are_all_alike",
        within((13, 6), (17, 6), (20, 6), (24, 6), (31, 6), (45, 6), (75, 11), (7, 1)),
        "Every 2 * half_period steps the rate rises and falls again, between the same bounds.",
    ),
    *contract("cyclic_lr", lambda student, rng, dtype, scale: student.cyclic_lr(0.1, 0.7, 9, 4), dtype=0, purity=0),
)  # fmt: skip
