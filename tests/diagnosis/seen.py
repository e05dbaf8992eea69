"""Observations made by hand: calls with their arguments, what came back, and what is right."""

from __future__ import annotations

import numpy as np

from grader.checks.compare import FLOAT32, FLOAT64
from grader.model import Finding, Rung
from grader.observations import Case, Observations, Pair, near


def case(number, *, single=False, arrays=None, sizes=None, numbers=None, settings=None):
    return Case(
        number=number,
        function="f",
        single=single,
        arrays={name: np.asarray(array, float) for name, array in (arrays or {}).items()},
        sizes=sizes or {},
        numbers=numbers or {},
        settings={**(numbers or {}), **(settings or {})},
        content=str(number).encode(),
    )


def pair(one, found, expected, label="out"):
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    tolerance = FLOAT32 if one.single else FLOAT64
    right = found.shape == expected.shape and bool(near(found, expected, tolerance).all())
    return Pair(label=label, case=one, found=found, expected=expected, right=right, compared=True)


def observed(*pairs, findings=None, held=(), defaults=None):
    """All pairs as the comparisons of one check; each wrong one has its finding."""
    if findings is None:
        findings = [(Finding(rung=Rung.VALUE, message="off"), (one,)) for one in pairs if not one.right]
    wrong = {one.case.number: one.case for one in pairs if not one.right}
    right = {one.case.number: one.case for one in pairs if one.case.number not in wrong}
    return Observations(
        function="f",
        pairs=tuple(pairs),
        findings=tuple(findings),
        defaults=defaults or {},
        held=(*right.values(), *held),
        failed=tuple(wrong.values()),
    )
