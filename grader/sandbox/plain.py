"""The plain sandbox: a fresh Python process a job, for one's own code on macOS and Windows. It protects from accidents alone.

Threads read and write the pipes, because Windows can wait for no pipe; so the module keeps to what every system has.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import IO

from grader.errors import SandboxError
from grader.model import Job, Layers, Run
from grader.sandbox.inside import codec
from grader.sandbox.launch import ENVIRONMENT, INSIDE, command, numpy_parent, require_modules
from grader.sandbox.progress import BASE_MEMORY_BYTES, HEADER_BYTES, Progress
from grader.sandbox.waiting import Waiting

READ_BYTES = 64 * 1024
# A cold disk and a virus scanner can take long over the first start.
HELLO_S = 120.0
# How long to listen on after the process is gone: a program that it started itself may hold its pipes open for ever.
LINGER_S = 1.0
POLL_S = 0.05
# Windows cannot start Python without knowing where it is itself.
INHERITED = ("SYSTEMROOT",)


class PlainSandbox:
    """Runs every job in a process of its own, which ends with it.

    The first process starts at once and is waited for at the first job, so that the grader's own start-up runs beside it.
    """

    def __init__(self, extra_modules: tuple[str, ...] = ()) -> None:
        self._extra = extra_modules
        self._spare: _Worker | None = None
        self._versions: tuple[str, str] | None = None
        self.restart()

    @property
    def layers(self) -> Layers:
        """What protects us: at most the limits that the kernel keeps."""
        return Layers(sandbox="plain", rlimits=sys.platform != "win32")

    @property
    def versions(self) -> tuple[str, str]:
        """The versions of Python and NumPy that the code runs on."""
        if self._versions is None:
            self._spare = self._spare or _Worker(self._extra)
            self._versions = self._spare.greet()
        return self._versions

    def run(self, job: Job) -> Run:
        """Run one job in a new process, and end it."""
        worker, self._spare = self._spare or _Worker(self._extra), None
        with contextlib.closing(worker):
            # Waited for before the clocks start: how long Python takes to start is no fault of the code's.
            self._versions = worker.greet()
            return worker.run(job)

    def restart(self) -> None:
        """Begin anew with a process that has run nothing."""
        self.close()
        self._spare = _Worker(self._extra)

    def close(self) -> None:
        """End the process that waits for a job."""
        if self._spare is not None:
            self._spare.close()
            self._spare = None

    def __enter__(self) -> PlainSandbox:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


class _Worker:
    """One process, the threads at its pipes, and the queue in which they put what they read: stream name and bytes, empty at its end."""

    def __init__(self, extra: tuple[str, ...]) -> None:
        self._extra = extra
        self._hello: tuple[str, str] | None = None
        self._ended = self._sending = False
        self._events: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
        self._process = subprocess.Popen(
            [sys.executable, *command(str(INSIDE), numpy_parent(), "", extra, main="plain")],
            env={**ENVIRONMENT, **{name: os.environ[name] for name in INHERITED if name in os.environ}},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        streams = (("reply", self._process.stdout), ("printed", self._process.stderr))
        self._open = {name for name, _stream in streams}
        self._threads = [_start(_pump, stream, self._events, name) for name, stream in streams if stream is not None]

    def greet(self) -> tuple[str, str]:
        """Wait until the process is warm, and give its versions of Python and NumPy."""
        if self._hello is None:
            _word, python, numpy, missing = codec.decode(self._read_hello())
            require_modules(self._extra, missing, sandbox="plain", remedy=f"Install it for {sys.executable}.")
            self._hello = python, numpy
        return self._hello

    def _read_hello(self) -> bytes:
        received: dict[str, bytearray] = {"reply": bytearray(), "printed": bytearray()}
        hello = received["reply"]
        give_up = time.monotonic() + HELLO_S
        while len(hello) < HEADER_BYTES or len(hello) < HEADER_BYTES + int.from_bytes(hello[:HEADER_BYTES], "little"):
            try:
                name, data = self._events.get(timeout=max(0.0, give_up - time.monotonic()))
            except queue.Empty:
                raise SandboxError(f"Python did not start within {HELLO_S:.0f} s", remedy="Run `grade doctor`.") from None
            received[name] += data
            if not data:
                self._open.discard(name)
            if not self._open:
                last = (received["printed"].decode("utf-8", "replace").strip().splitlines() or ["it said nothing"])[-1]
                raise SandboxError(f"Python ended while it was starting: {last}", remedy=f"Check {sys.executable}.")
        return bytes(hello[HEADER_BYTES:])

    def run(self, job: Job) -> Run:
        """Send the job, collect its replies, and watch the clocks and what is printed."""
        limits = codec.encode((job.limits.cpu_s, BASE_MEMORY_BYTES + (job.limits.memory_mib << 20)))
        if self._process.stdin is not None:
            self._sending = True
            self._threads.append(_start(_send, self._process.stdin, (limits, *job.frames)))
        progress = Progress(job=job)
        waiting = Waiting(self._process.pid)
        while progress.ending is None and self._process.poll() is None:
            self._take(progress, min(progress.left_s(), POLL_S))
            progress.ending = progress.overstepped(waiting.news_s)
        status = self._end()
        # What it wrote before it went is still in the pipes.
        give_up = time.monotonic() + LINGER_S
        while self._open and time.monotonic() < give_up and not progress.printed_too_much:
            self._take(progress, POLL_S)
        return progress.close(killed_by=max(0, -status), exit_code=max(0, status), cpu_s=float("inf"))

    def _take(self, progress: Progress, patience_s: float) -> None:
        """Take one event, if one comes."""
        try:
            name, data = self._events.get(timeout=patience_s)
        except queue.Empty:
            return
        if not data:
            self._open.discard(name)
        elif name == "reply":
            progress.receive(data)
        else:
            progress.hear(data)

    def _end(self) -> int:
        """End the process and, where there are process groups, what it started; give its status."""
        # Once: later the number of the group may be somebody else's.
        if not self._ended:
            self._ended = True
            if sys.platform == "win32":
                self._process.kill()
            else:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, signal.SIGKILL)
        return self._process.wait()

    def close(self) -> None:
        """Leave no process behind. The threads end with the pipes."""
        self._end()
        if not self._sending and self._process.stdin is not None:
            self._process.stdin.close()
        give_up = time.monotonic() + LINGER_S
        for thread in self._threads:
            thread.join(max(0.0, give_up - time.monotonic()))


def _start(function: Callable[..., None], *arguments: object) -> threading.Thread:
    # Daemons: a stray program that holds a pipe must not hold up the end of the grader.
    thread = threading.Thread(target=function, args=arguments, daemon=True)
    thread.start()
    return thread


def _pump(stream: IO[bytes], events: queue.SimpleQueue[tuple[str, bytes]], name: str) -> None:
    """Put what comes into the queue. It closes its stream itself, since nobody else can know that it has stopped reading."""
    with stream:
        while data := stream.read(READ_BYTES):
            events.put((name, data))
    events.put((name, b""))


def _send(stream: IO[bytes], frames: tuple[bytes, ...]) -> None:
    # A worker that has ended reads no more; that it has is seen elsewhere.
    with contextlib.suppress(OSError), stream:
        for frame in frames:
            left = memoryview(len(frame).to_bytes(HEADER_BYTES, "little") + frame)
            while left:
                left = left[stream.write(left) :]
