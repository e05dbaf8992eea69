"""Make a class of submissions as a course gets them: right, wrong, unfinished, crashing and endless ones, each one different.

    python benchmarks/classes.py OUT [--count 1000] [EXERCISE ...]

Right ones are the variants, wrong ones the reference with one to three known mistakes. Every file ends in a comment of its own, so that no
two are equal and nothing is graded only once by luck. The same arguments give the same class.
"""

from __future__ import annotations

import argparse
import ast
import random
from collections import Counter
from pathlib import Path

from grader.catalog import Course, load_course, load_mistakes, reference_source, variant_sources
from grader.checks.mistakes import mistaken_source
from grader.errors import CourseError

# Of a hundred. An endless one costs its limit whatever grades it, so the share of them says more about the mix than about a grader.
MIX = {"right": 45, "wrong": 35, "unfinished": 12, "crashing": 7, "endless": 1}
ALL_RIGHT = {"right": 100}
CRASHES = ("1 / 0", "undefined_name", "numbers = [1, 2][5]", "raise ValueError('shapes do not match')")


class Maker:
    """Writes submissions of one course."""

    def __init__(self, course: Course, exercises: list[str], seed: int = 0) -> None:
        self.course = course
        self.exercises = exercises
        self.random = random.Random(seed)
        self._right = {name: list(variant_sources(course, course.exercise(name)).values()) for name in exercises}
        self._reference = {name: reference_source(course, course.exercise(name)) for name in exercises}
        self._mistakes = {name: list(load_mistakes(course, course.exercise(name))) for name in exercises}

    def write_class(self, root: Path, count: int, mix: dict[str, int] = MIX) -> dict[Path, str]:
        """Write `count` folders; give what each of them is."""
        made = {}
        for number, kind in enumerate(self.random.choices(list(mix), weights=list(mix.values()), k=count)):
            folder = root / f"student{number:05d}"
            folder.mkdir(parents=True)
            for name in self.exercises:
                (folder / f"{name}.py").write_text(f"{self.text(name, kind).rstrip()}\n\n# {folder.name}\n", encoding="utf-8")
            made[folder] = kind
        return made

    def text(self, name: str, kind: str) -> str:
        """One file of the given kind."""
        right = self.random.choice(self._right[name])
        if kind == "right":
            return right
        if kind == "wrong":
            return self._wrong(name)
        if kind == "unfinished":
            return self._with_bodies(right, ["pass", "raise NotImplementedError"], self.random.uniform(0.3, 0.9))
        if kind == "crashing":
            return self._with_bodies(right, CRASHES, 0.3)
        return self._with_bodies(right, ["while True:\n        pass"], 0.1)

    def _wrong(self, name: str) -> str:
        text = self._reference[name]
        for mistake in self.random.sample(self._mistakes[name], self.random.choice((1, 1, 2, 3))):
            try:
                text = mistaken_source(text, mistake)
            except CourseError:
                # The piece that it replaces has gone with the mistake before it.
                continue
        return text

    def _with_bodies(self, source: str, bodies: tuple[str, ...] | list[str], share: float) -> str:
        """Replace the bodies of a share of the functions, of one at least."""
        lines = source.splitlines()
        functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
        chosen = [node for node in functions if self.random.random() < share] or [self.random.choice(functions)]
        for node in reversed(chosen):
            first, last = node.body[0].lineno - 1, node.end_lineno or node.lineno
            lines[first:last] = ["    " + self.random.choice(bodies)]
        return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("exercises", nargs="*")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_intermixed_args()
    course = load_course()
    maker = Maker(course, options.exercises or [exercise.name for exercise in course.exercises], options.seed)
    made = maker.write_class(options.out, options.count)
    print(", ".join(f"{number} {kind}" for kind, number in Counter(made.values()).most_common()))


if __name__ == "__main__":
    main()
