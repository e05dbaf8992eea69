"""The spread of the correct variants of the default course, function by function, as the table of docs/tolerances.md.

    python benchmarks/spread.py [EXERCISE ...]

Each cell is the largest share of a tolerance that any variant uses on the cases of the course: 1 would be the tolerance itself.
"""

from __future__ import annotations

import sys

from grader.catalog import load_course
from grader.checks.compare import FLOAT32, FLOAT64
from grader.grading import Grader
from grader.spread import Spread, measure_spread


def main() -> None:
    grader = Grader(load_course())
    names = sys.argv[1:] or [exercise.name for exercise in grader.course.exercises]
    print("| function | float64 | float32 | another tolerance |\n| --- | --- | --- | --- |")
    for name in names:
        by_function: dict[str, list[Spread]] = {}
        for one in measure_spread(grader, grader.course.exercise(name)):
            by_function.setdefault(one.function, []).append(one)
        for function, spreads in by_function.items():
            usual = {one.rtol: f"{one.share:.1g}" for one in spreads}
            others = [f"{one.share:.1g} of rtol {one.rtol:g}" for one in spreads if one.rtol not in (FLOAT64.rtol, FLOAT32.rtol)]
            print(f"| `{function}` | {usual.get(FLOAT64.rtol, '')} | {usual.get(FLOAT32.rtol, '')} | {', '.join(others)} |")


if __name__ == "__main__":
    main()
