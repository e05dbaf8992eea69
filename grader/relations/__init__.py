"""Simple relations between what came back and what is right: negated, N times, the argument itself, transposed.

A relation is found on one case and must then hold on all the others; the search for that is in ``grader.causes``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grader.observations import Pair
from grader.relations.arithmetic import affine, arguments, by_arrays, clipped, difference, exchanged, of_the_value, plain, ratio
from grader.relations.places import indexed, rearranged, reduced, repeated, spread
from grader.relations.relation import Others, Relation

__all__ = ["Others", "Relation", "relations"]

MAKERS = (
    *(plain, exchanged, arguments, ratio, difference, by_arrays, of_the_value, affine, clipped),
    *(indexed, repeated, rearranged, spread, reduced),
)


def relations(pair: Pair, others: Others, mask: np.ndarray | None = None) -> Iterator[Relation]:
    """The relations that hold on one wrong pair (within `mask`), the most telling first."""
    for maker in MAKERS:
        for relation in maker(pair, others, mask):
            if (mask is None or relation.elementwise) and relation.holds(pair, others, mask):
                yield relation
