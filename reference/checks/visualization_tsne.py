"""Checks of t-SNE, part by part.

The affinities of the data come out of a search, which right solutions end at different precisions, so P is compared at `SEARCHED`. The
slips that move it further than that are recognised by what they lead to, computed here in their own way.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader.checks import (
    Call,
    Check,
    Expectation,
    Finding,
    Kind,
    Result,
    Rung,
    Student,
    Tolerance,
    check,
    compare,
    compare_law,
    compare_quiet,
    contract,
)
from grader.checks.compare import default_tolerance, judge_values, ready_to_compare
from grader.checks.model import Answers, Fallback, NoValue

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Rng = np.random.Generator

# Over 600 seeds, a search that stops at 1e-4 of the entropy uses a sixth of this at most, one that stops at 1e-5 less than a fiftieth.
SEARCHED = Tolerance(rtol=5e-3, scaled=1e-4)

# ----------------------------------------------------------------------------------------------------- affinities of the data


def squared_distances(x: Floats) -> Floats:
    squares: Floats = ((x[:, np.newaxis] - x) ** 2).sum(axis=2)
    return squares


def draw_points(rng: Rng) -> Iterator[tuple[Floats, float]]:
    """Points and a perplexity. A target of log2(perplexity) nats could be reached for each, so that it shows as what it is."""
    yield rng.standard_normal((10, 3)), 4.0
    yield 3.0 * rng.standard_normal((14, 2)) + 5.0, 5.5
    yield 0.1 * rng.standard_normal((9, 1)), 2.5
    # Two clusters of different density, for which no one width would do.
    yield np.concatenate([0.1 * rng.standard_normal((6, 2)), 6.0 + 2.0 * rng.standard_normal((6, 2))]), 3.0
    yield rng.standard_normal((10, 3)).astype(np.float32), 3.7


def shared(P: Floats) -> Floats:
    """What can be said of P however it is scaled, whether it is symmetric and whatever its diagonal holds."""
    off = P * (1 - np.eye(len(P)))
    # Entries that cancel may leave next to nothing, and an absurd one divided by that would overflow.
    pairs: Floats = (off + off.T) / max(2 * off.sum(), 1e-150)
    return pairs


def neighbours(squares: Floats, entropy: float, *, own: bool = False, together: bool = False) -> Floats:
    """Probabilities of the given entropy in nats, row by row or in the mean; with `own`, a point counts as its own nearest neighbour."""
    logits = -squares - np.where(np.eye(len(squares)) > 0, 0.0 if own else np.inf, 0.0)
    logits = logits - logits.max(axis=1, keepdims=True)
    low, high = np.full((len(squares), 1), -60.0), np.full((len(squares), 1), 60.0)
    for _ in range(60):
        middle = (low + high) / 2
        weights = np.exp(np.exp(middle) * logits)
        p: Floats = weights / weights.sum(axis=1, keepdims=True)
        entropies = -np.sum(p * np.log(np.where(p > 0, p, 1.0)), axis=1, keepdims=True)
        flat = (np.full_like(entropies, entropies.mean()) if together else entropies) > entropy
        low, high = np.where(flat, middle, low), np.where(flat, high, middle)
    return p


def of_width(squares: Floats, variance: float) -> Floats:
    others = squares + np.where(np.eye(len(squares)) > 0, np.inf, 0.0)
    weights = np.exp((others.min(axis=1, keepdims=True) - others) / (2 * variance))
    p: Floats = weights / weights.sum(axis=1, keepdims=True)
    return p


SLIPS: dict[str, Callable[[Floats, float], Floats]] = {
    "entropy_in_bits": lambda squares, perplexity: neighbours(squares, math.log2(perplexity)),
    "bits_for_nats": lambda squares, perplexity: neighbours(squares, math.log(perplexity) * math.log(2)),
    "distances_not_squared": lambda squares, perplexity: neighbours(np.sqrt(squares), math.log(perplexity)),
    "distances_squared_twice": lambda squares, perplexity: neighbours(squares**2, math.log(perplexity)),
    "own_neighbour": lambda squares, perplexity: neighbours(squares, math.log(perplexity), own=True),
    "one_width": lambda squares, perplexity: neighbours(squares, math.log(perplexity), together=True),
    "as_flat_as_can_be": lambda squares, perplexity: neighbours(squares, 1e3),
    "no_search": lambda squares, _perplexity: of_width(squares, 0.5),
    "variance_of_one": lambda squares, _perplexity: of_width(squares, 1.0),
    "perplexity_for_sigma": lambda squares, perplexity: of_width(squares, perplexity**2),
}


def has_perplexity(P: Result, x: Floats, perplexity: float) -> Expectation:
    """Expect the reference's P, up to its scale and its symmetry; or name the slip that gives what is there."""
    squares = squared_distances(x.astype(np.float64))
    expected = shared(P.expected)

    def judge(answers: Answers) -> Finding | None:
        ready = ready_to_compare(answers.value(P), expected.shape, P.label)
        if isinstance(ready, Finding):
            return ready
        pairs = shared(ready)
        finding = judge_values(pairs, expected, SEARCHED, P.label)
        if finding is None:
            return None
        fitting = (code for code, slip in SLIPS.items() if judge_values(pairs, shared(slip(squares, perplexity)), SEARCHED, "") is None)
        return dataclasses.replace(finding, code=next(fitting, ""))

    return Expectation(wants=(P,), judge=judge)


def joint(P: Floats, x: Floats) -> Finding | None:
    """Whether P is a joint distribution in which the nearest two points have more than the farthest two."""
    slack = 1e-6 * float(np.abs(P).max())
    pairs, squares = shared(P), squared_distances(x.astype(np.float64)) + np.diag(np.full(len(x), np.nan))
    total = float(P.sum())
    asymmetric = "asymmetric" if np.tril(P).any() and np.triu(P).any() else "one_triangle"
    faults = {
        "negative": (P.min() < -slack, "some probabilities are negative"),
        asymmetric: (np.any(np.abs(P - P.T) > slack), "it is not symmetric"),
        "diagonal": (np.any(np.abs(np.diag(P)) > slack), "its diagonal is not 0"),
        sums_to(total, len(P)): (abs(total - 1) > 1e-6, f"its sum is {total:.3g}"),
        "not_by_distance": (
            not pairs.flat[np.nanargmin(squares)] > pairs.flat[np.nanargmax(squares)],
            "the nearest two points have no larger a probability than the farthest two",
        ),
    }
    seen = {code: words for code, (there, words) in faults.items() if there}
    message = f"P is not the joint distribution that is required: {', '.join(seen.values())}."
    return Finding(rung=Rung.LAW, message=message, code="_and_".join(seen)) if seen else None


def sums_to(total: float, n: int) -> str:
    known = {"n": n, "2": 2, "half": 0.5, "4": 4, "12": 12, "2n": 2 * n, "1_over_n": 1 / n}
    return "sums_to_" + next((name for name, value in known.items() if abs(total - value) < 1e-6 * value), "something_else")


@check("pairwise_affinities", Kind.SMOKE, points=0, public=True)
def returns_a_square_of_probabilities(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array P of shape (n, n), with larger probabilities for nearer points."""
    x = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [3.0, 3.0], [5.0, 1.0]])
    yield compare_law(lambda P: joint(P, x), student.pairwise_affinities(x, 2.0))


@check("pairwise_affinities", Kind.VALUE, points=2, cases="points")
def is_a_joint_distribution(student: Student, rng: Rng) -> Iterator[Expectation]:
    """P is symmetric, sums to 1 over all pairs, and is 0 on the diagonal: P_ij = (p(j|i) + p(i|j)) / (2 n). No early exaggeration."""
    for x, perplexity in draw_points(rng):
        P = student.pairwise_affinities(x, perplexity)
        if x.dtype == np.float64:
            yield compare_law(lambda P, x=x: joint(P, x), P)


@check("pairwise_affinities", Kind.VALUE, points=3, cases="points")
def gives_every_point_the_perplexity(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Find for each point the width at which the entropy of its neighbours, in nats, is the log of the perplexity, to within 1e-4. This
    check looks past the scale and the symmetry of P.
    """
    for x, perplexity in draw_points(rng):
        yield has_perplexity(student.pairwise_affinities(x, perplexity).result, x, perplexity)


@check("pairwise_affinities", Kind.VALUE, points=1)
def takes_a_point_at_the_same_place_for_a_neighbour(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Two different points may lie in the same place and are then neighbours at distance 0: leave out the point itself by its index, not
    by its distance of 0.
    """
    x = rng.standard_normal((8, 2))
    x[5] = x[2]
    yield has_perplexity(student.pairwise_affinities(x, 3.2).result, x, 3.2)


@check("pairwise_affinities", Kind.STABILITY, points=1)
def gives_far_points_neighbours_too(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Where all others are so far away that every exponential is 0, subtract the smallest squared distance first: no NaN, no NumPy
    warning, and the same perplexity. For coordinates of 10 000, and for a perplexity that n - 1 neighbours cannot have, P need only be
    finite.
    """
    outlier = np.concatenate([rng.standard_normal((7, 2)), np.array([[900.0, -400.0]])])
    for x in (outlier, 300.0 * rng.standard_normal((9, 2))):
        call = student.pairwise_affinities(x, 3.0)
        yield has_perplexity(call.result, x, 3.0)
        yield compare_quiet(call)
    huge = rng.uniform(0.5e4, 1e4, (7, 3)) * rng.choice([-1.0, 1.0], (7, 3))
    for dtype in (np.float64, np.float32):
        yield compare_quiet(student.pairwise_affinities(huge.astype(dtype), 2.5), silent=dtype is np.float64)
    yield compare_quiet(student.pairwise_affinities(rng.standard_normal((5, 2)), 10.0), silent=False)


def call_pairwise(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.pairwise_affinities(rng.standard_normal((7, 2)).astype(dtype), 3.0)


pairwise_contract = contract("pairwise_affinities", call_pairwise)


# ------------------------------------------------------------------------------------------------------ affinities of the map


def draw_map(rng: Rng, n: int, m: int, size: float = 1.5) -> Floats:
    return size * rng.standard_normal((n, m))


@check("low_dim_affinities", Kind.SMOKE, points=0, public=True)
def gives_three_points_on_a_line_their_probabilities(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array Q of shape (n, n). For points at 0, 1 and 3 the first row is [0, 0.3125, 0.0625]."""
    yield compare(student.low_dim_affinities(np.array([[0.0], [1.0], [3.0]])))


@check("low_dim_affinities", Kind.VALUE, points=2)
def follows_students_t(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Take 1 / (1 + squared distance) for every pair of different points, 0 on the diagonal, and divide by the sum over all pairs."""
    for n, m in ((5, 2), (7, 3), (6, 1)):
        yield compare(student.low_dim_affinities(draw_map(rng, n, m)))
    yield compare(student.low_dim_affinities(draw_map(rng, 6, 2, 4.0).astype(np.float32)), dtype=np.float32)


@check("low_dim_affinities", Kind.VALUE, points=1)
def gives_most_to_two_points_at_one_place(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Two different points may lie in the same place and then have the largest affinity of all: leave out the point itself by its index,
    not by its distance of 0.
    """
    y = draw_map(rng, 6, 2, 2.0)
    y[4] = y[1]
    yield compare(student.low_dim_affinities(y))


def call_low_dim(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.low_dim_affinities(draw_map(rng, 6, 2).astype(dtype))


low_dim_contract = contract("low_dim_affinities", call_low_dim)


# --------------------------------------------------------------------------------------------------------------- the gradient


def draw_joint(rng: Rng, n: int) -> Floats:
    """A joint distribution as of data: symmetric, with a diagonal of 0, and a pair whose probability is 0."""
    P = rng.uniform(0.2, 2.0, (n, n)) ** 2
    P[0, 2] = P[2, 0] = 0.0
    return shared(P)


def descends(dy: Result, P: Floats, y: Floats, dtype: Any = np.float64) -> Expectation:
    """Expect the reference's gradient, or the one that follows from the student's own Q, where that is wrong: it has cost its points."""
    tolerance = default_tolerance(np.dtype(dtype))

    def judge(answers: Answers) -> Finding | None:
        return judge_values(answers.value(dy), dy.expected, tolerance, dy.label)

    def record(student: Student) -> tuple[Result, ...]:
        return (student.low_dim_affinities(y).result,)

    def follows(answers: Answers, results: tuple[Result, ...]) -> str | None:
        (Q,) = results
        try:
            own, found = answers.value(Q), answers.value(dy)
        except NoValue:
            return None
        ready = ready_to_compare(own, P.shape, "")
        if isinstance(ready, Finding) or judge_values(own, Q.expected, tolerance, "") is None or not falls_off(ready, y):
            return None
        differences, closeness = y[:, np.newaxis] - y, 1 / (1 + squared_distances(y))
        expected = 4 * np.einsum("ij,ijk->ik", (P - ready) * closeness, differences)
        right = judge_values(found, expected, tolerance, "") is None
        return "It is right for your own low_dim_affinities: correct that function first." if right else None

    return Expectation(wants=(dy,), judge=judge, values=(dy,), fallback=Fallback(record=record, judge=follows))


def falls_off(Q: Floats, y: Floats) -> bool:
    """Whether the nearest two points have more of Q than the farthest two, as in any affinities worth the name."""
    squares = squared_distances(y) + np.diag(np.full(len(y), np.nan))
    return bool(Q.flat[np.nanargmin(squares)] > Q.flat[np.nanargmax(squares)] >= 0)


@check("tsne_gradient", Kind.SMOKE, points=0, public=True)
def returns_a_gradient_for_every_point(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array, shaped like y."""
    P, y = draw_joint(rng, 4), draw_map(rng, 4, 2)
    yield descends(student.tsne_gradient(P, y).result, P, y)


@check("tsne_gradient", Kind.GRADIENT, points=3)
def sums_the_pulls_of_all_other_points(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give 4 sum_j (P_ij - Q_ij) (y_i - y_j) / (1 + |y_i - y_j|^2) for every point i."""
    for n, m, size in ((6, 2, 1.5), (5, 3, 1.0), (7, 1, 4.0), (6, 2, 0.01)):
        P, y = draw_joint(rng, n), draw_map(rng, n, m, size)
        yield descends(student.tsne_gradient(P, y).result, P, y)
    P, y = draw_joint(rng, 6).astype(np.float32), draw_map(rng, 6, 2).astype(np.float32)
    yield descends(student.tsne_gradient(P, y).result, P, y, np.float32)


def call_gradient(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.tsne_gradient(draw_joint(rng, 6).astype(dtype), draw_map(rng, 6, 2).astype(dtype))


gradient_contract = contract("tsne_gradient", call_gradient)


# ------------------------------------------------------------------------------------------------------------- the divergence

# Room for a small number in the logarithm, such as 1e-8, against a logarithm of 0.
DIVERGENCE = Tolerance(rtol=1e-5, scaled=0.0)


def draw_pair(rng: Rng, n: int) -> tuple[Floats, Floats]:
    """Two distributions without a 0, neither of them symmetric."""
    P, Q = rng.uniform(0.2, 2.0, (2, n, n)) ** 3
    return P / P.sum(), Q / Q.sum()


def draw_pair_with_zeros(rng: Rng, n: int) -> tuple[Floats, Floats]:
    """Two joint distributions: 0 on both diagonals, and P also where Q is not."""
    return draw_joint(rng, n), shared(rng.uniform(0.2, 2.0, (n, n)) ** 2)


@check("kl_divergence", Kind.SMOKE, points=0, public=True)
def returns_one_number(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one number. For P = [[0.25, 0.25], [0.4, 0.1]] and Q = [[0.1, 0.4], [0.25, 0.25]] it is 0.208."""
    yield compare(student.kl_divergence(np.array([[0.25, 0.25], [0.4, 0.1]]), np.array([[0.1, 0.4], [0.25, 0.25]])), tolerance=DIVERGENCE)


@check("kl_divergence", Kind.VALUE, points=2)
def weights_the_log_ratio_with_the_first(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Sum P log(P / Q) over all entries, with the natural logarithm; P is what comes first."""
    for n in (3, 6):
        yield compare(student.kl_divergence(*draw_pair(rng, n)), tolerance=DIVERGENCE)
    P, Q = draw_pair(rng, 5)
    yield compare(student.kl_divergence(P.astype(np.float32), Q.astype(np.float32)), dtype=np.float32)


@check("kl_divergence", Kind.VALUE, points=1, cases="zeros")
def counts_nothing_where_the_first_is_zero(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Where P is 0, add 0, whether Q is 0 there (as on the diagonal) or not."""
    for call in call_with_zeros(student, rng):
        # NaN is NaN, whoever gets it, but no value that identifies a mistake.
        yield dataclasses.replace(compare(call, tolerance=DIVERGENCE), values=())


@check("kl_divergence", Kind.STABILITY, points=1, cases="zeros")
def takes_no_logarithm_of_zero(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Where P is 0, there must be no NaN and no NumPy warning: leave those entries out before you take the logarithm."""
    for call in call_with_zeros(student, rng):
        yield compare_quiet(call)


def call_with_zeros(student: Student, rng: Rng) -> list[Call]:
    return [student.kl_divergence(*draw_pair_with_zeros(rng, n)) for n in (4, 7)]


def call_divergence(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    P, Q = draw_pair(rng, 4)
    return student.kl_divergence(P.astype(dtype), Q.astype(dtype))


divergence_contract: tuple[Check, ...] = contract("kl_divergence", call_divergence, dtype=0)
