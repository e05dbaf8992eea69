"""Many workers on this machine: tasks go out, results come back as they are done, and a worker that dies or hangs costs time alone."""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Protocol, Self

from grader import interrupts
from grader.batch.worker import Ready, WorkerOptions, serve
from grader.classwork import Done, Task
from grader.errors import ExitCode, LayerwiseError

# A worker has the next task before it has done the last one, so that it never waits for the batch to write.
AHEAD = 2
# A submission during whose grading this many workers have died is set aside. It may be the submission, or the machine: no mark either way.
TRIES = 3
# How much longer than all its limits allow a submission is waited for: planning and diagnosing are the grader's own time.
PATIENCE_S = 300.0
START_S = 180.0


class Pool(Protocol):
    """Who grades: processes here, or a cluster."""

    def run(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Grade `tasks`, giving each result as soon as it is there. Tasks are taken as they can be done, never all at once."""

    def close(self) -> None:
        """Leave nothing behind."""


class WorkerError(LayerwiseError):
    """A worker could not begin; the exit code is that of its reason."""

    exit_code = ExitCode.NO_SANDBOX


@dataclass(slots=True)
class _Hand:
    """One worker process, and what it is at: the first of its tasks since ``since``."""

    process: SpawnProcess
    line: Connection
    tasks: deque[Task] = field(default_factory=deque)
    since: float = 0.0
    ready: bool = False


class LocalPool:
    """Worker processes of this machine. Not for use by several threads."""

    def __init__(self, options: WorkerOptions, jobs: int) -> None:
        self.options = options
        self.jobs = jobs
        # Spawned, not forked: a worker must not inherit descriptors of a sandbox that another one drives.
        self._context = multiprocessing.get_context("spawn")
        self._hands: list[_Hand] = []
        self._deaths: dict[int, int] = {}
        self._stillborn = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def run(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Grade `tasks` on up to ``jobs`` processes.

        Raises
        ------
        WorkerError
            If no worker can begin, for the reason that it gives.
        """
        source = iter(tasks)
        again: deque[Task] = deque()
        while True:
            self._hand_out(source, again)
            if not any(hand.tasks for hand in self._hands):
                return
            yield from self._collect(again)

    def close(self) -> None:
        """End all workers. What they were at is not graded, and nothing of it is kept."""
        for hand in self._hands:
            hand.line.close()
        for hand in self._hands:
            # An idle one leaves by itself, taking its sandbox along; one that is busy with a submission is not waited for.
            hand.process.join(1.0 if not hand.tasks else 0.1)
            if hand.process.is_alive():
                hand.process.kill()
                hand.process.join()
        self._hands = []

    def _hand_out(self, source: Iterator[Task], again: deque[Task]) -> None:
        """Keep every worker supplied. One that is suspected of killing workers is sent alone, so that it cannot take another along."""
        for depth in range(AHEAD):
            for position in range(self.jobs):
                hand = self._hands[position] if position < len(self._hands) else None
                if hand is not None and (len(hand.tasks) > depth or any(task.number in self._deaths for task in hand.tasks)):
                    continue
                task = again.popleft() if again and (hand is None or not hand.tasks) else next(source, None)
                if task is None:
                    continue
                if hand is None:
                    self._hands.append(hand := self._start())
                self._send(hand, task)

    def _start(self) -> _Hand:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=serve, args=(theirs, self.options), daemon=True)
        with interrupts.held():
            process.start()
        theirs.close()
        return _Hand(process=process, line=ours, since=time.monotonic())

    def _send(self, hand: _Hand, task: Task) -> None:
        if hand.ready and not hand.tasks:
            hand.since = time.monotonic()
        hand.tasks.append(task)
        try:
            hand.line.send(task)
        except OSError:
            # It is dead, which _collect will see; the task is among those that it takes back.
            return

    def _collect(self, again: deque[Task]) -> Iterator[Done]:
        """Wait for the next results; take back the tasks of workers that are gone."""
        busy = [hand for hand in self._hands if hand.tasks]
        ends = {hand.line: hand for hand in busy} | {hand.process.sentinel: hand for hand in busy}
        signalled = wait(list(ends), timeout=1.0)
        for hand in {id(ends[one]): ends[one] for one in signalled}.values():  # type: ignore[index]  # wait gives back what it got
            done = self._read(hand)
            if done is not None:
                yield done
            elif not hand.process.is_alive():
                yield from self._bury(hand, again, f"ended with exit code {hand.process.exitcode}")
        for hand in busy:
            if hand in self._hands and hand.tasks and time.monotonic() - hand.since > self._patience(hand):
                hand.process.kill()
                hand.process.join()
                yield from self._bury(hand, again, "did not answer")

    def _patience(self, hand: _Hand) -> float:
        if not hand.ready:
            return START_S
        # The limits bound each exercise already; this is for a worker that hangs where no limit reaches.
        return PATIENCE_S + 2 * self.options.limits.exercise_s * max(1, len(hand.tasks[0].exercises))

    def _read(self, hand: _Hand) -> Done | None:
        try:
            if not hand.line.poll():
                return None
            word = hand.line.recv()
        except (EOFError, OSError):
            hand.process.join(1.0)
            return None
        if isinstance(word, Ready):
            if word.error:
                error = WorkerError(word.error, remedy=word.remedy)
                error.exit_code = ExitCode(word.exit_code)
                raise error
            hand.ready = True
            self._stillborn = 0
            hand.since = time.monotonic()
            return self._read(hand)
        hand.since = time.monotonic()
        hand.tasks.popleft()
        self._deaths.pop(word.number, None)
        done: Done = word
        return done

    def _bury(self, hand: _Hand, again: deque[Task], how: str) -> Iterator[Done]:
        """Take a worker out, and give its tasks to others; the one that it was at is charged with the death, if it had begun at all."""
        self._hands.remove(hand)
        hand.line.close()
        if not hand.ready:
            self._stillborn += 1
            if self._stillborn > TRIES:
                raise WorkerError("no worker could start", remedy="Run `grade doctor`; there may be too little memory.")
            again.extend(hand.tasks)
            return
        first, *rest = hand.tasks
        again.extend(rest)
        self._deaths[first.number] = self._deaths.get(first.number, 0) + 1
        if self._deaths[first.number] < TRIES:
            again.append(first)
        else:
            del self._deaths[first.number]
            yield Done(number=first.number, lost=f"The grading process {how}, {TRIES} times; no mark was given.")
