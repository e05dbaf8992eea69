"""The process sandbox: a zygote on this machine, executed with a clean environment. Linux, no privilege needed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from grader.errors import SHORTAGES, SandboxError
from grader.model import Job, Layers, Limits, Run
from grader.sandbox.launch import require_modules
from grader.sandbox.start import Started, start_zygote, stop_zygote, wait_for

if TYPE_CHECKING:
    from grader.sandbox.client import Hello


def require_room(limits: Limits) -> None:
    """Refuse to grade where the shell allows a process less than the limits of a job: it would be the student's code that failed.

    Raises
    ------
    SandboxError
        With the name of the limit.
    """
    import resource

    from grader.sandbox.progress import BASE_MEMORY_BYTES

    needed = (
        ("-t", resource.RLIMIT_CPU, limits.cpu_s, 1, "s of processor time"),
        ("-v", resource.RLIMIT_AS, BASE_MEMORY_BYTES + (limits.memory_mib << 20), 1 << 10, "KiB of address space"),
    )
    for flag, limit, least, unit, what in needed:
        allowed = min(value if value != resource.RLIM_INFINITY else least for value in resource.getrlimit(limit))
        if allowed < least:
            raise SandboxError(
                f"this shell allows a process {allowed // unit} {what}, and the limits of submitted code ask for {least // unit}",
                remedy=f"Raise it with `ulimit {flag}`, or lower the limits of submitted code.",
            )


class ProcessSandbox:
    """A warm zygote that forks a sealed child for every job. For Linux alone, which ``grader.sandbox.open`` sees to.

    It starts at once and is waited for at the first job, so that the grader's own start-up runs beside the zygote's.
    """

    def __init__(self, extra_modules: tuple[str, ...] = (), started: Started | None = None) -> None:
        self._extra = extra_modules
        if started is not None and extra_modules:
            # It was started before the course was read, and has not imported what the course adds.
            stop_zygote(started)
            started = None
        self._start(started)

    def _start(self, started: Started | None = None) -> None:
        try:
            control, self._process = started or start_zygote(self._extra)
        except OSError as error:
            remedy = SHORTAGES.get(error.errno or 0, "Run `grade doctor`.")
            raise SandboxError(f"the process sandbox cannot be started: {error.strerror or error}", remedy=remedy) from error
        # After the start: the client imports NumPy, which the zygote does at the same time.
        from grader.sandbox.client import ZygoteClient

        self._client = ZygoteClient(control, self._process.pid)
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
        require_room(job.limits)
        return self._client.run(job)

    def restart(self) -> None:
        """Replace a zygote that was lost."""
        self.close()
        self._start()

    def close(self) -> None:
        """End the zygote and wait for it."""
        self._client.close()
        wait_for(self._process)

    def __enter__(self) -> ProcessSandbox:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
