"""Bound what code of ours may do, in lines of Python and not in seconds, so that every machine stops at the same place.

The reference ends on every input that a check gives it. With arguments that no check gives, or with two mistakes in it, it may not.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any, Self

# Their lines are not counted one by one, which would take longer than running them; they loop over nothing that does not end.
NOT_COUNTED = ("numpy", "grader.")


class Exhausted(BaseException):
    """Raised inside of what took too long."""


class Patience:
    """While it is entered, so many lines may be run in this thread, and then ``Exhausted`` is raised where the code is."""

    def __init__(self, lines: int) -> None:
        self.left = lines
        self._before: Any = None

    @property
    def is_over(self) -> bool:
        """Whether something was ended."""
        return self.left < 0

    def __enter__(self) -> Self:
        self._before = sys.gettrace()
        sys.settrace(self._count)
        return self

    def __exit__(self, *_error: object) -> None:
        sys.settrace(self._before)

    def _count(self, frame: FrameType, _event: str, _argument: object) -> Any:
        self.left -= 1
        if self.left < 0:
            raise Exhausted
        return None if str(frame.f_globals.get("__name__", "")).startswith(NOT_COUNTED) else self._count
