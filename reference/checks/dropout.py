"""Checks of dropout: the algebra of the mask, whatever was drawn, and the law of the draws, with a stated false-fail rate.

No check looks at ``p = 0.5`` alone, where keeping and dropping cannot be told apart, and no input holds a zero, so that a zero in
the output is a dropped unit. Independence is judged whatever the share is, so that a slip in p costs the share alone. A judgement that
needs k inequalities takes each at ``ALPHA / k``, so every expectation fails a correct function with probability at most ALPHA.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from grader.checks import Call, Check, Expectation, Finding, Kind, Result, Rung, Student, check, compare_form, compare_law, contract
from grader.checks.compare import FLOAT32, FLOAT64, ready_to_compare
from grader.checks.model import Answers
from grader.checks.record import StudentFunction
from grader.checks.statistics import ALPHA, correlation_bound, share_bounds

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Rng = np.random.Generator

# What a unit may be multiplied by, as functions of p, and how that is said. At p = 1 no unit is dropped.
FACTORS: dict[str, tuple[Callable[[float], float], str]] = {
    "not_scaled": (lambda p: 1.0, "passed on as they are"),
    "divided_by_p": (lambda p: 1 / p, "divided by p"),
    "multiplied_by_p": (lambda p: p, "multiplied by p"),
    "divided_by_dropped": (lambda p: 1 / (1 - p) if p < 1 else math.inf, "divided by 1 - p"),
    "multiplied_by_dropped": (lambda p: 1 - p, "multiplied by 1 - p"),
    "divided_by_p_twice": (lambda p: 1 / p**2, "divided by p twice"),
}


def draw(rng: Rng, *shape: int) -> Floats:
    """Inputs of size 0.5 to 2 and either sign: none is zero."""
    x: Floats = rng.uniform(0.5, 2.0, shape) * rng.choice([-1.0, 1.0], shape)
    return x


def train(p: float, **more: Any) -> dict[str, Any]:
    return {"mode": "train", "p": p, **more}


def close(a: Floats, b: Floats, rtol: float = FLOAT64.rtol) -> bool:
    return bool(np.all(np.abs(a - b) <= rtol * np.abs(b) + FLOAT64.atol))


def law(code: str, message: str) -> Finding:
    return Finding(rung=Rung.LAW, message=message, code=code)


def wrong_factor(out: Floats, x: Floats, p: float, due: str, rtol: float = FLOAT64.rtol) -> Finding | None:
    """By what `x` was multiplied, if not as is due."""
    right, words = FACTORS[due]
    if close(out, x * right(p), rtol):
        return None
    for code, (factor, found) in FACTORS.items():
        if code != due and math.isfinite(factor(p)) and close(out, x * factor(p), rtol):
            return law(code, f"The units that are not 0 are {found}; they should be {words}.")
    return law("another_factor", f"The units that are not 0 should be {words}, but are not.")


def kept_factor(out: Floats, x: Floats, p: float, due: str, rtol: float = FLOAT64.rtol) -> Finding | None:
    kept = out != 0
    # Of 576 units all are dropped with probability 0.6^576, and of more or likelier ones more rarely still.
    if not kept.any():
        return law("nothing_kept", "Every unit is dropped.")
    return wrong_factor(out[kept], x[kept], p, due, rtol)


def at_test_time(out: Floats, x: Floats, p: float, due: str) -> Finding | None:
    if np.all(out == 0):
        return law("all_zero", "Every unit is 0 in test mode.")
    if np.any(out == 0):
        return law("drops_at_test_time", "Units are dropped in test mode; nothing should be random there.")
    return wrong_factor(out, x, p, due)


# ------------------------------------------------------------------------------------------- what both forward functions share


def forward_checks(function: str, training: str, inference: str, sentences: tuple[str, str], share: int) -> tuple[Check, ...]:
    """The requirements on a forward function that multiplies as `training` and `inference` name it."""
    return (
        smoke_check(function),
        *value_checks(function, training, inference, sentences),
        *random_checks(function, share),
        *contract(function, partial(call_forward, function)),
    )


def value_checks(function: str, training: str, inference: str, sentences: tuple[str, str]) -> tuple[Check, ...]:
    def gives_kept_units_the_right_scale(student: Student, rng: Rng) -> Iterator[Expectation]:
        for p, shape in ((0.4, (24, 24)), (0.7, (40, 19)), (0.9, (5, 4, 3, 7))):
            x = draw(rng, *shape)
            out, _ = getattr(student, function)(x, train(p))
            yield compare_law(lambda out, x=x, p=p: kept_factor(out, x, p, training), out)
        x = draw(rng, 23, 24).astype(np.float32)
        out, _ = getattr(student, function)(x, train(0.6))
        yield compare_law(lambda out: kept_factor(out, x, 0.6, training, FLOAT32.rtol), out)

    def gives_every_unit_the_right_scale_at_test_time(student: Student, rng: Rng) -> Iterator[Expectation]:
        for p, shape in ((0.3, (5, 7)), (0.8, (2, 5, 4, 4)), (0.5, (1, 30))):
            x = draw(rng, *shape)
            out, _ = getattr(student, function)(x, {"mode": "test", "p": p})
            yield compare_law(lambda out, x=x, p=p: at_test_time(out, x, p, inference), out)

    gives_kept_units_the_right_scale.__doc__, gives_every_unit_the_right_scale_at_test_time.__doc__ = sentences
    return (
        check(function, Kind.VALUE, points=2)(gives_kept_units_the_right_scale),
        check(function, Kind.VALUE, points=2)(gives_every_unit_the_right_scale_at_test_time),
    )


def random_checks(function: str, share: int) -> tuple[Check, ...]:
    def keeps_a_share_p_of_the_units(student: Student, rng: Rng) -> Iterator[Expectation]:
        """Keep each unit with probability p (p is the probability of KEEPING, not of dropping)."""
        # Long rows: a mask that is shared by the rows still has as many draws as a row has units.
        for p, columns in ((0.03, 1000), (0.65, 3000)):
            out, _ = getattr(student, function)(draw(rng, 2, columns), train(p))
            yield compare_law(lambda out, p=p: share_kept(out, p), out)

    def drops_each_unit_by_itself(student: Student, rng: Rng) -> Iterator[Expectation]:
        """Decide for every unit on its own, independently of its row, column, channel and value, and of other calls."""
        yield from independence(getattr(student, function), rng)

    def repeats_the_mask_for_the_same_seed(student: Student, rng: Rng) -> Iterator[Expectation]:
        """If dropout_param has a seed (it may be 0), the same seed gives the same mask, and another seed a different one."""
        x = draw(rng, 30, 40)
        seed = int(rng.integers(1, 10_000))
        outs = [getattr(student, function)(x, train(0.6, seed=number))[0] for number in (seed, seed, seed + 1)]
        yield compare_law(same_seed, *outs)
        zeros = [getattr(student, function)(x, train(0.6, seed=0))[0] for _ in range(2)]
        yield compare_law(lambda first, again: same_seed(first, again, None), *zeros)

    return (
        check(function, Kind.STATISTICS, points=share)(keeps_a_share_p_of_the_units),
        check(function, Kind.STATISTICS, points=1)(drops_each_unit_by_itself),
        check(function, Kind.STATISTICS, points=1)(repeats_the_mask_for_the_same_seed),
    )


def smoke_check(function: str) -> Check:
    def returns_an_output_and_a_cache(student: Student, rng: Rng) -> Iterator[Expectation]:
        """Return a pair: the output, shaped like x, and a cache."""
        out, _cache = getattr(student, function)(draw(rng, 4, 5), train(0.7))
        yield compare_form(out)

    return check(function, Kind.SMOKE, points=0, public=True)(returns_an_output_and_a_cache)


def call_forward(function: str, student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    call: Call = getattr(student, function)((draw(rng, 3, 5, 1, 4) * scale / 2).astype(dtype), train(0.7))
    return call


# ------------------------------------------------------------------------------------------------------- the law of the masks


def share_kept(out: Floats, p: float) -> Finding | None:
    mask = out != 0
    share = float(np.mean(mask))

    def may_be(q: float) -> bool:
        low, high = share_bounds(mask.size, q)
        return low <= share <= high

    if may_be(p):
        return None
    if np.all(mask == mask[:, :1]):
        return law("together_in_rows", "Whole rows are kept or dropped.")
    guesses = {
        "drops_with_p": (1 - p, "Units are dropped, not kept, with probability p."),
        "share_of_normal_draws": (0.5 + math.erf(p / math.sqrt(2)) / 2, "The share of kept units is that of normal draws below p."),
        "half": (0.5, "About half of the units are kept, whatever p is."),
    }
    fitting = [code for code, (q, _words) in guesses.items() if may_be(q)]
    message = guesses[fitting[0]][1] if len(fitting) == 1 else "The share of kept units is neither p nor 1 - p."
    return law("_or_".join(fitting) or "another_share", message)


def independence(forward: StudentFunction, rng: Rng) -> Iterator[Expectation]:
    x = draw(rng, 60, 80)
    yield compare_law(lambda a, b: dependence(a != 0, b != 0, x), *(forward(x, train(0.6))[0] for _ in range(2)))
    yield compare_law(lambda out: dependence_in_images(out != 0), forward(draw(rng, 8, 8, 6, 10), train(0.6))[0])
    # An exact count of survivors, drawn without replacement, is not independent. At this size and p no number of survivors is as
    # likely as 0.0641, so that 13 calls agree by chance with probability below 0.0641^12 < 5e-15.
    yield compare_law(exact_count, *(forward(draw(rng, 7, 23), train(0.6))[0] for _ in range(13)))


def dependence(a: Floats, b: Floats, x: Floats) -> Finding | None:
    """Signs that are 1 and -1 with equal probability for independent units, whatever the probability of keeping one is.

    If two units of one probability are exchanged, their difference changes its sign, and nothing else changes. So, given which
    products of two such differences are not 0, their signs are independent and fair.
    """
    if not 0 < np.count_nonzero(a) < a.size:
        return law("together_everywhere", "All units are kept, or all are dropped.")
    along, other, values = (mask[:, ::2] * 1 - mask[:, 1::2] for mask in (a, b, x > 0))
    pairs = {
        "rows": (products_of_rows(a), "Units of one row are dropped together."),
        "columns": (products_of_rows(a.T), "Units of one column are dropped together."),
        "values": (along * values, "Whether a unit is dropped depends on its value."),
        "calls": (along * other, "Two calls drop the same units."),
    }
    return one_sided(pairs)


def dependence_in_images(mask: Floats) -> Finding | None:
    """The same for four axes: the channels of all images as rows, and the images as rows."""
    images, channels = mask.shape[:2]
    pairs = {
        "channels": (products_of_rows(mask.reshape(images * channels, -1)), "Units of one channel are dropped together."),
        "images": (products_of_rows(mask.reshape(images, -1).T), "Every image drops the same units."),
    }
    return one_sided(pairs)


def products_of_rows(mask: Floats) -> Floats:
    """Differences of units in two rows, times the same difference in another column. Every unit is used once."""
    down = mask[::2] * 1 - mask[1::2]
    return down[:, ::2] * down[:, 1::2]


def one_sided(pairs: dict[str, tuple[Floats, str]]) -> Finding | None:
    for code, (products, message) in pairs.items():
        signs = products[products != 0]
        if signs.size and abs(float(np.mean(signs))) > correlation_bound(signs.size, ALPHA / len(pairs)):
            return law(f"together_in_{code}", message)
    return None


def exact_count(*outs: Floats) -> Finding | None:
    if len({int(np.count_nonzero(out)) for out in outs}) == 1:
        return law("exact_count", "Every call keeps exactly the same number of units.")
    return None


def same_seed(first: Floats, again: Floats, other: Floats | None) -> Finding | None:
    """Two calls with one seed, and one with another. By chance two masks are equal with probability 0.52^1200."""
    if np.any((first != 0) != (again != 0)):
        return law("seed_ignored", "The same seed gives a different mask.")
    if other is not None and np.all((first != 0) == (other != 0)):
        return law("seed_fixed", "Another seed gives the same mask.")
    return None


# ---------------------------------------------------------------------------------------- dropout_forward and its backward pass

inverted_checks = forward_checks(
    "dropout_forward",
    "divided_by_p",
    "not_scaled",
    (
        "In training, every unit is either 0 or x / p, where p is the probability of keeping it.",
        "In test mode return x itself: inverted dropout does its scaling in training.",
    ),
    share=2,
)


@check("dropout_forward", Kind.VALUE, points=1)
def keeps_everything_at_p_one(student: Student, rng: Rng) -> Iterator[Expectation]:
    """With p = 1 every unit is kept, and the output is x."""
    x = draw(rng, 12, 10)
    yield kept_at_one(student.dropout_forward(x, train(1.0))[0], x)


def kept_at_one(out: Result, x: Floats) -> Expectation:
    """Expect x. Zeros, infinities and NaN are told alike: which of them a division by 1 - p leaves is a matter of style.

    With random numbers in [0, 1) and double precision, a right function loses a unit at p = 1 with probability 2^-53 at most.
    """

    def judge(answers: Answers) -> Finding | None:
        value = answers.value(out)
        finite = np.nan_to_num(value, posinf=0.0, neginf=0.0) if getattr(value, "dtype", None) == np.float64 else value
        ready = ready_to_compare(finite, x.shape, out.label)
        if isinstance(ready, Finding):
            return ready
        return None if close(ready, x) else law("not_the_input", "The output is not x, though no unit should be dropped.")

    return Expectation(wants=(out,), judge=judge)
