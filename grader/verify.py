"""Prove a course, through the sandbox: that its checks let every right answer pass and catch every known wrong one.

A crash fails every check at once, so only wrong answers show that a check looks: each check must catch one that does not crash.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.catalog import Course, Exercise, load_mistakes, reference_source, variant_sources
from grader.checks.mistakes import Mistake, mistaken_source
from grader.checks.model import Check
from grader.grading import Grader
from grader.model import ExerciseOutcome, FunctionOutcome, Kind, Limits, SourceFile, Submission, Verdict
from grader.sandbox import Sandbox
from grader.spread import ROOM, Spread, measure_spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing that must hold of an exercise; `broken` says how it does not."""

    text: str
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """All that was shown of one exercise. ``caught`` is the kill matrix: for each check the mistakes that it catches."""

    exercise: str
    functions: int
    checks: int
    variants: int
    mistakes: int
    claims: tuple[Claim, ...]
    caught: dict[tuple[str, str], list[str]]
    spreads: tuple[Spread, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is broken."""
        return not any(claim.broken for claim in self.claims)


def verify_course(course: Course, sandbox: Sandbox, names: tuple[str, ...] = ()) -> Iterator[Proof]:
    """Prove the exercises called `names`, or all."""
    grader = Grader(course)
    for exercise in course.exercises:
        if not names or exercise.name in names:
            yield verify_exercise(grader, exercise, sandbox)


def verify_exercise(grader: Grader, exercise: Exercise, sandbox: Sandbox) -> Proof:
    """Prove one exercise."""
    plan = grader.plan(exercise)
    source = reference_source(grader.course, exercise)
    variants = variant_sources(grader.course, exercise)
    mistakes = load_mistakes(grader.course, exercise)
    kinds = {(planned.check.function, planned.check.name): planned.check for planned in plan.checks}

    def grade(text: str) -> ExerciseOutcome:
        return grader.grade_exercise(exercise, as_submission(exercise, text), sandbox, Limits())

    wrong = [(mistake, grade(mistaken_source(source, mistake))) for mistake in mistakes]
    caught = _kill_matrix(wrong)
    spreads = measure_spread(grader, exercise)
    claims = {
        "stub and reference have the same signatures": _signature_faults(exercise, source),
        "the stub earns nothing and is called not implemented": _stub_faults(grade(exercise.stub)),
        "the reference earns everything": _losses(grade(source)),
        "every variant earns everything": (f"{name}: {loss}" for name, text in variants.items() for loss in _losses(grade(text))),
        f"no variant uses more than {ROOM:.0%} of a tolerance": (
            f"{one.function}: {one.variant} uses {one.share:.0%} of rtol {one.rtol:g}" for one in spreads if one.share > ROOM
        ),
        "every mistake loses the kinds of checks that it declares": (
            fault for one, outcome in wrong for fault in _wrong_losses(one, outcome, kinds)
        ),
        "every mistake is named, and no other in its place": (fault for one, outcome in wrong for fault in _wrong_names(one, outcome)),
        "every check catches a wrong answer that does not crash": (
            f"{function}: {name}" for function, name in kinds if (function, name) not in caught
        ),
    }
    return Proof(
        exercise=exercise.name,
        functions=len(plan.functions),
        checks=len(plan.checks),
        variants=len(variants),
        mistakes=len(mistakes),
        claims=tuple(Claim(text=text, broken=tuple(broken)) for text, broken in claims.items()),
        caught=caught,
        spreads=spreads,
    )


def as_submission(exercise: Exercise, text: str) -> Submission:
    """A submission that consists of one text in the place of the exercise."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    file = SourceFile(path=exercise.paths[0], text=text, sha256=digest, size=len(text.encode()))
    return Submission(name=exercise.name, files=(file,), digest=f"sha256:{digest}")


def _signature_faults(exercise: Exercise, source: str) -> Iterator[str]:
    stub, reference = _signatures(exercise.stub), _signatures(source)
    named = {function.name for function in exercise.functions}
    for name in sorted(named | set(stub)):
        if name not in named:
            yield f"{name} is in the stub but not in the spec"
        elif name not in stub or name not in reference:
            yield f"{name} is missing from the {'stub' if name not in stub else 'reference'}"
        elif stub[name] != reference[name]:
            yield f"{name}({stub[name]}) in the stub, ({reference[name]}) in the reference"


def _signatures(source: str) -> dict[str, str]:
    """Names and defaults of the arguments of every public function, without annotations."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
                argument.annotation = None
            found[node.name] = ast.unparse(node.args)
    return found


def _stub_faults(outcome: ExerciseOutcome) -> Iterator[str]:
    undone = {Verdict.NOT_IMPLEMENTED, Verdict.SKIPPED}
    for function in outcome.functions:
        verdicts = {check.verdict for check in function.checks}
        if not verdicts <= undone or Verdict.NOT_IMPLEMENTED not in verdicts:
            yield f"{function.function}: {', '.join(sorted(verdicts))}"


def _losses(outcome: ExerciseOutcome) -> Iterator[str]:
    for function in outcome.functions:
        for check in function.checks:
            if check.verdict is not Verdict.ACCEPTED or check.follow_through:
                yield f"{function.function}: {check.check}: {check.finding.message if check.finding else check.verdict}"


def _kill_matrix(wrong: list[tuple[Mistake, ExerciseOutcome]]) -> dict[tuple[str, str], list[str]]:
    caught: dict[tuple[str, str], list[str]] = {}
    for mistake, outcome in wrong:
        for check in _of(outcome, mistake.function).checks:
            if check.verdict is Verdict.WRONG_ANSWER:
                caught.setdefault((mistake.function, check.check), []).append(mistake.name)
    return caught


def _wrong_losses(mistake: Mistake, outcome: ExerciseOutcome, checks: dict[tuple[str, str], Check]) -> Iterator[str]:
    lost: set[Kind] = set()
    for check in _of(outcome, mistake.function).checks:
        declared = checks[mistake.function, check.check]
        if check.verdict is not Verdict.ACCEPTED and declared.points:
            lost.add(declared.kind)
    if lost != mistake.loses:
        yield f"{mistake.function}: {mistake.name} loses {_words(lost)}, and declares {_words(mistake.loses)}"


def _wrong_names(mistake: Mistake, outcome: ExerciseOutcome) -> Iterator[str]:
    named = [diagnosis.mistake for diagnosis in _of(outcome, mistake.function).diagnoses]
    if named != [mistake.name]:
        yield f"{mistake.function}: {mistake.name} is told as {' or '.join(named) or 'nothing'}"


def _of(outcome: ExerciseOutcome, function: str) -> FunctionOutcome:
    return next(one for one in outcome.functions if one.function == function)


def _words(kinds: Iterable[Kind]) -> str:
    return ", ".join(sorted(kinds)) or "nothing"
