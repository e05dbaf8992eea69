"""Submissions per second, side by side in one run: the same submissions, the same checks, on all cores.

    python benchmarks/throughput.py [--rounds 3] [--submissions 60] [EXERCISE ...]

Four ways to grade:

- layerwise: `grader.batch`, one warm sealed sandbox per worker, answers outside;
- a fresh Python per submission: imports, plans, calls the student's module in the same process, compares. No isolation at all;
- a pytest process per submission: the same, with one test per check, as graders commonly do;
- the bare floor: the same calls and comparisons in one warm process, no isolation, no start-up.

Only the first of them keeps a student's code away from the answers.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import types
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from grader.batch import BatchOptions, grade_many
from grader.catalog import Course, load_course, variant_sources
from grader.diagnosis import run_trusted
from grader.grading import plan_exercise
from grader.judging import judge_check

HERE = Path(__file__).parent
WORKERS = os.cpu_count() or 1


def make_class(course: Course, exercises: list[str], count: int, root: Path) -> list[Path]:
    """Submissions as alike as a class: correct, in as many hands as there are variants, so that every call is really made."""
    paths = []
    for number in range(count):
        folder = root / f"student{number:04d}"
        folder.mkdir()
        for name in exercises:
            sources = list(variant_sources(course, course.exercise(name)).values())
            (folder / f"{name}.py").write_text(sources[number % len(sources)])
        paths.append(folder)
    return paths


def grade_in_process(course: Course, exercises: list[str], folder: Path) -> int:
    """Grade without any isolation, planning included; give the number of expectations that held."""
    return sum(judge_folder(plan_exercise(course, course.exercise(name)), name, folder) for name in exercises)


def judge_folder(plan: object, name: str, folder: Path) -> int:
    module = types.ModuleType(name)
    module.__file__ = str(folder / f"{name}.py")
    exec(compile((folder / f"{name}.py").read_text(), module.__file__, "exec"), module.__dict__)
    answers = run_trusted(module, plan.checks)
    return sum(one.finding is None for planned in plan.checks for one in judge_check(planned, answers))


def by_layerwise(course: Course, exercises: list[str], paths: list[Path]) -> None:
    for graded in grade_many(paths, BatchOptions(exercises=tuple(exercises)), jobs=WORKERS):
        assert graded.card is not None
        assert graded.card.points == graded.card.max_points, graded.path


def by_fresh_python(course: Course, exercises: list[str], paths: list[Path]) -> None:
    script = str(HERE / "baseline" / "grade_one.py")
    run_each([[sys.executable, script, str(path), *exercises] for path in paths])


def by_pytest(course: Course, exercises: list[str], paths: list[Path]) -> None:
    test = str(HERE / "baseline" / "test_one.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(HERE), test]
    run_each([[*command, "--submission", str(path), "--exercises", ",".join(exercises)] for path in paths])


def run_each(commands: list[list[str]]) -> None:
    # No plugins: those that our own tests need would make pytest look slower than a course finds it.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(HERE.parent), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    def one(command: list[str]) -> None:
        subprocess.run(command, check=True, capture_output=True, env=environment)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(one, commands))


def floor_worker(arguments: tuple[list[str], list[Path]]) -> float:
    exercises, paths = arguments
    course = load_course()
    plans = {name: plan_exercise(course, course.exercise(name)) for name in exercises}
    started = time.perf_counter()
    for folder in paths:
        for name in exercises:
            judge_folder(plans[name], name, folder)
    return time.perf_counter() - started


def by_bare_floor(exercises: list[str], paths: list[Path]) -> float:
    """Seconds for all, planning left out, as if every worker had been warm for ever."""
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        return max(pool.map(floor_worker, [(exercises, paths[worker::WORKERS]) for worker in range(WORKERS)]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("exercises", nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--warm", type=int, default=10, help="how many times as many submissions layerwise gets, to see past its start-up")
    options = parser.parse_args()
    course = load_course()
    exercises = options.exercises or [exercise.name for exercise in course.exercises]
    checks = sum(len(plan_exercise(course, course.exercise(name)).checks) for name in exercises)
    print(f"{', '.join(exercises)}: {checks} checks; {WORKERS} workers; median of {options.rounds} rounds\n")
    with tempfile.TemporaryDirectory() as root:
        many = make_class(course, exercises, options.submissions * options.warm, Path(root))
        few = many[: options.submissions]
        rows: dict[str, list[float]] = {}
        for _ in range(options.rounds):
            for name, function, paths in (
                ("layerwise, start-up included", by_layerwise, many),
                ("fresh Python per submission", by_fresh_python, few),
                ("pytest per submission", by_pytest, few),
            ):
                started = time.perf_counter()
                function(course, exercises, paths)
                rows.setdefault(name, []).append(len(paths) / (time.perf_counter() - started))
            rows.setdefault("bare floor, no isolation", []).append(len(many) / by_bare_floor(exercises, many))
    pytest_rate = statistics.median(rows["pytest per submission"])
    print("| way | submissions/s | times pytest |\n| --- | --- | --- |")
    for name, rates in rows.items():
        middle, span = statistics.median(rates), f"{min(rates):.1f}-{max(rates):.1f}"
        print(f"| {name} | {middle:.1f} ({span}) | {middle / pytest_rate:.1f} |")


if __name__ == "__main__":
    main()
