"""Everything that can go wrong outside of a student's code: one exit code and one remedy each."""

from __future__ import annotations

import errno
from enum import IntEnum


class ExitCode(IntEnum):
    """What the ``grade`` command returns. 1 is Python's (a bug of ours), 2 is click's (usage)."""

    FULL_MARKS = 0
    POINTS_LOST = 3
    SUBMISSION_UNREADABLE = 4
    COURSE_BROKEN = 5
    NO_SANDBOX = 6
    STORE_UNUSABLE = 7


# What a shell says of a command that Ctrl-C has ended: 128 and the number of the signal.
INTERRUPTED = 130


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


class MachineError(LayerwiseError):
    """The machine has run out of something, or a file of ours cannot be read or written: no mark may be concluded from it."""

    exit_code = ExitCode.STORE_UNUSABLE


# What says something of the machine and nothing of a file; each with what to do about it. EDQUOT and ESTALE are not known to Windows.
_DESCRIPTORS = "Allow more open files (`ulimit -n`), or give fewer --jobs; then run the same command again."
_ROOM = "Make room, then run the same command again."
_MEMORY = "Close other programs or give fewer --jobs; then run the same command again."
_DISK = "See whether the disk is failing or away, then run the same command again."
SHORTAGES: dict[int, str] = {
    errno.EMFILE: _DESCRIPTORS,
    errno.ENFILE: _DESCRIPTORS,
    errno.ENOSPC: _ROOM,
    errno.EFBIG: _ROOM,
    getattr(errno, "EDQUOT", errno.ENOSPC): _ROOM,
    errno.ENOMEM: _MEMORY,
    errno.EAGAIN: _MEMORY,
    errno.EIO: _DISK,
    getattr(errno, "ESTALE", errno.EIO): _DISK,
}
_OF_PROCESSES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN})


def machine_error(error: OSError | MemoryError, what: str = "") -> MachineError:
    """What the system says, as one sentence; `what` is the file or thing that it was about, where the error itself does not name it."""
    number = error.errno if isinstance(error, OSError) else errno.ENOMEM
    words = (error.strerror if isinstance(error, OSError) else "") or str(error) or "not enough memory"
    name = error.filename if isinstance(error, OSError) else None
    subject = what or (name if isinstance(name, str) else "")
    remedy = SHORTAGES.get(number or 0, "Look at the path and its permissions, then run the same command again.")
    found = MachineError(f"{subject}: {words}" if subject else words, remedy=remedy)
    found.exit_code = ExitCode.NO_SANDBOX if number in _OF_PROCESSES else ExitCode.STORE_UNUSABLE
    return found


def blame_no_file(error: OSError, what: str = "") -> None:
    """Raise MachineError if `error` is a shortage of the machine's: a work that cannot be read for that reason is no unreadable work."""
    if error.errno in SHORTAGES:
        raise machine_error(error, what) from error
