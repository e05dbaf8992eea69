"""Drive a zygote: send it jobs, collect replies, enforce the limits that need a clock, see to it that nothing survives.

The same code drives a zygote on this machine and one in a container; only who started it differs.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import os
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.errors import SHORTAGES, SandboxError
from grader.model import Ending, Job, Limits, Run
from grader.sandbox.inside import codec
from grader.sandbox.progress import BASE_MEMORY_BYTES, HEADER_BYTES, SIGKILL, Progress
from grader.sandbox.waiting import Waiting

# A pipe of 1 MiB carries arrays 5 to 7 times as fast as one of 64 KiB; an unprivileged user may not get it, which costs speed alone.
PIPE_BYTES = 1 << 20
READ_BYTES = 1 << 20
BUFFERS_AT_ONCE = 256
# Replies that come within this time of each other are read together.
GATHER_S = 0.0005
HELLO_S = 60.0
# How long a worker that has been killed may take to be gone: one that hangs in the kernel, or whose zygote is stopped, never is.
OBEY_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """What a zygote says of itself once it is warm and has proved that its children are sealed."""

    python: str
    numpy: str
    landlock_abi: int
    uid_dropped: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gone:
    """How a child ended: its wait status and the processor time that it had used."""

    status: int
    cpu_s: float


_LOST = _Gone(status=0, cpu_s=0.0)


class ZygoteClient:
    """One zygote, the process `pid`, and the control socket to it. It runs one job at a time; it is not for use by several threads."""

    def __init__(self, control: socket.socket, pid: int) -> None:
        self._control = control
        self._pid = pid
        self._job = 0
        self._shortages = count_shortages()

    def greet(self, *, sandbox: str, fingerprint: str = "") -> Hello:
        """Wait for the zygote's hello.

        Parameters
        ----------
        sandbox : str
            What it is called in a message.
        fingerprint : str
            What the zygote's own sources must hash to (see ``preload.fingerprint``), where they are not known to be ours.
        """
        self._control.settimeout(HELLO_S)
        try:
            message = self._control.recv(1 << 16)
        except (TimeoutError, ConnectionError) as error:
            raise SandboxError(f"the {sandbox} sandbox did not start within {HELLO_S:.0f} s", remedy="Run `grade doctor`.") from error
        if not message:
            raise SandboxError(f"the {sandbox} sandbox ended while it was starting", remedy="Run `grade doctor`.")
        self._control.settimeout(None)
        hello = _read_hello(message, sandbox, fingerprint)
        if hello is None:
            raise SandboxError(
                f"the {sandbox} sandbox was built from another version of Layerwise",
                remedy="Build its image again: docker build --target sandbox -t layerwise-sandbox .",
            )
        return hello

    def run(self, job: Job) -> Run:
        """Run one job to its end. When this returns, its process is gone and reaped."""
        self._job += 1
        with contextlib.ExitStack() as stack:
            try:
                request, reply, output = self._spawn(job.limits, stack)
            except ConnectionError:
                return Run(replies=(), ending=Ending.LOST)
            except OSError as error:
                remedy = SHORTAGES.get(error.errno or 0, "Run `grade doctor`.")
                raise SandboxError(f"a worker cannot be given its pipes: {error.strerror}", remedy=remedy) from error
            run = self._attend(job, request, reply, output, stack)
        return dataclasses.replace(run, ending=Ending.LOST) if self._was_sacrificed(run) else run

    def _was_sacrificed(self, run: Run) -> bool:
        """Whether the kernel has ended a job because the machine had no memory left, while the job was within its own limit.

        All that can be known is that it was killed, not by us, and that the kernel has killed something for this reason since the last
        look. A job can bring the machine there only where the instructor allows more memory than there is.
        """
        if run.ending is not Ending.DIED or run.signal != SIGKILL:
            return False
        before, self._shortages = self._shortages, count_shortages()
        return self._shortages > before

    def close(self) -> None:
        """End the zygote: it leaves when its control socket closes."""
        self._control.close()

    def _spawn(self, limits: Limits, stack: contextlib.ExitStack) -> tuple[int, int, int]:
        theirs: list[int] = []
        ours: list[int] = []
        try:
            for make in (_pipe, _pipe, _small_pipe):
                ends = make()
                theirs.append(ends[1])
                ours.append(ends[0])
            # The first pipe leads the other way.
            theirs[0], ours[0] = ours[0], theirs[0]
            message = codec.encode(("spawn", self._job, limits.cpu_s, BASE_MEMORY_BYTES + (limits.memory_mib << 20)))
            socket.send_fds(self._control, [message], theirs)
        except OSError:
            for descriptor in ours:
                os.close(descriptor)
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        request, reply, output = ours
        for descriptor in (reply, output):
            stack.callback(os.close, descriptor)
        for descriptor in ours:
            os.set_blocking(descriptor, False)
        return request, reply, output

    def _attend(self, job: Job, request: int, reply: int, output: int, stack: contextlib.ExitStack) -> Run:
        """Write, read, drain and watch the clocks in one loop, so that no side can hold up another."""
        progress = Progress(job=job)
        waiting = Waiting(self._pid)
        writer = _Writer(request, job.frames)
        stack.callback(writer.close)
        poller = select.poll()
        poller.register(request, select.POLLOUT)
        for descriptor in (reply, output, self._control.fileno()):
            poller.register(descriptor, select.POLLIN)
        gone: _Gone | None = None
        answered = 0
        give_up = float("inf")
        while gone is None:
            for descriptor, _event in poller.poll(_patience_ms(progress)):
                if descriptor == request:
                    if writer.write():
                        poller.unregister(request)
                elif descriptor == self._control.fileno():
                    gone = self._read_control()
                elif not _read_once(descriptor, progress.receive if descriptor == reply else progress.hear):
                    poller.unregister(descriptor)
            if gone is None and progress.ending is None and (ending := progress.overstepped(waiting.news_s)) is not None:
                progress.ending = ending
                give_up = time.monotonic() + OBEY_S
                if not self._kill():
                    gone = _LOST
            elif gone is None and time.monotonic() > give_up:
                gone = _LOST
            elif len(progress.replies) > answered:
                # Being woken for every single reply costs both processes more than the calls themselves.
                answered = len(progress.replies)
                time.sleep(GATHER_S)
        return _close_run(progress, gone, reply, output)

    def _kill(self) -> bool:
        try:
            self._control.send(codec.encode(("kill", self._job)))
        except OSError:
            return False
        return True

    def _read_control(self) -> _Gone | None:
        """Read what the zygote says: that the child of this job is reaped, or, by falling silent, that it is lost itself."""
        try:
            message = self._control.recv(4096)
        except OSError:
            message = b""
        if not message:
            return _LOST
        _exit, number, status, cpu_s, _rss = codec.decode(message)
        return _Gone(status=int(status), cpu_s=cpu_s) if number == self._job else None


def count_shortages() -> int:
    """How often this kernel has killed a process for want of memory, in a container or outside; 0 where it does not say."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/vmstat").read_text(encoding="ascii").splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0


def _read_hello(message: bytes, sandbox: str, fingerprint: str) -> Hello | None:
    """Read a hello; None if it comes from other sources than ours, whose hello may be of any other form."""
    try:
        word, theirs, *rest = codec.decode(message)
    except (codec.CodecError, TypeError, ValueError):
        return None
    if word != "hello" or (fingerprint and theirs != fingerprint):
        return None
    python, numpy, (seccomp, landlock, dropped, allowed), missing = rest
    if not seccomp or allowed:
        raise SandboxError(
            f"the {sandbox} sandbox cannot seal a process here: {', '.join(allowed) or 'seccomp filters do not take hold'}",
            remedy="Run `grade doctor`; for your own code only, use `--sandbox plain`.",
        )
    return Hello(python=python, numpy=numpy, landlock_abi=landlock, uid_dropped=dropped, missing=missing)


class _Writer:
    """Writes the frames of a job into a pipe, each behind its length, without copying them together."""

    def __init__(self, descriptor: int, frames: tuple[bytes, ...]) -> None:
        self._descriptor = descriptor
        self._pieces: list[bytes | memoryview] = []
        for frame in frames:
            self._pieces += (len(frame).to_bytes(HEADER_BYTES, "little"), frame)
        self._next = 0
        self._open = True

    def write(self) -> bool:
        """Write what fits. True when all is written or nobody reads any more; the pipe is then closed."""
        try:
            while self._next < len(self._pieces):
                written = os.writev(self._descriptor, self._pieces[self._next : self._next + BUFFERS_AT_ONCE])
                self._advance(written)
        except BlockingIOError:
            return False
        except BrokenPipeError:
            pass
        self.close()
        return True

    def _advance(self, written: int) -> None:
        while written:
            piece = self._pieces[self._next]
            if written < len(piece):
                self._pieces[self._next] = memoryview(piece)[written:]
                return
            written -= len(piece)
            self._next += 1

    def close(self) -> None:
        """Close the pipe once."""
        if self._open:
            self._open = False
            os.close(self._descriptor)


def _pipe() -> tuple[int, int]:
    read, write = os.pipe2(os.O_CLOEXEC)
    # An unprivileged user has a quota of large pipes; without one, transport is slower and nothing else.
    with contextlib.suppress(OSError):
        fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return read, write


def _small_pipe() -> tuple[int, int]:
    return os.pipe2(os.O_CLOEXEC)


def _patience_ms(progress: Progress) -> float:
    return 1000.0 if progress.ending is not None else progress.left_s() * 1000 + 1


def _read_once(descriptor: int, take: Callable[[bytes], None], *, more: bool = True) -> bool:
    """Read what is there. False at the end of the stream; `more` is the answer where nothing is there."""
    try:
        data = os.read(descriptor, READ_BYTES)
    except BlockingIOError:
        return more
    take(data)
    return bool(data)


def _close_run(progress: Progress, gone: _Gone, reply: int, output: int) -> Run:
    # What the child wrote before it went is still in the pipes.
    while _read_once(reply, progress.receive, more=False):
        pass
    while not progress.printed_too_much and _read_once(output, progress.hear, more=False):
        pass
    if gone is _LOST:
        progress.ending = Ending.LOST
    killed_by = os.WTERMSIG(gone.status) if os.WIFSIGNALED(gone.status) else 0
    exit_code = os.WEXITSTATUS(gone.status) if os.WIFEXITED(gone.status) else 0
    return progress.close(killed_by=killed_by, exit_code=exit_code, cpu_s=gone.cpu_s)
