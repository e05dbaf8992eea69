"""The most telling facts about a wrong result that nothing explains: where it is right, where it is wrong, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from grader.observations import Observations, Pair, near

MOST_FACTS = 3
SMALL = 1e-3


def telling_facts(seen: Observations) -> tuple[str, ...]:
    """Up to three facts, the most telling first. Each is literally true of everything that was compared."""
    compared = [pair for pair in seen.pairs if pair.compared]
    if all(pair.found is None for pair in compared if not pair.right):
        # A list, a None, nothing but NaN: the finding has said so, and there are no values to speak of.
        return ()
    return tuple(islice(_facts(seen, compared), MOST_FACTS))


def _facts(seen: Observations, compared: Sequence[Pair]) -> Iterator[str]:
    labels = list(dict.fromkeys(pair.label for pair in compared))
    wrong = [label for label in labels if any(pair.label == label and not pair.right for pair in compared)]
    right = [label for label in labels if label not in wrong and not _is_only_kept(label, compared)]
    if wrong and right:
        yield f"{_listed(wrong)} {_is(wrong)} wrong; {_listed(right)} {_is(right)} right in every test."
    cases = {pair.case.number for pair in compared}
    bad = {pair.case.number for pair in compared if not pair.right}
    if bad and len(bad) < len(cases):
        count = f"{len(cases) - len(bad)} of {len(cases)} tests"
        yield f"{wrong[0]} is right in {count}." if len(wrong) == 1 else f"{_listed(wrong)} are all right in {count}."
    elif len(bad) > 1:
        yield f"{wrong[0]} is wrong in every test." if len(wrong) == 1 else f"In every test {_listed(wrong, 'or')} is wrong."
    for label in wrong:
        mine = [pair for pair in compared if pair.label == label and not pair.right]
        if all(pair.fits for pair in mine):
            yield from _places(label, mine)
            yield from _smallness(label, mine)


def _is_only_kept(label: str, compared: Sequence[Pair]) -> bool:
    """Whether this is a parameter that was handed in and must stay as it was: no result, and perhaps in a hidden check alone."""
    mine = [pair for pair in compared if pair.label == label]
    return all(label in pair.case.settings and not pair.expected.ndim and pair.case.settings[label] == pair.expected for pair in mine)


def _places(label: str, wrong: Sequence[Pair]) -> Iterator[str]:
    share = [_off_share(pair) for pair in wrong]
    if max(share) < 1:
        words = "a few" if max(share) < 0.25 else "some"
        yield f"Only {words} values of {label} are wrong: look for what they have in common, such as an index, a sign or a branch."
    elif _only_magnitudes_differ(wrong):
        yield f"Every wrong value of {label} has the right sign, but the wrong magnitude."


def _off_share(pair: Pair) -> float:
    assert pair.found is not None  # noqa: S101 - it fits
    return float(np.mean(~near(pair.found, pair.expected, pair.tolerance)))


def _only_magnitudes_differ(wrong: Sequence[Pair]) -> bool:
    return all(pair.found is not None and bool(np.all(np.sign(pair.found) == np.sign(pair.expected))) for pair in wrong)


def _smallness(label: str, wrong: Sequence[Pair]) -> Iterator[str]:
    """How small the error is, as a power of ten that is the same to everybody."""
    worst = 0.0
    for pair in wrong:
        assert pair.found is not None  # noqa: S101 - it fits
        scale = float(np.abs(pair.expected).max(initial=0.0))
        worst = max(worst, float(np.abs(pair.found - pair.expected).max(initial=0.0)) / scale if scale else np.inf)
    if worst < SMALL:
        parts = 10 ** -int(np.ceil(np.log10(worst)))
        bound = f"1/{f'{parts:,}'.replace(',', ' ') if parts > 1000 else parts} of the largest one"
        yield f"The values of {label} are off by at most {bound}: look at a small constant such as eps, or at precision."


def _listed(labels: Sequence[str], last: str = "and") -> str:
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} {last} {labels[-1]}"


def _is(labels: Sequence[str]) -> str:
    return "is" if len(labels) == 1 else "are"
