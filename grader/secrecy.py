"""What must stay with the course: files that one user may read, and a process that leaves no copy of its memory behind."""

from __future__ import annotations

import contextlib
import fnmatch
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

PR_SET_DUMPABLE = 4
GIT_S = 10.0


def shield_memory() -> None:
    """See to it that the memory of this process reaches no disk and no other process of the same user.

    No core file is written, by this process and by those that it starts; on Linux, ``/proc/PID/mem`` and ``/proc/PID/environ`` (which
    may hold the seed) belong to root from now on, and ptrace is refused. Whoever is root sees everything still.
    """
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        # Both limits: a soft one alone could be raised again.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        import ctypes

        # A core file that goes through a pipe (systemd-coredump) does not heed the limit; it does heed this.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def write_private(path: Path, content: str | bytes) -> None:
    """Write a file that must not be there and that nobody but its owner may read, and see it to the disk.

    Raises
    ------
    FileExistsError
        If something has the name, be it a link that leads nowhere.
    OSError
        If the folder cannot be written to.
    """
    # With its final mode from the first moment: a chmod afterwards leaves time to open it.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())


def may_be_read_by_others(path: Path) -> bool:
    """Whether the mode of a file lets more users in than its owner. Never where there are no such modes."""
    return sys.platform != "win32" and bool(stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO))


def exposure(path: Path) -> str:
    """How a secret file is open to others, as one sentence with what to do; empty if it is not."""
    wrong, cures = [], []
    if may_be_read_by_others(path):
        wrong.append("other users of this machine can read it")
        cures.append(f"run `chmod 600 {path}`")
    if would_be_committed(path):
        wrong.append("git would add it to the repository")
        cures.append(f"add `{path.name}` to .gitignore (and make a new one if it was ever committed)")
    return f"{path} is not safe: {' and '.join(wrong)}; {' and '.join(cures)}." if wrong else ""


def would_be_committed(path: Path) -> bool:
    """Whether a file lies in a git repository that does not ignore it, or tracks it already."""
    folder = path.resolve().parent
    top = next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), None)
    if top is None:
        return False
    git = shutil.which("git")
    if git is not None:
        # A hook runs with variables that name another repository.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            asked = subprocess.run(
                [git, "-C", str(folder), "check-ignore", "-q", "--", path.name],
                env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=GIT_S, check=False,
            )  # fmt: skip
            if asked.returncode in (0, 1):
                return asked.returncode == 1
    return not _is_named(path.name, folder, top)


def _is_named(name: str, folder: Path, top: Path) -> bool:
    """Whether a .gitignore between the folder and the top of the repository names the file: all that can be told without git."""
    for parent in (folder, *folder.parents):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            lines = (parent / ".gitignore").read_text(encoding="utf-8").splitlines()
            if any(fnmatch.fnmatchcase(name, line.strip().lstrip("/")) for line in lines if line.strip()):
                return True
        if parent == top:
            return False
    return False
