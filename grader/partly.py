"""Recognise a known mistake in a part of the results: in a loss and not in its gradient, or everywhere but in a case that is guarded.

Whoever writes the gradient by hand makes a slip in the loss alone; whoever treats the first step apart is right in the first step. Every
wrong value must be exactly the mistake's, most of what the mistake would change must be wrong, and the sentence says what is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.listing import listed
from grader.model import Finding, Rung
from grader.observations import Floats, Observations, Pair, near

ENOUGH_CASES = 2
# Of the values that the mistake would change, in the results that are wrong, so many must be changed.
MOSTLY = 0.5
# Beside the values there is something else to explain, which a part of a mistake does not.
OF_FORM = frozenset({Rung.RETURNED, Rung.COUNT, Rung.TYPE, Rung.SHAPE, Rung.DTYPE, Rung.PURITY, Rung.QUIET})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Where a mistake shows: the results that are wrong, whether others are spared, and the share of what it would change there."""

    labels: tuple[str, ...]
    spares: bool
    share: float

    def words(self, explanation: str) -> str:
        """Say what is wrong and what is not."""
        if not self.spares:
            but = " Some values that this mistake would change are right." if self.share < 1 else ""
            return f"Every wrong value is what you get when {explanation}{but}"
        wrong = "is wrong: it is" if len(self.labels) == 1 else "are wrong: they are"
        return f"Only {listed(self.labels)} {wrong} what you get when {explanation}"


def part_shown(mine: Observations, theirs: Observations) -> Part | None:
    """Which part of a mistake explains every wrong value; None if one is left over, or too little of the mistake shows."""
    if len(mine.pairs) != len(theirs.pairs) or not all(_speaks_of_values(*one) for one in mine.findings):
        return None
    both = list(zip(mine.pairs, theirs.pairs, strict=True))
    if any(one.label != other.label or one.case.number != other.case.number for one, other in both):
        return None
    wrong = tuple(dict.fromkeys(pair.label for pair in mine.pairs if not pair.right))
    exact = {pair.case.number for pair in mine.pairs if not pair.right and not pair.case.single}
    if len(exact) < ENOUGH_CASES or not all(_is_its(one, other) for one, other in both if not one.right):
        return None
    changed = sum(_wrong_elements(other) for one, other in both if one.label in wrong)
    share = sum(_wrong_elements(one) for one, _other in both) / max(1, changed)
    spares = any(not other.right for _one, other in both if other.label not in wrong)
    return Part(labels=wrong, spares=spares, share=share) if share >= MOSTLY else None


def _speaks_of_values(finding: Finding, pairs: Sequence[Pair]) -> bool:
    return finding.rung not in OF_FORM and any(not pair.right for pair in pairs)


def _is_its(one: Pair, other: Pair) -> bool:
    """Whether every wrong element is the mistake's."""
    if one.found is None or other.found is None or not one.fits or not other.fits or _counts(one.expected):
        return False
    off = ~near(one.found, one.expected, one.tolerance)
    return bool((near(one.found, other.found, one.tolerance) | ~off).all())


def _counts(values: Floats) -> bool:
    """Whether these are labels, indices or truth values, of which two mistakes have the same ones by chance."""
    return bool((values == np.rint(values)).all())


def _wrong_elements(pair: Pair) -> int:
    if pair.found is None or not pair.fits:
        return 0 if pair.right else pair.expected.size
    return int(np.count_nonzero(~near(pair.found, pair.expected, pair.tolerance)))
