"""One calm screen for a terminal: what to mend first, one line for each exercise, and the first fault in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.model import ExerciseScore, News, Scorecard, Verdict, View
from grader.report.first import first_to_mend
from grader.report.paint import Style, aligned, paint, wrapped
from grader.report.text import (
    SIGNS,
    WRONG,
    Surface,
    completion,
    first_line,
    function_lines,
    function_sign,
    in_one_file,
    news_lines,
    problem_sentence,
)

# To the upper left; each line is cleared behind what is written over it, and at last all below. Nothing is ever blank in between. The
# outer pair makes terminals that know it show all of it at once (synchronized output, mode 2026); others ignore it.
BEGIN, HOME, TO_LINE_END, TO_SCREEN_END, END = "\x1b[?2026h", "\x1b[H", "\x1b[K", "\x1b[J", "\x1b[?2026l"
CLEAR = "\x1b[2J"
LEAST_ROWS = 10


def frame(lines: Sequence[str], *, first: bool = False) -> str:
    """The control text that puts `lines` on the screen in the place of what is there."""
    body = f"{TO_LINE_END}\n".join(lines)
    return f"{BEGIN}{CLEAR if first else ''}{HOME}{body}{TO_LINE_END}{TO_SCREEN_END}{END}"


def render_screen(
    card: Scorecard, news: News, *, status: str, width: int, height: int, color: bool, verbose: bool = False, of_one_file: bool = False
) -> list[str]:
    """The lines of the screen, at most `height`, each at most `width` characters wide as far as words can be broken."""
    surface = Surface(view=View.STUDENT, width=width, color=color, verbose=verbose)
    card = in_one_file(card) if of_one_file else card
    head = [*first_line(card, surface), *news_lines(news, surface)]
    head += [""] if head else []
    foot = ["", paint(aligned("total", f"{card.points}/{card.max_points}", width), Style.STRONG, color=color)]
    foot += [paint(line, Style.FAINT, color=color) for line in wrapped(status, indent=0, width=width)]
    room = max(height, LEAST_ROWS) - len(head) - len(foot)
    longest = max((len(exercise.name) for exercise in card.exercises), default=0)
    table = _fitting([_row(exercise, longest, surface) for exercise in card.exercises], room)
    room -= len(table)
    more = ["", *completion(news, surface), *_details(card, surface)]
    while more and not more[-1]:
        more.pop()
    table += _fitting(more, room) if room > 1 else []
    return [*head, *table, *foot][: max(height, LEAST_ROWS)]


def _fitting(lines: list[str], room: int) -> list[str]:
    """As many lines as there is room for, and a sign where some are left out."""
    return lines if len(lines) <= room else [*lines[: max(0, room - 1)], "  …"]


def _row(exercise: ExerciseScore, longest: int, surface: Surface) -> str:
    signs = "".join(function_sign(function)[0] for function in exercise.functions)
    right = f"{exercise.points}/{exercise.max_points}"
    left = f"{SIGNS.get(exercise.verdict, WRONG)[0]} {exercise.name:<{longest}}"
    space = max(0, surface.width - len(left) - len(right) - 6)
    style = Style.FAINT if exercise.path is None else SIGNS.get(exercise.verdict, WRONG)[1]
    return paint(aligned(f"{left}   {signs[:space]}", right, surface.width), style, color=surface.color)


def _details(card: Scorecard, surface: Surface) -> Iterator[str]:
    """All about the first thing to mend, unless its one line has said it."""
    first = first_to_mend(card)
    wanted = None if first is None else (first.exercise, first.function)
    for exercise in card.exercises:
        for function in exercise.functions:
            if (exercise.name, function.name) == wanted and function.verdict is not Verdict.NOT_IMPLEMENTED:
                yield from function_lines(function, surface)
    for problem in card.submission.problems:
        yield from wrapped(f"! {problem_sentence(problem)}", indent=0, width=surface.width)
