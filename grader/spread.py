"""How far correct implementations spread around the reference, as a share of what the tolerances allow.

A tolerance is ten times the spread at least: then a correct solution that nobody has thought of, another order of summation or
another library, is still far inside. Variants are ours, so they are run here, by the code that answers for students.
"""

from __future__ import annotations

import math
import types
from collections.abc import Iterator
from dataclasses import dataclass

from grader.catalog import Exercise, variant_sources
from grader.checks.compare import GAUGE, Tolerance
from grader.diagnosis import run_trusted
from grader.grading import Grader
from grader.judging import judge_check

# The largest share of its tolerance that a correct variant may use.
ROOM = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The variant of a function that comes nearest to a tolerance, and how near: 1 would be the tolerance itself."""

    function: str
    rtol: float
    variant: str
    share: float


def measure_spread(grader: Grader, exercise: Exercise) -> tuple[Spread, ...]:
    """Measure all functions of an exercise at all tolerances that its checks use."""
    largest: dict[tuple[str, float], Spread] = {}
    for name, source in variant_sources(grader.course, exercise).items():
        for function, rtol, share in _shares(grader, exercise, name, source):
            before = largest.get((function, rtol))
            if before is None or share > before.share:
                largest[function, rtol] = Spread(function=function, rtol=rtol, variant=name, share=share)
    order = [function.name for function in exercise.functions]
    return tuple(sorted(largest.values(), key=lambda spread: (order.index(spread.function), spread.rtol)))


def _shares(grader: Grader, exercise: Exercise, name: str, source: str) -> Iterator[tuple[str, float, float]]:
    module = types.ModuleType(name)
    module.__file__ = f"{name}.py"
    exec(compile(source, module.__file__, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - a variant is our own source
    checks = grader.plan(exercise).checks
    answers = run_trusted(module, checks)
    for planned in checks:
        measured: list[tuple[Tolerance, float]] = []
        token = GAUGE.set(measured)
        try:
            judge_check(planned, answers)
        finally:
            GAUGE.reset(token)
        for tolerance, share in measured:
            # A smoke check asks for numbers, whatever they are.
            if math.isfinite(tolerance.atol):
                yield planned.check.function, tolerance.rtol, share
