"""What has happened so far in one job, and when it is over: the part that all sandboxes share. It reads clocks and no descriptor."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from grader.model import Ending, Job, Run

HEADER_BYTES = 4
# Python, NumPy and BLAS take about 160 MiB of address space before a student's first array.
BASE_MEMORY_BYTES = 256 << 20
PRINTED_BYTES = 64 * 1024
# What a reply may hold beside the values asked for: status, flags, the description of an exception. See child.REPLY_OVERHEAD_BYTES.
REPLY_SLACK_BYTES = 64 * 1024
# The kernel counts processor time in ticks, and the worker's last ones may not be in what it reports.
CPU_SLACK_S = 0.5
# Below it the clocks would be set again and again for nothing.
LEAST_EXCUSE_S = 0.005
# By number: Windows has no such name, and no such signal either.
SIGKILL = getattr(signal, "SIGKILL", 9)


@dataclass(slots=True)
class Progress:
    """The replies cut from the stream so far, the beginning of what was printed, and the clocks.

    ``ending`` is why the grader ended the worker; None as long as it has not.
    """

    job: Job
    started: float = field(default_factory=time.monotonic)
    last_reply: float = field(default_factory=time.monotonic)
    replies: list[bytes] = field(default_factory=list)
    ending: Ending | None = None
    _buffer: bytearray = field(default_factory=bytearray)
    _printed: bytearray = field(default_factory=bytearray)
    _printed_total: int = 0
    _bad: bool = False

    @property
    def complete(self) -> bool:
        """Whether every frame has its reply."""
        return len(self.replies) == len(self.job.frames)

    @property
    def printed_too_much(self) -> bool:
        """Whether more was printed than the limits allow."""
        return self._printed_total > self.job.limits.output_bytes

    def receive(self, data: bytes) -> None:
        """Cut what came on the reply stream into replies. A length beyond what was asked for is believed by nobody."""
        if self._bad or self.complete:
            return
        self._buffer += data
        start = 0
        while not self.complete and len(self._buffer) - start >= HEADER_BYTES:
            length = int.from_bytes(self._buffer[start : start + HEADER_BYTES], "little")
            if length > self.job.reply_bytes[len(self.replies)] + REPLY_SLACK_BYTES:
                self._bad = True
                break
            end = start + HEADER_BYTES + length
            if len(self._buffer) < end:
                break
            with memoryview(self._buffer) as view:
                self.replies.append(bytes(view[start + HEADER_BYTES : end]))
            start = end
            self.last_reply = time.monotonic()
        del self._buffer[:start]

    def hear(self, data: bytes) -> None:
        """Count what was printed, and keep the beginning of it."""
        self._printed_total += len(data)
        self._printed += data[: max(0, PRINTED_BYTES - len(self._printed))]

    def left_s(self) -> float:
        """Wall time until the first of the two limits."""
        limits = self.job.limits
        return max(0.0, min(self.last_reply + limits.call_s, self.started + limits.exercise_s) - time.monotonic())

    def excuse(self, waited_s: float) -> bool:
        """Let the clocks stand still for a time in which the worker, or we, could not run; False if it is too short to be of use."""
        if waited_s < LEAST_EXCUSE_S:
            return False
        self.started += waited_s
        self.last_reply += waited_s
        return True

    def overstepped(self, waited_s: Callable[[], float]) -> Ending | None:
        """Why the worker has to be ended now, if it has to; `waited_s` says how long nobody could run since it was asked for last."""
        if self.complete:
            return Ending.FINISHED
        if self._bad:
            return Ending.BAD_REPLY
        if self.printed_too_much:
            return Ending.TOO_MUCH_OUTPUT
        return Ending.OUT_OF_TIME if self.left_s() == 0 and not self.excuse(waited_s()) else None

    def close(self, *, killed_by: int, exit_code: int, cpu_s: float) -> Run:
        """Name the ending of a worker that is gone, and give the result.

        Parameters
        ----------
        killed_by, exit_code : int
            How the process ended; 0 where it did not end that way.
        cpu_s : float
            The processor time that it had used.
        """
        ending = self.ending
        if self.complete:
            ending = Ending.FINISHED
        elif ending is None and self._bad:
            ending = Ending.BAD_REPLY
        elif ending is None and self.printed_too_much:
            ending = Ending.TOO_MUCH_OUTPUT
        elif ending is None:
            # SIGKILL that we did not send is the kernel's: for processor time, as RLIMIT_CPU has equal soft and hard limits, or for memory.
            spent = killed_by == SIGKILL and cpu_s >= self.job.limits.cpu_s - CPU_SLACK_S
            ending = Ending.OUT_OF_CPU if spent else Ending.DIED
        # Whether it left by itself after its last reply or was killed first is a matter of luck, and of no interest.
        finished = ending is Ending.FINISHED
        return Run(
            replies=tuple(self.replies),
            ending=ending,
            signal=0 if finished else killed_by,
            exit_code=0 if finished else exit_code,
            printed=self._printed.decode("utf-8", "replace"),
        )
