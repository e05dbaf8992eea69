"""Checks of the penalties, the weight decay, early stopping and the ensemble's prediction.

The cases of `early_stopping` are written down, since a random curve seldom shows what a slip does; what is drawn is the scale of the
losses, which no answer depends on. In those of `ensemble_predict` every way to combine has its own winner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from grader.checks import Call, Check, Expectation, Finding, Kind, Rung, Student, check, compare, contract
from grader.checks.model import Answers
from grader.checks.record import is_numeric

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Rng = np.random.Generator


def draw(rng: Rng, *shape: int) -> Floats:
    """Weights of magnitude 0.1 to 2 and either sign: none is near the kink of L1."""
    w: Floats = rng.uniform(0.1, 2.0, shape) * rng.choice([-1.0, 1.0], shape)
    return w


# -------------------------------------------------------------------------------------------------------------------- penalties

SHAPES: tuple[tuple[tuple[int, ...], float], ...] = (((3, 4), 0.3), ((7,), 2.5), ((2, 3, 1, 5), 0.01), ((1, 1), 1.6))


def penalty_checks(function: str, penalty_sentence: str, grad_sentence: str) -> tuple[Check, ...]:
    """The requirements that both penalties have; values and gradients are read off the same calls."""

    def calls(student: Student, rng: Rng) -> Iterator[tuple[Call, type[np.float32] | None]]:
        for shape, lam in SHAPES:
            yield getattr(student, function)(draw(rng, *shape), lam), None
        yield getattr(student, function)(draw(rng, 6, 2).astype(np.float32), 0.7), np.float32

    def returns_a_penalty_and_its_gradient(student: Student, rng: Rng) -> Iterator[Expectation]:
        """Return a pair: one number, and an array shaped like w."""
        yield from (compare(result) for result in getattr(student, function)(np.array([3.0, -4.0]), 0.1))

    def has_the_right_penalty(student: Student, rng: Rng) -> Iterator[Expectation]:
        yield from (compare(penalty, dtype=dtype) for (penalty, _grad), dtype in calls(student, rng))

    def has_the_right_gradient(student: Student, rng: Rng) -> Iterator[Expectation]:
        yield from (compare(grad, dtype=dtype) for (_penalty, grad), dtype in calls(student, rng))

    def call_penalty(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
        call: Call = getattr(student, function)((draw(rng, 3, 1, 2) * scale / 2).astype(dtype), 0.4)
        return call

    has_the_right_penalty.__doc__, has_the_right_gradient.__doc__ = penalty_sentence, grad_sentence
    return (
        check(function, Kind.SMOKE, points=0, public=True)(returns_a_penalty_and_its_gradient),
        check(function, Kind.VALUE, points=2, cases="weights")(has_the_right_penalty),
        check(function, Kind.GRADIENT, points=2, cases="weights")(has_the_right_gradient),
        *contract(function, call_penalty),
    )


l2_checks = penalty_checks(
    "l2_penalty",
    "The penalty is half of lam times the sum of all squared weights.",
    "The gradient is lam times w, as the half and the 2 of the derivative cancel.",
)
l1_checks = penalty_checks(
    "l1_penalty",
    "The penalty is lam times the sum of the absolute values of all weights, without a half.",
    "The gradient is lam times the sign of each weight, however large the weight is.",
)


@check("l1_penalty", Kind.GRADIENT, points=1)
def is_flat_at_zero(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Where a weight is 0, the gradient is 0."""
    w = draw(rng, 4, 5)
    w[1, 2], w[0, 4], w[3] = 0.0, 0.0, 0.0
    _penalty, grad = student.l1_penalty(w, 0.6)
    yield compare(grad)


# ----------------------------------------------------------------------------------------------------------------- weight decay


@check("weight_decay_step", Kind.SMOKE, points=0, public=True)
def makes_a_step(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array, shaped like w."""
    yield compare(student.weight_decay_step(np.array([2.0, -1.0]), np.array([1.0, 1.0]), 0.1, 0.5))


@check("weight_decay_step", Kind.VALUE, points=2)
def descends_along_the_loss(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Without a penalty (lam = 0) this is a plain step: w - lr * dw."""
    for shape, lr in (((3, 4), 0.3), ((6,), 1.7)):
        yield compare(student.weight_decay_step(draw(rng, *shape), draw(rng, *shape), lr, 0.0))


@check("weight_decay_step", Kind.VALUE, points=3)
def descends_along_the_penalty_too(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Descend along the loss plus the L2 penalty: w - lr * (dw + lam * w). The decay is scaled by lr, as dw is."""
    for shape, lr, lam in (((3, 4), 0.3, 0.8), ((5,), 1.4, 0.05), ((2, 1, 3, 2), 0.02, 3.0)):
        yield compare(student.weight_decay_step(draw(rng, *shape), draw(rng, *shape), lr, lam))
    w, dw = (draw(rng, 4, 3).astype(np.float32) for _ in range(2))
    yield compare(student.weight_decay_step(w, dw, 0.2, 1.5), dtype=np.float32)


def call_step(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.weight_decay_step(draw(rng, 2, 1, 3).astype(dtype), draw(rng, 2, 1, 3).astype(dtype), 0.1, 0.6)


step_contract = contract("weight_decay_step", call_step)

# --------------------------------------------------------------------------------------------------------------- early stopping

Curve = tuple[int, Sequence[float]]

STOPPED: tuple[Curve, ...] = (
    (2, (9.0, 7.0, 8.0, 6.0, 7.5, 6.5, 6.2, 5.0, 1.0)),
    (1, (5.0, 4.0, 4.5, 3.0)),
    # In 5 to 7 the loss falls once and never gets below that of 4.
    (3, (9.0, 8.0, 8.5, 8.7, 7.0, 7.2, 7.1, 7.3, 7.05, 6.0, 5.0)),
    (4, (2.0, 3.0, 2.5, 4.0, 2.2, 1.0)),
    # Improvements may be small.
    (2, (3.0, 2.999, 3.5, 2.998, 3.1, 3.2, 1.0)),
    # 4 is worse than 1, three epochs before, and yet only one epoch after the best.
    (3, (5.0, 3.0, 4.0, 2.0, 3.1, 2.2, 2.1, 1.0)),
)
NEVER_STOPPED: tuple[Curve, ...] = (
    (3, (5.0, 4.0, 4.2, 3.0, 3.5)),
    (10, (3.0, 2.0, 1.0)),
    (1, (1.5,)),
    (2, (5.0, 6.0, 4.0, 4.5, 3.0, 3.5)),
    (2, (5.0, 4.0, 4.5, 4.2)),
)
LEVEL: tuple[Curve, ...] = ((2, (4.0, 3.0, 3.0, 3.5, 2.0)), (3, (5.0, 2.0, 2.0, 2.0, 2.0, 1.0)), (4, (6.0, 3.0, 5.0, 3.0, 4.0)))


def runs(student: Student, rng: Rng, curves: Sequence[Curve]) -> Iterator[Call]:
    """The curves at scales of which one is negative throughout and one is far above 1."""
    for number, (patience, curve) in enumerate(curves):
        losses = (0.0, -40.0, 5000.0)[number % 3] + rng.uniform(0.5, 2.0) * np.array(curve)
        yield student.early_stopping(losses, patience)


@check("early_stopping", Kind.SMOKE, points=0, public=True)
def returns_two_epochs(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a pair of whole numbers: the last epoch that is run, and the best one."""
    yield from (compare(epoch) for epoch in student.early_stopping(np.array([5.0, 3.0, 4.0, 2.0, 3.0, 2.0, 6.0, 1.0]), 3))


@check("early_stopping", Kind.VALUE, points=2, cases="stopped")
def stops_when_patience_runs_out(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Stop after the first epoch with epoch - best >= patience. An epoch counts as better only if its loss is below that of every epoch
    before it, not just of the last one.
    """
    yield from (compare(stop) for stop, _best in runs(student, rng, STOPPED))


@check("early_stopping", Kind.VALUE, points=2, cases="stopped")
def keeps_the_best_epoch_until_then(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return the epoch of the lowest loss up to the one in which training stops; what would come later is never seen."""
    yield from (compare(best) for _stop, best in runs(student, rng, STOPPED))


@check("early_stopping", Kind.VALUE, points=1)
def runs_to_the_end_if_never_stopped(student: Student, rng: Rng) -> Iterator[Expectation]:
    """If patience never runs out, the last epoch that is run is T - 1."""
    for call in runs(student, rng, NEVER_STOPPED):
        yield from (compare(epoch) for epoch in call)


@check("early_stopping", Kind.VALUE, points=1)
def takes_an_equal_loss_for_no_improvement(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Only a strictly lower loss is an improvement: of equal losses the earliest is the best."""
    for call in runs(student, rng, LEVEL):
        yield from (compare(epoch) for epoch in call)


def call_stopping(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.early_stopping(np.array([3.0, 2.0, 2.5, 1.5, 2.25, 1.75, 0.5], dtype), 2)


stopping_contract = contract("early_stopping", call_stopping, dtype=0)

# ------------------------------------------------------------------------------------------------------------- ensemble_predict

# What three, four or five models think of the classes A, B and C (any others get nothing), and which class each rule takes.
OPINIONS: tuple[tuple[tuple[float, float, float], ...], ...] = (
    # Two votes for A; the mean and the most confident model are for B.
    ((0.40, 0.35, 0.25), (0.41, 0.34, 0.25), (0.04, 0.90, 0.06)),
    # Votes and mean for A; the most confident model is for B.
    ((0.80, 0.05, 0.15), (0.75, 0.06, 0.19), (0.04, 0.90, 0.06)),
    # Votes and mean for A; the product of the probabilities is for B.
    ((0.62, 0.33, 0.05), (0.61, 0.34, 0.05), (0.01, 0.48, 0.51)),
    # All for C.
    ((0.20, 0.20, 0.60), (0.30, 0.10, 0.60), (0.10, 0.20, 0.70)),
    # Of four models two vote for A, which is no majority; the mean is for B.
    ((0.45, 0.40, 0.15), (0.44, 0.41, 0.15), (0.05, 0.90, 0.05), (0.10, 0.35, 0.55)),
    # Three votes of five for A; mean for C.
    ((0.42, 0.20, 0.38), (0.42, 0.20, 0.38), (0.43, 0.19, 0.38), (0.10, 0.10, 0.80), (0.10, 0.12, 0.78)),
)


def ask(rng: Rng, models: int, examples: int, classes: int) -> Floats:
    """Probabilities in which no rule finds two classes level: the opinions above, on classes and by models in a random order."""
    fitting = [opinion for opinion in OPINIONS if len(opinion) == models]
    probs = np.zeros((models, examples, classes))
    for example in range(examples):
        # The last three classes at the end: a single example has a label that is no index of an example.
        chosen = rng.permutation(classes)[:3] if example + 1 < examples else classes - 1 - rng.permutation(3)
        probs[:, example, chosen] = np.array(fitting[example % len(fitting)])[rng.permutation(models)]
    noisy = probs + rng.uniform(0, 1e-3, probs.shape)
    normalized: Floats = noisy / np.sum(noisy, axis=2, keepdims=True)
    return normalized


def combines(how: str, sentence: str) -> Check:
    def body(student: Student, rng: Rng) -> Iterator[Expectation]:
        for models, examples, classes in ((3, 12, 3), (4, 5, 6), (5, 7, 4), (3, 1, 6)):
            yield compare(student.ensemble_predict(ask(rng, models, examples, classes), how))
        yield compare(student.ensemble_predict(ask(rng, 3, 9, 5).astype(np.float32), how))

    body.__name__, body.__doc__ = {"mean": "averages_the_probabilities", "vote": "counts_the_votes"}[how], sentence
    return check("ensemble_predict", Kind.VALUE, points=2)(body)


@check("ensemble_predict", Kind.SMOKE, points=0, public=True)
def returns_a_label_for_every_example(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array of N labels."""
    probs = np.array([[[0.4, 0.6], [0.7, 0.3]], [[0.4, 0.6], [0.8, 0.2]], [[0.9, 0.1], [0.6, 0.4]]])
    yield from (compare(student.ensemble_predict(probs, how)) for how in ("mean", "vote"))


ensemble_checks = (
    combines("mean", "With 'mean', average the probabilities over the models; the label is the class with the highest average."),
    combines("vote", "With 'vote', every model votes for its likeliest class; the label is the class with the most votes."),
)


@check("ensemble_predict", Kind.VALUE, points=1)
def takes_the_lowest_of_level_labels(student: Student, rng: Rng) -> Iterator[Expectation]:
    """If classes tie, take the lowest label, in both modes: neither the last one nor that of the first model."""
    # Eighths, whose sums and means over two or four models are exact in any order.
    level = np.array([[[1, 2, 5], [1, 5, 2], [5, 1, 2]], [[2, 5, 1], [5, 1, 2], [1, 2, 5]]]) / 8
    mean = np.array([[[2, 3, 3], [4, 1, 3], [3, 1, 4]], [[2, 3, 3], [3, 1, 4], [4, 1, 3]]]) / 8
    yield compare(student.ensemble_predict(level, "vote"))
    yield compare(student.ensemble_predict(np.concatenate([level, level[::-1]]), "vote"))
    yield compare(student.ensemble_predict(mean, "mean"))


@check("ensemble_predict", Kind.DTYPE, points=1)
def returns_whole_numbers(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return labels of an integer dtype."""
    for how in ("mean", "vote"):
        yield expect_integers(student.ensemble_predict(ask(rng, 3, 4, 5), how))


def expect_integers(call: Call) -> Expectation:
    """Expect an integer dtype of any width, of an array that can serve as an index."""
    result = call.result

    def judge(answers: Answers) -> Finding | None:
        value = answers.value(result)
        if not is_numeric(value):
            return Finding(rung=Rung.TYPE, message=f"{result.label} is not an array of numbers.")
        found = np.asarray(value).dtype
        if found.kind in "iu":
            return None
        return Finding(rung=Rung.DTYPE, message=f"{result.label} is {found} where integers are required.", facts={"dtype": str(found)})

    return Expectation(wants=(result,), judge=judge)


def call_ensemble(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.ensemble_predict(ask(rng, 3, 6, 4).astype(dtype), "mean" if dtype is np.float64 else "vote")


ensemble_contract = contract("ensemble_predict", call_ensemble, dtype=0)
