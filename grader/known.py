"""A wrong implementation of ours, and whether it explains everything that was seen of a student's.

It does if the same expectations hold and fail, for the same reason, and wherever numbers are compared they are its numbers.
"""

from __future__ import annotations

import operator
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.checks.answers import collect
from grader.checks.compare import FLOAT32, FLOAT64, Tolerance, judge_values
from grader.checks.model import Answers, Expectation, NoValue, PlannedCall, PlannedCheck
from grader.judging import Seen, judge_check
from grader.model import Rung
from grader.patience import Exhausted, Patience
from grader.sandbox.inside import child

# All checks of one function, with what was seen of each.
Judged = Sequence[tuple[PlannedCheck, tuple[Seen, ...]]]

# What a call may take with two mistakes in it, or with an argument that no check gives, in lines of Python: right ones take at most 2,600.
MOST_LINES = 50_000
TOLD_BY_WORDS = frozenset({Rung.SHAPE, Rung.DTYPE, Rung.COUNT, Rung.PURITY})
MANY_DRAWS = 50
FARTHEST = 3.0


@dataclass(slots=True)
class Known:
    """One of them with what it gives, check by check, as far as anybody has asked."""

    session: child.Session
    answers: Answers = field(default_factory=lambda: Answers({}))
    by_check: dict[str, tuple[Seen, ...]] = field(default_factory=dict)
    frame: Callable[[PlannedCall], bytes] = operator.attrgetter("frame")
    # Nobody has proved that it ends; if one call of it does not, it explains nothing, and is not run any more.
    is_proved: bool = True
    is_endless: bool = False

    def run(self, planned: PlannedCheck) -> tuple[Seen, ...]:
        """What the mistake gives for one check. Most mistakes are told apart by the first, so the others are never run.

        Checks are run in the order of the plan, since one may look at the calls of another.
        """
        name = planned.check.name
        if name not in self.by_check:
            # A wrong implementation warns of what a right one does not do.
            with warnings.catch_warnings(action="ignore"):
                replies = [self._answer(call) for call in planned.calls]
                collect(planned.calls, replies, into=self.answers.by_call)
                self.by_check[name] = judge_check(planned, self.answers)
        return self.by_check[name]

    def _answer(self, call: PlannedCall) -> bytes:
        frame = self.frame(call)
        if self.is_proved:
            return self.session.answer(frame)
        patience = Patience(0 if self.is_endless else MOST_LINES)
        try:
            with patience:
                reply = self.session.answer(frame)
        finally:
            self.is_endless = patience.is_over
        if self.is_endless:
            # The session has taken it for an exception like any other.
            raise Exhausted
        return reply

    def explains(self, seen: Judged, answers: Answers) -> bool:
        """Whether it gives all that was seen."""
        for planned, mine in seen:
            try:
                theirs = self.run(planned)
            except Exhausted:
                return False
            if not all(map(_alike, mine, theirs)):
                return False
            if not all(same_values(expectation, answers, self.answers) for expectation in planned.expectations):
                return False
            if not planned.check.by_outcome and not all(
                one.finding is None or _same_spread(expectation, answers, self.answers)
                for expectation, one in zip(planned.expectations, mine, strict=True)
            ):
                return False
        return True


def _alike(mine: Seen, theirs: Seen) -> bool:
    """Whether two findings are of the same kind; where the kind is all that is seen, in the same words: int64 is not float32."""
    if mine.signature != theirs.signature:
        return False
    if mine.finding is None or theirs.finding is None or mine.finding.rung not in TOLD_BY_WORDS:
        return True
    return mine.finding.message == theirs.finding.message


def _same_spread(expectation: Expectation, answers: Answers, theirs: Answers) -> bool:
    """Whether random results that a law looks at could be draws of one distribution.

    Two samples of n values, by their largest distance (Kolmogorov and Smirnov): beyond ``3 sqrt(2/n)`` for one pair in 10^7.
    """
    for result in expectation.wants if not expectation.values else ():
        try:
            value, other = answers.value(result), theirs.value(result)
        except NoValue:
            continue
        if isinstance(value, np.ndarray) and isinstance(other, np.ndarray) and value.size == other.size >= MANY_DRAWS:
            one, two = np.sort(value, axis=None), np.sort(other, axis=None)
            both = np.concatenate([one, two])
            distance = np.abs(np.searchsorted(one, both, "right") - np.searchsorted(two, both, "right")).max() / one.size
            if distance > FARTHEST * (2 / one.size) ** 0.5:
                return False
    return True


def same_values(expectation: Expectation, answers: Answers, theirs: Answers) -> bool:
    """Whether the numbers that an expectation compares are the same in two sets of answers, up to rounding."""
    for result in expectation.values:
        try:
            value, other = answers.value(result), theirs.value(result)
        except NoValue:
            continue
        # Two implementations of one mistake may differ by rounding, in float32 by more of it.
        tolerance = FLOAT32 if _is_single(other) else FLOAT64
        if judge_values(value, other, tolerance, "") is not None and not _same_where_finite(value, other, tolerance):
            return False
    return True


def _is_single(value: Any) -> bool:
    """Whether there is an array of float32 in it."""
    if isinstance(value, (list, tuple, dict)):
        return any(map(_is_single, value.values() if isinstance(value, dict) else value))
    return getattr(value, "dtype", None) == "float32"


def _same_where_finite(value: Any, other: Any, tolerance: Tolerance) -> bool:
    """Whether two arrays are NaN or infinite in the same places, and alike in all others, of which there must be some: of arrays that
    hold nothing but NaN, nobody can say whence.
    """
    if not (isinstance(value, np.ndarray) and isinstance(other, np.ndarray)) or value.shape != other.shape:
        return False
    if value.dtype.kind != "f" or other.dtype.kind != "f":
        return False
    finite = np.isfinite(other)
    if not finite.any() or finite.all() or not np.array_equal(value[~finite], other[~finite], equal_nan=True):
        return False
    return judge_values(value[finite], other[finite], tolerance, "") is None
