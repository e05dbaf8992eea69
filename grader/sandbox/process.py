"""The process sandbox: a zygote on this machine, executed with a clean environment. Linux, no privilege needed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

from grader.model import Job, Layers, Run
from grader.sandbox.launch import ENVIRONMENT, INSIDE, command, numpy_parent, require_modules

if TYPE_CHECKING:
    from grader.sandbox.client import Hello


class ProcessSandbox:
    """A warm zygote that forks a sealed child for every job. For Linux alone, which ``grader.sandbox.open`` sees to.

    It starts at once and is waited for at the first job, so that the grader's own start-up runs beside the zygote's.
    """

    def __init__(self, extra_modules: tuple[str, ...] = ()) -> None:
        self._extra = extra_modules
        self._start()

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, *command(str(INSIDE), numpy_parent(), str(theirs.fileno()), self._extra)],
                pass_fds=(theirs.fileno(),),
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=None if os.environ.get("LAYERWISE_DEBUG") else subprocess.DEVNULL,
                start_new_session=True,
            )
        # After the start: the client imports NumPy, which the zygote does at the same time.
        from grader.sandbox.client import ZygoteClient

        self._client = ZygoteClient(ours)
        self._hello: Hello | None = None

    @property
    def layers(self) -> Layers:
        """What protects us, as the zygote has proved by doing."""
        hello = self._greet()
        return Layers(
            sandbox="process", seccomp=True, landlock_abi=hello.landlock_abi, rlimits=True, uid_dropped=hello.uid_dropped, container=False
        )

    @property
    def versions(self) -> tuple[str, str]:
        """The versions of Python and NumPy that students' code runs on."""
        hello = self._greet()
        return hello.python, hello.numpy

    def _greet(self) -> Hello:
        if self._hello is None:
            hello = self._client.greet(sandbox="process")
            require_modules(self._extra, hello.missing, sandbox="process", remedy=f"Install it for {sys.executable}.")
            self._hello = hello
        return self._hello

    def run(self, job: Job) -> Run:
        """Run one job in a child of its own."""
        self._greet()
        return self._client.run(job)

    def restart(self) -> None:
        """Replace a zygote that was lost."""
        self.close()
        self._start()

    def close(self) -> None:
        """End the zygote and wait for it."""
        self._client.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> ProcessSandbox:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
