"""The scorecard as a person reads it: what passed, what did not, why, and the first thing to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.model import CheckScore, ExerciseScore, FunctionScore, Scorecard, Verdict, View, Visibility
from grader.report.paint import Style, aligned, paint, wrapped
from grader.safe_text import safe_text

SIGNS: dict[Verdict, tuple[str, Style]] = {
    Verdict.ACCEPTED: ("✓", Style.GOOD),
    Verdict.NOT_IMPLEMENTED: ("○", Style.OPEN),
    Verdict.SKIPPED: ("–", Style.FAINT),
    Verdict.GRADER_ERROR: ("!", Style.OPEN),
}
WRONG = ("✗", Style.BAD)
WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What is written on, and for whom."""

    view: View
    width: int
    color: bool
    verbose: bool


def render_text(card: Scorecard, *, view: View, verbose: bool = False, width: int = WIDTH, color: bool = False) -> str:
    """Render a whole scorecard."""
    surface = Surface(view=view, width=width, color=color, verbose=verbose)
    lines: list[str] = []
    for problem in card.submission.problems:
        lines += wrapped(f"! {safe_text(problem.path)}: {safe_text(problem.message)}", indent=0, width=width)
    for exercise in card.exercises:
        lines += _exercise(exercise, surface)
        lines.append("")
    lines += _closing(card, surface)
    return "\n".join(lines) + "\n"


def _exercise(exercise: ExerciseScore, surface: Surface) -> Iterator[str]:
    head = aligned(exercise.name, f"{exercise.points}/{exercise.max_points}", surface.width)
    yield paint(head, Style.STRONG, color=surface.color)
    if exercise.message:
        yield from wrapped(safe_text(exercise.message), indent=4, width=surface.width)
    told_whole = exercise.message and all(function.verdict is exercise.verdict and not function.points for function in exercise.functions)
    if told_whole and not surface.verbose:
        return
    for function in exercise.functions:
        yield from _function(exercise, function, surface)


def _function(exercise: ExerciseScore, function: FunctionScore, surface: Surface) -> Iterator[str]:
    sign, style = SIGNS.get(function.verdict, WRONG)
    note = "" if function.verdict in (Verdict.ACCEPTED, Verdict.WRONG_ANSWER) else f"   {words(function.verdict)}"
    yield _line(f"  {sign} {function.name}{note}", f"{function.points}/{function.max_points}", style, surface)
    failed = [check for check in function.checks if check.verdict is not Verdict.ACCEPTED]
    if function.verdict is not Verdict.NOT_IMPLEMENTED or any(check.verdict is Verdict.ACCEPTED for check in failed):
        # The first is told in full: the others are often its echoes.
        for position, check in enumerate(_telling(failed)):
            yield from _check(check, function, surface, full=position == 0 or surface.verbose)
    yield from _passed(function, surface)


def _passed(function: FunctionScore, surface: Surface) -> Iterator[str]:
    """The checks that passed, where they are asked for; always the one sentence for which follow-through credit was given."""
    passed = [check for check in function.checks if check.verdict is Verdict.ACCEPTED]
    if surface.verbose:
        for check in passed:
            points = f"{check.points}/{check.max_points}" if check.max_points else ""
            yield _line(f"      ✓ {check.title}", points, Style.GOOD, surface)
    for sentence in dict.fromkeys(check.follow_through for check in passed if check.follow_through):
        yield from wrapped(sentence, indent=8, width=surface.width)


def _telling(failed: list[CheckScore]) -> list[CheckScore]:
    """Wrong before skipped, a check that earns before one that only informs."""
    return sorted(failed, key=lambda check: (check.verdict in (Verdict.SKIPPED, Verdict.NOT_IMPLEMENTED), check.max_points == 0))


def _check(check: CheckScore, function: FunctionScore, surface: Surface, *, full: bool) -> Iterator[str]:
    sign, style = SIGNS.get(check.verdict, WRONG)
    # A check that only informs has nothing to count.
    points = f"{check.points}/{check.max_points}" if check.max_points else ""
    yield _line(f"      {sign} {check.title}", points, style, surface)
    if not full:
        return
    if check.verdict is not Verdict.SKIPPED:
        yield from wrapped(check.requirement, indent=8, width=surface.width)
    if check.finding is not None:
        yield from wrapped(safe_text(check.finding.message), indent=8, width=surface.width)
        yield from _private(check, surface)
    explanations = [diagnosis.explanation for diagnosis in function.diagnoses]
    if explanations and check.verdict is not Verdict.SKIPPED:
        text = "This is what you get when " + " Or: when ".join(explanations)
        for line in wrapped(text, indent=8, width=surface.width):
            yield paint(line, Style.HINT, color=surface.color)


def _private(check: CheckScore, surface: Surface) -> Iterator[str]:
    """What only an instructor sees of a hidden check, and everybody of a public one."""
    finding = check.finding
    if finding is None or (surface.view is View.STUDENT and check.visibility is Visibility.HIDDEN):
        return
    if finding.raised is not None and finding.raised.message:
        yield from wrapped(safe_text(f"{finding.raised.type_name}: {finding.raised.message}"), indent=8, width=surface.width)
    if finding.facts:
        facts = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in finding.facts.items())
        yield from wrapped(f"({safe_text(facts)})", indent=8, width=surface.width)


def _line(left: str, right: str, style: Style, surface: Surface) -> str:
    return paint(aligned(left, right, surface.width), style, color=surface.color)


def _closing(card: Scorecard, surface: Surface) -> Iterator[str]:
    total = aligned("total", f"{card.points}/{card.max_points}", surface.width)
    yield paint(total, Style.STRONG, color=surface.color)
    step = _next_step(card)
    if step:
        yield paint(step, Style.HINT, color=surface.color)
    if card.run.layers.sandbox == "plain":
        yield "This ran without a sandbox: only do that with your own code."


def _next_step(card: Scorecard) -> str:
    """The first thing to look at: the first function with a fault, else the first that is open."""
    for verdicts in (set(Verdict) - {Verdict.ACCEPTED, Verdict.NOT_IMPLEMENTED, Verdict.SKIPPED}, {Verdict.NOT_IMPLEMENTED}):
        for exercise in card.exercises:
            for function in exercise.functions:
                if function.verdict in verdicts and exercise.path is not None:
                    return f"→ next: grade check {exercise.name} --only {function.name}"
    if card.points == card.max_points:
        return ""
    missing = next((exercise for exercise in card.exercises if exercise.path is None), None)
    return "→ next: grade start . writes the stubs that are missing" if missing else ""


def words(verdict: Verdict) -> str:
    """A verdict as words."""
    return verdict.value.replace("_", " ")
