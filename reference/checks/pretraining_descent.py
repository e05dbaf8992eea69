"""How an autoencoder that starts nobody knows where must move: its decoder is found out from its first step, and then followed.

A student's autoencoder starts from random numbers of its own, and gives back neither its start nor its decoder. The start of the encoder
shows at a step size of 0. Of the decoder, one step tells everything if the data are one feature with two different values x1 and x2: the
gradient of the encoder is then a sum over two rows, and from dW_j = x1 S1j + x2 S2j and db_j = S1j + S2j both terms follow,
Sij = 2/m n_i r_i v_j h_ij (1 - h_ij). So r_i v_j is known, a matrix of rank one; r = a u and v = s w / a up to one number a. Since
r_1 - r_2 = (h_1 - h_2) v - (x_1 - x_2), a solves a quadratic equation, and r_1 = h_1 v + c - x_1 gives c. From there every later step is
computed and compared; of the two roots one explains them. No part of this depends on what a student drew, nor on the losses given back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Encoder = tuple[Floats, Floats]

# Relative to the way from the start. Over 3000 starts of each of 12 laws the farthest that a followed encoder was off is 1e-11.
FOLLOWED = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A way to take a step: the right one, or a slip with its code and its words.

    `scale` multiplies every gradient. `decoder` is moved together with the encoder, or first (and the encoder's gradient then passes
    through the new one), or not at all, or without its bias; or it is the transposed encoder.
    """

    code: str = ""
    words: str = ""
    scale: float = 1.0
    decoder: str = "together"


RIGHT = Rule()


def slips(m: int) -> tuple[Rule, ...]:
    """The slips that are told by name, for a batch of `m` examples."""
    return (
        Rule(code="ascends", words="The parameters move up the gradient, not down.", scale=-1.0),
        Rule(code="half_steps", words="The steps are half as long as they should be.", scale=0.5),
        Rule(code="summed_steps", words="The steps are m times as long as they should be: average over the examples.", scale=float(m)),
        Rule(code="decoder_fixed", words="The decoder does not move.", decoder="fixed"),
        Rule(code="decoder_bias_fixed", words="The bias of the decoder does not move.", decoder="bias fixed"),
        Rule(code="decoder_first", words="The decoder moves before the gradient of the encoder is computed.", decoder="first"),
        Rule(code="tied", words="The decoder is the transposed encoder; it should have weights of its own.", decoder="tied"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """One feature with two values: `x` (2,), each `n` (2,) times."""

    x: Floats
    n: Floats

    @property
    def m(self) -> int:
        """The number of examples."""
        return int(self.n.sum())

    @property
    def batch(self) -> Floats:
        """The examples, one per row, the two values mixed."""
        rows: Floats = np.repeat(self.x, self.n.astype(int))[:, np.newaxis]
        return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """The rule that explains what was returned, and the losses along the way from step `first` on."""

    rule: Rule
    first: int
    losses: Floats


def explain(data: Data, runs: Mapping[int, Encoder], lr: float, rules: Sequence[Rule]) -> Explained | None:
    """Find the first of `rules` that gives the encoders `runs`, which are those after 0, 1, 2 and some more steps."""
    # A decoder that starts at 0 passes no gradient back: then the second step is the first that moves the encoder.
    first = 0 if moved(runs[0], runs[1]) else 1
    for rule in rules:
        for v, c in _decoders(data, runs[first], runs[first + 1], lr, rule):
            losses = _follow(data, runs, first, v, c, lr, rule)
            if losses is not None:
                return Explained(rule=rule, first=first, losses=losses)
    return None


def moved(one: Encoder, other: Encoder) -> bool:
    """Whether an encoder has moved, by more than rounding."""
    return any(float(np.max(np.abs(a - b), initial=0.0)) > 1e-13 for a, b in zip(one, other, strict=True))


def _codes(data: Data, W: Floats, b: Floats) -> Floats:
    return sigmoid(np.outer(data.x, W) + b)


def sigmoid(s: Floats) -> Floats:
    """The logistic function as a hyperbolic tangent, which cannot overflow."""
    out: Floats = (1 + np.tanh(s / 2)) / 2
    return out


def _decoders(data: Data, here: Encoder, there: Encoder, lr: float, rule: Rule) -> Iterator[tuple[Floats, float]]:
    """Give the decoders (weights, bias) from which `rule` leads from `here` to `there`, in so far as two values of x can tell."""
    W, b = here
    dW, db = ((a - z) / (lr * rule.scale) for a, z in zip(here, there, strict=True))
    h = _codes(data, W, b)
    if rule.decoder == "tied":
        yield from _tied_bias(data, here, db, h)
        return
    spread = data.x[0] - data.x[1]
    sums = np.stack([dW - data.x[1] * db, data.x[0] * db - dW]) / spread
    slopes = h * (1 - h)
    if not np.all(slopes > 1e-200):
        return
    products = sums * data.m / (2 * data.n[:, np.newaxis] * slopes)
    if not np.all(np.isfinite(products)):
        return
    left, sizes, right = np.linalg.svd(products, full_matrices=False)
    u, w, size = left[:, 0], right[0], float(sizes[0])
    # What the decoder has moved by, for every unit of a, when the gradient passes through it.
    ahead = lr * rule.scale * 2 / data.m * (data.n * u) @ h if rule.decoder == "first" else np.zeros_like(w)
    between = h[0] - h[1]
    for a in np.roots([u[0] - u[1] - between @ ahead, spread, -size * float(between @ w)]):
        if abs(a.imag) <= 1e-6 * abs(a) and abs(a) > 1e-300:
            v = size * w / a.real + a.real * ahead
            yield v, float(a.real * u[0] + data.x[0] - h[0] @ v)


def _tied_bias(data: Data, here: Encoder, db: Floats, h: Floats) -> Iterator[tuple[Floats, float]]:
    """Solve db = 2/m sum_i n_i (h_i W + c - x_i) W h_i (1 - h_i) for c."""
    W = here[0]
    weights = 2 / data.m * data.n[:, np.newaxis] * h * (1 - h) * W
    slope = weights.sum(axis=0)
    if float(slope @ slope) > 1e-300:
        yield W, float(slope @ (db - (h @ W - data.x) @ weights) / (slope @ slope))


def _follow(data: Data, runs: Mapping[int, Encoder], first: int, v: Floats, c: float, lr: float, rule: Rule) -> Floats | None:
    """Take all steps from `first` on by `rule`; the losses before them if every encoder of `runs` is met, else None."""
    W, b = runs[first]
    losses = []
    with np.errstate(all="ignore"):
        for number in range(first, max(runs)):
            W, b, v, c, loss = _step(data, W, b, v, c, lr, rule)
            losses.append(loss)
            if number + 1 in runs and not _met(runs[first], runs[number + 1], (W, b)):
                return None
    return np.array(losses)


def _met(start: Encoder, due: Encoder, found: Encoder) -> bool:
    """Whether two encoders are alike, relative to how far they are from the start."""
    way = max(float(np.max(np.abs(a - s))) for a, s in zip(due, start, strict=True))
    return all(bool(np.all(np.abs(a - z) <= FOLLOWED * way + 1e-11)) for a, z in zip(due, found, strict=True))


def _step(data: Data, W: Floats, b: Floats, v: Floats, c: float, lr: float, rule: Rule) -> tuple[Floats, Floats, Floats, float, float]:
    h = _codes(data, W, b)
    back = W if rule.decoder == "tied" else v
    r = h @ back + c - data.x
    loss = float(data.n @ r**2) / data.m
    dout = 2 * rule.scale / data.m * data.n * r
    next_v = v if rule.decoder in ("fixed", "tied") else v - lr * dout @ h
    next_c = c if rule.decoder in ("fixed", "bias fixed") else c - lr * float(dout.sum())
    ds = np.outer(dout, next_v if rule.decoder == "first" else back) * h * (1 - h)
    dW = data.x @ ds + (dout @ h if rule.decoder == "tied" else 0.0)
    return W - lr * dW, b - lr * ds.sum(axis=0), next_v, next_c, loss
