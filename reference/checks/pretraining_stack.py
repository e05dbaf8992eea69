"""Checks of the stack: `greedy_pretrain`, whose layers are told by how they move (see ``pretraining_training``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from grader.checks import Call, Expectation, Finding, Kind, Student, check, contract
from grader.checks.compare import ready_to_compare
from grader.checks.model import Answers, NoValue

from .pretraining import BETTER, HIDDEN, PRETRAINING, TRIES, TUNING, Layer, descend, error_of, read_pairs, two_clusters
from .pretraining_descent import Data, Encoder, Floats, moved, sigmoid
from .pretraining_training import RUNS, Law, Rng, draw_data, encoders, from_rng, law_broken, seed_of, seeded, steps_of


def expect_stacks(law: Law, *stacks: Call, own: Call | None = None) -> Expectation:
    """Expect `law` of the layers that some calls of `greedy_pretrain` give, and of one's own encoder if there is one."""
    others = own.results[:2] if own is not None else ()

    def judge(answers: Answers) -> Finding | None:
        read = []
        for stack in stacks:
            layers = read_pairs(answers.value(stack.result), stack.result.expected)
            if isinstance(layers, Finding):
                return layers
            read.append(layers)
        return law(*read) if own is None else law(*read, own=own_encoder(answers, own))

    return Expectation(wants=(*(stack.result for stack in stacks), *others), judge=judge)


def own_encoder(answers: Answers, own: Call) -> Encoder | None:
    """What the student's own `train_autoencoder` gives, which is judged elsewhere."""
    W, b, _losses = own
    try:
        found = ready_to_compare(answers.value(W), np.shape(W.expected), ""), ready_to_compare(answers.value(b), np.shape(b.expected), "")
    except NoValue:
        return None
    return None if any(isinstance(one, Finding) for one in found) else found  # type: ignore[return-value]


@check("greedy_pretrain", Kind.SMOKE, points=0, public=True)
def returns_a_pair_per_hidden_layer(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a list with one pair (W, b) for each of the hidden sizes."""
    yield expect_stacks(lambda _layers: None, student.greedy_pretrain(rng.normal(0, 1, (6, 4)), [3, 5], 0.1, 3, seed_of(rng)))


@check("greedy_pretrain", Kind.VALUE, points=3)
def trains_each_layer_on_the_codes_below(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Train each layer to reconstruct the codes of the finished layers below it: after their sigmoid, with weights that stay fixed."""
    for sizes in ([3, 3, 3], [4, 2]):
        example = rng.uniform(0.6, 1.4, 3) * rng.choice([-1.0, 1.0], 3)
        x, start = np.tile(example, (4, 1)), seed_of(rng)
        pretrain = seeded("greedy_pretrain", int(rng.integers(2**31)))
        before, after = (student(pretrain, x, sizes, lr, 2, start) for lr in (0.0, 0.4))
        yield expect_stacks(lambda before, after, example=example: trained_on_codes(example, before, after), before, after)


SEEN: dict[str, tuple[str, Callable[[Floats, Floats, Floats], Floats]]] = {
    "sums": ("the sums of the layer below, without their sigmoid", lambda h, W, b: h @ W + b),
    "tanh": ("the hyperbolic tangents of the sums below; codes are sigmoids", lambda h, W, b: np.tanh(h @ W + b)),
    "relu": ("the positive parts of the sums below; codes are sigmoids", lambda h, W, b: np.maximum(h @ W + b, 0)),
    "x": ("x, as if it were the first", lambda h, W, b: h),
}


def codes_of(h: Floats, W: Floats, b: Floats) -> Floats:
    return sigmoid(h @ W + b)


def trained_on_codes(example: Floats, before: Sequence[Layer], after: Sequence[Layer]) -> Finding | None:
    """Judge what each layer was trained on: with one example alone, dW = h db over any number of steps, h being what it saw."""
    for number in range(1, len(after) + 1):
        (W, b), (W_start, b_start) = after[number - 1], before[number - 1]
        dW, db = W - W_start, b - b_start
        if not moved((W, b), (W_start, b_start)):
            return law_broken(f"layer_{number}_still", f"Layer {number} is not trained.")
        if saw(passed(example, after[: number - 1], codes_of), dW, db):
            continue
        for code, (words, activation) in SEEN.items():
            if number > 1 and saw(passed(example, after[: number - 1], activation), dW, db):
                return law_broken(code, f"Layer {number} was trained on {words}.")
        if number > 1 and saw(passed(example, before[: number - 1], codes_of), dW, db):
            return law_broken("unfinished", f"Layer {number} was trained on the codes of layers that were not trained yet.")
        return law_broken(f"layer_{number}", f"Layer {number} was not trained on {'the codes of the layers below' if number > 1 else 'x'}.")
    return None


def passed(h: Floats, layers: Sequence[Layer], activation: Callable[[Floats, Floats, Floats], Floats]) -> Floats:
    for W, b in layers:
        h = activation(h, W, b)
    return h


def saw(h: Floats, dW: Floats, db: Floats) -> bool:
    return h.shape[0] == dW.shape[0] and bool(np.all(np.abs(dW - np.outer(h, db)) <= 1e-7 * np.max(np.abs(dW)) + 1e-12))


@check("greedy_pretrain", Kind.VALUE, points=2)
def trains_a_layer_as_an_autoencoder(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Train a layer on the loss of an autoencoder, with as many steps as are asked for and the step size asked for."""
    data, start, state = draw_data(rng), seed_of(rng), int(rng.integers(2**31))
    stacks = [student(seeded("greedy_pretrain", state), data.batch, [3], lr, steps, start) for lr, steps in RUNS]
    own = student(seeded("train_autoencoder", state), data.batch, 3, *RUNS[-1], start)
    yield expect_stacks(lambda *stacks, own: layer_of(data, encoders([layers[0] for layers in stacks]), own), *stacks, own=own)


def layer_of(data: Data, runs: dict[int, Encoder], own: Encoder | None) -> Finding | None:
    last = runs[max(runs)]
    if own is not None and np.allclose(last[0], np.ravel(own[0]), rtol=1e-9) and np.allclose(last[1], np.ravel(own[1]), rtol=1e-9):
        return None
    finding = steps_of(data, runs, 1.0)
    if finding is None or moved(runs[0], runs[1]) == moved(runs[1], runs[2]):
        return finding
    if moved(runs[0], runs[1]):
        return law_broken("steps_ignored", "The layer does not depend on how many steps are asked for.")
    return law_broken("lr_ignored", "The layer is trained even at a step size of 0.")


@check("greedy_pretrain", Kind.STATISTICS, points=1)
def draws_every_start_from_rng(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Draw the start of every layer from rng and nothing else: the same state gives the same layers, another state other ones."""
    x = rng.normal(0, 1, (6, 3))
    state, another = seed_of(rng), seed_of(rng)
    stacks = [student.greedy_pretrain(x, [4, 4, 4], 0.1, 2, seed) for seed in (state, state, another)]
    yield expect_stacks(lambda *stacks: from_rng(*(np.concatenate([np.ravel(W) for W, _b in layers]) for layers in stacks)), *stacks)


@check("greedy_pretrain", Kind.STATISTICS, points=2, by_outcome=True)
def gives_a_better_start_than_chance(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give layers from which a network learns in 60 steps, under a head of zeros, what it does not learn from small random layers."""
    tasks = [two_clusters(rng, 6, 4) for _ in range(TRIES)]
    stacks = [student.greedy_pretrain(x, list(HIDDEN), *PRETRAINING, seed_of(rng)) for x, _y in tasks]
    yield expect_stacks(lambda *stacks: quickly_tuned(tasks, stacks), *stacks)


def quickly_tuned(tasks: Sequence[tuple[Floats, Floats]], stacks: Sequence[Sequence[Layer]]) -> Finding | None:
    head = np.zeros((HIDDEN[-1], 1)), np.zeros(1)
    errors = (error_of(x, y, *descend(x, y, layers, head, *TUNING)) for (x, y), layers in zip(tasks, stacks, strict=True))
    if any(error <= BETTER for error in errors):
        return None
    text = "After fine-tuning, a network with these layers has learned hardly more than one with small random layers."
    return law_broken("no_better", text)


def _call_greedy(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.greedy_pretrain(rng.normal(0, 1, (6, 4)).astype(dtype), [3, 5], 0.1, 3, seed_of(rng))


greedy_contract = contract("greedy_pretrain", _call_greedy)
