"""Relations element by element: a factor, a summand, an argument, a function of the right value."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np

from grader.factors import Value, factors, fraction_words, meaning_of_factor, times
from grader.observations import Floats, Pair, near
from grader.relations.relation import Others, Predict, Relation, using

# ----------------------------------------------------------------------------------------------------------------- without numbers


def plain(pair: Pair, others: Others, mask: np.ndarray | None) -> Iterator[Relation]:
    """Nothing at all, or the wrong sign."""
    yield Relation(
        name="zero",
        says="0",
        means="look for an array that is never filled, a factor of 0, or terms that cancel",
        predict=lambda pair, _o: np.zeros(pair.expected.shape),
    )
    yield Relation(
        name="negated", says="has the right magnitude and the wrong sign", means="there is a minus sign too many, or one is missing",
        predict=lambda pair, _o: -pair.expected,
    )  # fmt: skip


def exchanged(pair: Pair, others: Others, mask: np.ndarray | None) -> Iterator[Relation]:
    """Another result of the same call."""
    for label in others:
        if label != pair.label:
            yield Relation(
                name="exchanged", says=f"what {label} should be", means="another result is returned in its place",
                predict=_other(label), elementwise=False, other=label,
            )  # fmt: skip


def arguments(pair: Pair, others: Others, mask: np.ndarray | None) -> Iterator[Relation]:
    """The argument itself, or a multiple of it by a plain number or a parameter."""
    for name, array in pair.case.arrays.items():
        if array.shape != pair.expected.shape or pair.found is None or pair.found.shape != array.shape:
            continue
        yield Relation(
            name="returns_argument", says=f"the unchanged {name}", means="",
            predict=using(_argument, name),
        )  # fmt: skip
        factor = _constant_ratio(pair.found, array, mask)
        if factor is None or factor == 0:
            continue
        for words, value in factors(pair.case, factor):
            yield Relation(
                name="multiple_of_argument", says=f"{times(words)} {name}", means="",
                predict=using(_multiple, name, value), free=1,
            )  # fmt: skip


def _other(label: str) -> Predict:
    return lambda _pair, others: others.get(label)


def _argument(pair: Pair, name: str) -> Floats | None:
    return pair.case.arrays.get(name)


def _multiple(pair: Pair, name: str, value: Value) -> Floats | None:
    array, factor = pair.case.arrays.get(name), value(pair.case)
    return None if array is None or factor is None else array * factor


# ------------------------------------------------------------------------------------------------------- a factor, a difference


def _constant_ratio(found: Floats, base: Floats, mask: np.ndarray | None) -> float | None:
    """The number by which `base` has to be multiplied at its largest element."""
    size = np.abs(base) if mask is None else np.where(mask, np.abs(base), 0.0)
    if not size.size or size.max() == 0:
        return None
    at = np.unravel_index(int(np.argmax(size)), size.shape)
    return float(found[at] / base[at])


def ratio(pair: Pair, others: Others, mask: np.ndarray | None) -> Iterator[Relation]:
    """A factor."""
    if not pair.fits or pair.found is None:
        return
    factor = _constant_ratio(pair.found, pair.expected, mask)
    if factor is None or factor == 0 or math.isclose(factor, 1.0, rel_tol=1e-9):
        return
    for words, value in factors(pair.case, factor):
        yield Relation(
            name="scaled", says=f"{times(words)} what it should be", means=meaning_of_factor(words, pair.case),
            predict=using(_times, value), free=1,
        )  # fmt: skip


def difference(pair: Pair, others: Others, mask: np.ndarray | None) -> Iterator[Relation]:
    """A summand."""
    if not pair.fits or pair.found is None:
        return
    difference = pair.found - pair.expected
    if mask is not None:
        difference = difference[mask]
    if not difference.size:
        return
    shift = float(difference.flat[0])
    for words, value in factors(pair.case, abs(shift)):
        sign, amount = math.copysign(1.0, shift), "1" if words == "one" else words
        # A power or root of a size is no plausible summand; a parameter or a plain number is.
        yield Relation(
            name="shifted", says=f"{'larger' if sign > 0 else 'smaller'} than it should be by {amount}",
            means=f"{amount} is {'added' if sign > 0 else 'subtracted'} once too often, or not {'subtracted' if sign > 0 else 'added'}",
            predict=using(_moved, value, sign), free=1,
        )  # fmt: skip


def _times(pair: Pair, value: Value) -> Floats | None:
    factor = value(pair.case)
    return None if factor is None else pair.expected * factor


def _moved(pair: Pair, value: Value, sign: float) -> Floats | None:
    by = value(pair.case)
    return None if by is None else pair.expected + sign * by


# ---------------------------------------------------------------------------------------------------------------------- arrays


def _lined_up(array: Floats | None, shape: tuple[int, ...]) -> Floats | None:
    """An argument as it lines up with a result: by broadcasting, or along axis 1, where channels are."""
    if array is None:
        return None
    for candidate in (array, array.reshape((1, -1) + (1,) * (len(shape) - 2)) if array.ndim == 1 and len(shape) > 2 else array):
        try:
            if np.broadcast_shapes(candidate.shape, shape) == shape:
                return np.broadcast_to(candidate, shape)
        except ValueError:
            continue
    return None


def by_arrays(pair: Pair, others: Others, mask: np.ndarray | None) -> Iterator[Relation]:
    """One of the arguments multiplied, divided, added or subtracted once too often or too seldom."""
    kinds: tuple[tuple[str, str, str, Callable[[Floats, Floats], Floats]], ...] = (
        (
            "scaled_by_argument",
            "what it should be, multiplied by {}",
            "there is an extra factor {0}, or a division by {0} is missing",
            np.multiply,
        ),
        (
            "scaled_by_argument",
            "what it should be, divided by {}",
            "a factor {0} is missing, or there is an extra division by {0}",
            np.divide,
        ),
        ("shifted_by_argument", "what it should be plus {}", "{} is added once too often, or not subtracted", np.add),
        ("shifted_by_argument", "what it should be minus {}", "{} is missing from a sum, or subtracted once too often", np.subtract),
        ("shifted_by_argument", "what it should be minus 2 * {}", "{} is subtracted, and should be added", lambda a, b: a - 2 * b),
        ("shifted_by_argument", "what it should be plus 2 * {}", "{} is added, and should be subtracted", lambda a, b: a + 2 * b),
    )
    for name, array in pair.case.arrays.items():
        if not pair.fits or _lined_up(array, pair.expected.shape) is None or array.size < 2:
            continue
        for key, says, means, combine in kinds:
            yield Relation(
                name=key, says=says.format(name), means=means.format(name),
                predict=using(_combined, name, combine),
            )  # fmt: skip

    kinds_of_two: tuple[tuple[str, str, str, Callable[[Floats, Floats, Floats], Floats]], ...] = (
        ("both_left_out", "what it should be, minus {1} and then divided by {0}", "{0} and {1} are both missing",
         lambda e, a, b: (e - b) / a),
        ("factor_left_out", "what it should be without the factor {0}", "{0} is missing from the product that {1} is added to",
         lambda e, a, b: (e - b) / a + b),
    )  # fmt: skip
    names = [name for name, array in pair.case.arrays.items() if array.ndim and array.size > 1]
    for one, other in itertools.permutations(names, 2):
        if not pair.fits or pair.case.arrays[one].shape != pair.case.arrays[other].shape:
            continue
        for key, says, means, combine_two in kinds_of_two:
            yield Relation(
                name=key, says=says.format(one, other), means=means.format(one, other),
                predict=using(_combined_two, one, other, combine_two),
            )  # fmt: skip


def _combined_two(pair: Pair, one: str, other: str, combine: Callable[[Floats, Floats, Floats], Floats]) -> Floats | None:
    first, second = (_lined_up(pair.case.arrays.get(name), pair.expected.shape) for name in (one, other))
    return None if first is None or second is None else combine(pair.expected, first, second)


def _combined(pair: Pair, name: str, combine: Callable[[Floats, Floats], Floats]) -> Floats | None:
    array = _lined_up(pair.case.arrays.get(name), pair.expected.shape)
    return None if array is None else combine(pair.expected, array)


def affine(pair: Pair, others: Others, mask: np.ndarray | None) -> Iterator[Relation]:
    """Right up to a plain factor and a plain summand: brought to another range."""
    right = pair.expected if mask is None else pair.expected[mask]
    if not pair.fits or pair.found is None or right.size < 3:
        return
    found = pair.found if mask is None else pair.found[mask]
    low, high = int(np.argmin(right)), int(np.argmax(right))
    if right.flat[low] == right.flat[high]:
        return
    slope = float((found.flat[high] - found.flat[low]) / (right.flat[high] - right.flat[low]))
    fraction = Fraction(slope).limit_denominator(4) if np.isfinite(slope) else Fraction(0)
    summand = Fraction(float(found.flat[low] - float(fraction) * right.flat[low])).limit_denominator(4)
    if fraction in (0, 1) or abs(fraction) > 4 or not 0 < abs(summand) <= 4 or (fraction == -1 and summand == 1):
        return
    says = f"{times(fraction_words(fraction))} what it should be, {'plus' if summand > 0 else 'minus'} {abs(summand)}"
    yield Relation(
        name="another_range", says=says, means="the values are scaled and shifted to the wrong range, or not to the right one",
        predict=lambda pair, _o: pair.expected * float(fraction) + float(summand), free=2,
    )  # fmt: skip


def clipped(pair: Pair, others: Others, mask: np.ndarray | None) -> Iterator[Relation]:
    """Right up to a round limit, and the limit beyond."""
    if not pair.fits or pair.found is None or mask is not None:
        return
    wrong = ~near(pair.found, pair.expected, pair.tolerance)
    limits = np.unique(pair.found[wrong])
    for limit in limits if 0 < limits.size <= 2 else ():
        words = f"{float(limit):.2g}"
        if float(words) != limit or limit == 0:
            continue
        ends = (("larger", -np.inf, limit), ("smaller", limit, np.inf), ("farther from 0", -abs(limit), abs(limit)))
        for word, low, high in ends:
            shown = f"{abs(float(limit)):.2g}" if word.startswith("far") else words
            yield Relation(
                name="cut_off", says=f"cut off at {shown} wherever it should be {word}", means="look for np.clip, np.minimum or np.maximum",
                predict=using(_cut, low, high), free=1,
            )  # fmt: skip


def _cut(pair: Pair, low: float, high: float) -> Floats:
    return np.clip(pair.expected, low, high)


def of_the_value(pair: Pair, others: Others, mask: np.ndarray | None) -> Iterator[Relation]:
    """A function of the right value itself."""
    kinds: tuple[tuple[str, str, str, Callable[[Floats], Floats]], ...] = (
        ("complement", "1 minus what it should be", "the share asked for and its complement are swapped", lambda right: 1 - right),
        ("squared", "the square of what it should be",
         "a square root is missing (a variance is used as a standard deviation), or something is squared", np.square),
        ("rooted", "the square root of what it should be", "a square root is taken where none is needed", np.sqrt),
        ("magnitude", "has the right magnitude but is never negative",
         "an absolute value is taken, or the branch for negative values has the wrong sign", np.abs),
        ("inverse", "1 over what it should be", "a fraction is upside down", lambda right: 1 / right),
        ("logarithm", "the logarithm of what it should be", "np.exp is missing, or there is an extra np.log", np.log),
        ("exponential", "exp of what it should be", "np.log is missing, or there is an extra np.exp", np.exp),
        ("rounded", "what it should be, rounded to a whole number", "look for np.round, np.rint or round()", np.rint),
        ("floored", "what it should be, rounded down", "look for //, np.floor or an integer dtype where true division is needed", np.floor),
    )  # fmt: skip
    for key, says, means, function in kinds:
        yield Relation(name=key, says=says, means=means, predict=using(_of_expected, function))


def _of_expected(pair: Pair, function: Callable[[Floats], Floats]) -> Floats:
    return function(pair.expected)
