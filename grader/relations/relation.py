"""What a relation between a value that came back and the right one is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from grader.observations import Floats, Pair

# Right values of other results of the same call, by label.
Others = Mapping[str, Floats]
Predict = Callable[[Pair, Others], Floats | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One relation. ``says`` completes "dx is ...", or "dx ..." if it begins with "has"; ``means`` is what it usually comes from.

    ``predict`` gives what should have come back if the relation holds, or None where it says nothing. ``elementwise`` relations may hold
    in a part of an array alone. ``free`` counts the numbers that were read off the case on which the relation was found. ``other`` is the
    result of the same call whose values came back, if they are one's.
    """

    name: str
    says: str
    means: str
    predict: Predict = field(compare=False)
    elementwise: bool = True
    free: int = 0
    other: str = ""

    def holds(self, pair: Pair, others: Others, mask: np.ndarray | None = None) -> bool:
        """Whether the relation gives exactly what came back; within `mask` only, with the right values elsewhere."""
        with np.errstate(all="ignore"):
            predicted = self.predict(pair, others)
        if predicted is None or not np.isfinite(predicted).all():
            return False
        if mask is not None:
            predicted = np.where(mask, predicted, pair.expected)
        return pair.agrees(predicted)


def using(function: Callable[..., Floats | None], *fixed: object) -> Predict:
    """Predict by `function`, which gets the pair and what is fixed."""
    return lambda pair, _others: function(pair, *fixed)
