"""Grade the mutants of a reference, through the sandbox, and list those that lose no point.

A survivor is a hole in the checks, or it makes no difference, for a reason that a person has written down in
``reference/equivalents/NAME.toml``.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import Exercise, load_course, load_equivalents, reference_source
from grader.checks.model import PlannedCheck
from grader.errors import CourseError
from grader.execution import execute
from grader.grading import Grader
from grader.judging import judge_check
from grader.model import Limits, Verdict
from grader.mutants import Mutant, make_mutants
from grader.sandbox import Sandbox
from grader.sandbox.open import open_sandbox
from grader.verify import as_submission

# Many mutants never end. No call of a right answer takes this long.
LIMITS = Limits(call_s=2.0, exercise_s=10.0, cpu_s=10, restarts=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What became of the mutants of one exercise. ``stale`` are entries of the list for which there is no such survivor."""

    exercise: str
    made: int
    equivalent: int
    survivors: tuple[Mutant, ...]
    stale: tuple[tuple[str, str, str, int], ...]

    @property
    def killed(self) -> int:
        """How many lost a point."""
        return self.made - self.equivalent - len(self.survivors)

    @property
    def holds(self) -> bool:
        """Whether every survivor is explained, and every explanation is of a survivor."""
        return not self.survivors and not self.stale


def survey_course(
    course_root: Path | None, names: Sequence[str] = (), *, sandbox: str = "auto", jobs: int | None = None
) -> Iterator[Survey]:
    """Make and grade the mutants of the exercises called `names`, or of all, on `jobs` processes (by default one per core)."""
    course = load_course(course_root)
    # Spawned, not forked: a worker must not inherit descriptors of a sandbox that another one drives.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs or os.cpu_count(), mp_context=context, initializer=_start, initargs=(course_root, sandbox)) as pool:
        for exercise in course.exercises:
            if names and exercise.name not in names:
                continue
            mutants = list(make_mutants(reference_source(course, exercise)))
            alive = pool.map(_survives, [exercise.name] * len(mutants), mutants, chunksize=8)
            survivors = [mutant for mutant, survived in zip(mutants, alive, strict=True) if survived]
            reasons = load_equivalents(course, exercise)
            keys = {mutant.key for mutant in survivors}
            yield Survey(
                exercise=exercise.name,
                made=len(mutants),
                equivalent=len(keys & reasons.keys()),
                survivors=tuple(mutant for mutant in survivors if mutant.key not in reasons),
                stale=tuple(sorted(reasons.keys() - keys)),
            )


@dataclass(frozen=True, slots=True)
class _Worker:
    grader: Grader
    sandbox: Sandbox


_WORKERS: dict[int, _Worker] = {}


def _start(course_root: Path | None, sandbox: str) -> None:
    course = load_course(course_root)
    _WORKERS[os.getpid()] = _Worker(Grader(course), open_sandbox(sandbox, extra_modules=course.modules, limits=LIMITS))


def _survives(name: str, mutant: Mutant) -> bool:
    """Whether a mutant loses no point of its own function; a private function is judged by all that may use it."""
    worker = _WORKERS[os.getpid()]
    exercise = worker.grader.course.exercise(name)
    checks = [planned for planned in worker.grader.plan(exercise).checks if planned.check.points]
    own = [planned for planned in checks if planned.check.function == mutant.function]
    return _earns_everything(own or checks, mutant, exercise, worker.sandbox)


def _earns_everything(checks: Sequence[PlannedCheck], mutant: Mutant, exercise: Exercise, sandbox: Sandbox) -> bool:
    submission = as_submission(exercise, mutant.source)
    execution = execute(checks, submission, exercise.paths[0], sandbox, LIMITS)
    if execution.load_finding is not None:
        return False
    findings = [(planned.check, seen.finding) for planned in checks for seen in judge_check(planned, execution.answers)]
    for check, finding in findings:
        if finding is not None and finding.verdict is Verdict.GRADER_ERROR:
            change = f"{mutant.before!r} becomes {mutant.after!r}"
            raise CourseError(f"the check {check.name} of {check.function} breaks down where {change}: {finding.facts}")
    return all(finding is None for _check, finding in findings)
