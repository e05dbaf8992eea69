"""The check that lets a student's own batch normalization train a deep network that starts badly.

Three layers of four tanh units begin with weights of 0.01: without normalization their signals die on the way, the gradients with them,
and twelve steps of gradient descent leave the mean square error where it was (above 0.999 of the variance of the target from all of 300
random starts). With batch normalization before each tanh the same steps learn which sign three numbers have together.

The start is fixed, one of those from which right gradients end far below `GOOD`: at 2.6e-5 of the variance, in the reference and in
every variant alike. Examples and units are permuted, which changes no outcome but by rounding, so that no right solution fails by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product

import numpy as np

from grader.checks import Call, Expectation, Finding, Kind, Own, Recipe, Rung, Student, check
from grader.checks.compare import FLOAT64, judge_values, ready_to_compare
from grader.checks.model import Answers
from grader.model import Verdict

from .batchnorm import Floats, Rng

# The share of the variance of the target.
GOOD = 0.1
START, SIZES, SMALL = 112, (3, 4, 4, 4), 0.01
RATE, STEPS = 0.7, 12
EPS = 1e-5
NEEDS_FORWARD = "This counts once the values of your batchnorm_forward are right: the network is made of both."
DOES_NOT_LEARN = (
    "The deep network that your gradients train does not learn. If batchnorm_backward passes every other check, look for "
    "something that the layers share by accident: each needs a cache of its own."
)

# A loop in an expression: walrus targets inside a comprehension belong to the lambda around it, so the parameters move on. Gradients of
# gamma and beta with an axis of size 1 too many lose the shape check, not this one.
TRAIN = """
lambda forward, backward, rate, steps: lambda x, y, Ws, gammas, betas, head: (
    [
        (
            h := x,
            kept := [
                (h, made := forward(h @ W, gamma, beta, {"mode": "train"}), h := np.tanh(made[0]))
                for W, gamma, beta in zip(Ws, gammas, betas)
            ],
            error := h @ head - y,
            dh := error @ head.T / len(x),
            gradients := [
                (found := backward(dh * (1 - out**2), made[1]), h.T @ found[0], dh := found[0] @ W.T)
                for (h, made, out), W in zip(kept[::-1], Ws[::-1])
            ][::-1],
            head := head - rate * kept[-1][2].T @ error / len(x),
            Ws := [W - rate * dW for W, (_, dW, _) in zip(Ws, gradients)],
            gammas := [gamma - rate * np.reshape(found[1], gamma.shape) for gamma, (found, _, _) in zip(gammas, gradients)],
            betas := [beta - rate * np.reshape(found[2], beta.shape) for beta, (found, _, _) in zip(betas, gradients)],
        )
        for _ in range(steps)
    ],
    (np.mean(error**2) / np.var(y), *Ws, *gammas, *betas, head),
)[1]
""".strip()


@check("batchnorm_backward", Kind.GRADIENT, points=1, by_outcome=True)
def trains_a_deep_network_that_starts_badly(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Together with your own batchnorm_forward, let plain gradient descent train a deep network whose weights start at 0.01: without
    batch normalization before its tanh layers it learns nothing at all, with it the error falls to less than a tenth.
    """
    x, y, Ws, head = network(rng)
    gammas, betas = [np.ones(size) for size in SIZES[1:]], [np.zeros(size) for size in SIZES[1:]]
    own = student.batchnorm_forward(x @ Ws[0], gammas[0], betas[0], {"mode": "train"})
    train = Recipe(TRAIN, (Own("batchnorm_forward"), Own("batchnorm_backward"), RATE, STEPS))
    yield learns(student(train, x, y, Ws, gammas, betas, head), own, x, y)


def network(rng: Rng) -> tuple[Floats, Floats, list[Floats], Floats]:
    """All eight sign patterns of three numbers, the sign of their sum, and the weights of the network, units in any order."""
    fixed = np.random.default_rng(START)
    Ws: list[Floats] = [SMALL * fixed.standard_normal(shape) for shape in pairwise(SIZES)]
    head: Floats = 0.1 * fixed.standard_normal((SIZES[-1], 1))
    orders = [np.arange(SIZES[0]), *(rng.permutation(size) for size in SIZES[1:])]
    Ws = [W[np.ix_(before, after)] for W, (before, after) in zip(Ws, pairwise(orders), strict=True)]
    x = rng.permutation(np.array(list(product((-1.0, 1.0), repeat=3))))
    return x, np.sign(np.sum(x, axis=1, keepdims=True)), Ws, head[orders[-1]]


def learns(trained: Call, own: Call, x: Floats, y: Floats) -> Expectation:
    """Expect a network that has learned: by its error, or, where `own`, the student's forward pass at the start, is wrong, by the error
    that the student's own network sees. How a training went astray, to NaN or elsewhere, is told alike.
    """
    out = own[0]

    def judge(answers: Answers) -> Finding | None:
        found = [ready_to_compare(answers.value(one), np.shape(one.expected), one.label) for one in trained.results]
        wrong = next((one for one in found if isinstance(one, Finding) and one.rung is not Rung.FINITE), None)
        if wrong is not None:
            return wrong
        sound = [one for one in found if not isinstance(one, Finding)]
        forward_is_right = judge_values(answers.value(out), out.expected, FLOAT64, out.label) is None
        if len(sound) == len(found) and (share_missed(x, y, sound[1:]) if forward_is_right else sound[0]) < GOOD:
            return None
        if not forward_is_right:
            return Finding(rung=Rung.RETURNED, verdict=Verdict.SKIPPED, message=NEEDS_FORWARD, code="forward_wrong")
        return Finding(rung=Rung.LAW, message=DOES_NOT_LEARN, code="does_not_learn")

    return Expectation(wants=(out, *trained.results), judge=judge)


def share_missed(x: Floats, y: Floats, parameters: list[Floats]) -> float:
    """The mean square error of a network as a share of the variance of the target."""
    layers = len(SIZES) - 1
    Ws, gammas, betas, head = parameters[:layers], parameters[layers : -layers - 1], parameters[-layers - 1 : -1], parameters[-1]
    h = x
    for W, gamma, beta in zip(Ws, gammas, betas, strict=True):
        s = h @ W
        h = np.tanh(gamma * (s - np.mean(s, axis=0)) / np.sqrt(np.var(s, axis=0) + EPS) + beta)
    return float(np.mean((h @ head - y) ** 2) / np.var(y))
