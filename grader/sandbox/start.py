"""Start a zygote of this machine. It warms up for as long as the grader itself does, so nothing that takes time is imported before."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

from grader.sandbox.launch import ENVIRONMENT, INSIDE, command, numpy_parent

# Our end of the control socket, and the process: a started zygote that nobody has greeted yet.
Started = tuple[socket.socket, "subprocess.Popen[bytes]"]


def start_zygote(extra_modules: tuple[str, ...] = ()) -> Started:
    """Execute a zygote with a clean environment.

    Raises
    ------
    SandboxError
        If there is no NumPy to give it.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
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
    return ours, process


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
        process.wait()
