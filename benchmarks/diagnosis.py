"""How often a diagnosis is right, and how often there is one: precision and recall on wrong implementations.

    python benchmarks/diagnosis.py [--course DIR] [--only MODULE ...] [--set SET ...] [--each N] [--show]

docs/diagnosis.md says what the sets are and how a diagnosis is judged.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import random
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.catalog import Course, Exercise, load_course, load_mistakes, reference_source
from grader.checks.mistakes import mistaken_source
from grader.diagnosis import composed
from grader.grading import Grader
from grader.model import Diagnosis, Evidence, Limits, Submission, Verdict
from grader.mutants import make_mutants
from grader.sandbox import Sandbox
from grader.sandbox.process import ProcessSandbox
from grader.submission import load_submission
from grader.verify import as_submission

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = ROOT / "tests" / "diagnosis"
SUBMITTED = ROOT / "tests" / "submissions" / "wrong_answer"
OTHER_SEED = b"fresh cases, to see whether what was said holds of them too"
LIMITS = Limits(call_s=2.0, restarts=3)

# What is done to the first result of a right function, and what a general cause may call it.
TWISTS = {
    "-({0})": {"negated"},
    "2 * ({0})": {"scaled"},
    "({0}) / 2": {"scaled"},
    "({0}) / len({0})": {"scaled"},
    "({0}) * len({0})": {"scaled"},
    "({0}) + 1": {"shifted"},
    "({0}) ** 2": {"squared"},
    "({0}) * 0": {"zero"},
    "np.abs({0})": {"magnitude"},
    "np.clip({0}, -0.5, 0.5)": {"cut_off"},
    "({0})[::-1]": {"reversed", "reordered"},
    "({0}).T": {"transposed", "reversed", "reordered"},
    "np.where(np.arange(len({0})).reshape((-1,) + (1,) * (np.ndim({0}) - 1)) == 0, 0, {0})": {"zero", "ends"},
    "({0}).sum(axis=0)": {"summed_too_far"},
    "({0}).astype(np.float32).astype(({0}).dtype)": {"float32_inside"},
}


@dataclasses.dataclass(frozen=True)
class Wrong:
    """One wrong implementation. ``right`` says of a diagnosis whether it is right; None leaves that to fresh cases."""

    name: str
    exercise: Exercise
    function: str
    submission: Submission
    right: object = None


@dataclasses.dataclass
class Tally:
    """How many there were, how many were diagnosed, and how many of these rightly."""

    wrong: int = 0
    named: int = 0
    right: int = 0
    by_evidence: dict[str, list[int]] = dataclasses.field(default_factory=dict)

    def add(self, diagnoses: list[Diagnosis], right: bool) -> None:
        self.wrong += 1
        if diagnoses:
            self.named += 1
            self.right += right
            counts = self.by_evidence.setdefault(diagnoses[0].evidence.value, [0, 0])
            counts[0] += 1
            counts[1] += right

    def row(self, name: str) -> str:
        precision = share(self.right, self.named)
        detail = ", ".join(f"{kind.replace('_', ' ')} {right}/{named}" for kind, (named, right) in sorted(self.by_evidence.items()))
        recall = share(self.right, self.wrong)
        return f"| {name} | {self.wrong} | {self.named} | {self.right} | {precision} | {recall} | {detail} |"


def share(count: int, of: int) -> str:
    """A share with its 95 % interval (Wilson 1927), which is sound for shares near 1 too."""
    if not of:
        return "–"
    z = 1.96
    p, spread = count / of, 1 + z * z / of
    middle, half = (p + z * z / (2 * of)) / spread, z / spread * (p * (1 - p) / of + z * z / (4 * of * of)) ** 0.5
    return f"{p:.1%} ({middle - half:.0%}–{min(1.0, middle + half):.0%})"


def written(course: Course, folder: str) -> Iterator[Wrong]:
    """Wrong implementations written by hand, with the words that a right diagnosis holds, written beforehand."""
    judged = tomllib.loads((WRITTEN / "judged.toml").read_text(encoding="utf-8"))
    for exercise in course.exercises:
        for path in sorted((WRITTEN / folder / exercise.name).glob("*.py")):
            text = path.read_text(encoding="utf-8")
            pattern = re.search(r"^Right: (.*)$", text, re.MULTILINE)
            assert pattern is not None, path
            yield Wrong(
                f"{folder}/{path.stem}", exercise, path.stem.split("__")[0], as_submission(exercise, text),
                by_words(pattern[1], judged.get(path.stem, {})),
            )  # fmt: skip


def by_words(pattern: str, judged: dict[str, list[str]]):
    """Right if the words are there, unless somebody has read the sentence and found otherwise."""

    def right(one: Diagnosis) -> bool:
        if one.mistake in judged.get("right", []) or one.mistake in judged.get("wrong", []):
            return one.mistake in judged.get("right", [])
        return re.search(pattern, f"{one.mistake}: {one.explanation}") is not None

    return right


def submitted(course: Course) -> Iterator[Wrong]:
    """The wrong submissions of the tests, which somebody else wrote. Which diagnoses are wrong was read off the code, one by one."""
    judged = tomllib.loads((WRITTEN / "judged.toml").read_text(encoding="utf-8"))
    owner = {function.name: exercise for exercise in course.exercises for function in exercise.functions}
    for path in sorted(SUBMITTED.iterdir()):
        function = path.name.split("__")[0]
        if function in owner:
            wrong = judged.get(path.name, {}).get("wrong", [])
            yield Wrong(
                path.name, owner[function], function, load_submission(path), lambda one, wrong=wrong: one.mistake not in wrong
            )  # fmt: skip


def twisted(course: Course) -> Iterator[Wrong]:
    """The reference with its first result twisted: what is wrong is known from the edit."""
    for exercise in course.exercises:
        source = reference_source(course, exercise)
        for function in exercise.functions:
            for twist, names in TWISTS.items():
                text = f"{source}\n\n{_wrapper(function.name, twist)}"
                yield Wrong(f"{function.name}: {twist}", exercise, function.name, as_submission(exercise, text), names)


def _wrapper(function: str, twist: str) -> str:
    return (
        f"_right = {function}\n\ndef {function}(*arguments, **options):\n"
        "    result = _right(*arguments, **options)\n"
        "    first = result[0] if isinstance(result, tuple) else result\n"
        f"    first = {twist.format('first')}\n"
        "    return (first, *result[1:]) if isinstance(result, tuple) else first\n"
    )


def mutated(course: Course, each: int) -> Iterator[Wrong]:
    """Every so many of the mutants of the reference."""
    for exercise in course.exercises:
        functions = {function.name for function in exercise.functions}
        mutants = [mutant for mutant in make_mutants(reference_source(course, exercise)) if mutant.function in functions]
        for mutant in mutants[::each]:
            name = f"{mutant.function}: {mutant.before} -> {mutant.after}"
            yield Wrong(name, exercise, mutant.function, as_submission(exercise, mutant.source))


def paired(course: Course, each: int) -> Iterator[Wrong]:
    """Every so many of the pairs of known mistakes of one function that compose."""
    for exercise in course.exercises:
        source = reference_source(course, exercise)
        pairs = [
            (one, other)
            for one, other in itertools.combinations(load_mistakes(course, exercise), 2)
            if one.function == other.function and not one.body and not other.body
        ]
        random.Random(7).shuffle(pairs)
        for one, other in pairs[: max(1, len(pairs) // (each * 2))]:
            both = composed(source, one, other)
            if both is not None:
                text = mistaken_source(source, both)
                yield Wrong(f"{one.function}: {both.name}", exercise, one.function, as_submission(exercise, text))


# ------------------------------------------------------------------------------------------------------------------ measuring


def measure(name: str, cases: Iterable[Wrong], graders: tuple[Grader, Grader], sandbox: Sandbox, show: bool) -> Tally:
    tally = Tally()
    for case in cases:
        found = diagnose(case, graders[0], sandbox)
        if found is None:
            continue
        named = [one for one in found if one.evidence is not Evidence.NOT_RECOGNISED]
        right = bool(named) and is_right(case, named, graders[1], sandbox)
        tally.add(named, right)
        if show:
            sign = "right" if right else "WRONG" if named else "  -  "
            words = " || ".join(f"{one.mistake}: {one.explanation}" for one in found)
            print(f"{sign} {name} {case.name} | {words}", flush=True)
    return tally


def diagnose(case: Wrong, grader: Grader, sandbox: Sandbox) -> tuple[Diagnosis, ...] | None:
    """What is said of the wrong function; None if no check of it gave a wrong answer: it crashed, or it makes no difference."""
    outcome = grader.grade_exercise(case.exercise, case.submission, sandbox, LIMITS)
    function = next((one for one in outcome.functions if one.function == case.function), None)
    if function is None or all(check.verdict is not Verdict.WRONG_ANSWER for check in function.checks):
        return None
    return function.diagnoses


def is_right(case: Wrong, named: list[Diagnosis], fresh: Grader, sandbox: Sandbox) -> bool:
    """By the words, by the name, or, where nobody can say beforehand, by whether the same is said of fresh cases."""
    if callable(case.right):
        return any(case.right(one) for one in named)
    if isinstance(case.right, set) and any(set(one.names) <= case.right for one in named if one.evidence is Evidence.GENERAL_CAUSE):
        return True
    again = diagnose(case, fresh, sandbox) or ()
    return bool({(one.evidence, one.mistake) for one in named} & {(one.evidence, one.mistake) for one in again})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--course", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--each", type=int, default=10, help="grade every so many of the generated ones")
    parser.add_argument("--set", nargs="*", default=[], help="measure these sets alone")
    parser.add_argument("--show", action="store_true", help="print every diagnosis")
    options = parser.parse_args()
    course = load_course(options.course)
    if options.only:
        course = dataclasses.replace(course, exercises=tuple(one for one in course.exercises if one.name in options.only))
    graders = Grader(course), Grader(dataclasses.replace(course, seed=OTHER_SEED, seed_is_secret=True))
    sets = {
        "written before": written(course, "wrong"),
        "written later": written(course, "later"),
        "fresh": written(course, "fresh"),
        "unseen": written(course, "unseen"),
        "third": written(course, "third"),
        "sealed": written(course, "sealed"),
        "submissions": submitted(course),
        "twisted results": twisted(course),
        "mutants": mutated(course, options.each),
        "two known mistakes": paired(course, options.each),
    }
    print("| set | wrong | named | rightly | precision | recall | by evidence |\n| --- | --- | --- | --- | --- | --- | --- |")
    with ProcessSandbox() as sandbox:
        wanted = {name: cases for name, cases in sets.items() if not options.set or name in options.set}
        rows = [measure(name, cases, graders, sandbox, options.show).row(name) for name, cases in wanted.items()]
    print("\n".join(rows))


if __name__ == "__main__":
    main()
