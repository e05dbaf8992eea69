"""Declare a check: a function whose name is the requirement and whose docstring is what the student reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from grader.checks.model import Check, Expectation
from grader.checks.record import Student
from grader.model import Kind, Visibility

Body = Callable[[Student, np.random.Generator], Iterator[Expectation]]


def check(
    function: str, kind: Kind, *, points: int, public: bool = False, cases: str = "", by_outcome: bool = False
) -> Callable[[Body], Check]:
    """Declare the decorated generator function to be a check of `function`.

    Parameters
    ----------
    function
        The name of the student's function that earns the points.
    points
        A whole number; 0 for a check that only informs.
    public
        Whether a student may see its inputs and results. Its inputs then come from the public seed.
    cases
        A name that checks of one function share if they look at the same calls from several sides; see :class:`Check`.
    by_outcome
        Whether the check judges what several functions of the student achieve together; see :class:`Check`.
    """

    def declare(body: Body) -> Check:
        requirement = " ".join((body.__doc__ or "").split())
        if not requirement:
            raise ValueError(f"the check {body.__name__} of {function} has no docstring to tell a student what is required")
        return Check(
            name=body.__name__,
            function=function,
            kind=kind,
            points=points,
            requirement=requirement,
            visibility=Visibility.PUBLIC if public else Visibility.HIDDEN,
            body=body,
            cases=cases,
            by_outcome=by_outcome,
        )

    return declare
