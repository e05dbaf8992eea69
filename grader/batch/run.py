"""Grade a class into a store: what is known already is used again, and what a worker finds is kept before anything else is done with it.

The store has one writer, the batch itself. It can be ended at any moment; whoever runs it again goes on where it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from grader.batch.marking import BatchPlan, Keys, remember_plan
from grader.batch.pool import Pool
from grader.classwork import Done, Handin, Intake, Record, Task
from grader.errors import SubmissionError
from grader.intake import load_handin
from grader.model import ExerciseOutcome, Submission, Verdict
from grader.scoring import worst

if TYPE_CHECKING:
    from grader.batch.publish import Publisher
    from grader.store import Store

# How often the machinery may fail at one submission within one batch before the batch goes on without it.
TRIES = 2
AT_ONCE = 16


class Listener(Protocol):
    """Who is told how a batch goes: a progress bar, a test, nobody."""

    def begin(self, total: int) -> None:
        """The batch looks at so many hand-ins."""

    def known(self, handin: Handin) -> None:
        """All of this one is known from before."""

    def unreadable(self, handin: Handin, sentence: str) -> None:
        """A work cannot be read."""

    def graded(self, handin: Handin, verdict: Verdict) -> None:
        """A work has been graded."""

    def lost(self, handin: Handin, sentence: str) -> None:
        """The machinery has failed at this one."""

    def odd(self, sentence: str) -> None:
        """Something that somebody should know, and that stops nothing."""


@dataclass(slots=True, kw_only=True)
class Summary:
    """How a batch went: numbers of hand-ins."""

    known: int = 0
    graded: int = 0
    unreadable: int = 0
    lost: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)


@dataclass(slots=True)
class _Waiting:
    """A task on its way: for whom it is, and what its outcomes are to be stored under. Equal works are graded once."""

    handins: list[tuple[Handin, int]]
    digest: str
    keys: dict[str, str]
    submission: Submission
    tries: int = 0


class ClassRun:
    """One run over a class."""

    def __init__(self, plan: BatchPlan, store: Store, listener: Listener, publisher: Publisher | None = None) -> None:
        self.plan = plan
        self.store = store
        self.listener = listener
        self.publisher = publisher
        self.summary = Summary()
        self.keys = Keys(plan)
        self._waiting: dict[int, _Waiting] = {}
        self._by_digest: dict[str, int] = {}
        self._again: list[Task] = []

    def run(self, intake: Intake, pool: Pool) -> Summary:
        """Grade whatever of `intake` is not known yet."""
        remember_plan(self.store, self.plan)
        self.store.put_students(intake.students)
        self.listener.begin(len(intake.handins))
        self._drain(pool, self._tasks(intake))
        while self._again:
            again, self._again = self._again, []
            self._drain(pool, iter(again))
        self.store.close_intake()
        return self.summary

    def _drain(self, pool: Pool, tasks: Iterator[Task]) -> None:
        for done in pool.run(tasks):
            waiting = self._waiting.pop(done.number)
            self._by_digest.pop(waiting.digest, None)
            self._take(done, waiting)

    def _tasks(self, intake: Intake) -> Iterator[Task]:
        """Read one hand-in after another, and ask for what is not known of it. A few are put at a time, since a transaction costs more."""
        for numbered in _chunks(list(enumerate(intake.handins))):
            with self.store.together():
                tasks = [self._take_in(number, handin) for number, handin in numbered]
            yield from (task for task in tasks if task is not None)

    def _take_in(self, number: int, handin: Handin) -> Task | None:
        try:
            submission = load_handin(handin)
        except SubmissionError as error:
            sentence = f"{error} {error.remedy}".strip()
            self.store.put_handin(handin, None, error=sentence)
            self.summary.unreadable += 1
            self.listener.unreadable(handin, sentence)
            return None
        self.store.put_submission(submission)
        return self._task(number, handin, self.store.put_handin(handin, submission.digest), submission)

    def _task(self, number: int, handin: Handin, stored: int, submission: Submission) -> Task | None:
        if submission.digest in self._by_digest:
            self._waiting[self._by_digest[submission.digest]].handins.append((handin, stored))
            return None
        keys = self.keys.of(submission.digest)
        there = self.store.has(list(keys.values()))
        missing = {name: key for name, key in keys.items() if key not in there}
        if not missing:
            self.summary.known += 1
            self.listener.known(handin)
            return None
        self._waiting[number] = _Waiting(handins=[(handin, stored)], digest=submission.digest, keys=missing, submission=submission)
        self._by_digest[submission.digest] = number
        return Task(number=number, submission=submission, exercises=tuple(missing))

    def _take(self, done: Done, waiting: _Waiting) -> None:
        """Keep what stands; ask again for what the machinery has failed at."""
        sound = [outcome for outcome in done.outcomes if not is_ours(outcome)]
        if done.run is not None and sound:
            run = done.run
            keys = waiting.keys
            self._put([Record(key=keys[outcome.exercise], digest=waiting.digest, outcome=outcome, run=run) for outcome in sound])
        found = {outcome.exercise for outcome in sound}
        missing = {name: key for name, key in waiting.keys.items() if name not in found}
        if not missing:
            self._settle(waiting, worst(_verdict(outcome) for outcome in sound))
            return
        waiting.tries += 1
        waiting.keys = missing
        if waiting.tries < TRIES and not done.lost:
            self._waiting[done.number] = waiting
            self._again.append(Task(number=done.number, submission=waiting.submission, exercises=tuple(missing)))
            return
        sentence = done.lost or _sentence(done.outcomes)
        for key in missing.values():
            self.store.note_failure(key, sentence)
        for handin, _stored in waiting.handins:
            self.summary.lost += 1
            self.listener.lost(handin, sentence)

    def _put(self, records: list[Record]) -> None:
        """Keep records. One that somebody else has kept otherwise meanwhile stays as it was first, and the store remembers both."""
        from grader.store import RecordDiffers

        try:
            self.store.put_records(records)
        except RecordDiffers as error:
            self.listener.odd(str(error))

    def _settle(self, waiting: _Waiting, verdict: Verdict) -> None:
        for handin, stored in waiting.handins:
            if self.publisher is not None:
                self.publisher.write_early(handin.student, stored, self.keys.of(waiting.digest))
            self.summary.graded += 1
            self.summary.verdicts[verdict] += 1
            self.listener.graded(handin, verdict)


def _chunks(handins: list[tuple[int, Handin]]) -> Iterator[list[tuple[int, Handin]]]:
    return (handins[start : start + AT_ONCE] for start in range(0, len(handins), AT_ONCE))


def is_ours(outcome: ExerciseOutcome) -> bool:
    """Whether the machinery failed somewhere in an outcome, so that nothing may be marked by it."""
    return any(check.verdict is Verdict.GRADER_ERROR for function in outcome.functions for check in function.checks)


def _verdict(outcome: ExerciseOutcome) -> Verdict:
    return worst(worst(check.verdict for check in function.checks) for function in outcome.functions)


def _sentence(outcomes: tuple[ExerciseOutcome, ...]) -> str:
    """What the machinery said of its own failure."""
    findings = (
        check.finding
        for outcome in outcomes
        for function in outcome.functions
        for check in function.checks
        if check.verdict is Verdict.GRADER_ERROR
    )
    return next((finding.message for finding in findings if finding is not None), "The grader failed on this.")
