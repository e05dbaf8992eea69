"""Start a zygote of this machine. It warms up for as long as the grader itself does, so nothing that takes time is imported before."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys

from grader.errors import SandboxError
from grader.sandbox.launch import ENVIRONMENT, INSIDE, command, numpy_parent

# Our end of the control socket, and the process: a started zygote that nobody has greeted yet.
Started = tuple[socket.socket, "subprocess.Popen[bytes]"]


# The child's pipes are put at 64 and above before they are given their places (see inside.zygote), and NumPy opens a few files itself.
LEAST_FILES = 128


def start_zygote(extra_modules: tuple[str, ...] = ()) -> Started:
    """Execute a zygote with a clean environment.

    Raises
    ------
    SandboxError
        If there is no NumPy to give it, or the shell allows too few open files.
    """
    _allow_files()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        try:
            process = subprocess.Popen(
                [sys.executable, *command(str(INSIDE), numpy_parent(), str(theirs.fileno()), extra_modules)],
                pass_fds=(theirs.fileno(),),
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=None if os.environ.get("LAYERWISE_DEBUG") else subprocess.DEVNULL,
                start_new_session=True,
            )
        except BaseException:
            ours.close()
            raise
    return ours, process


def _allow_files() -> None:
    """Allow ourselves, and so the zygote, as many open files as a child is started with; where that is forbidden, refuse."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < LEAST_FILES:
        if hard != resource.RLIM_INFINITY and hard < LEAST_FILES:
            raise SandboxError(
                f"this shell allows {hard} open files, and the process sandbox needs {LEAST_FILES}",
                remedy=f"Raise it with `ulimit -n {LEAST_FILES}`.",
            )
        resource.setrlimit(resource.RLIMIT_NOFILE, (LEAST_FILES, hard))


def stop_zygote(started: Started) -> None:
    """End a zygote and wait for it. Does nothing where it is gone already."""
    control, process = started
    control.close()
    wait_for(process)


def wait_for(process: subprocess.Popen[bytes]) -> None:
    """Wait for a zygote, which leaves when its control socket closes."""
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        # One that hangs in the kernel goes when the kernel lets it, and is not waited for.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
