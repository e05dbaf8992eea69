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
    right = [label for label in labels if label not in wrong]
    if wrong and right:
        yield f"{_listed(wrong)} {_is(wrong)} wrong, {_listed(right)} {_is(right)} right in every case."
    cases = {pair.case.number for pair in compared}
    bad = {pair.case.number for pair in compared if not pair.right}
    if bad and len(bad) < len(cases):
        yield f"The values are right in {len(cases) - len(bad)} of {len(cases)} cases."
    elif len(bad) > 1:
        yield "The values are wrong in every case."
    for label in wrong:
        mine = [pair for pair in compared if pair.label == label and not pair.right]
        if all(pair.fits for pair in mine):
            yield from _places(label, mine)
            yield from _sizes(label, mine)


def _places(label: str, wrong: Sequence[Pair]) -> Iterator[str]:
    share = [_off_share(pair) for pair in wrong]
    if max(share) < 1:
        words = "a few" if max(share) < 0.25 else "some"
        yield f"Of {label} only {words} of the values are wrong: it is one branch or one place."
    elif _only_sizes_differ(wrong):
        yield f"All of {label} has the right sign; only its size is wrong."


def _off_share(pair: Pair) -> float:
    assert pair.found is not None  # noqa: S101 - it fits
    return float(np.mean(~near(pair.found, pair.expected, pair.tolerance)))


def _only_sizes_differ(wrong: Sequence[Pair]) -> bool:
    return all(pair.found is not None and bool(np.all(np.sign(pair.found) == np.sign(pair.expected))) for pair in wrong)


def _sizes(label: str, wrong: Sequence[Pair]) -> Iterator[str]:
    """How small the error is, as a power of ten that is the same to everybody."""
    worst = 0.0
    for pair in wrong:
        assert pair.found is not None  # noqa: S101 - it fits
        scale = float(np.abs(pair.expected).max(initial=0.0))
        worst = max(worst, float(np.abs(pair.found - pair.expected).max(initial=0.0)) / scale if scale else np.inf)
    if worst < SMALL:
        bound = 10.0 ** int(np.ceil(np.log10(worst)))
        yield f"The error of {label} is at most {bound:.0e} of its size: a small constant such as eps, or lost precision."


def _listed(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"


def _is(labels: Sequence[str]) -> str:
    return "is" if len(labels) == 1 else "are"
