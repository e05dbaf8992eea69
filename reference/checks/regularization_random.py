"""What the checks of random functions share, and those of the bootstrap.

Draws are compared with their law, never with the reference's numbers. A judgement that needs k inequalities takes each at ``ALPHA / k``,
so every expectation fails a correct function with probability at most ALPHA; where a correct function may fail by a coincidence that no
inequality bounds, its probability stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from grader.checks import Call, Expectation, Finding, Generator, Kind, Rung, Student, check, compare, compare_law, compare_shape, contract
from grader.checks.statistics import ALPHA, correlation_bound, share_bounds, uniform_mean_bound

from .regularization import Floats, Rng, expect_integers

Array = np.ndarray[Any, Any]


def seed_of(rng: Rng) -> Generator:
    return Generator(int(rng.integers(2**32)))


def states(rng: Rng) -> tuple[Generator, Generator, Generator]:
    """Twice one state of a generator, and another one."""
    one, other = (int(seed) for seed in rng.choice(2**32, 2, replace=False))
    return Generator(one), Generator(one), Generator(other)


def law(code: str, message: str) -> Finding:
    return Finding(rung=Rung.LAW, message=message, code=code)


def draws_from_rng(first: Floats, again: Floats, other: Floats) -> Finding | None:
    """What is drawn from two states in these checks is equal with probability below 1e-26."""
    if not np.array_equal(first, again):
        return law("not_from_rng", "The same state of rng gives other results: draw from rng, and from nothing else.")
    if np.array_equal(first, other):
        return law("always_the_same", "Another state of rng gives the same result: draw from rng as it is.")
    return None


def uneven(values: Floats, count: int, alpha: float) -> tuple[str, str] | None:
    """What is wrong with independent draws from 0 to count - 1, all equally likely: a code, and how that is said."""
    shares = np.array([np.mean(values == value) for value in range(count)])
    low, high = share_bounds(values.size, 1 / count, alpha / (count + 1))
    # Together, the first and the last tell sooner than alone that they are too rare.
    both_low, both_high = share_bounds(values.size, 2 / count, alpha / (count + 1))
    if np.all((low <= shares) & (shares <= high)) and both_low <= shares[0] + shares[-1] <= both_high:
        return ("beyond_the_end", "there are others too") if np.any((values < 0) | (values >= count)) else None
    missing = np.flatnonzero(shares == 0)
    if missing.tolist() == [count - 1]:
        return "last_never", "the last one is never drawn"
    if missing.tolist() == [0]:
        return "first_never", "the first one is never drawn"
    if missing.size == count - 1:
        return "one_alone", "only one is ever drawn"
    ends, others = (share_bounds(values.size, 1 / (part * (count - 1)), alpha / count) for part in (2, 1))
    if all(ends[0] <= share <= ends[1] for share in shares[[0, -1]]) and all(others[0] <= share <= others[1] for share in shares[1:-1]):
        return "ends_half_as_often", "the first and the last are drawn half as often as the others"
    return "uneven", "some are drawn too often, others too rarely"


def one_sided(products: Mapping[str, tuple[Array, str]]) -> Finding | None:
    """Given which signs are not 0, they are independent and fair."""
    for code, (signs, message) in products.items():
        kept = signs[signs != 0]
        if kept.size and abs(float(np.mean(kept))) > correlation_bound(kept.size, ALPHA / len(products)):
            return law(code, message)
    return None


# ------------------------------------------------------------------------------------------------------------ bootstrap_indices


@check("bootstrap_indices", Kind.SMOKE, points=0, public=True)
def returns_one_row_per_training_set(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array of shape (k, n)."""
    yield compare_shape(student.bootstrap_indices(4, 2, Generator(1)))


@check("bootstrap_indices", Kind.VALUE, points=1)
def names_examples_by_their_index(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return whole numbers from 0 to n - 1."""
    for n, k in ((3, 40), (8, 30)):
        yield compare_law(partial(indices_below, n), student.bootstrap_indices(n, k, seed_of(rng)))
    yield compare(student.bootstrap_indices(1, 3, seed_of(rng)))


def indices_below(n: int, indices: Floats) -> Finding | None:
    if np.any(indices != np.floor(indices)):
        return law("not_whole", "Some of them are not whole numbers.")
    if np.any(indices < 0) or np.any(indices > n):
        return law("far_off", "Some of them are not examples: they are not between 0 and n - 1.")
    if np.any(indices == n):
        return law("beyond_the_end", "Some of them are n, but the examples are 0 to n - 1.")
    return None


# The law is read off one large draw: ten examples, 300 sets.
EXAMPLES, SETS = 10, 300


def large_bootstrap(student: Student, rng: Rng) -> Call:
    return student.bootstrap_indices(EXAMPLES, SETS, seed_of(rng))


@check("bootstrap_indices", Kind.STATISTICS, points=2, cases="bootstrap")
def draws_every_example_equally_often(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Draw every example with the same probability 1 / n, including the first and the last."""
    yield compare_law(evenly_drawn, large_bootstrap(student, rng))


def evenly_drawn(indices: Floats) -> Finding | None:
    found = uneven(indices, EXAMPLES, ALPHA)
    return law(found[0], f"The examples are not equally likely: {found[1]}.") if found else None


@check("bootstrap_indices", Kind.STATISTICS, points=2, cases="bootstrap")
def draws_with_replacement(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Draw with replacement: within a set, examples are repeated, and about 37 % are missing."""
    yield compare_law(repeats, large_bootstrap(student, rng))


def repeats(indices: Floats) -> Finding | None:
    """The order within a set is free, so how many different examples it has is all that is looked at.

    The share of different ones lies in [0, 1] and is 1 - (1 - 1/n)^n on average; sets are independent (Hoeffding).
    """
    different = np.array([np.unique(row).size / EXAMPLES for row in indices])
    if np.all(different == 1):
        return law("without_replacement", "No set repeats any example: it is drawn without replacement.")
    off = float(np.mean(different)) - (1 - (1 - 1 / EXAMPLES) ** EXAMPLES)
    if abs(off) > uniform_mean_bound(SETS, 0.5):
        return law("few_repeats", "Sets repeat too few examples.") if off > 0 else law("many_repeats", "Sets repeat too many examples.")
    # No number is likelier than 0.356, so all sets have the same one with probability below 0.356^299.
    return None if np.ptp(different) else law("always_as_many", "Every set has the same number of different examples.")


@check("bootstrap_indices", Kind.STATISTICS, points=1, cases="bootstrap")
def draws_every_set_by_itself(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Draw every set anew, independently of the others."""
    yield compare_law(sets_of_their_own, large_bootstrap(student, rng))


def sets_of_their_own(indices: Floats) -> Finding | None:
    """No set is likelier than 10! / 10^10 < 0.0004, so each is one of those before it with probability below 0.12.

    That so many are as 150 of 300, has the probability exp(-300 KL(1/2 || 0.12)) < 1e-50.

    That all examples come equally often has the probability 3000! / (300!^10 10^3000) < 6e-15.
    """
    in_order = np.sort(indices, axis=1)
    if np.all(indices == indices[0]):
        return law("one_set", "All sets are the same.")
    # Permutations are the business of another check, in which every set has every example once.
    if not np.any(in_order - np.arange(EXAMPLES)):
        return None
    if np.all(in_order == in_order[0]):
        return law("one_set_shuffled", "All sets hold the same examples, in another order.")
    if len(np.unique(in_order, axis=0)) <= SETS // 2:
        return law("copies", "Many sets are copies of others.")
    counts = np.bincount(indices.astype(int).clip(0, EXAMPLES).ravel(), minlength=EXAMPLES)
    if np.ptp(counts[:EXAMPLES]) == 0:
        return law("balanced", "Over all sets, every example is drawn exactly equally often: the sets depend on each other.")
    return None


@check("bootstrap_indices", Kind.STATISTICS, points=1)
def draws_indices_from_the_given_generator(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Draw from rng alone: the same state gives the same sets, another state other sets."""
    yield compare_law(draws_from_rng, *(student.bootstrap_indices(9, 6, state) for state in states(rng)))


@check("bootstrap_indices", Kind.DTYPE, points=1)
def returns_integers(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return an integer dtype, so that the result can index an array."""
    yield expect_integers(student.bootstrap_indices(5, 3, seed_of(rng)))


def call_bootstrap(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.bootstrap_indices(*((5, 3) if dtype is np.float64 else (4, 1)), seed_of(rng))


bootstrap_contract = contract("bootstrap_indices", call_bootstrap, dtype=0, purity=0)
