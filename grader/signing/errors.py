"""What can go wrong with a signature: three errors, so that a script can tell a forged scorecard from a wrong key."""

from __future__ import annotations

from grader.errors import ExitCode, LayerwiseError


class KeyFileError(LayerwiseError):
    """A key cannot be read, written or used."""

    exit_code = ExitCode.COURSE_BROKEN


class UnsignableError(LayerwiseError):
    """A file is no scorecard, or one whose meaning is not the same to every reader."""

    exit_code = ExitCode.SUBMISSION_UNREADABLE


class SignatureError(LayerwiseError):
    """A scorecard is not what the owner of the key has signed."""

    exit_code = ExitCode.POINTS_LOST
