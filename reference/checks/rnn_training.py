"""The check that lets a student's own rnn_forward and rnn_backward train a network, and looks at what the network has learned.

The network hears three numbers, each 1 or -1, then silence, in which it has to say them again in their order: no output has anything to
do with the input of its own time step. Plain gradient descent on the mean square of all eight sequences starts from weights that cannot
do it. Of all that is known about an input when it has to be said, the weights learn through time alone.

The two starts are the outcome of a search among random ones for those from which right gradients lead far below `GOOD` (to 0.003 of
what silence costs, a margin of 40, and to 0.006 when the rate is 10 % off either way) and wrong ones do not: each of the 28 known
mistakes that make a gradient of the parameters wrong is left with more than 0.7 from one start or the other. Neither start is enough
alone: gradients that lack the first time step train the first network, and gradients with an averaged bias nearly the second. What dx
and dh0 hold does not matter here.

Examples and units are permuted and units change their sign at random, which changes no outcome but by rounding (2e-16 over 300 seeds
and all variants at hand), so that no right solution fails by chance. Float32 states throughout change it by 4e-8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from grader.checks import Call, Expectation, Finding, Kind, Own, Recipe, Rung, Student, check
from grader.checks.compare import FLOAT64, judge_values, ready_to_compare
from grader.checks.model import Answers
from grader.model import Verdict

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Rng = np.random.Generator

# The share of what silence costs.
GOOD = 0.1
HEARD = 3
RATE, STEPS = 0.4, 50

# A loop in an expression: walrus targets inside a comprehension belong to the lambda around it, so the parameters move on. States and
# gradients in a shape with an axis of size 1 too many lose the shape check, not this one.
TRAIN = """
lambda forward, backward, rate, steps: lambda x, y, says, h0, Wx, Wh, b, head: (
    [
        (
            made := forward(x.copy(), h0.copy(), Wx, Wh, b),
            h := np.reshape(made[0], (*x.shape[:2], len(b))),
            error := says * (h @ head - y) / len(x),
            gradients := backward(error @ head.T, made[1]),
            head := head - rate * np.tensordot(h, error, ([0, 1], [0, 1])),
            Wx := Wx - rate * np.reshape(gradients[2], Wx.shape),
            Wh := Wh - rate * np.reshape(gradients[3], Wh.shape),
            b := b - rate * np.reshape(gradients[4], b.shape),
        )
        for _ in range(steps)
    ],
    (Wx, Wh, b, head),
)[1]
""".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A network before training: one input, H units, one linear output."""

    Wx: tuple[float, ...]
    Wh: tuple[tuple[float, ...], ...]
    b: tuple[float, ...]
    head: tuple[float, ...]

    def disguised(self, rng: Rng) -> tuple[Floats, Floats, Floats, Floats]:
        """Give ``Wx, Wh, b, head`` of the same network, its units in another order and some of them with the other sign."""
        order, sign = rng.permutation(len(self.b)), rng.choice([-1.0, 1.0], len(self.b))
        Wx, Wh, b, head = (np.array(values) for values in (self.Wx, self.Wh, self.b, self.head))
        # tanh is odd: a unit changes its sign with all its weights, and the weights behind it make up for that.
        return (
            (sign * Wx[order])[np.newaxis],
            np.outer(sign, sign) * Wh[np.ix_(order, order)],
            sign * b[order],
            (sign * head[order])[:, np.newaxis],
        )


STARTS = (
    Start(
        Wx=(-0.8, -0.2, 0.2),
        Wh=((-1.5, -0.5, -0.3), (0.3, 0.6, 1.3), (2.5, 1.0, 0.9)),
        b=(0.1, -0.1, -0.5),
        head=(-0.1, 1.2, -0.5),
    ),
    Start(
        Wx=(0.8, 0.7, 0.8),
        Wh=((0.3, 0.6, -0.4), (-0.6, -1.1, -1.5), (0.5, -1.1, -0.2)),
        b=(-1.0, -0.6, -0.4),
        head=(0.2, -0.6, 0.8),
    ),
)


@check("rnn_backward", Kind.GRADIENT, points=1, by_outcome=True)
def trains_a_network_to_copy_a_sequence(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Together with your own rnn_forward, give gradients by which plain gradient descent teaches a small network to copy: it hears three
    numbers, each 1 or -1, and then says them again in their order. It may be a little off, but not much.
    """
    for start in STARTS:
        x, y, says = sequences(rng)
        h0 = np.zeros((len(x), len(start.b)))
        parameters = start.disguised(rng)
        own = student.rnn_forward(x, h0, *parameters[:3])
        train = Recipe(TRAIN, (Own("rnn_forward"), Own("rnn_backward"), RATE, STEPS))
        yield copies(student(train, x, y, says, h0, *parameters), own, x, y, says)


def sequences(rng: Rng) -> tuple[Floats, Floats, Floats]:
    """All sequences in any order: what is heard (N, T, 1), what is to be said (N, T, 1), and when, as ones among zeros (T, 1)."""
    heard = rng.permutation(np.array(list(product((-1.0, 1.0), repeat=HEARD))))[:, :, np.newaxis]
    silence = np.zeros_like(heard)
    says = np.concatenate([silence[0], np.ones_like(silence[0])])
    return np.concatenate([heard, silence], axis=1), np.concatenate([silence, heard], axis=1), says


def copies(trained: Call, own: Call, x: Floats, y: Floats, says: Floats) -> Expectation:
    """Expect a network that copies, if `own`, the student's forward pass at the start of it, is right. How a training went astray, to
    NaN or elsewhere, is told alike: where it diverges, that is a matter of rounding.
    """
    h = own[0]

    def judge(answers: Answers) -> Finding | None:
        if judge_values(answers.value(h), h.expected, FLOAT64, h.label) is not None:
            return Finding(
                rung=Rung.RETURNED,
                verdict=Verdict.SKIPPED,
                message="This counts once the values of your rnn_forward are right: the network is made of both.",
                code="forward_wrong",
            )
        found = [ready_to_compare(answers.value(one), np.shape(one.expected), one.label) for one in trained.results]
        wrong = next((one for one in found if isinstance(one, Finding) and one.rung is not Rung.FINITE), None)
        if wrong is not None:
            return wrong
        sound = [one for one in found if not isinstance(one, Finding)]
        if len(sound) == len(found) and share_missed(x, y, says, *sound) < GOOD:
            return None
        return Finding(rung=Rung.LAW, message="The network that your gradients train does not copy what it hears.", code="no_copy")

    return Expectation(wants=(h, *trained.results), judge=judge)


def share_missed(x: Floats, y: Floats, says: Floats, Wx: Floats, Wh: Floats, b: Floats, head: Floats) -> float:
    """The mean square error of a network at the time steps at which it says something, as a share of what silence costs."""
    h, missed = np.zeros((len(x), len(b))), 0.0
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ Wx + h @ Wh + b)
        missed += float(says[t, 0] * np.sum((h @ head - y[:, t]) ** 2))
    return missed / float(np.sum(y**2))
