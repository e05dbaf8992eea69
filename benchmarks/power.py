"""How surely the random checks catch each known mistake, and let every correct implementation pass.

    python benchmarks/power.py [--runs 1000] [--first 0] [EXERCISE ...]

Every run plans the course with a fresh secret seed, so inputs, seeds of students and draws are all new, and judges the reference,
the variants and each known mistake that is recognised by what was drawn. A mistake is caught in a run if, of the kinds of checks
that judge draws, it loses exactly those that it declares. All of it happens without a sandbox: the code is ours.

The bound is the lower end of the one-sided 95 % Clopper-Pearson interval; for k of k runs it is 0.05^(1/k).
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import os
import sys
import types
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context

from grader.catalog import Course, load_course, load_mistakes, reference_source, variant_sources
from grader.checks.mistakes import Mistake
from grader.checks.model import PlannedCheck
from grader.diagnosis import mistaken_module, run_trusted
from grader.grading import plan_exercise
from grader.judging import judge_check
from grader.model import Kind

EXERCISES = ("dropout", "initialization", "regularization")
# Every check of values here looks at draws; elsewhere those of the kind statistics do.
RANDOM_THROUGHOUT = frozenset({"dropout_forward", "dropout_backward", "dropout_forward_unscaled"})
CONFIDENCE = 0.95
CHUNK = 25
# That correct functions pass is a theorem (docs/statistics.md), and the slow ones are written as loops: a sample of the runs will do.
VARIANTS_EVERY = 10

Key = tuple[str, str]


def random_kinds(function: str) -> frozenset[Kind]:
    """The kinds of checks of `function` whose verdict depends on what it draws."""
    return frozenset({Kind.STATISTICS, Kind.VALUE, Kind.GRADIENT} if function in RANDOM_THROUGHOUT else {Kind.STATISTICS})


@cache
def modules_of(name: str) -> tuple[dict[str, types.ModuleType], tuple[tuple[Mistake, types.ModuleType], ...]]:
    """The correct implementations, and the mistaken ones."""
    course = load_course()
    exercise = course.exercise(name)
    sources = {"reference": reference_source(course, exercise), **variant_sources(course, exercise)}
    right = {label: module_of(label, source) for label, source in sources.items()}
    wrong = [mistake for mistake in load_mistakes(course, exercise) if mistake.loses & random_kinds(mistake.function)]
    return right, tuple((mistake, mistaken_module(course, exercise, mistake)) for mistake in wrong)


def module_of(label: str, source: str) -> types.ModuleType:
    module = types.ModuleType(label)
    module.__file__ = f"{label}.py"
    exec(compile(source, module.__file__, "exec", dont_inherit=True), module.__dict__)
    return module


def seeded(course: Course, run: int) -> Course:
    return dataclasses.replace(course, seed=b"power-%012d" % run, seed_is_secret=True)


def lost_kinds(module: types.ModuleType, checks: Sequence[PlannedCheck]) -> set[Kind]:
    answers = run_trusted(module, checks)
    return {one.check.kind for one in checks if any(seen.finding is not None for seen in judge_check(one, answers))}


def judge_run(name: str, run: int) -> Iterator[Key]:
    """What came out as it should in one run: the mistakes that were caught and the correct ones that passed."""
    course = seeded(load_course(), run)
    plan = plan_exercise(course, course.exercise(name))
    right, wrong = modules_of(name)
    checks: dict[str, list[PlannedCheck]] = {function: [] for function in plan.functions}
    for one in plan.checks:
        if one.check.kind in random_kinds(one.check.function):
            checks[one.check.function].append(one)
    for label, module in right.items():
        if (label == "reference" or run % VARIANTS_EVERY == 0) and not any(lost_kinds(module, some) for some in checks.values()):
            yield "", label
    for mistake, module in wrong:
        if lost_kinds(module, checks[mistake.function]) == mistake.loses & random_kinds(mistake.function):
            yield mistake.function, mistake.name


def judge_chunk(name: str, runs: range) -> Counter[Key]:
    return Counter(key for run in runs for key in judge_run(name, run))


def lower_bound(hits: int, runs: int) -> float:
    """The probability of which `hits` of `runs` or more would be seen with probability 1 - CONFIDENCE."""
    low, high = 0.0, 1.0
    for _ in range(60):
        p = (low + high) / 2
        low, high = (p, high) if _at_least(hits, runs, p) < 1 - CONFIDENCE else (low, p)
    return low


def _at_least(hits: int, runs: int, p: float) -> float:
    """The probability of `hits` or more of `runs`, as the sum over so many misses."""
    choose = [math.lgamma(runs + 1) - math.lgamma(k + 1) - math.lgamma(runs - k + 1) for k in range(runs - hits + 1)]
    return math.fsum(math.exp(log + (runs - k) * math.log(p) + k * math.log1p(-p)) for k, log in enumerate(choose))


def table(keys: Sequence[Key], counts: Counter[Key], runs: int, heading: str) -> Iterator[str]:
    """One row for all that came out equally often, function by function."""
    rows: dict[tuple[str, int], list[str]] = {}
    for function, name in keys:
        rows.setdefault((function, counts[function, name]), []).append(f"`{name}`")
    if not runs:
        return
    yield f"| {heading} | of {runs} runs | at least (95 %) |"
    yield "| --- | --- | --- |"
    for (function, hits), names in rows.items():
        bound = math.floor(1e5 * lower_bound(hits, runs)) / 1e5
        yield f"| {f'{function}: ' if function else ''}{', '.join(names)} | {hits} | {bound:.5f} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE", help=f"default: {' '.join(EXERCISES)}")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first run, which gives its seed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    known = {exercise.name for exercise in load_course().exercises}
    end = options.first + options.runs
    chunks = [range(start, min(start + CHUNK, end)) for start in range(options.first, end, CHUNK)]
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        for name in options.exercises or [name for name in EXERCISES if name in known]:
            right, wrong = modules_of(name)
            counts: Counter[Key] = sum(pool.map(judge_chunk, [name] * len(chunks), chunks), Counter())
            print(f"\n{name}: correct implementations that pass\n")
            variants = [("", label) for label in right if label != "reference"]
            print("\n".join(table([("", "reference")], counts, options.runs, "implementation")), end="\n\n")
            some = sum(run % VARIANTS_EVERY == 0 for run in range(options.first, end))
            print("\n".join(table(variants, counts, some, "implementation")))
            print(f"\n{name}: mistakes that are caught\n")
            keys = [(mistake.function, mistake.name) for mistake, _module in wrong]
            print("\n".join(table(keys, counts, options.runs, "mistake")), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
