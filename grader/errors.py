"""Everything that can go wrong outside of a student's code: one exit code and one remedy each."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the ``grade`` command returns. 1 is Python's (a bug of ours), 2 is click's (usage)."""

    FULL_MARKS = 0
    POINTS_LOST = 3
    SUBMISSION_UNREADABLE = 4
    COURSE_BROKEN = 5
    NO_SANDBOX = 6
    STORE_UNUSABLE = 7


class LayerwiseError(Exception):
    """Base of the errors that are shown as one sentence: what it was, where, what to do."""

    exit_code: ExitCode

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback, of which every line would be ours."""
        return [f"layerwise: {self}", *([self.remedy] if self.remedy else [])]


class SubmissionError(LayerwiseError):
    """The submission cannot be read at all."""

    exit_code = ExitCode.SUBMISSION_UNREADABLE


class CourseError(LayerwiseError):
    """The course, or one of its exercises, is broken; no student is at fault."""

    exit_code = ExitCode.COURSE_BROKEN


class SandboxError(LayerwiseError):
    """No sandbox of the kind asked for can run here, or the one that ran broke down."""

    exit_code = ExitCode.NO_SANDBOX
