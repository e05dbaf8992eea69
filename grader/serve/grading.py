"""The thread that grades: it alone writes outcomes into the store, and it alone drives the workers."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from grader.batch.marking import Keys, remember_plan
from grader.batch.pool import Pool
from grader.batch.run import is_ours
from grader.classwork import Done, Record, Task
from grader.errors import ExitCode, LayerwiseError, SubmissionError
from grader.serve import uploads
from grader.serve.cards import Cards, exercise_documents
from grader.serve.database import Database
from grader.serve.hub import Hub
from grader.serve.reading import NOTHING_THERE, exercises_in, handin_of, read_upload
from grader.serve.uploads import State, Upload
from grader.store import RecordDiffers, Store

LOG = logging.getLogger("layerwise")
# How often the machinery may fail at one exercise of an upload before the others go on without it.
TRIES = 2
LOOK_EVERY_S = 5.0
PAUSE_S = 10.0
# How much the newest upload says about the pace.
NEWEST = 0.2


@dataclass(slots=True, kw_only=True)
class _Flight:
    """An upload on its way: the keys of what is still to come, of what is there, and what the machinery could not do."""

    upload: Upload
    handin: int
    digest: str
    keys: dict[str, str]
    left: set[str]
    tries: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    begun: float = field(default_factory=time.monotonic)


class Grading(threading.Thread):
    """Takes uploads up one after another and grades them, an exercise at a time, so that each shows as soon as it is done."""

    def __init__(self, store: Store, database: Database, hub: Hub, keys: Keys, cards: Cards, open_pool: Callable[[], Pool]) -> None:
        super().__init__(name="grading", daemon=True)
        self.store, self.database, self.hub, self.keys, self.cards = store, database, hub, keys, cards
        self._open_pool = open_pool
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._tasks: deque[Task] = deque()
        self._exercise_of: dict[int, tuple[_Flight, Task]] = {}
        self._count = 0
        self._last_finish = 0.0
        # How many seconds pass from one finished upload to the next while there are some; None before anything is known.
        self.pace_s: float | None = None
        # Why nothing is graded at the moment; empty while all is well.
        self.trouble = ""

    def nudge(self) -> None:
        """Say that something has come."""
        self._wake.set()

    def stop(self, timeout: float = 10.0) -> None:
        """End soon. What is under way is left, and taken up by the next start."""
        self._stopping.set()
        self._wake.set()
        self.join(timeout)

    def run(self) -> None:
        """Grade until told to stop. Whatever fails is said, and tried again: no upload is dropped for it."""
        remember_plan(self.store, self.keys.plan)
        while not self._stopping.is_set():
            try:
                self._grade_with(self._open_pool())
            except LayerwiseError as error:
                if error.exit_code is ExitCode.NO_SANDBOX:
                    # An evening without workers must not use up the tries of whoever is first in the queue.
                    with contextlib.suppress(LayerwiseError):
                        uploads.put_back(self.database)
                self._pause(f"{error}. {error.remedy}".strip())
            except Exception:
                LOG.exception("grading broke down")
                self._pause("The grader broke down; its log says how.")

    def _grade_with(self, pool: Pool) -> None:
        try:
            self._forget()
            while not self._stopping.is_set():
                for done in pool.run(_Feed(self)):
                    self._take(done)
                    self.trouble = ""
                    if self._stopping.is_set():
                        return
                self._wake.wait(LOOK_EVERY_S)
                self._wake.clear()
        finally:
            pool.close()

    def _forget(self) -> None:
        """Begin from what the database says."""
        self._tasks.clear()
        self._exercise_of.clear()
        uploads.take_up(self.database)

    def _pause(self, sentence: str) -> None:
        self.trouble = sentence
        LOG.error("grading pauses: %s", sentence)
        self._stopping.wait(PAUSE_S)

    # -------------------------------------------------------------------------------------------------------------------- begin

    def next_task(self) -> Task | None:
        """The next thing for a worker to do, None if nothing waits at the moment."""
        while not self._tasks:
            claimed = None if self._stopping.is_set() else uploads.claim(self.database)
            if claimed is None:
                return None
            self._begin(*claimed)
        return self._tasks.popleft()

    def _begin(self, upload: Upload, body: bytes) -> None:
        self.hub.tell(upload.id, {"type": "begun"})
        try:
            submission = read_upload(upload, body)
        except SubmissionError as error:
            self._end(upload, State.UNREADABLE, sentence=f"{error}. {error.remedy}".strip())
            return
        course = self.keys.plan.course
        wanted = [upload.exercise] if upload.exercise else exercises_in(course, submission)
        with self.store.together():
            self.store.put_submission(submission)
            handin = self.store.put_handin(handin_of(upload), submission.digest)
        if not wanted:
            problems = " ".join(f"{problem.path} {problem.message}." for problem in submission.problems[:3])
            self._end(upload, State.UNREADABLE, handin=handin, digest=submission.digest, sentence=f"{NOTHING_THERE} {problems}".strip())
            return
        keys = {name: key for name, key in self.keys.of(submission.digest).items() if name in wanted}
        uploads.was_read(self.database, upload.id, handin=handin, digest=submission.digest, exercises=keys)
        there = self.store.has(list(keys.values()))
        flight = _Flight(
            upload=upload, handin=handin, digest=submission.digest, keys=keys, left={name for name, key in keys.items() if key not in there}
        )
        for name in (name for name in keys if name in flight.left):
            self._count += 1
            task = Task(number=self._count, submission=submission, exercises=(name,))
            self._exercise_of[self._count] = (flight, task)
            self._tasks.append(task)
        if not flight.left:
            self._settle(flight)

    # --------------------------------------------------------------------------------------------------------------------- end

    def _take(self, done: Done) -> None:
        """Keep what a worker has found, and tell who is watching."""
        flight, task = self._exercise_of[done.number]
        name = task.exercises[0]
        outcome = next((one for one in done.outcomes if one.exercise == name and not is_ours(one)), None)
        if outcome is not None and done.run is not None:
            try:
                self.store.put_record(Record(key=flight.keys[name], digest=flight.digest, outcome=outcome, run=done.run))
            except RecordDiffers as error:
                LOG.warning("upload %d, %s: %s", flight.upload.id, name, error)
            self._show(flight, name)
        else:
            flight.tries[name] = flight.tries.get(name, 0) + 1
            if flight.tries[name] < TRIES and not done.lost:
                self._tasks.append(task)
                return
            flight.failed[name] = done.lost or "The grader could not judge this."
            self.store.note_failure(flight.keys[name], flight.failed[name])
        del self._exercise_of[done.number]
        flight.left.discard(name)
        if not flight.left:
            self._settle(flight)

    def _show(self, flight: _Flight, name: str) -> None:
        seen = dataclasses.replace(flight.upload, digest=flight.digest, handin=flight.handin)
        for document in exercise_documents(self.cards.card(self.store, seen, {name: flight.keys[name]})):
            self.hub.tell(seen.id, {"type": "exercise", "exercise": document})

    def _settle(self, flight: _Flight) -> None:
        time_ = time.monotonic()
        gap = time_ - max(self._last_finish, flight.begun)
        self.pace_s = gap if self.pace_s is None else (1 - NEWEST) * self.pace_s + NEWEST * gap
        self._last_finish = time_
        known = {name: key for name, key in flight.keys.items() if name not in flight.failed}
        state = State.LOST if flight.failed else State.GRADED
        sentence = " ".join(f"{name}: {sentence}" for name, sentence in flight.failed.items())
        self._end(flight.upload, state, handin=flight.handin, digest=flight.digest, exercises=known, sentence=sentence)

    def _end(self, upload: Upload, state: State, **values: object) -> None:
        uploads.finish(self.database, upload.id, state, **values)
        self.hub.tell(upload.id, {"type": "ended", "state": state.value})
        LOG.info("upload %d: %s", upload.id, state.value)


class _Feed(Iterator[Task]):
    """Tasks as they come. It ends when nothing waits, and goes on when something does: a pool asks again whenever a worker is free."""

    def __init__(self, grading: Grading) -> None:
        self._grading = grading

    def __next__(self) -> Task:
        task = self._grading.next_task()
        if task is None:
            raise StopIteration
        return task
