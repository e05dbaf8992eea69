"""What a check is made of, and what comes back for it: the vocabulary's own values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.model import Finding, Kind, Visibility
from grader.sandbox.inside import request

if TYPE_CHECKING:
    from grader.checks.record import Student


@dataclass(frozen=True, slots=True)
class Result:
    """One value that a call will give: result `item` (-1: the only one), or, with `after`, argument `item` as it was left."""

    call: int
    item: int
    after: bool
    label: str
    expected: Any

    @property
    def reference(self) -> request.Reference:
        """How the value is named in a later request."""
        return request.Reference(self.call, self.item, self.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSpec:
    """One recorded call, before it is encoded. ``dtype`` is the floating dtype of its array arguments."""

    number: int
    function: str
    returns: int
    arguments: tuple[Any, ...]
    options: dict[str, Any]
    expected: tuple[Any, ...]
    labels: tuple[str, ...]
    dtype: np.dtype[Any] | None
    passed: tuple[Any, ...]
    recipe: request.Recipe | None = None


class Rule(StrEnum):
    """What is required of results, as far as it can be said without code of the course."""

    VALUES = "values"
    SHAPE = "shape"
    DTYPE = "dtype"
    UNCHANGED = "unchanged"
    QUIET = "quiet"
    FORM = "form"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A judge that can also be had as data: enough to judge by where neither the reference nor a check's own code is, as in a student kit.

    It is the judge itself, so that whoever puts another judge in its place has nothing frozen that says otherwise. ``given`` are the
    arguments of ``expect_…`` (see ``grader.checks.compare``) behind the results. What is not ``whole`` leaves out a part of what ``look``
    requires.
    """

    rule: Rule
    results: tuple[Result, ...]
    look: Callable[[Answers], Finding | None]
    given: dict[str, Any] = field(default_factory=dict)
    whole: bool = True

    def __call__(self, answers: Answers) -> Finding | None:
        """Judge: None, or the first thing that is wrong."""
        return self.look(answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What must hold of some results.

    ``judge`` gives None or the first thing that is wrong. ``values`` are the results whose numbers identify a known mistake.
    ``fallback`` is asked when the expectation fails, with calls of its own.
    """

    wants: tuple[Result, ...]
    judge: Callable[[Answers], Finding | None]
    values: tuple[Result, ...] = ()
    fallback: Fallback | None = None
    calls: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """Further calls that are made only when an expectation has failed, and what they may show.

    ``record`` makes the calls; ``judge`` then gives the sentence for which the credit is earned after all, or None.
    """

    record: Callable[[Student], tuple[Result, ...]]
    judge: Callable[[Answers, tuple[Result, ...]], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One requirement on one function.

    Checks of one function with the same ``cases`` draw the same inputs; calls that an earlier one has made are not made again. One that
    is ``by_outcome`` looks at what several functions achieve together, which wrong ones may achieve too: it counts beside right values
    alone, and no other check counts because of it.
    """

    name: str
    function: str
    kind: Kind
    points: int
    requirement: str
    visibility: Visibility
    body: Callable[[Student, np.random.Generator], Iterator[Expectation]]
    cases: str = ""
    by_outcome: bool = False

    @property
    def title(self) -> str:
        """The name as words."""
        return self.name.replace("_", " ")


class NoValue(Exception):  # noqa: N818 - it carries a finding to the judge's caller and is never shown as an error
    """A result that an expectation needs is not there."""

    def __init__(self, finding: Finding, function: str) -> None:
        super().__init__(finding.message)
        self.finding = finding
        self.function = function


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one call: its wanted values, or the finding that stands in their place."""

    function: str
    values: dict[tuple[int, bool], Any] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    missing: Finding | None = None
    blocked_on: int | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one student (or of a known mistake) to the calls of a plan, by number."""

    by_call: dict[int, Answer]

    def value(self, result: Result) -> Any:
        """Give the value of `result`, or raise :class:`NoValue`."""
        return self.answer(result.call).values[result.item, result.after]

    def answer(self, call: int) -> Answer:
        """Give the answer to a call that returned, or raise :class:`NoValue`."""
        answer = self.by_call[call]
        if answer.missing is not None:
            raise NoValue(answer.missing, answer.function)
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCall:
    """One call as it is sent: the same bytes for every student. ``returns`` is the number of its results, 0 for one by itself."""

    number: int
    function: str
    returns: int
    frame: bytes
    reply_bytes: int
    wants: tuple[tuple[int, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCheck:
    """One check with its calls and expectations."""

    check: Check
    calls: tuple[PlannedCall, ...]
    expectations: tuple[Expectation, ...]
