"""The thread that grades: it alone writes outcomes into the store, and it alone drives the workers."""

from __future__ import annotations

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
from grader.model import Submission
from grader.serve import regrading, uploads
from grader.serve.cards import Cards, exercise_documents
from grader.serve.database import Database
from grader.serve.hub import Hub
from grader.serve.pace import PaceMaker
from grader.serve.reading import NOTHING_THERE, exercises_in, handin_of, read_upload
from grader.serve.regrading import Item
from grader.serve.rules import RuleBook, counting
from grader.serve.uploads import State, Upload
from grader.store import RecordDiffers, Store, StoreAway, StoreError, StoreFull

LOG = logging.getLogger("layerwise")
# How often the machinery may fail at one exercise of an upload before the others go on without it.
TRIES = 2
LOOK_EVERY_S = 5.0
PAUSE_S = 10.0
# A database that is away is asked for again sooner, which costs nothing.
AWAY_S = 2.0


@dataclass(slots=True, kw_only=True)
class _Flight:
    """An upload on its way: the keys of what is still to come, of what is there, and what the machinery could not do."""

    upload: Upload
    digest: str
    keys: dict[str, str]
    left: set[str]
    # What it holds and does not count for, in a sentence.
    left_out: str = ""
    tries: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    # Seconds of work that went into it, and that it would have taken if nothing had been known of it before.
    worked_s: float = 0.0


@dataclass(slots=True, kw_only=True)
class _Again:
    """Something of a regrade on its way."""

    item: Item
    tries: dict[str, int] = field(default_factory=dict)


class Grading(threading.Thread):
    """Takes uploads up one after another and grades them, an exercise at a time, so that each shows as soon as it is done."""

    def __init__(
        self,
        store: Store,
        database: Database,
        hub: Hub,
        keys: Keys,
        cards: Cards,
        open_pool: Callable[[], Pool],
        rules: RuleBook,
        *,
        pace: PaceMaker | None = None,
        keep_hold: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(name="grading", daemon=True)
        self.rules = rules
        self.store, self.database, self.hub, self.keys, self.cards = store, database, hub, keys, cards
        self._open_pool = open_pool
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._tasks: deque[Task] = deque()
        self._exercise_of: dict[int, tuple[_Flight | _Again, Task]] = {}
        self._count = 0
        # Raises unless the store is ours alone. A database that was away has forgotten whose it was.
        self._keep_hold = keep_hold
        self._looked_at = 0.0
        self._remembers = False
        # Whether what was under way was stopped by what is no upload's fault.
        self._blameless = False
        self.pace = pace or PaceMaker(1)
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
        while not self._stopping.is_set():
            try:
                self._grade()
            except LayerwiseError as error:
                # An evening without workers, or with a full disk, must not use up the tries of whoever is first in the queue.
                # A course that cannot be used any more is none either: the service began with it, so a worker has another version.
                nobodys = (ExitCode.NO_SANDBOX, ExitCode.COURSE_BROKEN)
                self._blameless = error.exit_code in nobodys or isinstance(error, StoreAway | StoreFull)
                self._pause(f"{error}. {error.remedy}".strip(), AWAY_S if isinstance(error, StoreAway) else PAUSE_S)
            except Exception:
                LOG.exception("grading broke down")
                self._pause("The grader failed; the log of the server says why.")

    def _grade(self) -> None:
        # First, since workers are slow to start, and of no use while the database is away.
        self._forget()
        pool = self._open_pool()
        try:
            while not self._stopping.is_set():
                for done in pool.run(_Feed(self)):
                    self._take(done)
                    self.trouble = ""
                    if self._stopping.is_set():
                        return
                self.pace.rest()
                self._wake.wait(LOOK_EVERY_S)
                self._wake.clear()
                self._look()
                # What failed for a moment while nothing was under way is over.
                self.trouble = ""
        finally:
            pool.close()

    def _forget(self) -> None:
        """Begin from what the database says."""
        self._tasks.clear()
        self._exercise_of.clear()
        self.pace.rest()
        self._looked_at = 0.0
        self._look()
        if not self._remembers:
            remember_plan(self.store, self.keys.plan)
            self._remembers = True
        if self._blameless:
            uploads.put_back(self.database)
            regrading.put_back(self.database)
            self._blameless = False
        uploads.take_up(self.database)
        regrading.take_up(self.database)

    def _look(self) -> None:
        """See now and then whether the store is still ours."""
        if time.monotonic() - self._looked_at >= LOOK_EVERY_S:
            self._keep_hold()
            self._looked_at = time.monotonic()

    def _pause(self, sentence: str, seconds: float = PAUSE_S) -> None:
        self.trouble = sentence
        LOG.error("grading pauses: %s", sentence)
        self._stopping.wait(seconds)

    # -------------------------------------------------------------------------------------------------------------------- begin

    def next_task(self) -> Task | None:
        """The next thing for a worker to do, None if nothing waits at the moment."""
        while not self._tasks:
            self._look()
            claimed = None if self._stopping.is_set() else uploads.claim(self.database)
            if claimed is not None:
                self._begin(*claimed)
            elif not self._begin_again():
                return None
        return self._tasks.popleft()

    def _begin_again(self) -> bool:
        """Take up something of a regrade, which waits until no student does; False if there is none."""
        item = None if self._stopping.is_set() else regrading.claim(self.database)
        if item is None:
            return False
        if item.key in self.store.has([item.key]):
            regrading.finish(self.database, item, regrading.Step.DONE)
            return True
        try:
            self._queue(_Again(item=item), self.store.submission(item.digest), item.exercise)
        except StoreError as error:
            if isinstance(error, StoreAway | StoreFull):
                raise
            # One that is damaged must not keep the others, or a student, waiting.
            regrading.finish(self.database, item, regrading.Step.FAILED, f"{error}. {error.remedy}".strip())
        return True

    def _queue(self, flight: _Flight | _Again, submission: Submission, exercise: str) -> None:
        self._count += 1
        task = Task(number=self._count, submission=submission, exercises=(exercise,))
        self._exercise_of[self._count] = (flight, task)
        self._tasks.append(task)

    def _begin(self, upload: Upload, body: bytes) -> None:
        self.hub.tell(upload.id, {"type": "begun"})
        try:
            submission = read_upload(upload, body)
        except SubmissionError as error:
            self._end(upload, State.UNREADABLE, sentence=f"{error}. {error.remedy}".strip())
            return
        course = self.keys.plan.course
        held = [upload.exercise] if upload.exercise else exercises_in(course, submission)
        wanted, left_out = counting(self.rules, upload, held)
        if not wanted:
            problems = " ".join(f"{problem.path} {problem.message}." for problem in submission.problems[:3])
            self._end(upload, State.UNREADABLE, sentence=left_out or f"{NOTHING_THERE} {problems}".strip())
            return
        self.store.put_submission(submission)
        keys = {name: key for name, key in self.keys.of(submission.digest).items() if name in wanted}
        uploads.was_read(self.database, upload.id, digest=submission.digest, exercises=keys)
        self.hub.tell(upload.id, {"type": "read", "exercises": len(keys)})
        there = self.store.has(list(keys.values()))
        flight = _Flight(
            upload=upload,
            digest=submission.digest,
            keys=keys,
            left={name for name, key in keys.items() if key not in there},
            left_out=left_out,
        )
        for name in (name for name in keys if name in flight.left):
            self._queue(flight, submission, name)
        if not flight.left:
            self._settle(flight)

    # --------------------------------------------------------------------------------------------------------------------- end

    def _take(self, done: Done) -> None:
        """Keep what a worker has found."""
        flight, task = self._exercise_of[done.number]
        name = task.exercises[0]
        outcome = next((one for one in done.outcomes if one.exercise == name and not is_ours(one)), None)
        key = flight.item.key if isinstance(flight, _Again) else flight.keys[name]
        if done.run is not None:
            self._worked(flight, done.run.duration_s)
        if outcome is not None and done.run is not None:
            try:
                self.store.put_record(Record(key=key, digest=task.submission.digest, outcome=outcome, run=done.run))
            except RecordDiffers as error:
                LOG.warning("%s of %s: %s", name, task.submission.digest, error)
            failure = ""
        else:
            flight.tries[name] = flight.tries.get(name, 0) + 1
            if flight.tries[name] < TRIES and not done.lost:
                self._tasks.append(task)
                return
            failure = done.lost or "The grader failed on this."
        del self._exercise_of[done.number]
        if isinstance(flight, _Again):
            regrading.finish(self.database, flight.item, regrading.Step.FAILED if failure else regrading.Step.DONE, failure)
        else:
            self._took(flight, name, failure)

    def _worked(self, flight: _Flight | _Again, seconds: float) -> None:
        """Learn from it how fast grading goes. The pool has two tasks for every worker, so with more than these all of them are busy."""
        self.pace.worked(seconds, more=len(self._exercise_of) > self.pace.workers)
        if isinstance(flight, _Flight):
            flight.worked_s += seconds

    def _took(self, flight: _Flight, name: str, failure: str) -> None:
        """Tell who is watching an upload what came of one exercise."""
        if failure:
            flight.failed[name] = failure
            self.store.note_failure(flight.keys[name], failure)
        else:
            self._show(flight, name)
        flight.left.discard(name)
        if not flight.left:
            self._settle(flight)

    def _show(self, flight: _Flight, name: str) -> None:
        if not self.hub.hears(flight.upload.id):
            return
        seen = dataclasses.replace(flight.upload, digest=flight.digest)
        for document in exercise_documents(self.cards.card(self.store, seen, {name: flight.keys[name]})):
            self.hub.tell(seen.id, {"type": "exercise", "exercise": document})

    def left_of(self, upload: int) -> float:
        """Which share of an upload is still to be done, as far as this thread has come with it."""
        # A copy, for it is asked from other threads.
        flights = [flight for flight, _task in list(self._exercise_of.values()) if isinstance(flight, _Flight)]
        flight = next((one for one in flights if one.upload.id == upload), None)
        return 1.0 if flight is None else len(flight.left) / max(1, len(flight.keys))

    def _settle(self, flight: _Flight) -> None:
        # What was known before cost nothing, and says nothing of the others.
        if flight.worked_s:
            self.pace.finished(flight.upload.exercise, flight.worked_s)
        known = {name: key for name, key in flight.keys.items() if name not in flight.failed}
        if flight.failed:
            sentence = " ".join(f"{name}: {sentence}" for name, sentence in flight.failed.items())
            self._end(flight.upload, State.LOST, digest=flight.digest, exercises=known, sentence=sentence)
            return
        # Only now, so that whoever reads the store counts what the service counts, and an upload that is under way replaces nothing.
        handin = self.store.put_handin(handin_of(flight.upload, known), flight.digest)
        self._end(flight.upload, State.GRADED, handin=handin, digest=flight.digest, exercises=known, sentence=flight.left_out)

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
