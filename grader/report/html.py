"""The scorecard as a piece of HTML: for a notebook, and for whatever page wants one.

It needs nothing but itself: no script, no font, no address. Every text in it goes through ``escaped``, which first shows what a browser
would act on (bidirectional overrides, control characters) and then escapes what HTML would; nothing of a student's is ever a tag, an
attribute or an address.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from grader.model import CheckScore, ExerciseScore, FunctionScore, Problem, Scorecard, Verdict, View
from grader.report.first import failed_checks, first_to_mend, is_credited, is_told_whole
from grader.report.text import NO_POINTS, TRY_THIS, diagnosis_sentences, is_recognised, private_sentences, words
from grader.safe_text import safe_text

SIGNS: dict[Verdict, tuple[str, str]] = {
    Verdict.ACCEPTED: ("✓", "good"),
    Verdict.NOT_IMPLEMENTED: ("○", "open"),
    Verdict.SKIPPED: ("–", "faint"),
    Verdict.GRADER_ERROR: ("!", "open"),
}
WRONG = ("✗", "bad")

# Both palettes keep 4.5:1 between text and ground (WCAG 2.2, 1.4.3). The ground is our own, so that text is read in whatever theme.
_LIGHT = """--ground: #ffffff; --text: #1f2328; --faint: #59636e; --line: #d1d9e0; --soft: #f6f8fa;
  --good: #1a7f37; --bad: #c4202a; --open: #8a5a00; --hint: #0550ae;"""
_DARK = """--ground: #0d1117; --text: #e6edf3; --faint: #9198a1; --line: #3d444d; --soft: #151b23;
  --good: #3fb950; --bad: #ff7b72; --open: #d29922; --hint: #79c0ff;"""
# A notebook has a theme of its own, which need not be the system's: as JupyterLab, Colab and VS Code say it.
_LIGHT_THEMES = '[data-jp-theme-light="true"] .layerwise, html[theme="light"] .layerwise, .vscode-light .layerwise'
_DARK_THEMES = '[data-jp-theme-light="false"] .layerwise, html[theme="dark"] .layerwise, .vscode-dark .layerwise'
# The class is named more than once where a notebook has rules of its own for the element, which would count for more.
STYLE = f"""<style>
.layerwise {{ color-scheme: light dark; {_LIGHT}
  max-width: 58rem; padding: 0.9rem 1.1rem; border: 1px solid var(--line); border-radius: 8px; background: var(--ground);
  color: var(--text); font: 14px/1.5 system-ui, sans-serif; text-align: start; overflow-wrap: anywhere; }}
@media (prefers-color-scheme: dark) {{ .layerwise {{ {_DARK} }} }}
{_LIGHT_THEMES} {{ color-scheme: light; {_LIGHT} }}
{_DARK_THEMES} {{ color-scheme: dark; {_DARK} }}
.layerwise .lw-row {{ display: flex; gap: 0.6rem; align-items: baseline; }}
.layerwise .lw-row > :last-child {{ margin-inline-start: auto; white-space: nowrap; font-variant-numeric: tabular-nums; }}
.layerwise .lw-total {{ font-size: 1.25em; font-weight: 600; }}
.layerwise .lw-bar {{ height: 6px; margin: 0.4rem 0 0.7rem; border-radius: 3px; background: var(--line); overflow: hidden; }}
.layerwise .lw-bar > div {{ height: 100%; background: var(--good); }}
.layerwise .lw-first {{ margin: 0 0 0.6rem; font-weight: 600; }}
.layerwise p {{ margin: 0.15rem 0; }}
.layerwise details {{ margin: 0.35rem 0; padding: 0.35rem 0.6rem; border-radius: 6px; background: var(--soft); }}
.layerwise summary {{ cursor: pointer; font-weight: 600; }}
.layerwise summary:focus-visible {{ outline: 2px solid var(--hint); outline-offset: 2px; }}
.layerwise.layerwise ul {{ margin: 0.3rem 0; padding: 0; list-style: none; }}
.layerwise.layerwise ul ul {{ list-style: none; padding-inline-start: 1.5rem; }}
.layerwise.layerwise.layerwise code {{ padding: 0; font: 0.95em ui-monospace, monospace; color: inherit; background: none;
  unicode-bidi: isolate; }}
.layerwise .lw-good {{ color: var(--good); }} .layerwise .lw-bad {{ color: var(--bad); }} .layerwise .lw-open {{ color: var(--open); }}
.layerwise .lw-unseen {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }}
.layerwise .lw-faint {{ color: var(--faint); }} .layerwise .lw-hint {{ color: var(--hint); }}
@media print {{ .layerwise details > * {{ display: block; }}
  .layerwise details::details-content {{ content-visibility: visible; block-size: auto; }} }}
</style>"""


def render_html(card: Scorecard, *, view: View, verbose: bool = False, style: bool = True) -> str:
    """Render a scorecard as one ``<section>``, by default with the ``<style>`` that it needs before it.

    A page that shows several puts ``STYLE`` in once and asks for the others with ``style=False``. The student's view shows of a hidden
    check what ``grader.scorecard`` lets a student see of it.
    """
    label = f"Scorecard of {card.submission.name}: {card.points} of {card.max_points} points"
    parts = [STYLE] if style else []
    parts.append(f'<section class="layerwise" lang="en" aria-label="{escaped(label)}">')
    parts += _head(card, view)
    parts += (part for exercise in card.exercises for part in _exercise(exercise, view, verbose))
    parts += _foot(card)
    parts.append("</section>")
    return "\n".join(parts) + "\n"


def escaped(value: str, *, keep_newlines: bool = False) -> str:
    """Any text, so that it can stand between tags and in a quoted attribute."""
    return html.escape(safe_text(value, keep_newlines=keep_newlines), quote=True)


def _head(card: Scorecard, view: View) -> Iterator[str]:
    # A heading by its role: Jupyter makes entries of its table of contents of every h1 to h6.
    yield '<div class="lw-row lw-total" role="heading" aria-level="3">'
    yield f"<span>{escaped(card.submission.name)}</span><span>{counted_points(card.points, card.max_points)}</span></div>"
    yield bar(card.points, card.max_points)
    yield from advice(card, view)


def bar(points: int, max_points: int) -> str:
    """A bar as long as the share of the points; it says nothing that is not said in words."""
    return f'<div class="lw-bar" aria-hidden="true"><div style="width: {100 * points // max_points if max_points else 0}%"></div></div>'


def advice(card: Scorecard, view: View) -> Iterator[str]:
    """What a student should mend first, and what is odd about the files."""
    first = first_to_mend(card) if view is View.STUDENT else None
    if first is not None:
        yield f'<p class="lw-first">First: {escaped(first.sentence)}</p>'
    for problem in card.submission.problems:
        yield f'<p class="lw-open">{sign_of("!")}{_place_of(problem)} {escaped(problem.message)}</p>'


def _place_of(problem: Problem) -> str:
    """What a problem is about: a file, or the submission itself."""
    return "The submission" if problem.path == "." else f"<code>{escaped(problem.path)}</code>"


def _exercise(exercise: ExerciseScore, view: View, verbose: bool) -> Iterator[str]:
    is_open = exercise.points < exercise.max_points or verbose
    yield f"<details{' open' if is_open else ''}>"
    title = f" <span class='lw-faint'>{escaped(exercise.title)}</span>" if exercise.title != exercise.name else ""
    yield f"<summary>{escaped(exercise.name)}{title} — {counted_points(exercise.points, exercise.max_points)}</summary>"
    yield from inside(exercise, view, verbose=verbose)
    yield "</details>"


def inside(exercise: ExerciseScore, view: View, *, verbose: bool = False) -> Iterator[str]:
    """What is said about one exercise, below its name and points."""
    if exercise.message:
        yield f"<p>{escaped(exercise.message)}</p>"
    if not is_told_whole(exercise) or verbose:
        yield "<ul>"
        for function in exercise.functions:
            yield from _function(function, view, verbose)
        yield "</ul>"


def _function(function: FunctionScore, view: View, verbose: bool) -> Iterator[str]:
    yield "<li>"
    credited = is_credited(function)
    verdict = Verdict.ACCEPTED if credited else function.verdict
    yield _row(verdict, f"<code>{escaped(function.name)}</code>", function.points, function.max_points)
    undone = function.verdict is Verdict.NOT_IMPLEMENTED and all(check.verdict is not Verdict.ACCEPTED for check in function.checks)
    failed = [] if (undone or credited) and not verbose else failed_checks(function)
    passed = [check for check in function.checks if check.verdict is Verdict.ACCEPTED]
    shown = [*failed, *(passed if verbose else ())]
    if shown:
        yield "<ul>"
        # The first is told in full: the others are often its echoes.
        for check in shown:
            yield from _check(check, function, view, full=check is shown[0] or (verbose and check in failed))
        yield "</ul>"
    for sentence in dict.fromkeys(check.follow_through for check in passed if check.follow_through):
        yield f'<p class="lw-faint">{escaped(sentence)}</p>'
    yield "</li>"


def _check(check: CheckScore, function: FunctionScore, view: View, *, full: bool) -> Iterator[str]:
    yield f"<li>{_row(check.verdict, escaped(check.title), check.points, check.max_points)}"
    if full and check.verdict is not Verdict.ACCEPTED:
        skipped = check.verdict is Verdict.SKIPPED
        yield from _sentences([] if skipped else [check.requirement], "")
        yield from _sentences([] if check.finding is None else [check.finding.message], "lw-faint")
        yield from _sentences(private_sentences(check, view), "lw-faint")
        if not skipped and not is_credited(function):
            yield from _sentences(diagnosis_sentences(function), "lw-hint")
            yield from _sentences([] if view is not View.STUDENT or is_recognised(function) else [f"{TRY_THIS}."], "lw-hint")
    yield "</li>"


def _sentences(sentences: Iterable[str], style: str) -> Iterator[str]:
    kind = f' class="{style}"' if style else ""
    return (f"<p{kind}>{escaped(sentence)}</p>" for sentence in sentences)


def _row(verdict: Verdict, name: str, points: int, max_points: int) -> str:
    """One line: a sign for the eye, the verdict in words for whoever does not see it or its colour, the points.

    What ✓ and ✗ say by themselves is not written out beside them.
    """
    sign, style = SIGNS.get(verdict, WRONG)
    spelled = "lw-unseen" if verdict in (Verdict.ACCEPTED, Verdict.WRONG_ANSWER) else "lw-faint"
    counted = counted_points(points, max_points) if max_points else NO_POINTS
    return (
        f'<div class="lw-row"><span class="lw-{style}">{sign_of(sign)}{name}</span>'
        f'<span class="{spelled}">{words(verdict)}</span><span>{counted}</span></div>'
    )


def sign_of(sign: str) -> str:
    """A sign for the eye alone."""
    return f'<span aria-hidden="true">{sign} </span>'


def counted_points(points: int, max_points: int) -> str:
    """Points for the eye, and for the ear, which would hear a fraction or a date."""
    return f'<span aria-hidden="true">{points}/{max_points}</span><span class="lw-unseen">{points} of {max_points} points</span>'


def _foot(card: Scorecard) -> Iterator[str]:
    if card.run.layers.sandbox == "plain":
        yield '<p class="lw-open">This ran without a sandbox: only do that with your own code.</p>'
    if card.course.seed == "public":
        yield '<p class="lw-faint">Graded with the public seed.</p>'
