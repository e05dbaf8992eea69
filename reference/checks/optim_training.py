"""The checks that let each update rule descend, and look at how far down it has come.

The loss is a fixed quadratic of three weights: it is 80 times as steep in one direction as in another, and none of them is the direction
of a weight. After 100 steps the loss has to be below `GOOD`, as a share of what it was. Right rules reach 5.2e-4 (sgd), 2.7e-5
(momentum), 5.1e-7 (Nesterov), 4.6e-8 (RMSProp) and 1.8e-6 (Adam); plain descent at the rate of the two momenta is left with 8.4e-3.

Weights are permuted and change their sign at random. Every rule treats each weight for itself and has no preferred sign, so that this
changes no outcome but by rounding (2e-18 of the loss at the start over 300 seeds, all variants at hand on 40 of them): no right rule
fails by chance. Rates 10 % off either way end below 8e-4.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.checks import Call, Check, Expectation, Finding, Kind, Own, Recipe, Rung, Student, check
from grader.checks.compare import ready_to_compare
from grader.checks.model import Answers

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Rng = np.random.Generator

GOOD = 2e-3
STEPS = 100
SETTINGS = {
    "sgd": {"learning_rate": 0.15},
    "sgd_momentum": {"learning_rate": 0.05, "momentum": 0.9},
    "nesterov_momentum": {"learning_rate": 0.05, "momentum": 0.9},
    "rmsprop": {"learning_rate": 0.1, "decay_rate": 0.9},
    "adam": {"learning_rate": 0.1, "beta1": 0.8, "beta2": 0.9},
}

CURVATURE = np.array([[10.0, 3.0, 0.0], [3.0, 2.0, 0.5], [0.0, 0.5, 0.4]])
START, LOWEST = np.array([4.0, 2.0, -3.0]), np.array([1.0, -2.0, 3.0])

# A loop in an expression: walrus targets inside a comprehension belong to the lambda around it, so that weights and config move on.
DESCEND = """
lambda rule, steps: lambda w, config, curvature, lowest: (
    [
        (
            stepped := rule(w, curvature @ (w - lowest), config=config),
            w := np.reshape(stepped[0], lowest.shape),
            config := stepped[1],
        )
        for _ in range(steps)
    ],
    w,
)[1]
""".strip()


def descends(rule: str) -> Check:
    """The check that `rule` finds its way down."""

    def descends_to_the_lowest_point(student: Student, rng: Rng) -> Iterator[Expectation]:
        order, sign = rng.permutation(len(START)), rng.choice([-1.0, 1.0], len(START))
        curvature = np.outer(sign, sign) * CURVATURE[np.ix_(order, order)]
        lowest = sign * LOWEST[order]
        train = Recipe(DESCEND, (Own(rule), STEPS))
        yield is_low(student(train, sign * START[order], dict(SETTINGS[rule]), curvature, lowest), curvature, lowest)

    descends_to_the_lowest_point.__doc__ = (
        f"Descend: {STEPS} steps of your rule, each with the config that the step before has returned, bring a quadratic loss of three "
        f"weights below a five-hundredth of what it was."
    )
    return check(rule, Kind.VALUE, points=1, by_outcome=True)(descends_to_the_lowest_point)


def is_low(descent: Call, curvature: Floats, lowest: Floats) -> Expectation:
    """Expect weights with a low loss. How a descent went astray, to NaN or elsewhere, is told alike: it is a matter of rounding."""
    end = descent.result

    def judge(answers: Answers) -> Finding | None:
        w = ready_to_compare(answers.value(end), lowest.shape, "next_w")
        if isinstance(w, Finding):
            return w if w.rung is not Rung.FINITE else astray()
        return None if share_left(w, curvature, lowest) < GOOD else astray()

    return Expectation(wants=(end,), judge=judge)


def astray() -> Finding:
    """Say that the loss has not fallen."""
    return Finding(rung=Rung.LAW, message=f"After {STEPS} steps of your rule the loss is not as low as it should be.", code="not_low")


def share_left(w: Floats, curvature: Floats, lowest: Floats) -> float:
    """The loss at `w`, as a share of the loss at the start, which is the same for every permutation."""
    return float((w - lowest) @ curvature @ (w - lowest) / ((START - LOWEST) @ CURVATURE @ (START - LOWEST)))


training_checks = tuple(map(descends, SETTINGS))
