"""The scorecard as a person reads it: what passed, what did not, why, and the first thing to look at."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from grader.listing import listed
from grader.model import CheckScore, Evidence, ExerciseScore, FunctionScore, News, Problem, Rung, Scorecard, Verdict, View, Visibility
from grader.report.first import failed_checks, first_to_mend, is_credited, is_told_whole
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
MOST_EXPLAINED = 3
MOST_LISTED = 5
# What stands in the column of the points where a check only informs.
NO_POINTS = "no points"
NOT_RECOGNISED = "The grader does not know the cause."
TRY_THIS = "Work through a small example by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What is written on, and for whom. ``path`` and ``course`` are what was named on the command line, for the next one; or nothing."""

    view: View
    width: int
    color: bool
    verbose: bool
    path: str = ""
    course: str = ""


def render_text(
    card: Scorecard,
    *,
    view: View,
    verbose: bool = False,
    width: int = WIDTH,
    color: bool = False,
    news: News | None = None,
    hidden: Collection[str] = (),
    path: str = "",
    course: str = "",
    of_one_file: bool = False,
) -> str:
    """Render a scorecard, with what has changed since the last one if that is known, and without the exercises in `hidden`.

    `path` and `course` are what was named on the command line, if anything was: the next command needs them too. With `of_one_file` only
    the exercises are shown that the file has something of.
    """
    surface = Surface(view=view, width=width, color=color, verbose=verbose, path=path, course=course)
    news = news or News()
    whole = card
    card = in_one_file(whole) if of_one_file else whole
    lines = [*first_line(card, surface), *news_lines(news, surface)]
    lines += [""] if lines else []
    for problem in card.submission.problems:
        lines += wrapped(f"! {problem_sentence(problem)}", indent=0, width=width)
    for exercise in (one for one in card.exercises if one.name not in hidden):
        lines += exercise_lines(exercise, surface)
        lines.append("")
    lines += completion(news, surface)
    lines += wrapped(left_out(card, whole), indent=0, width=width) if card is not whole else []
    lines += _closing(card, surface)
    return "\n".join(lines) + "\n"


def in_one_file(card: Scorecard) -> Scorecard:
    """The part of a scorecard that is about what the submission has; all of it if it has nothing, or something of everything."""
    there = tuple(exercise for exercise in card.exercises if exercise.path is not None)
    if not there or len(there) == len(card.exercises):
        return card
    points, most = (sum(counts) for counts in ([one.points for one in there], [one.max_points for one in there]))
    return dataclasses.replace(card, exercises=there, points=points, max_points=most)


def left_out(card: Scorecard, whole: Scorecard) -> str:
    """Say which exercises a part of a scorecard is about, and what becomes of the others."""
    names = [exercise.name for exercise in card.exercises]
    others = len(whole.exercises) - len(names)
    rest = "the other exercise counts 0" if others == 1 else f"the other {others} exercises count 0"
    return f"Only {listed(names)} {'is' if len(names) == 1 else 'are'} in this file; {rest}."


def problem_sentence(problem: Problem) -> str:
    """What is odd about a file, or about the submission itself, as one sentence."""
    path = safe_text(problem.path).strip()
    return f"{'The submission' if path in ('', '.') else path} {safe_text(problem.message)}"


def first_line(card: Scorecard, surface: Surface) -> Iterator[str]:
    """What a student should mend first, in one line; an instructor mends nothing."""
    first = first_to_mend(card) if surface.view is View.STUDENT else None
    if first is None:
        return
    for line in wrapped(f"first: {first.sentence}", indent=0, width=surface.width):
        yield paint(line, Style.STRONG, color=surface.color)


def news_lines(news: News, surface: Surface) -> Iterator[str]:
    """What turned green and what broke since the last time."""
    for sign, what, names, style in (("✓", "turned green", news.turned_green, Style.GOOD), ("✗", "broke", news.broke, Style.BAD)):
        if names:
            for line in wrapped(f"{sign} {what} since last time: {_listed(names)}", indent=0, width=surface.width):
                yield paint(line, style, color=surface.color)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_LISTED
    return f"{', '.join(names[:MOST_LISTED])}{f' and {more} more' if more > 0 else ''}"


def completion(news: News, surface: Surface) -> Iterator[str]:
    """What the author of a module that is now complete can explain; where many are, how many."""
    if len(news.completed) > MOST_EXPLAINED:
        more = " `grade show NAME` says what you can now explain." if any(news.completed.values()) else ""
        for line in wrapped(f"✓ {len(news.completed)} modules are complete.{more}", indent=0, width=surface.width):
            yield paint(line, Style.GOOD, color=surface.color)
    else:
        for name, sentences in news.completed.items():
            yield paint(f"✓ {name} is complete. {'You can now explain:' if sentences else ''}".rstrip(), Style.GOOD, color=surface.color)
            for sentence in sentences:
                first, *rest = wrapped(sentence, indent=6, width=surface.width)
                yield from (f"    · {first.lstrip()}", *rest)
    if news.completed:
        yield ""


def exercise_lines(exercise: ExerciseScore, surface: Surface) -> Iterator[str]:
    """One exercise: what passed, what did not, and why."""
    head = aligned(exercise.name, f"{exercise.points}/{exercise.max_points}", surface.width)
    yield paint(head, Style.STRONG, color=surface.color)
    if exercise.message:
        yield from wrapped(safe_text(exercise.message), indent=4, width=surface.width)
    if is_told_whole(exercise) and not surface.verbose:
        return
    for function in exercise.functions:
        yield from function_lines(function, surface)


def function_lines(function: FunctionScore, surface: Surface) -> Iterator[str]:
    """One function: its checks that did not pass, the first of them in full."""
    credited = is_credited(function)
    sign, style = function_sign(function)
    note = "" if credited or function.verdict in (Verdict.ACCEPTED, Verdict.WRONG_ANSWER) else f"   {words(function.verdict)}"
    yield _line(f"  {sign} {function.name}{note}", f"{function.points}/{function.max_points}", style, surface)
    undone = function.verdict is Verdict.NOT_IMPLEMENTED and all(check.verdict is not Verdict.ACCEPTED for check in function.checks)
    # Where nothing is left to correct, what does not agree is for those who ask for everything.
    if not undone and (surface.verbose or not credited):
        failed = failed_checks(function)
        # The first is told in full: the others are often its echoes.
        echoes = [] if surface.verbose else [check for check in failed[1:] if _is_echo(check, failed[0])]
        skipped = [] if surface.verbose else [check for check in failed if check.verdict is Verdict.SKIPPED]
        for check in failed:
            if check not in echoes and check not in skipped:
                yield from _check(check, function, surface, full=check is failed[0] or surface.verbose)
        if echoes:
            yield _line(f"      ✗ {len(echoes)} more for the same reason", _lost(echoes), Style.BAD, surface)
        yield from _skipped(skipped, function, surface)
    yield from _passed(function, surface)


def function_sign(function: FunctionScore) -> tuple[str, Style]:
    """The sign of a function: of a backward pass that has all its points the one of what is right."""
    return SIGNS.get(Verdict.ACCEPTED if is_credited(function) else function.verdict, WRONG)


def _is_echo(check: CheckScore, first: CheckScore) -> bool:
    """Whether a check only repeats what ended the function: an exception, a wait, a crash, told already in the same words."""
    if check.finding is None or first.finding is None or check.verdict is Verdict.SKIPPED:
        return False
    if check.verdict is Verdict.WRONG_ANSWER and check.finding.rung is not Rung.COUNT:
        return False
    one, other = check.finding.raised, first.finding.raised
    if one is not None and other is not None:
        # What may be said of an exception differs between a public check and a hidden one.
        return check.verdict is first.verdict and (one.type_name, one.path, one.line) == (other.type_name, other.path, other.line)
    return (check.verdict, check.finding.message) == (first.verdict, first.finding.message)


def _lost(checks: list[CheckScore]) -> str:
    points = sum(check.max_points for check in checks)
    return f"0/{points}" if points else NO_POINTS


def _skipped(skipped: list[CheckScore], function: FunctionScore, surface: Surface) -> Iterator[str]:
    """The checks that could not be judged, together: each reason is said once."""
    reasons = dict.fromkeys(check.finding.message for check in skipped if check.finding is not None)
    if skipped and function.verdict is not Verdict.SKIPPED:
        yield _line(f"      – {len(skipped)} skipped", _lost(skipped), Style.FAINT, surface)
    for reason in reasons:
        yield from wrapped(safe_text(reason), indent=8, width=surface.width)


def _passed(function: FunctionScore, surface: Surface) -> Iterator[str]:
    """The checks that passed, where they are asked for; always the one sentence for which follow-through credit was given."""
    passed = [check for check in function.checks if check.verdict is Verdict.ACCEPTED]
    if surface.verbose:
        for check in passed:
            points = f"{check.points}/{check.max_points}" if check.max_points else NO_POINTS
            yield _line(f"      ✓ {check.title}", points, Style.GOOD, surface)
    for sentence in dict.fromkeys(check.follow_through for check in passed if check.follow_through):
        yield from wrapped(sentence, indent=8, width=surface.width)


def _check(check: CheckScore, function: FunctionScore, surface: Surface, *, full: bool) -> Iterator[str]:
    sign, style = SIGNS.get(check.verdict, WRONG)
    points = f"{check.points}/{check.max_points}" if check.max_points else NO_POINTS
    yield _line(f"      {sign} {check.title}", points, style, surface)
    if not full:
        return
    if check.verdict is not Verdict.SKIPPED:
        yield from wrapped(check.requirement, indent=8, width=surface.width)
    if check.finding is not None:
        yield from wrapped(safe_text(check.finding.message), indent=8, width=surface.width)
        for text in private_sentences(check, surface.view):
            yield from wrapped(safe_text(text), indent=8, width=surface.width)
    if check.verdict is not Verdict.SKIPPED and not is_credited(function):
        told = list(diagnosis_sentences(function))
        if surface.view is View.STUDENT and not is_recognised(function):
            # A hint is given about the folder in which one stands.
            hint = "" if surface.path else command("hint", function.name, course=surface.course)
            told.append(f"{TRY_THIS}, or type: {hint}" if hint else f"{TRY_THIS}.")
        for text in told:
            for line in wrapped(safe_text(text), indent=8, width=surface.width):
                yield paint(line, Style.HINT, color=surface.color)


def diagnosis_sentences(function: FunctionScore) -> Iterator[str]:
    """What explains a function's wrong results, as sentences; if nothing does, that and the facts."""
    known = [one.explanation for one in function.diagnoses if one.evidence is Evidence.KNOWN_MISTAKE]
    if known:
        yield "This is what you get when " + " Or: when ".join(known)
    for one in function.diagnoses:
        if one.evidence is Evidence.TWO_MISTAKES:
            yield f"This is what you get with two mistakes at once: {one.explanation}"
        elif one.evidence is Evidence.GENERAL_CAUSE:
            yield one.explanation
        elif one.evidence is Evidence.NOT_RECOGNISED:
            yield f"{NOT_RECOGNISED} {one.explanation}".rstrip()


def is_recognised(function: FunctionScore) -> bool:
    """Whether what is wrong is named, or nothing is said of it at all."""
    return all(one.evidence is not Evidence.NOT_RECOGNISED for one in function.diagnoses)


def private_sentences(check: CheckScore, view: View) -> Iterator[str]:
    """What only an instructor sees of a hidden check, and everybody of a public one: the words of an exception, and numbers of the case."""
    finding = check.finding
    if finding is None or (view is View.STUDENT and check.visibility is Visibility.HIDDEN):
        return
    if finding.raised is not None and finding.raised.message:
        yield f"{finding.raised.type_name}: {finding.raised.message}"
    facts = finding.facts
    if "got" in facts and "expected" in facts:
        whose, why = ("your", " (this check is public, so its numbers are shown)") if view is View.STUDENT else ("the student's", "")
        where = f"at {facts['at']} " if facts.get("at") else ""
        found, expected = _told_apart(facts["got"], facts["expected"])
        sentence = f"{where}{whose} value is {found}, and the expected value is {expected}{why}."
        yield sentence[0].upper() + sentence[1:]
    elif "exit_code" in facts:
        yield f"The process ended with exit code {facts['exit_code']}."
    elif "error" in facts:
        yield f"{facts['error']} ({facts.get('where', '')})"


def _told_apart(one: object, other: object) -> tuple[str, str]:
    """Two numbers with so many digits that they differ."""
    if not (isinstance(one, (int, float)) and isinstance(other, (int, float))):
        return str(one), str(other)
    digits = next((count for count in (8, 12) if f"{one:.{count}g}" != f"{other:.{count}g}"), 17)
    return f"{one:.{digits}g}", f"{other:.{digits}g}"


def _line(left: str, right: str, style: Style, surface: Surface) -> str:
    return paint(aligned(left, right, surface.width), style, color=surface.color)


def _closing(card: Scorecard, surface: Surface) -> Iterator[str]:
    total = aligned("total", f"{card.points}/{card.max_points}", surface.width)
    yield paint(total, Style.STRONG, color=surface.color)
    step = _next_step(card, surface)
    if step:
        # A hint is given about the folder in which one stands.
        stuck = f"   (stuck? {command('hint', course=surface.course)})" if surface.view is View.STUDENT and not surface.path else ""
        yield paint(f"{step}{stuck}", Style.HINT, color=surface.color)
    if card.run.layers.sandbox == "plain":
        yield "This ran without a sandbox: only do that with your own code."


def _next_step(card: Scorecard, surface: Surface) -> str:
    first = first_to_mend(card)
    if first is None:
        return ""
    if first.is_missing:
        folder = "." if surface.path.endswith((".py", ".ipynb", ".zip")) else surface.path or "."
        return f"→ next: {command('start', folder, course=surface.course)}   (writes the stubs that are missing)"
    only = ("--only", first.function) if first.function else ()
    return f"→ next: {command('check', surface.path, first.exercise, *only, course=surface.course)}"


def command(*words: str, course: str = "") -> str:
    """A command line of ours, to be typed as it is shown; empty words are left out."""
    return shlex.join(["grade", *(word for word in words if word), *(("--course", course) if course else ())])


def words(verdict: Verdict) -> str:
    """A verdict as words."""
    return verdict.value.replace("_", " ")
