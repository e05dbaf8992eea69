"""General causes: what is wrong, said as one relation that holds of every wrong value of a function.

A cause is stated only when it explains all that was seen: each wrong value of each result, the right ones where it says that they are
right, and at least two cases, or enough elements of one. It speaks of ratios, sizes, parameters and places, never of a hidden value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from grader.listing import listed
from grader.model import Rung
from grader.observations import Case, Floats, Observations, Pair, near
from grader.relations import Others, Relation, relations

# Checks that look past the values; each has said what it has to say already.
TIDINESS = frozenset({Rung.DTYPE, Rung.PURITY, Rung.QUIET})
ENOUGH_ELEMENTS = 8
# With so many right cases beside it one wrong case, of several elements, is no matter of chance.
MANY_RIGHT = 5
MOST_PARTS = 2
# Of the elements of a place, so many must be wrong for the place to be what is wrong.
MOSTLY = 0.5
# Of so many elements that noise could not have hit the two halves so unevenly.
ENOUGH_ROUNDED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One cause: a name for programs and sentences for the student."""

    name: str
    words: str


def find_relation(seen: Observations) -> Cause | None:
    """What relation every wrong value of a function has to the right one, or None."""
    wrong = _wrong_by_label(seen)
    if wrong is None:
        return None
    if not wrong:
        return _untidy(seen)
    parts: list[tuple[str, _Said]] = []
    for label, pairs in wrong.items():
        part = _part(label, pairs, seen)
        if part is None:
            return None
        parts.append((label, part))
    return _joined(parts)


def _wrong_by_label(seen: Observations) -> dict[str, list[Pair]] | None:
    """The wrong pairs by result; None if something failed that no relation of values can explain."""
    wrong: dict[str, dict[int, list[Pair]]] = {}
    for finding, pairs in seen.findings:
        if finding.rung in TIDINESS:
            continue
        mine = [pair for pair in pairs if not pair.right]
        if finding.rung is Rung.SHAPE and pairs and not mine:
            continue
        if not mine or any(pair.found is None for pair in mine) or finding.rung in (Rung.RETURNED, Rung.COUNT):
            return None
        for pair in mine:
            wrong.setdefault(pair.label, {}).setdefault(id(pair), []).append(pair)
    return {label: _distinct([pair for group in groups.values() for pair in group]) for label, groups in wrong.items()}


def _distinct(pairs: Sequence[Pair]) -> list[Pair]:
    """Each value once, though several checks look at it; double precision first, then a wrong shape, then the largest, which tell most."""
    once: dict[tuple[int, bytes], Pair] = {}
    for pair in pairs:
        once.setdefault((pair.case.number, pair.expected.tobytes()), pair)
    return sorted(once.values(), key=lambda pair: (pair.case.single, pair.fits, -pair.expected.size, pair.case.number))


# ----------------------------------------------------------------------------------------------------------- one result's values


class _Said(NamedTuple):
    """What is wrong with one result: a name, what it is, what that means; and the result whose values it has, if it has another's."""

    name: str
    says: str
    means: str
    other: str = ""


def _part(label: str, wrong: Sequence[Pair], seen: Observations) -> _Said | None:
    """What is wrong with one result."""
    right = [pair for pair in seen.pairs if pair.label == label and pair.right and pair.found is not None]
    compared = [pair for pair in right if pair.compared]
    others = _others(seen)
    without_relation = _kept(wrong, seen) or _rounded(wrong, right)
    if without_relation is not None:
        return without_relation
    for place, mask_of in _places(wrong, compared):
        for relation in _found_on(wrong[0], others, mask_of):
            if not all(_holds(relation, pair, others, mask_of) for pair in wrong) or not _enough(relation, wrong, mask_of):
                continue
            scope = _scope(seen, wrong, [pair for pair in compared if not _holds(relation, pair, others, mask_of)])
            if scope:
                return _Said(relation.name, f"{_placed(relation.says, place)}{scope}", relation.means, relation.other)
    return _place_alone(wrong, compared)


def _scope(seen: Observations, wrong: Sequence[Pair], apart: Sequence[Pair]) -> str:
    """In which cases a relation holds: in every one, in those with one setting, in those that are wrong.

    Of the right values that it does not give, those `apart`, a setting must say why; so it should of cases that a law has judged.
    """
    cases = [pair.case for pair in wrong]
    if apart:
        setting = _separating(seen, cases, [pair.case for pair in apart])
        return f" {setting}, in every such test" if setting else ""
    there = {case.number for case in cases}
    beyond = [case for case in seen.held if case.number not in there]
    setting = _separating(seen, cases, beyond)
    if setting:
        return f" {setting}, in every such test"
    return ", in every failing test" if beyond else ", in every test"


def _others(seen: Observations) -> dict[int, dict[str, Floats]]:
    found: dict[int, dict[str, Floats]] = {}
    for pair in seen.pairs:
        found.setdefault(pair.case.number, {}).setdefault(pair.label, pair.expected)
    return found


def _found_on(pair: Pair, others: Mapping[int, Others], mask_of: MaskOf | None) -> Iterator[Relation]:
    mask = None if mask_of is None else mask_of(pair)
    if mask_of is not None and mask is None:
        return
    with np.errstate(all="ignore"):
        yield from relations(pair, others[pair.case.number], mask)


def _holds(relation: Relation, pair: Pair, others: Mapping[int, Others], mask_of: MaskOf | None) -> bool:
    mask = None if mask_of is None else mask_of(pair)
    if mask_of is not None and mask is None:
        return False
    return relation.holds(pair, others[pair.case.number], mask)


def _enough(relation: Relation, wrong: Sequence[Pair], mask_of: MaskOf | None) -> bool:
    """Whether so much is explained that chance explains it no better."""
    exact = [pair for pair in wrong if not pair.case.single]
    elements = sum(_wrong_elements(pair) for pair in exact)
    return elements - relation.free >= (2 if len(exact) > 1 and mask_of is None else ENOUGH_ELEMENTS)


def _wrong_elements(pair: Pair) -> int:
    if not pair.fits or pair.found is None:
        return pair.expected.size
    return int(np.count_nonzero(_off(pair)))


def _off(pair: Pair) -> Mask:
    assert pair.found is not None  # noqa: S101 - callers have looked
    off: Mask = ~near(pair.found, pair.expected, pair.tolerance)
    return off


def _placed(says: str, place: str) -> str:
    return f"{says} {place}" if place else says


# -------------------------------------------------------------------------------------------------------------------- places

Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class MaskOf:
    """A part of a result's elements, found anew in every pair."""

    def __init__(self, kind: str, which: str | int = 0) -> None:
        self.kind, self.which = kind, which

    def __call__(self, pair: Pair) -> Mask | None:
        """The elements of the part; None where the pair has no such part."""
        shape = pair.expected.shape
        if isinstance(self.which, str):
            array = pair.case.arrays.get(self.which)
            if array is None or array.shape != shape:
                return None
            mask: Mask = array > 0 if self.kind == "positive" else array < 0
            return mask
        mask = np.zeros(shape, dtype=bool)
        if self.kind == "border":
            if len(shape) < 2 or min(shape[-2:]) < 3:
                return None
            mask[...] = True
            mask[..., 1:-1, 1:-1] = False
            return mask
        if self.which >= len(shape):
            return None
        np.moveaxis(mask, self.which, 0)[0 if self.kind == "first" else -1] = True
        return mask


def _places(wrong: Sequence[Pair], right: Sequence[Pair]) -> Iterator[tuple[str, MaskOf | None]]:
    """Everywhere, then every part that holds all wrong elements and leaves right ones outside, in every case."""
    yield "", None
    if not all(pair.fits for pair in wrong):
        return
    first = wrong[0]
    parts = [(f"wherever {name} is {kind}", MaskOf(kind, name)) for name in first.case.arrays for kind in ("negative", "positive")]
    for axis in range(first.expected.ndim):
        parts += [(f"at the {kind} index of axis {axis}", MaskOf(kind, axis)) for kind in ("first", "last")]
    parts.append(("at the borders of the last two axes", MaskOf("border")))
    for words, mask_of in parts:
        masks = [mask_of(pair) for pair in wrong]
        if all(mask is not None and not (_off(pair) & ~mask).any() for pair, mask in zip(wrong, masks, strict=True)):
            outside = sum(int(np.count_nonzero(~mask)) for mask in masks if mask is not None)
            if outside >= ENOUGH_ELEMENTS:
                yield words, mask_of


def _place_alone(wrong: Sequence[Pair], right: Sequence[Pair]) -> _Said | None:
    """Wrong in one place only, though by no simple relation: right except at the borders."""
    if sum(not pair.case.single for pair in wrong) < 2 or not all(pair.fits for pair in wrong):
        return None
    for words, mask_of in _places(wrong, right):
        if mask_of is None or not isinstance(mask_of.which, int):
            continue
        masks = [mask_of(pair) for pair in wrong]
        inside = sum(int(np.count_nonzero(mask)) for mask in masks if mask is not None)
        outside = sum(pair.expected.size for pair in wrong) - inside
        mostly = all(mask is not None and _off(pair)[mask].mean() > MOSTLY for pair, mask in zip(wrong, masks, strict=True))
        if mostly and outside >= inside:
            name = "borders" if mask_of.kind == "border" else "ends"
            means = "the padding or the range of a loop" if name == "borders" else "where a loop begins or ends"
            return _Said(name, f"wrong {words} only, and right everywhere else", f"look at {means}")
    return None


# ---------------------------------------------------------------------------------------------------------- settings of the cases


def _separating(seen: Observations, wrong: Sequence[Case], right: Sequence[Case]) -> str:
    """What sets the wrong cases apart from the right ones, if one parameter does: "where mode is 'test'"."""
    wrong = list({case.number: case for case in wrong}.values())
    right = list({case.number: case for case in right if case.number not in {one.number for one in wrong}}.values())
    if (len(wrong) < 2 and (not wrong or len(right) < MANY_RIGHT)) or len(right) < 2:
        return ""
    names = dict.fromkeys(name for case in (*wrong, *right) for name in case.settings)
    found = [words for name in names if (words := _separates(name, seen.defaults, wrong, right))]
    return " or ".join(found) if 0 < len(found) <= MOST_PARTS else ""


def _separates(name: str, defaults: Mapping[str, object], wrong: Sequence[Case], right: Sequence[Case]) -> str:
    bad, good = ({_hashable(case.settings.get(name)) for case in cases} for cases in (wrong, right))
    if len(bad) == 1 and bad.isdisjoint(good):
        (value,) = bad
        if isinstance(value, (str, bool)):
            return f"where {name} is {value!r}"
    if name not in defaults:
        return ""
    usual = {None, defaults[name]}
    if good <= usual and bad.isdisjoint(usual):
        return f"where {name} is not its default"
    return f"where {name} is left at its default" if bad <= usual and good.isdisjoint(usual) else ""


def _hashable(value: object) -> object:
    return value if isinstance(value, (str, bool, int, float, type(None))) else repr(value)


def find_setting(seen: Observations) -> Cause | None:
    """Right in one mode, or at default parameters, and wrong in all other cases."""
    setting = _separating(seen, seen.failed, seen.held)
    if not setting or any(finding.rung in (Rung.RETURNED, Rung.COUNT) for finding, _pairs in seen.findings):
        return None
    name = "defaults_only" if "default" in setting else "one_mode_only"
    means = "a parameter is not used, or its value is hard-coded" if name == "defaults_only" else "only that branch is wrong"
    return Cause(name=name, words=f"It is wrong {setting}, in every such test, and right in all others: {means}.")


# ------------------------------------------------------------------------------------------------------- precision, state, form


def _rounded(wrong: Sequence[Pair], right: Sequence[Pair]) -> _Said | None:
    """Right to about seven digits: noise of the size that float32 leaves, in all float64 cases, with float32 ones right."""
    if any(pair.case.single or not pair.fits for pair in wrong):
        return None
    errors = []
    for pair in wrong:
        assert pair.found is not None  # noqa: S101 - it fits
        size = np.abs(pair.expected)
        solid = size > 1e-3 * size.max(initial=0.0)
        errors.append(((pair.found - pair.expected)[solid] / pair.expected[solid]).ravel())
    relative = np.concatenate(errors)
    there = relative[relative != 0]
    if there.size < ENOUGH_ROUNDED or there.size < relative.size / 2 or np.abs(relative).max() > 3e-5:
        return None
    middle, share = float(np.median(np.abs(there))), float(np.mean(there > 0))
    # A missing or wrong eps moves all values one way; rounding moves them both ways.
    if not 2e-9 < middle < 1e-6 or not 0.2 < share < 0.8:
        return None
    return _Said(
        "float32_inside",
        "right to about seven digits only, in every failing test",
        "something inside is computed or kept in float32",
    )


def _kept(wrong: Sequence[Pair], seen: Observations) -> _Said | None:
    """What an earlier call gave is given again, or added."""
    if len(wrong) < 2 and wrong[0].expected.size < ENOUGH_ELEMENTS:
        return None
    if all(_earlier(pair, seen, lambda pair, old: pair.agrees(old.expected)) for pair in wrong):
        return _Said(
            "state_kept",
            "what an earlier call should have returned, in every failing test",
            "something is kept between calls that should be computed afresh",
        )
    if all(_earlier(pair, seen, lambda pair, old: old.found is not None and pair.agrees(pair.expected + old.found)) for pair in wrong):
        return _Said(
            "state_kept",
            "what it should be plus what an earlier call returned, in every failing test",
            "a sum is kept between calls; it should start at 0 in every call",
        )
    return None


def _earlier(pair: Pair, seen: Observations, test: Callable[[Pair, Pair], bool]) -> bool:
    return any(
        old.case.number < pair.case.number
        and old.label == pair.label
        and old.expected.shape == pair.expected.shape
        and old.case.content != pair.case.content
        and np.any(old.expected)
        and test(pair, old)
        for old in seen.pairs
    )


def _untidy(seen: Observations) -> Cause | None:
    """All values are right, and something else about the results is not."""
    rungs = {finding.rung for finding, _pairs in seen.findings}
    if not any(pair.compared and pair.right for pair in seen.pairs):
        return None
    words = {
        Rung.PURITY: "An argument is changed: the function writes into an array that belongs to its caller.",
        Rung.SHAPE: "The values are right, but the shape is not: look at keepdims, reshape and brackets around a scalar.",
        Rung.DTYPE: "The values are right, but the dtype is not: look for an array made without dtype=, or a float64 factor.",
    }
    names = {Rung.PURITY: "argument_modified", Rung.SHAPE: "shape_only", Rung.DTYPE: "dtype_only"}
    found = [rung for rung in words if rung in rungs]
    if not found or rungs - set(found):
        return None
    result = _argument_itself(seen)
    if result:
        names[Rung.PURITY] = "view_returned"
        words[Rung.PURITY] = (
            f"After the call, the changed argument holds the same values as {result}: {result} is that very array, or was computed in it. "
            "An assignment, a slice or a reshape does not copy: start with .copy()."
        )
    return Cause(name=" + ".join(names[rung] for rung in found), words=" ".join(words[rung] for rung in found))


def _argument_itself(seen: Observations) -> str:
    """The result that every modified argument holds after the call, so that it is the same array or a view of it; or nothing."""
    returned: set[str] | None = None
    for finding, pairs in seen.findings:
        for left in pairs if finding.rung is Rung.PURITY else ():
            if left.right or left.found is None:
                continue
            beside = [(pair.label, pair.found) for pair in seen.pairs if pair.compared and pair.case.number == left.case.number]
            alike = {label for label, found in beside if found is not None and np.array_equal(found.ravel(), left.found.ravel())}
            returned = alike if returned is None else returned & alike
    return min(returned) if returned else ""


# --------------------------------------------------------------------------------------------------------------------- words


def _joined(parts: Sequence[tuple[str, _Said]]) -> Cause | None:
    """One sentence for each relation, with all results that it is true of."""
    groups: dict[_Said, list[str]] = {}
    for label, said in parts:
        groups.setdefault(said, []).append(label)
    exchanged = sorted(label for label, said in parts if said.other)
    if exchanged and len(exchanged) == len(parts) and {said.other for said in groups} == set(exchanged):
        return Cause(name="exchanged", words=f"{listed(exchanged)} are right, but returned in the wrong order.")
    if len(groups) > MOST_PARTS:
        return None
    sentences = []
    for said, labels in groups.items():
        what = _clause(labels, said.says)
        begun = what[0].upper() + what[1:] if labels[0].startswith("the ") else what
        sentences.append(f"{begun}: {said.means}." if said.means else f"{begun}.")
    names = " + ".join(dict.fromkeys(said.name for said in groups))
    return Cause(name=names, words=" ".join(sentences))


def _clause(labels: Sequence[str], says: str) -> str:
    """What is true of one result or of several; ``says`` completes "dx is ..." unless it begins with its own verb."""
    one = len(labels) == 1
    if says.startswith("has "):
        says = says if one else says.replace("has ", "have ", 1).replace(" is ", " are ", 1)
        return f"{listed(labels)} {says}"
    return f"{listed(labels)} is {says}" if one else f"{listed(labels)} are {says.replace('it should be', 'they should be')}"
