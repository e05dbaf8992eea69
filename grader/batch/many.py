"""Grade the submissions at some paths and give their scorecards; nothing is stored."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.batch.pool import LocalPool
from grader.batch.worker import WorkerOptions
from grader.catalog import Course, load_checks, load_course
from grader.classwork import Done, Task
from grader.errors import SandboxError, SubmissionError
from grader.model import Limits, Scorecard, Submission
from grader.scoring import score_submission
from grader.submission import load_submission


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """How some submissions are graded."""

    course_root: Path | None = None
    sandbox: str = "process"
    exercises: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """One submission: its scorecard, or the sentence that says why there is none."""

    path: Path
    card: Scorecard | None
    error: str = ""


def grade_many(paths: Sequence[Path], options: BatchOptions, *, jobs: int | None = None) -> Iterator[Graded]:
    """Grade the submissions at `paths`, giving each result in the order of the paths as soon as it is there.

    `jobs` is the number of worker processes, by default one per core.

    Raises
    ------
    SandboxError
        If the sandbox breaks down again and again.
    """
    course = load_course(options.course_root)
    exercises = options.exercises or tuple(exercise.name for exercise in course.exercises)
    waiting: dict[int, Submission] = {}
    found: dict[int, Graded] = {}

    def tasks() -> Iterator[Task]:
        for number, path in enumerate(paths):
            try:
                waiting[number] = load_submission(path)
            except SubmissionError as error:
                found[number] = Graded(path=path, card=None, error=f"{error} {error.remedy}".strip())
                continue
            yield Task(number=number, submission=waiting[number], exercises=exercises)

    count = max(1, min(jobs or os.cpu_count() or 1, len(paths)))
    shown = 0
    with LocalPool(WorkerOptions(course_root=options.course_root, sandbox=options.sandbox, limits=options.limits), count) as pool:
        for done in pool.run(tasks()):
            found[done.number] = Graded(path=paths[done.number], card=_card(course, waiting.pop(done.number), done))
            while shown in found:
                yield found.pop(shown)
                shown += 1
    yield from (found[number] for number in sorted(found))


def _card(course: Course, submission: Submission, done: Done) -> Scorecard:
    if done.run is None:
        raise SandboxError(done.lost)
    checks = {outcome.exercise: load_checks(course, course.exercise(outcome.exercise)) for outcome in done.outcomes}
    return score_submission(course, submission, done.outcomes, checks, done.run)
