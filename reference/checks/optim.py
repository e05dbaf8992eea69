"""Checks of the update rules: several steps in a row, each with the weights and the config that the step before has returned.

The numbers of `next_w` and those of the state have checks of their own, so that a velocity on another scale costs the state alone. For
that reason no state is handed in where `next_w` is looked at, and the learning rate stays the same from step to step. Where epsilon is
not the point it is too small to matter, wherever it stands, so that a slip there costs the check of epsilon alone.

A slip in Adam's count of steps makes NaN of every first step (the correction divides by 0), and by NaN no mistake is told from another.
Adam's known mistakes are therefore told apart by steps in the middle of training, of which nothing is expected: see `reveal`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.checks import Call, Check, Expectation, Kind, Recipe, Result, Student, check, compare, contract

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Rng = np.random.Generator
Config = dict[str, Any]

# Weights that are given no config at all all have this shape: one that has inherited the state of another goes wrong, and does not crash.
SHAPE = (4, 3)
TINY_EPSILON = 1e-10
# How many steps Adam has made in the middle of training.
LATER = 5
# A config of any kind of dict, such as a defaultdict, as an ordinary one.
ENTRIES = Recipe("lambda: lambda config: dict(config) if isinstance(config, dict) else config", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An update rule: the formula that a student reads, settings to try it at, and what it keeps in its config.

    ``zero`` names settings that may be 0, which a test for truth takes for none; ``epsilons`` are settings, each with the size of the
    gradients at which epsilon tells.
    """

    name: str
    formula: str
    settings: tuple[Config, ...]
    zero: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    kept: str = ""
    epsilon: str = ""
    epsilons: tuple[tuple[Config, float], ...] = ()


def signed(rng: Rng, *shape: int, scale: float = 1.0) -> Floats:
    """Numbers of size 0.5 to 2, times `scale`, and of either sign."""
    x: Floats = scale * rng.uniform(0.5, 2.0, shape) * rng.choice([-1.0, 1.0], shape)
    return x


def steps(student: Student, rule: str, w: Floats, gradients: Sequence[Floats], **config: Any) -> list[Call]:
    """Take one step for each of `gradients`; `config` is what the first call gets by name, if anything."""
    update = getattr(student, rule)
    calls: list[Call] = [update(w, gradients[0], **config)]
    for dw in gradients[1:]:
        calls.append(update(calls[-1][0], dw, config=calls[-1][1]))
    return calls


def draw_gradients(rng: Rng, number: int, scale: float = 1.0) -> list[Floats]:
    return [signed(rng, *SHAPE, scale=scale) for _ in range(number)]


def draw_state(rng: Rng, rule: Rule) -> Config:
    """A state in the middle of training. What is a mean of squares is not negative."""
    squares = {name: rng.uniform(0.5, 2.0, SHAPE) for name in ("cache", "v")}
    drawn = {"velocity": signed(rng, *SHAPE), "m": signed(rng, *SHAPE), **squares, "t": LATER}
    return {name: drawn[name] for name in rule.state}


def expect(rule: Rule, next_w: Result, **options: Any) -> Expectation:
    """Expect the weights after a step of a training that begins with no state."""
    expected = compare(next_w, **options)
    return replace(expected, values=()) if "t" in rule.state else expected


def reveal(rule: Rule, *calls: Call) -> Iterator[Expectation]:
    """Let the weights after steps in the middle of training tell known mistakes apart, and expect nothing of them."""
    if "t" in rule.state:
        yield from (Expectation(wants=(call[0],), judge=lambda _answers: None, values=(call[0],)) for call in calls)


def later(student: Student, rule: Rule, rng: Rng, config: Config, scale: float = 1.0) -> list[Call]:
    """One step in the middle of training, if the rule counts its steps."""
    w, dw = signed(rng, *SHAPE), signed(rng, *SHAPE, scale=scale)
    return [getattr(student, rule.name)(w, dw, config={**config, "t": LATER})] if "t" in rule.state else []


def declare(body: Any, rule: Rule, kind: Kind, points: int, sentence: str, *, public: bool = False) -> Check:
    body.__doc__ = sentence
    return check(rule.name, kind, points=points, public=public)(body)


def step_checks(rule: Rule) -> tuple[Check, ...]:
    """What every rule does: step as its formula says, once and again, and know its defaults."""

    def moves_two_weights(student: Student, rng: Rng) -> Iterator[Expectation]:
        call = getattr(student, rule.name)(np.array([1.0, -2.0]), np.array([0.5, 4.0]), config=dict(rule.settings[0]))
        yield expect(rule, call[0])

    def takes_the_first_step(student: Student, rng: Rng) -> Iterator[Expectation]:
        update = getattr(student, rule.name)
        for index, shape in enumerate(((5,), (4, 3), (1, 6), (2, 3, 1, 2))):
            w, dw = signed(rng, *shape), signed(rng, *shape)
            yield expect(rule, update(w, dw, config=dict(rule.settings[index % 2]))[0])
        w, dw = signed(rng, 3, 5).astype(np.float32), signed(rng, 3, 5).astype(np.float32)
        yield expect(rule, update(w, dw, config=dict(rule.settings[0]))[0], dtype=np.float32)

    def takes_several_steps(student: Student, rng: Rng) -> Iterator[Expectation]:
        for setting in rule.settings:
            calls = steps(student, rule.name, signed(rng, *SHAPE), draw_gradients(rng, 4), config=dict(setting))
            yield from (expect(rule, call[0]) for call in calls[1:])

    def fills_in_what_the_config_lacks(student: Student, rng: Rng) -> Iterator[Expectation]:
        full = rule.settings[0]
        lacking = [{key: full[key] for key in full if key != missing} for missing in full if missing != "epsilon"]
        zeros = [{**full, name: 0.0} for name in rule.zero]
        given: list[dict[str, Any]] = [{}, {"config": None}, *({"config": one} for one in ({}, *lacking, *zeros))]
        for config in given:
            # Gradients so large that an epsilon of 1e-8 is nothing beside them.
            calls = steps(student, rule.name, signed(rng, *SHAPE), draw_gradients(rng, 2, scale=10.0), **config)
            yield from (expect(rule, call[0]) for call in calls)
        yield from reveal(rule, *(call for config in ({}, *zeros) for call in later(student, rule, rng, config, scale=10.0)))

    zero = f" An entry of 0 is not missing: {rule.zero[0]} may be 0." if rule.zero else ""
    defaults = f"With no config, with config=None, and for every entry that is missing, use the defaults in the docstring.{zero}"
    return (
        declare(
            moves_two_weights, rule, Kind.SMOKE, 0, f"Return a pair, the weights after the step and the config. {rule.formula}", public=True
        ),
        declare(takes_the_first_step, rule, Kind.VALUE, 1, f"Take the first step with the parameters of the config. {rule.formula}"),
        declare(
            takes_several_steps, rule, Kind.VALUE, 3 if rule.state else 1,
            f"Take several steps, each with the weights and the config that the step before has returned. {rule.formula}",
        ),
        declare(fills_in_what_the_config_lacks, rule, Kind.VALUE, 1, defaults),
    )  # fmt: skip


def state_checks(rule: Rule) -> tuple[Check, ...]:
    """What a rule does that remembers something from one step to the next."""

    def keeps_its_state_in_the_config(student: Student, rng: Rng) -> Iterator[Expectation]:
        runs = [steps(student, rule.name, signed(rng, *SHAPE), draw_gradients(rng, 2), config=dict(setting)) for setting in rule.settings]
        for setting in rule.settings:
            config = {**setting, **draw_state(rng, rule)}
            runs.append(steps(student, rule.name, signed(rng, *SHAPE), draw_gradients(rng, 2), config=config))
            yield from reveal(rule, *runs[-1])
        for run in runs:
            kept = replace(student(ENTRIES, run[-1][1]).result, label="config")
            for name in rule.state:
                yield compare(kept, to={name: kept.expected[name]})

    def keeps_the_states_of_two_weights_apart(student: Student, rng: Rng) -> Iterator[Expectation]:
        update = getattr(student, rule.name)
        # Gradients so large that an epsilon of 1e-8 is nothing beside them.
        first, second = (update(signed(rng, *SHAPE), dw) for dw in draw_gradients(rng, 2, scale=10.0))
        yield from (expect(rule, call[0]) for call in (first, second))
        first, second = (update(call[0], signed(rng, *SHAPE, scale=10.0), config=call[1]) for call in (first, second))
        yield from (expect(rule, call[0]) for call in (first, second))

    return (
        declare(keeps_its_state_in_the_config, rule, Kind.VALUE, 1, rule.kept),
        declare(
            keeps_the_states_of_two_weights_apart, rule, Kind.VALUE, 1,
            "Keep all state in the returned config, never in globals or default arguments: "
            "two arrays of weights must not affect each other.",
        ),
    )  # fmt: skip


def epsilon_check(rule: Rule) -> Check:
    """Where epsilon stands, and how large it is where the config does not say."""

    def adds_epsilon_to_the_root(student: Student, rng: Rng) -> Iterator[Expectation]:
        for config, scale in rule.epsilons:
            calls = steps(student, rule.name, signed(rng, *SHAPE), draw_gradients(rng, 2, scale), config=dict(config))
            yield from (expect(rule, call[0]) for call in calls)
            yield from reveal(rule, *later(student, rule, rng, config, scale))
        (dw,) = draw_gradients(rng, 1)
        dw[1, 2] = 0.0
        # Without epsilon this is NaN, by which no mistake is told from another.
        yield replace(compare(getattr(student, rule.name)(signed(rng, *SHAPE), dw)[0]), values=())

    return declare(adds_epsilon_to_the_root, rule, Kind.VALUE, 1, rule.epsilon)


def standing_checks(rule: Rule, *, stability: int, exempt: tuple[int, ...]) -> tuple[Check, ...]:
    """The standing checks, on the second step, whose state the student's own first step has made. Some gradients are 0."""

    def call_second_step(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
        w, dw, next_w, next_dw = ((scale * signed(rng, 3, 1, 4) / 2).astype(dtype) for _ in range(4))
        dw[0], next_dw[0] = 0.0, 0.0
        update = getattr(student, rule.name)
        first = update(w, dw, config={"learning_rate": 0.25})
        call: Call = update(next_w, next_dw, config=first[1])
        return call

    return contract(rule.name, call_second_step, stability=stability, exempt=exempt, items=(0,))


# The config is the function's to change, handed over as it may be; it is the argument with the index 2.
CONFIG = 2

sgd = Rule(
    name="sgd",
    formula="next_w is w - learning_rate * dw.",
    settings=({"learning_rate": 0.1}, {"learning_rate": 0.73}),
)
momentum = Rule(
    name="sgd_momentum",
    formula="The velocity becomes momentum * velocity - learning_rate * dw, and next_w is w + velocity.",
    settings=({"learning_rate": 0.1, "momentum": 0.7}, {"learning_rate": 0.35, "momentum": 0.95}),
    zero=("momentum",),
    state=("velocity",),
    kept="Read the velocity from config['velocity'] (zeros if it is missing), and store momentum * velocity - learning_rate * dw there.",
)
nesterov = Rule(
    name="nesterov_momentum",
    formula="The new velocity v is momentum * v_prev - learning_rate * dw, and next_w is w - momentum * v_prev + (1 + momentum) * v.",
    settings=momentum.settings,
    zero=momentum.zero,
    state=("velocity",),
    kept=momentum.kept,
)
rmsprop = Rule(
    name="rmsprop",
    formula="cache becomes decay_rate * cache + (1 - decay_rate) * dw^2, and next_w is w - learning_rate * dw / (sqrt(cache) + epsilon).",
    settings=(
        {"learning_rate": 0.1, "decay_rate": 0.7, "epsilon": TINY_EPSILON},
        {"learning_rate": 0.04, "decay_rate": 0.95, "epsilon": TINY_EPSILON},
    ),
    zero=("decay_rate",),
    state=("cache",),
    kept="Read the cache from config['cache'] (zeros if it is missing), and store decay_rate * cache + (1 - decay_rate) * dw^2 there.",
    epsilon="Add epsilon (1e-8 if the config has none) outside the root: sqrt(cache) + epsilon. If its gradient is 0, a weight stays.",
    epsilons=(
        ({"learning_rate": 0.5, "decay_rate": 0.8, "epsilon": 0.6}, 1.0),
        ({"learning_rate": 0.2, "decay_rate": 0.8, "epsilon": 0.01}, 0.1),
        ({"learning_rate": 0.2, "decay_rate": 0.8}, 1e-7),
    ),
)
adam = Rule(
    name="adam",
    formula=(
        "Increment t; m becomes beta1 * m + (1 - beta1) * dw, v becomes beta2 * v + (1 - beta2) * dw^2; next_w is w - learning_rate * "
        "m_hat / (sqrt(v_hat) + epsilon) with m_hat = m / (1 - beta1^t) and v_hat = v / (1 - beta2^t)."
    ),
    settings=(
        {"learning_rate": 0.1, "beta1": 0.7, "beta2": 0.9, "epsilon": TINY_EPSILON},
        {"learning_rate": 0.04, "beta1": 0.85, "beta2": 0.6, "epsilon": TINY_EPSILON},
    ),
    zero=("beta1", "beta2"),
    state=("m", "v", "t"),
    kept="Read m, v and t from the config (zeros if they are missing), and store the new ones there: m and v uncorrected, t larger by 1.",
    epsilon="Add epsilon (1e-8 if the config has none) outside the root and after the correction: sqrt(v_hat) + epsilon.",
    epsilons=(
        ({"learning_rate": 0.5, "beta1": 0.7, "beta2": 0.9, "epsilon": 0.6}, 1.0),
        ({"learning_rate": 0.2, "beta1": 0.7, "beta2": 0.9, "epsilon": 0.01}, 0.1),
        ({"learning_rate": 0.2, "beta1": 0.7, "beta2": 0.9}, 1e-7),
    ),
)

sgd_checks = (*step_checks(sgd), *standing_checks(sgd, stability=0, exempt=(0, CONFIG)))
momentum_checks = (*step_checks(momentum), *state_checks(momentum), *standing_checks(momentum, stability=0, exempt=(CONFIG,)))
nesterov_checks = (*step_checks(nesterov), *state_checks(nesterov), *standing_checks(nesterov, stability=0, exempt=(CONFIG,)))
rmsprop_checks = (
    *step_checks(rmsprop),
    *state_checks(rmsprop),
    epsilon_check(rmsprop),
    *standing_checks(rmsprop, stability=1, exempt=(CONFIG,)),
)
adam_checks = (*step_checks(adam), *state_checks(adam), epsilon_check(adam), *standing_checks(adam, stability=1, exempt=(CONFIG,)))
