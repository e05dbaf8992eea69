"""Grade many submissions at once: one warm sandbox and one set of plans per worker process."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from grader.catalog import load_course
from grader.errors import SubmissionError
from grader.grading import Grader, grade_submission
from grader.model import Limits, Scorecard
from grader.sandbox import Sandbox
from grader.sandbox.open import open_sandbox
from grader.submission import load_submission


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """How a batch is graded; it travels to every worker."""

    course_root: Path | None = None
    sandbox: str = "process"
    exercises: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """One submission of a batch: its scorecard, or the sentence that says why there is none."""

    path: Path
    card: Scorecard | None
    error: str = ""


@dataclass(slots=True)
class _Worker:
    """What one worker process keeps from one submission to the next."""

    options: BatchOptions
    grader: Grader
    sandbox: Sandbox


_WORKERS: dict[int, _Worker] = {}


def grade_many(paths: Sequence[Path], options: BatchOptions, *, jobs: int | None = None) -> Iterator[Graded]:
    """Grade the submissions at `paths`, giving each result in the order of the paths as soon as it is there.

    `jobs` is the number of worker processes, by default one per core.
    """
    count = max(1, min(jobs or os.cpu_count() or 1, len(paths)))
    # Spawned, not forked: a worker must not inherit descriptors of a sandbox that another one drives.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_start_worker, initargs=(options,)) as pool:
        yield from pool.map(_grade_one, paths)


def _start_worker(options: BatchOptions) -> None:
    course = load_course(options.course_root)
    sandbox = open_sandbox(options.sandbox, extra_modules=course.modules, limits=options.limits)
    _WORKERS[os.getpid()] = _Worker(options, Grader(course), sandbox)


def _grade_one(path: Path) -> Graded:
    worker = _WORKERS[os.getpid()]
    try:
        submission = load_submission(path)
    except SubmissionError as error:
        return Graded(path=path, card=None, error=f"{error} {error.remedy}".strip())
    options = worker.options
    card = grade_submission(submission, worker.sandbox, grader=worker.grader, exercises=options.exercises, limits=options.limits)
    return Graded(path=path, card=card)
