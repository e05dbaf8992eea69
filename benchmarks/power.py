"""How surely the random checks catch each known mistake, and let every correct implementation pass.

    python benchmarks/power.py [--runs 1000] [--first 0] [EXERCISE ...]

Every run plans the course with a fresh secret seed, so inputs, seeds of students and draws are all new, and judges the reference,
the variants and each known mistake that is recognised by what was drawn. A mistake is caught in a run if it loses exactly the kinds
of checks that it declares. All of it happens in this process and without a sandbox: the code is ours.

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
from collections.abc import Iterable, Iterator, Sequence
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

EXERCISES = ("dropout", "initialization")
# Every check of these functions looks at draws; elsewhere those of the kind statistics do.
RANDOM_THROUGHOUT = frozenset({"dropout_forward", "dropout_backward", "dropout_forward_unscaled"})
# Kinds that are judged by values alone, whatever else is right, so that one expectation tells.
CONFIDENCE = 0.95
CHUNK = 50

Key = tuple[str, str, str]


def is_random(mistake: Mistake) -> bool:
    return mistake.function in RANDOM_THROUGHOUT or Kind.STATISTICS in mistake.loses


def earning(function: str, planned: PlannedCheck) -> bool:
    """Whether a check of `function` may fail by the draws of a mistake or by those of a correct function."""
    kinds = {Kind.STATISTICS, Kind.VALUE, Kind.GRADIENT} if function in RANDOM_THROUGHOUT else {Kind.STATISTICS}
    return planned.check.function == function and planned.check.kind in kinds


@cache
def modules_of(name: str) -> tuple[dict[str, types.ModuleType], tuple[tuple[Mistake, types.ModuleType], ...]]:
    """The correct implementations, and the mistaken ones."""
    course = load_course()
    exercise = course.exercise(name)
    sources = {"reference": reference_source(course, exercise), **variant_sources(course, exercise)}
    right = {label: module_of(label, source) for label, source in sources.items()}
    wrong = [mistake for mistake in load_mistakes(course, exercise) if is_random(mistake)]
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
    by_function = {function: [one for one in plan.checks if earning(function, one)] for function in plan.functions}
    random = [one for checks in by_function.values() for one in checks]
    for label, module in right.items():
        if not lost_kinds(module, random):
            yield name, "", label
    for mistake, module in wrong:
        checks = by_function[mistake.function]
        judged = {one.check.kind for one in checks}
        if lost_kinds(module, checks) == mistake.loses & judged:
            yield name, mistake.function, mistake.name


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
    misses = range(runs - hits + 1)
    logs = [math.lgamma(runs + 1) - math.lgamma(k + 1) - math.lgamma(runs - k + 1) + (runs - k) * math.log(p) + k * math.log1p(-p) for k in misses]
    return math.fsum(map(math.exp, logs))


def table(keys: Iterable[Key], counts: Counter[Key], runs: int, what: str) -> Iterator[str]:
    yield f"| {what} | of {runs} runs | at least (95 %) |"
    yield "| --- | --- | --- |"
    for key in keys:
        name = f"{key[1]}: {key[2]}" if key[1] else key[2]
        yield f"| {name.replace('_', ' ') if not key[1] else name} | {counts[key]} | {math.floor(1e5 * lower_bound(counts[key], runs)) / 1e5:.5f} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="number of the first run, which is its seed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    names = options.exercises or [name for name in EXERCISES if any(one.name == name for one in load_course().exercises)]
    chunks = [range(start, min(start + CHUNK, options.first + options.runs)) for start in range(options.first, options.first + options.runs, CHUNK)]
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        for name in names:
            counts: Counter[Key] = sum(pool.map(judge_chunk, [name] * len(chunks), chunks), Counter())
            right, wrong = modules_of(name)
            print(f"\n### {name}: correct implementations that pass\n")
            print("\n".join(table([(name, "", label) for label in right], counts, options.runs, "implementation")))
            print(f"\n### {name}: mistakes that are caught\n")
            keys = [(name, mistake.function, mistake.name) for mistake, _module in wrong]
            print("\n".join(table(keys, counts, options.runs, "mistake")), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
