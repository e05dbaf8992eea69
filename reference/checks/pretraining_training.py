"""Checks of the function that trains from a random start, `train_autoencoder`, and what those of the stack need of them.

Nobody is told what a student draws, and yet nearly all of this is exact. At a step size of 0 the start comes back. From there the steps
of an autoencoder of one feature can be followed (see ``pretraining_descent``). If all examples are alike, every step moves W by the
example times what it moves b by: so dW = x db over any number of steps, which shows on what a layer of a stack was trained. Every call
that must repeat a start seeds `numpy.random` too, so that drawing from there costs its own check and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from grader.checks import Call, Expectation, Finding, Generator, Kind, Own, Recipe, Rung, Student, check, compare_shape, contract
from grader.checks.compare import FLOAT64, judge_values, ready_to_compare
from grader.checks.model import Answers, NoValue

from .pretraining import (
    SCALES,
    as_dict,
    draw_autoencoder,
    expect_losses,
    read_losses,
    two_clusters,
)
from .pretraining_descent import RIGHT, Data, Encoder, Floats, Rule, explain, moved, sigmoid, slips

Rng = np.random.Generator
Run = tuple[Floats, Floats, Floats]
Law = Callable[..., Finding | None]

# Calls a student's function after seeding what it should not draw from.
SEEDED = "lambda function, seed: lambda *arguments: (np.random.seed(seed), function(*arguments))[1]"
# The runs of one start: the step size and the number of steps of each. A step size of 0 gives the start itself.
LR = 0.15
RUNS = ((0.0, 3), (LR, 1), (LR, 2), (LR, 6))


def law_broken(code: str, message: str) -> Finding:
    return Finding(rung=Rung.LAW, message=message, code=code)


def seed_of(rng: Rng) -> Generator:
    return Generator(int(rng.integers(2**32)))


def seeded(function: str, seed: int) -> Recipe:
    """The student's `function`, with the same state of `numpy.random` before each call."""
    return Recipe(SEEDED, (Own(function), seed))


def draw_data(rng: Rng) -> Data:
    """One feature with two values, one of either sign, in unequal numbers."""
    return Data(x=np.array([rng.uniform(0.8, 1.6), rng.uniform(-1.6, -0.6)]), n=np.array([2.0, 3.0]))


def read_run(answers: Answers, run: Call) -> Run | Finding:
    """Give W, b and the losses of one call of `train_autoencoder`."""
    W, b, losses = run.results
    found = (
        ready_to_compare(answers.value(W), np.shape(W.expected), "W"),
        ready_to_compare(answers.value(b), np.shape(b.expected), "b"),
        read_losses(answers.value(losses), losses.expected, "losses"),
    )
    return next((one for one in found if isinstance(one, Finding)), found)  # type: ignore[return-value]


def expect_runs(law: Law, *runs: Call, own: Call | None = None) -> Expectation:
    """Expect `law` of some runs of `train_autoencoder`, and of the scales of one's own loss and gradients if a call of it is given."""
    others = own.results if own is not None else ()

    def judge(answers: Answers) -> Finding | None:
        read = []
        for run in runs:
            one = read_run(answers, run)
            if isinstance(one, Finding):
                return one
            read.append(one)
        return law(*read) if own is None else law(*read, scales=own_scales(answers, own))

    return Expectation(wants=(*(result for run in runs for result in run.results), *others), judge=judge)


def own_scales(answers: Answers, own: Call) -> tuple[float, float]:
    """How many times the right ones one's own loss and gradients are, which is judged elsewhere; 1 where that cannot be said."""
    loss, grads = own
    try:
        value, gradients = answers.value(loss), as_dict(answers.value(grads))
    except NoValue:
        return 1.0, 1.0
    number = ready_to_compare(value, (), "")
    of_loss = 1.0 if isinstance(number, Finding) else float(number) / loss.expected
    # All four gradients must be the same multiple, which any of their entries then tells.
    entry = ready_to_compare(gradients.get("b") if isinstance(gradients, dict) else None, np.shape(grads.expected["b"]), "")
    of_grads = 1.0 if isinstance(entry, Finding) else float(entry[0] / grads.expected["b"][0])
    if judge_values(gradients, {key: of_grads * gradient for key, gradient in grads.expected.items()}, FLOAT64, "") is not None:
        of_grads = 1.0
    low, high = SCALES
    return of_loss if low < of_loss < high else 1.0, of_grads if low < of_grads < high else 1.0


def runs_of_one_start(student: Student, rng: Rng, data: Data, M: int) -> list[Call]:
    """Train with the step sizes and numbers of steps of `RUNS`, always from the same start."""
    train, start = seeded("train_autoencoder", int(rng.integers(2**31))), seed_of(rng)
    return [student(train, data.batch, M, lr, steps, start) for lr, steps in RUNS]


def encoders(runs: Sequence[Any]) -> dict[int, Encoder]:
    """The encoders after 0, 1, 2 and 6 steps, of one feature."""
    return {steps if lr else 0: (np.ravel(W), np.ravel(b)) for (lr, steps), (W, b, *_) in zip(RUNS, runs, strict=True)}


@check("train_autoencoder", Kind.SMOKE, points=0, public=True)
def returns_an_encoder_and_its_losses(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return three things: W (D, M), b (M,) and a list with one loss per step."""
    W, b, losses = student.train_autoencoder(rng.normal(0, 1, (6, 4)), 3, 0.1, 5, seed_of(rng))
    yield compare_shape(W)
    yield compare_shape(b)
    yield expect_losses(losses, None)


@check("train_autoencoder", Kind.VALUE, points=3)
def descends_the_loss_of_an_autoencoder(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Move encoder and decoder, weights and biases, by -lr times their gradient, all four at once, with all examples in each step."""
    for M in (3, 2):
        data = draw_data(rng)
        runs = runs_of_one_start(student, rng, data, M)
        own = student.autoencoder_loss(*draw_autoencoder(rng, 5, 1, M))
        yield expect_runs(lambda *runs, scales, data=data: steps_of(data, encoders(runs), scales[1]), *runs, own=own)


def steps_of(data: Data, runs: dict[int, Encoder], scale: float) -> Finding | None:
    """Judge the steps of an autoencoder of one feature; `scale` is that of the student's own gradients."""
    if explain(data, runs, LR, (RIGHT, Rule(scale=scale))) is not None:
        return None
    weights, biases = (float(np.max(np.abs(a - z))) for a, z in zip(runs[0], runs[max(runs)], strict=True))
    if not weights and not biases:
        return law_broken("encoder_still", "The encoder is the same before and after the steps.")
    if not biases:
        return law_broken("b_still", "b is the same before and after the steps.")
    slip = explain(data, runs, LR, slips(data.m))
    if slip is not None:
        return law_broken(slip.rule.code, slip.rule.words)
    return law_broken("other_steps", "The steps are not those of gradient descent on the loss of an autoencoder.")


@check("train_autoencoder", Kind.VALUE, points=2)
def records_the_loss_before_each_update(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one loss per step, each that of the parameters before its update; sum over the features, average over the examples."""
    data = draw_data(rng)
    runs = runs_of_one_start(student, rng, data, 3)
    own = student.autoencoder_loss(*draw_autoencoder(rng, 5, 1, 3))
    yield expect_runs(lambda *runs, scales: losses_of(data, runs, scales), *runs, own=own)
    # A loss that is averaged over the features cannot be seen where there is one.
    x, start = rng.normal(0, 1, (15, 6)), seed_of(rng)
    train = seeded("train_autoencoder", int(rng.integers(2**31)))
    two, three = (student(train, x, 2, 0.05, steps, start) for steps in (2, 3))
    own = student.autoencoder_loss(*draw_autoencoder(rng, 15, 6, 2))
    yield expect_runs(lambda two, three, scales: possible_loss(x, two, three[2][-1] / scales[0]), two, three, own=own)


def losses_of(data: Data, runs: Sequence[Run], scales: tuple[float, float]) -> Finding | None:
    still, one, two, many = (losses for _W, _b, losses in runs)
    if not np.allclose(still, still[0], rtol=1e-9, atol=0):
        return law_broken("not_all_examples", "At a step size of 0 the loss changes from step to step: use all examples in every step.")
    if not np.isclose(one[0], still[0], rtol=1e-9, atol=0):
        return law_broken("after_update", "The first loss is not that of the start: record each loss before its update.")
    if not (np.allclose(one, many[:1], rtol=1e-9, atol=0) and np.allclose(two, many[:2], rtol=1e-9, atol=0)):
        return law_broken("depends_on_steps", "From the same start, the first losses depend on how many steps follow.")
    found = explain(data, encoders(runs), LR, (RIGHT, Rule(scale=scales[1]), *slips(data.m)))
    if found is None:
        return None
    ratios = many[found.first :] / found.losses
    if any(np.allclose(ratios, scale, rtol=1e-6, atol=0) for scale in (1.0, scales[0])):
        return None
    known = {"half_loss": 0.5, "summed_loss": float(data.m)}
    code = next((code for code, scale in known.items() if np.allclose(ratios, scale, rtol=1e-6, atol=0)), "other_loss")
    return law_broken(
        code, "The losses are not those of the steps: sum over the features, average over the examples, without a factor 1/2."
    )


def possible_loss(x: Floats, run: Run, loss: float) -> Finding | None:
    """Whether `loss`, said to be that of the encoder of `run`, is one that some decoder may have."""
    best = best_reconstruction(x, sigmoid(x @ run[0] + run[1]))
    if loss >= best * (1 - 1e-6):
        return None
    return law_broken(
        "too_low", "A loss is lower than any decoder of the codes can make it: sum over the features, average over the examples."
    )


def best_reconstruction(x: Floats, codes: Floats) -> float:
    """The loss that the best linear decoder leaves of `x`, given its codes."""
    inputs = np.hstack([codes, np.ones((len(x), 1))])
    decoder = np.linalg.lstsq(inputs, x, rcond=None)[0]
    return float(np.sum((inputs @ decoder - x) ** 2) / len(x))


@check("train_autoencoder", Kind.STATISTICS, points=2)
def learns_to_reconstruct(student: Student, rng: Rng) -> Iterator[Expectation]:
    """After 60 steps on two clusters most of the error is gone, the codes hold what is needed, and with a small lr the loss never rises."""
    x, start = two_clusters(rng, 16, 6)[0], seed_of(rng)
    train = seeded("train_autoencoder", int(rng.integers(2**31)))
    before, after = (student(train, x, 2, lr, steps, start) for lr, steps in ((0.0, 1), (0.1, 60)))
    yield expect_runs(lambda before, after: has_learned(x, before, after), before, after)
    gentle = student.train_autoencoder(rng.normal(0, 1, (12, 4)), 3, 0.003, 25, seed_of(rng))
    yield expect_runs(lambda run: never_rises(run[2]), gentle)


# Of 5000 starts from each of 13 laws (see `BETTER`) none left more than 0.06 of the spread as loss.
LEFT = 0.7


def has_learned(x: Floats, before: Run, after: Run) -> Finding | None:
    if not moved(before[:2], after[:2]):
        return law_broken("encoder_still", "The encoder is the same before and after the steps.")
    spread = float(np.sum((x - x.mean(axis=0)) ** 2) / len(x))
    if after[2][-1] > LEFT * spread:
        return law_broken("not_learned", "After the last step, most of the error is still there.")
    if best_reconstruction(x, sigmoid(x @ after[0] + after[1])) > LEFT * spread:
        return law_broken("empty_codes", "No linear decoder can reconstruct the data from the codes of the W and b returned.")
    return None


def never_rises(losses: Floats) -> Finding | None:
    if np.all(np.diff(losses) <= 1e-9 * losses[:-1]) and losses[-1] < losses[0]:
        return None
    return law_broken("rises", "With a small step size the loss rises in some steps; with all examples in every step it falls.")


@check("train_autoencoder", Kind.STATISTICS, points=1)
def starts_every_unit_by_itself(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Start from random numbers from rng and nothing else, so that hidden units differ, and the same state of rng gives the same result."""
    x = rng.normal(0, 1, (6, 3))
    state, another = seed_of(rng), seed_of(rng)
    first, again, other = (student.train_autoencoder(x, 4, 0.1, 3, seed) for seed in (state, state, another))
    yield expect_runs(lambda run: units_differ(run[0], run[1]), first)
    yield expect_runs(lambda *runs: from_rng(*(run[0] for run in runs)), first, again, other)


def units_differ(W: Floats, b: Floats) -> Finding | None:
    units = np.vstack([W, b])
    apart = min(float(np.max(np.abs(units[:, i] - units[:, j]))) for i, j in combinations(range(units.shape[1]), 2))
    if apart > 1e-7 * float(np.max(np.abs(units))):
        return None
    return law_broken("units_equal", "Hidden units are equal: units that start alike get the same gradient, and stay alike.")


def from_rng(first: Floats, again: Floats, other: Floats) -> Finding | None:
    if not np.allclose(first, again, rtol=1e-9, atol=1e-12):
        return law_broken("not_from_rng", "The same state of rng gives another result: draw from rng, and from nothing else.")
    if np.allclose(first, other, rtol=1e-9, atol=1e-12):
        return law_broken("always_the_same", "Another state of rng gives the same result: draw the start from rng as it is.")
    return None


def _call_train(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.train_autoencoder(rng.normal(0, 1, (6, 4)).astype(dtype), 3, 0.1, 3, seed_of(rng))


train_contract = contract("train_autoencoder", _call_train, items=(0, 1))
