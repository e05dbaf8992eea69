"""Checks of dropout: the algebra of the mask, whatever was drawn, and the law of the draws, with a stated false-fail rate.

No check looks at ``p = 0.5`` alone, where keeping and dropping cannot be told apart, and no input holds a zero, so that a zero in
the output is a dropped unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.checks import Expectation, Finding, Kind, Rung, Student, check, compare, compare_law, contract
from grader.checks.statistics import ALPHA, correlation_bound, share_bounds
from grader.model import Verdict

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Rng = np.random.Generator

FORWARDS = ("dropout_forward", "dropout_forward_unscaled")


def draw(rng: Rng, *shape: int) -> Floats:
    """Inputs of size 0.5 to 2 and either sign: none is zero."""
    return rng.uniform(0.5, 2.0, shape) * rng.choice([-1.0, 1.0], shape)


def train(p: float, **more: Any) -> dict[str, Any]:
    return {"mode": "train", "p": p, **more}


def close(a: Floats, b: Floats) -> bool:
    return bool(np.all(np.abs(a - b) <= 1e-7 * np.abs(b) + 1e-12))


# ------------------------------------------------------------------------------------------------------------- dropout_forward


@check("dropout_forward", Kind.SMOKE, points=0, public=True)
def returns_an_output_and_a_cache(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a pair: the output, shaped like x, and a cache for the backward pass."""
    out, _cache = student.dropout_forward(draw(rng, 4, 5), train(0.7))
    yield compare_law(lambda _out: None, out)


@check("dropout_forward", Kind.VALUE, points=2)
def scales_the_kept_units_by_one_over_p(student: Student, rng: Rng) -> Iterator[Expectation]:
    """In training, every unit is either 0 or x / p, where p is the probability of keeping it."""
    for p, shape in ((0.25, (12, 31)), (0.7, (40, 9)), (0.9, (3, 4, 5, 7))):
        x = draw(rng, *shape)
        out, _ = student.dropout_forward(x, train(p))
        yield compare_law(lambda out, x=x, p=p: scale_of(out, x, p), out)


def scale_of(out: Floats, x: Floats, p: float) -> Finding | None:
    """What the units that are not 0 were multiplied by, if not by 1/p."""
    kept = out != 0
    if close(out[kept], x[kept] / p):
        return None
    guesses = {
        "not_scaled": (1.0, "kept units are passed on as they are"),
        "scaled_by_dropped": (1 / (1 - p), "kept units are divided by 1 - p"),
        "multiplied_by_p": (p, "kept units are multiplied by p"),
        "multiplied_by_dropped": (1 - p, "kept units are multiplied by 1 - p"),
    }
    for code, (factor, words) in guesses.items():
        if close(out[kept], factor * x[kept]):
            return Finding(rung=Rung.LAW, message=f"The {words}; divide them by p.", code=code)
    return Finding(rung=Rung.LAW, message="The units that are not 0 are not x / p.")


@check("dropout_forward", Kind.VALUE, points=1)
def keeps_everything_at_p_one(student: Student, rng: Rng) -> Iterator[Expectation]:
    """With p = 1 every unit is kept, and the output is x."""
    x = draw(rng, 6, 5)
    yield compare(student.dropout_forward(x, train(1.0))[0], to=x)


@check("dropout_forward", Kind.VALUE, points=2)
def is_the_identity_at_test_time(student: Student, rng: Rng) -> Iterator[Expectation]:
    """At test time return x itself: inverted dropout has done its scaling in training."""
    for p, shape in ((0.3, (5, 7)), (0.8, (2, 3, 4, 4)), (0.5, (1, 6))):
        x = draw(rng, *shape)
        yield compare(student.dropout_forward(x, {"mode": "test", "p": p})[0], to=x)


@check("dropout_forward", Kind.STATISTICS, points=2)
def keeps_a_share_p_of_the_units(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Keep each unit with probability p (p is the probability of KEEPING, not of dropping)."""
    for p in (0.2, 0.75):
        out, _ = student.dropout_forward(draw(rng, 120, 100), train(p))
        yield compare_law(lambda out, p=p: share_kept(out, p), out)


def share_kept(out: Floats, p: float) -> Finding | None:
    share = float(np.mean(out != 0))
    low, high = share_bounds(out.size, p)
    if low <= share <= high:
        return None
    low, high = share_bounds(out.size, 1 - p)
    if low <= share <= high:
        return Finding(rung=Rung.LAW, message="Units are dropped, not kept, with probability p.", code="drops_with_p")
    if share in (0.0, 1.0):
        return Finding(rung=Rung.LAW, message=f"{'Every' if share else 'No'} unit is kept.", code=f"share_{share:.0f}")
    return Finding(rung=Rung.LAW, message="The share of kept units is neither p nor 1 - p.", code="another_share")


@check("dropout_forward", Kind.STATISTICS, points=1)
def drops_each_unit_by_itself(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Decide for every unit independently: of its row, its column, its value and the other calls."""
    yield from independence(student, rng, "dropout_forward")


def independence(student: Student, rng: Rng, function: str) -> Iterator[Expectation]:
    forward = getattr(student, function)
    p = 0.7
    x = draw(rng, 100, 120)
    first, second = forward(x, train(p))[0], forward(x, train(p))[0]
    yield compare_law(lambda a, b: dependence(a, b, x, p), first, second)
    # An exact count of survivors, drawn without replacement, is not independent. A fair count hits one of two given numbers with
    # probability below 0.04 at this size, so all of ten do with probability below 1.1e-14.
    counts = [forward(draw(rng, 29, 69), train(p))[0] for _ in range(10)]
    yield compare_law(lambda *outs: exact_count(outs, p), *counts)


def dependence(first: Floats, second: Floats, x: Floats, p: float) -> Finding | None:
    """Mean products of disjoint pairs of centred mask values, each bounded by Hoeffding's inequality."""
    a, b = (first != 0) - p, (second != 0) - p
    most = max(p, 1 - p)
    pairs = {
        "rows": (a[:, ::2] * a[:, 1::2], most**2, "Units of one row are dropped together."),
        "columns": (a[::2] * a[1::2], most**2, "Units of one column are dropped together."),
        "calls": (a * b, most**2, "Two calls drop the same units."),
        "values": (a * np.sign(x), most, "Whether a unit is dropped depends on its value."),
    }
    for code, (products, size, message) in pairs.items():
        if abs(float(np.mean(products))) > size * correlation_bound(products.size, ALPHA):
            return Finding(rung=Rung.LAW, message=message, code=f"together_in_{code}")
    return None


def exact_count(outs: tuple[Floats, ...], p: float) -> Finding | None:
    exact = all(abs(int(np.count_nonzero(out)) - p * out.size) < 1 for out in outs)
    if exact:
        return Finding(rung=Rung.LAW, message="Every call keeps exactly the same number of units.", code="exact_count")
    return None


@check("dropout_forward", Kind.STATISTICS, points=1)
def repeats_the_mask_for_the_same_seed(student: Student, rng: Rng) -> Iterator[Expectation]:
    """With dropout_param['seed'], the same seed gives the same mask, and another seed another one."""
    x = draw(rng, 30, 40)
    seed = int(rng.integers(1, 10_000))
    outs = [student.dropout_forward(x, train(0.6, seed=number))[0] for number in (seed, seed, seed + 1)]
    yield compare_law(same_seed, *outs)


def same_seed(first: Floats, again: Floats, other: Floats) -> Finding | None:
    if np.any((first != 0) != (again != 0)):
        return Finding(rung=Rung.LAW, message="The same seed gives another mask.", code="seed_ignored")
    if np.all((first != 0) == (other != 0)):
        return Finding(rung=Rung.LAW, message="Another seed gives the same mask.", code="seed_fixed")
    return None


def call_forward(student: Student, rng: Rng, dtype: Any, scale: float) -> Any:
    x = (draw(rng, 3, 5, 2, 4) * scale / 2).astype(dtype)
    return student.dropout_forward(x, train(0.7))


forward_contract = contract("dropout_forward", call_forward)


# ------------------------------------------------------------------------------------------------------------ dropout_backward


@check("dropout_backward", Kind.SMOKE, points=0, public=True)
def returns_a_gradient(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array, shaped like dout."""
    x = draw(rng, 4, 5)
    _out, cache = student.dropout_forward(x, train(0.7))
    yield compare_law(lambda _dx: None, student.dropout_backward(draw(rng, 4, 5), cache))


@check("dropout_backward", Kind.GRADIENT, points=3)
def passes_the_gradient_where_the_forward_pass_kept(student: Student, rng: Rng) -> Iterator[Expectation]:
    """In training, the gradient of a unit is dout times what the forward pass multiplied that unit by."""
    for p, shape in ((0.35, (14, 22)), (0.8, (25, 11)), (0.6, (3, 4, 5, 6))):
        x, dout = draw(rng, *shape), draw(rng, *shape)
        out, cache = student.dropout_forward(x, train(p))
        dx = student.dropout_backward(dout, cache)
        yield compare_law(lambda out, dx, x=x, dout=dout, p=p: mask_of(out / x, dx, dout, p), out, dx.result)


def mask_of(factor: Floats, dx: Floats, dout: Floats, p: float) -> Finding | None:
    """Judge the backward pass by the factor that the student's own forward pass applied, so that an error there costs nothing here."""
    kept = factor != 0
    if kept.all() or not kept.any():
        message = "This needs a dropout_forward that drops some units and keeps others."
        return Finding(rung=Rung.LAW, verdict=Verdict.SKIPPED, message=message)
    if close(dx, dout * factor):
        return None
    if close(dx, dout):
        return Finding(rung=Rung.LAW, message="dout is passed through everywhere, as if nothing had been dropped.", code="no_mask")
    if np.any((dx != 0) != kept):
        return Finding(rung=Rung.LAW, message="The mask is not the one of the forward pass.", code="another_mask")
    guesses = {"not_scaled": kept * 1.0, "scaled_twice": kept / p**2, "multiplied_by_p": kept * p}
    code = next((code for code, guess in guesses.items() if close(dx, dout * guess)), "")
    return Finding(rung=Rung.LAW, message="The gradient of the kept units has another scale than the forward pass.", code=code)


@check("dropout_backward", Kind.GRADIENT, points=1)
def passes_the_gradient_through_at_test_time(student: Student, rng: Rng) -> Iterator[Expectation]:
    """At test time the forward pass is the identity, so dx is dout."""
    for p in (0.3, 0.8):
        x, dout = draw(rng, 5, 6), draw(rng, 5, 6)
        _, cache = student.dropout_forward(x, {"mode": "test", "p": p})
        yield compare(student.dropout_backward(dout, cache), to=dout)


def call_backward(student: Student, rng: Rng, dtype: Any, scale: float) -> Any:
    x, dout = ((draw(rng, 3, 5, 2, 4) * scale / 2).astype(dtype) for _ in range(2))
    _, cache = student.dropout_forward(x, train(0.7))
    return student.dropout_backward(dout, cache)


backward_contract = contract("dropout_backward", call_backward)


# ---------------------------------------------------------------------------------------------------- dropout_forward_unscaled


@check("dropout_forward_unscaled", Kind.SMOKE, points=0, public=True)
def returns_an_output_and_a_cache_too(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a pair: the output, shaped like x, and a cache."""
    out, _cache = student.dropout_forward_unscaled(draw(rng, 4, 5), train(0.7))
    yield compare_law(lambda _out: None, out)


@check("dropout_forward_unscaled", Kind.VALUE, points=2)
def only_masks_in_training(student: Student, rng: Rng) -> Iterator[Expectation]:
    """In training, every unit is either 0 or x, without any scale."""
    for p, shape in ((0.25, (12, 31)), (0.7, (3, 4, 5, 7))):
        x = draw(rng, *shape)
        out, _ = student.dropout_forward_unscaled(x, train(p))
        yield compare_law(lambda out, x=x, p=p: unscaled(out, x, p), out)


def unscaled(out: Floats, x: Floats, p: float) -> Finding | None:
    kept = out != 0
    if close(out[kept], x[kept]):
        return None
    code = "scaled_in_training" if close(out[kept], x[kept] / p) else "scaled_by_p" if close(out[kept], x[kept] * p) else ""
    return Finding(rung=Rung.LAW, message="The units that are not 0 are not x itself.", code=code)


@check("dropout_forward_unscaled", Kind.VALUE, points=2)
def scales_by_p_at_test_time(student: Student, rng: Rng) -> Iterator[Expectation]:
    """At test time return x * p: the weight-scaling inference rule."""
    for p, shape in ((0.3, (5, 7)), (0.8, (2, 3, 4, 4))):
        yield compare(student.dropout_forward_unscaled(draw(rng, *shape), {"mode": "test", "p": p})[0])


@check("dropout_forward_unscaled", Kind.STATISTICS, points=2)
def keeps_a_share_p_of_the_units_unscaled(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Keep each unit with probability p, independently of the others."""
    for p in (0.2, 0.75):
        out, _ = student.dropout_forward_unscaled(draw(rng, 120, 100), train(p))
        yield compare_law(lambda out, p=p: share_kept(out, p), out)
    yield from independence(student, rng, "dropout_forward_unscaled")


def call_unscaled(student: Student, rng: Rng, dtype: Any, scale: float) -> Any:
    return student.dropout_forward_unscaled((draw(rng, 3, 5, 2, 4) * scale / 2).astype(dtype), train(0.7))


unscaled_contract = contract("dropout_forward_unscaled", call_unscaled)


# ------------------------------------------------------------------------------------------------------------ ensemble_average


@check("ensemble_average", Kind.SMOKE, points=0, public=True)
def returns_a_number(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one number. For theta = [2, -1], x = [3, 4] and p = 1/2 it is 1."""
    yield compare(student.ensemble_average(np.array([2.0, -1.0]), np.array([3.0, 4.0]), 0.5))


@check("ensemble_average", Kind.VALUE, points=3)
def averages_over_all_masks(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Weigh the output of every mask by the probability of that mask; for a linear unit the mean is p theta.x."""
    for n, p in ((1, 0.3), (2, 0.5), (5, 0.8), (9, 0.35), (4, 1.0)):
        yield compare(student.ensemble_average(draw(rng, n), draw(rng, n), p))


def call_average(student: Student, rng: Rng, dtype: Any, scale: float) -> Any:
    return student.ensemble_average(draw(rng, 6), draw(rng, 6), 0.7)


average_contract = contract("ensemble_average", call_average, dtype=0)

