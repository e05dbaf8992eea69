"""Read a submission, a folder, one file or a zip, without executing, unpacking or following anything of it."""

from __future__ import annotations

from grader.submission.candidate import Bounds
from grader.submission.load import load_submission

__all__ = ["Bounds", "load_submission"]
