"""Checks of a whole network: every layer drawn anew, by the scheme named."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from grader.checks import Call, Expectation, Finding, Generator, Kind, Result, Rung, Student, check, contract
from grader.checks.compare import ready_to_compare, wrong_shape
from grader.checks.model import Answers, Fallback, NoValue
from grader.checks.record import is_numeric

from .initialization import SCHEMES, Reader, Rng, all_zero, expect, read_matrix, seed_of
from .initialization_law import ALPHA, NORMAL, SMALL_STD, Floats, dependence, draws_from_rng, guesses_for, law, variance_of


def read_weights(value: Any, expected: Any, label: str) -> list[Floats] | Finding:
    """Give the weights of a network, and look at no bias."""
    return _read_each(value, expected, label, 0, read_matrix)


def read_biases(value: Any, expected: Any, label: str) -> list[Floats] | Finding:
    """Give the biases of a network, and look at no weight."""
    return _read_each(value, expected, label, 1, lambda b, due, name: ready_to_compare(b, np.shape(due), name))


def _read_each(value: Any, expected: Any, label: str, item: int, read: Reader) -> list[Any] | Finding:
    pairs = read_pairs(value, expected, label)
    if isinstance(pairs, Finding):
        return pairs
    numbered = enumerate(zip(pairs, expected, strict=True), 1)
    found = [read(pair[item], due[item], f"{'Wb'[item]} of layer {number}") for number, (pair, due) in numbered]
    return next((one for one in found if isinstance(one, Finding)), found)


def read_pairs(value: Any, expected: Any, label: str) -> list[tuple[Any, Any]] | Finding:
    """Give the pairs of a network as they came."""
    if not isinstance(value, (list, tuple)):
        return Finding(rung=Rung.TYPE, message=f"{label} is of type {type(value).__name__} where a list of pairs is required.")
    if len(value) != len(expected):
        pairs = "1 pair" if len(value) == 1 else f"{len(value)} pairs"
        message = f"The list has {pairs} (W, b), not {len(expected)}: one per weight layer is required, and the input is not a layer."
        return Finding(rung=Rung.COUNT, message=message, code="too_few" if len(value) < len(expected) else "too_many")
    for number, pair in enumerate(value, 1):
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            return Finding(rung=Rung.TYPE, message=f"Entry {number} of the list is not a pair (W, b).")
    return list(value)


SIZES = [70, 150, 40]
NETWORK_SCHEMES: dict[str, tuple[str, Callable[[int, int], float]]] = {
    "scaled_normal_init": (NORMAL, lambda _i, _o: SMALL_STD**2),
    **SCHEMES,
}


@check("initialize_network", Kind.SMOKE, points=0, public=True)
def returns_a_pair_per_layer(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a list with one pair (W, b) per weight layer; three layer sizes make two of them."""
    yield expect(lambda _pairs: None, read_pairs, student.initialize_network([4, 3, 2], "he_normal", seed_of(rng)))


@check("initialize_network", Kind.VALUE, points=2)
def starts_the_biases_at_zero(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Start every bias at 0, whatever the scheme."""
    for scheme in ("he_normal", "zeros_init", "xavier_uniform"):
        network = student.initialize_network([4, 6, 3, 2], scheme, seed_of(rng))
        yield expect(lambda biases: all_zero(*biases), read_biases, network)


@check("initialize_network", Kind.VALUE, points=1)
def knows_the_scheme_of_zeros(student: Student, rng: Rng) -> Iterator[Expectation]:
    """With the scheme 'zeros_init', start every weight at 0."""
    network = student.initialize_network([3, 5, 2], "zeros_init", seed_of(rng))
    yield expect(lambda weights: all_zero(*weights), read_weights, network)


@check("initialize_network", Kind.STATISTICS, points=3)
def follows_the_named_scheme_in_every_layer(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Draw the weights of each layer by the named scheme, with that layer's own n_in and n_out."""
    for scheme in NETWORK_SCHEMES:
        network = student.initialize_network(list(SIZES), scheme, seed_of(rng))
        rule = partial(_scheme_of, scheme=scheme)
        yield replace(expect(rule, read_weights, network), fallback=own_scheme(network, scheme, seed_of(rng)))


def _scheme_of(weights: list[Floats], scheme: str) -> Finding | None:
    family, variance_for = NETWORK_SCHEMES[scheme]
    for number, W in enumerate(weights, 1):
        n_in, n_out = W.shape
        variance = variance_for(n_in, n_out)
        finding = variance_of(W, family, variance, guesses_for(n_in, n_out, family, variance), ALPHA / len(weights))
        if finding is not None:
            return law(f"layer_{number}_{finding.code}", f"With {scheme!r}, layer {number}: {finding.message}")
        # A normal weight is beyond the end of the uniform law of its variance, at 1.73 standard deviations, 8 times in 100.
        beyond = float(np.mean(np.abs(W) > math.sqrt(3 * variance) * (1 + 1e-9)))
        if (beyond > 0) != (family == NORMAL):
            return law(f"layer_{number}_family", f"With {scheme!r}, the weights of layer {number} do not follow a {family} distribution.")
    return None


def own_layers(student: Student, scheme: str, sizes: Sequence[int], seed: Generator) -> tuple[Result, ...]:
    """The weights of each layer by the student's own function."""
    extra: tuple[Any, ...] = {"zeros_init": (), "scaled_normal_init": (SMALL_STD, seed)}.get(scheme, (seed,))
    return tuple(getattr(student, scheme)(n_in, n_out, *extra).result for n_in, n_out in pairwise(sizes))


def own_scheme(network: Call, scheme: str, seed: Generator) -> Fallback:
    """Ask the student's own function of that name: its error should cost its marks once."""

    def record(student: Student) -> tuple[Result, ...]:
        return own_layers(student, scheme, SIZES, seed)

    def judge(answers: Answers, results: tuple[Result, ...]) -> str | None:
        try:
            own = [read_matrix(answers.value(result), result.expected, result.label) for result in results]
            weights = read_weights(answers.value(network.result), network.result.expected, "")
        except NoValue:
            return None
        if isinstance(weights, Finding) or any(isinstance(W, Finding) for W in own) or _scheme_of(own, scheme) is None:  # type: ignore[arg-type]
            return None
        alike = all(0.85 < np.mean(W**2) / max(float(np.mean(V**2)), 1e-300) < 1.18 for W, V in zip(weights, own, strict=True))  # type: ignore[operator]
        return f"It draws what your own {scheme} draws, so it has its points. Correct {scheme}." if alike else None

    return Fallback(record=record, judge=judge)


@check("initialize_network", Kind.STATISTICS, points=1)
def draws_every_layer_by_itself(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Draw new weights for every layer: layers of the same shape should have different weights."""
    network = student.initialize_network([50, 50, 50], "lecun_normal", seed_of(rng))
    # Side by side, column k of one layer and column k of the next are neighbours in one matrix.
    yield expect(lambda weights: dependence(np.stack(weights, axis=2).reshape(50, 100)), read_weights, network)


@check("initialize_network", Kind.STATISTICS, points=1)
def draws_from_the_given_generator(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Draw only from rng: the same state gives the same network, and a different state a different one."""
    state, another = seed_of(rng), seed_of(rng)
    networks = [student.initialize_network([4, 5, 3], "he_uniform", seed) for seed in (state, state, another)]
    rule = lambda *networks: draws_from_rng(*(np.concatenate([np.ravel(W) for W in weights]) for weights in networks))  # noqa: E731
    yield expect(rule, read_weights, *networks)


@check("initialize_network", Kind.SHAPE, points=1)
def gives_every_layer_its_shape(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give W the shape (n_in, n_out) and b the shape (n_out,), layer by layer; layer_sizes begins with the input."""
    cases = [([4, 6, 3, 1], scheme) for scheme in ("zeros_init", *NETWORK_SCHEMES)]
    for sizes, scheme in (*cases, ([5, 2], "xavier_normal")):
        network = student.initialize_network(sizes, scheme, seed_of(rng))
        fallback = own_shapes(network, scheme, sizes, seed_of(rng))
        yield replace(expect(lambda *_pairs: None, _read_shaped_pairs, network), fallback=fallback)


def own_shapes(network: Call, scheme: str, sizes: Sequence[int], seed: Generator) -> Fallback:
    """Ask the student's own function of that name, which may have the wrong shape already."""

    def record(student: Student) -> tuple[Result, ...]:
        return own_layers(student, scheme, sizes, seed)

    def judge(answers: Answers, results: tuple[Result, ...]) -> str | None:
        try:
            own = [answers.value(result) for result in results]
            pairs = answers.value(network.result)
        except NoValue:
            return None
        if not all(map(is_numeric, own)):
            return None
        like_own = [(W, np.zeros(n_out)) for W, n_out in zip(own, sizes[1:], strict=True)]
        if isinstance(_read_shaped_pairs(pairs, like_own, ""), Finding):
            return None
        return f"Its weights have the shape that your own {scheme} gives them, so it has its points. Correct {scheme}."

    return Fallback(record=record, judge=judge)


def _read_shaped_pairs(value: Any, expected: Any, label: str) -> Any:
    def read(one: Any, due: Any, name: str) -> Any:
        if not is_numeric(one):
            # A list whose rows have different lengths has no shape.
            return ready_to_compare(one, np.shape(due), name)
        return one if np.shape(one) == np.shape(due) else wrong_shape(np.shape(one), np.shape(due), name)

    weights = _read_each(value, expected, label, 0, read)
    return weights if isinstance(weights, Finding) else _read_each(value, expected, label, 1, read)


@check("initialize_network", Kind.DTYPE, points=1)
def returns_every_layer_in_float64(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return float64 weights and biases."""
    yield expect(_in_float64, read_pairs, student.initialize_network([4, 6, 3], "he_normal", seed_of(rng)))


def _in_float64(pairs: list[tuple[Any, Any]]) -> Finding | None:
    for number, pair in enumerate(pairs, 1):
        for name, one in zip("Wb", pair, strict=True):
            if getattr(one, "dtype", None) != np.float64:
                return Finding(rung=Rung.DTYPE, message=f"{name} of layer {number} is not float64.")
    return None


def _call_network(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.initialize_network([4, 6, 3], "he_normal", seed_of(rng))


network_contract = contract("initialize_network", _call_network, shape=0, dtype=0)
