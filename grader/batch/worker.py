"""One worker of a batch: a process with a course, its plans and a warm sandbox, that grades what it is sent until the line is closed."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from grader import interrupts
from grader.catalog import Course, load_course
from grader.classwork import Done, Task
from grader.errors import LayerwiseError, MachineError, SandboxError, machine_error
from grader.grading import Grader, find_outcomes
from grader.model import Ending, Job, Limits, Run
from grader.sandbox import Sandbox
from grader.sandbox.open import open_sandbox
from grader.secrecy import shield_memory

# How long a sandbox that has gone may stay away: an engine that is restarted is back within seconds.
ABSENCE_S = 60.0
RETRY_S = 1.0
# A submission at which the machinery fails is tried again with a new sandbox, and then given back.
TRIES = 2


class SandboxGoneError(SandboxError):
    """The sandbox has gone and does not come back, so that this worker can grade nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions:
    """How a worker grades; it travels to every one of them.

    A container, or a zygote, is replaced after ``fresh_after`` submissions and after any job that ended as no honest one does; with
    ``fresh_after=1`` every submission has one of its own.
    """

    course_root: Path | None = None
    sandbox: str = "process"
    limits: Limits = field(default_factory=Limits)
    image: str | None = None
    fresh_after: int = 500
    nice: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A worker's first word: it can grade, or it cannot, and why. It may find out later that it cannot."""

    error: str = ""
    remedy: str = ""
    exit_code: int = 0


class Worker:
    """What grades one submission after another."""

    def __init__(self, options: WorkerOptions, course: Course | None = None) -> None:
        self.options = options
        self.grader = Grader(course or load_course(options.course_root))
        self._sandbox = _open(options, self.grader.course.modules)
        self._graded = 0

    def grade(self, task: Task) -> Done:
        """Grade one submission. What breaks down in the sandbox is said in ``lost``, and costs nobody a point.

        Raises
        ------
        CourseError
            If the course is broken, which it is for every submission.
        SandboxGoneError
            If there is no sandbox any more, and none to be had for a minute.
        """
        failure: LayerwiseError | None = None
        for _ in range(TRIES):
            if self._graded >= self.options.fresh_after or self._sandbox.suspicious:
                self._sandbox.restart()
                self._graded = 0
            self._graded += 1
            try:
                return self._try(task)
            except SandboxGoneError:
                raise
            except (SandboxError, MachineError) as error:
                failure = error
            except (OSError, MemoryError) as error:
                failure = machine_error(error)
            self._sandbox.suspicious = True
        return Done(number=task.number, lost=f"{failure}. {failure.remedy if failure else ''}".strip())

    def _try(self, task: Task) -> Done:
        outcomes, run = find_outcomes(
            task.submission, self._sandbox, grader=self.grader, exercises=task.exercises, limits=self.options.limits
        )
        return Done(number=task.number, outcomes=outcomes, run=run)

    def close(self) -> None:
        """Leave nothing behind."""
        self._sandbox.close()


def _open(options: WorkerOptions, modules: tuple[str, ...]) -> _Watched:
    """Open a sandbox; one that dies while it starts, such as for want of memory, is given a second chance."""
    for chances in (1, 0):
        sandbox = open_sandbox(options.sandbox, extra_modules=modules, limits=options.limits, image=options.image)
        try:
            return _Watched(sandbox)
        except SandboxError:
            sandbox.close()
            if not chances:
                raise
    raise AssertionError("the last chance returns or raises")


class _Watched:
    """A sandbox that remembers whether something happened in it after which it had better be replaced."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._inner = sandbox
        self.suspicious = False
        self.layers = sandbox.layers
        self.versions = sandbox.versions

    def run(self, job: Job) -> Run:
        run = self._inner.run(job)
        # A forbidden system call, or a channel broken on purpose: the seal has held, and yet a new one costs only milliseconds.
        if run.ending in (Ending.LOST, Ending.BAD_REPLY) or run.signal == signal.SIGSYS:
            self.suspicious = True
        return run

    def restart(self) -> None:
        """Replace it, and wait for that if it cannot be had at once."""
        until = time.monotonic() + ABSENCE_S
        while True:
            try:
                self._inner.restart()
                # The new one is asked at once what it is: if it cannot be talked to yet, no submission is charged with that.
                self.layers, self.versions = self._inner.layers, self._inner.versions
            except SandboxError as error:
                if time.monotonic() > until:
                    raise SandboxGoneError(str(error), remedy=f"{error.remedy} What was graded is kept.".strip()) from error
                time.sleep(RETRY_S)
            else:
                self.suspicious = False
                return

    def close(self) -> None:
        self._inner.close()


def serve(line: Connection, options: WorkerOptions) -> None:
    """Be a worker process: grade tasks from `line` until it is closed, which the kernel does when the batch dies, however it dies."""
    interrupts.ignore()
    if sys.platform != "win32":
        os.nice(options.nice)
    shield_memory()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            with contextlib.closing(Worker(options)) as worker:
                line.send(Ready())
                while True:
                    line.send(worker.grade(line.recv()))
        except LayerwiseError as error:
            line.send(_excuse(error))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise
        except (OSError, MemoryError) as error:
            line.send(_excuse(machine_error(error)))


def _excuse(error: LayerwiseError) -> Ready:
    return Ready(error=str(error), remedy=error.remedy, exit_code=int(error.exit_code))
