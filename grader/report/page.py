"""The scorecard and the figures as one page: a file that is read without a network, without a script, and by anybody.

What a browser may do with it is said in its head: show styles and images that are in the file, and nothing else. So even a fault in the
escaping of ``grader.report.html`` would run nothing and ask nobody.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import __version__
from grader.model import ExerciseScore, Scorecard, Verdict, View
from grader.report.html import SIGNS, STYLE, WRONG, advice, bar, counted_points, escaped, inside, sign_of
from grader.report.text import words

# What tells a file of ours from somebody else's of the same name.
GENERATOR = '<meta name="generator" content="Layerwise'
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

PAGE_STYLE = Path(__file__).with_name("page.css")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The numbers of a picture, for who does not see it. Every row has one cell for each column; the first one names the row."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A whole SVG document, what it shows in words, and its size in pixels."""

    svg: str
    alternative: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """The submission's picture and the reference's, which stand side by side to be compared, or the reference's alone. ``told`` is what
    comes of it.
    """

    title: str
    told: str
    pictures: tuple[Picture, ...]
    table: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One experiment as the page shows it. ``notes`` say what was not run with the submission's functions, and why."""

    title: str
    question: str
    expected: str
    plates: tuple[Plate, ...]
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def render_page(card: Scorecard, *, view: View, figures: Sequence[Figure] = (), missing: str = "") -> str:
    """Render one HTML document that needs nothing else.

    Parameters
    ----------
    card, view
        What is shown, and for whom: of a hidden check a student sees no input and no output.
    figures
        The experiments, in the order of the page.
    missing
        Why there is no figure at all, in one sentence; empty where nothing has to be said.
    """
    parts = [*_head(card), *_top(card, view), '<div class="lw-columns">', *_navigation(card, figures, missing)]
    parts += ['<main id="main" tabindex="-1">', *_scorecard(card, view), *_figures(figures, missing), "</main>", "</div>"]
    parts += [*_footer(card, view), "</body>", "</html>"]
    return "\n".join(parts) + "\n"


def _head(card: Scorecard) -> Iterator[str]:
    title = f"{card.submission.name}: {card.points} of {card.max_points} points"
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield f'{GENERATOR} {__version__}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">'
    yield f"<title>{escaped(title)} · Layerwise</title>"
    yield f"{STYLE}\n<style>\n{PAGE_STYLE.read_text(encoding='utf-8')}</style>\n</head>"
    yield '<body class="layerwise">\n<a class="lw-skip" href="#main">Skip to the scorecard</a>'


def _top(card: Scorecard, view: View) -> Iterator[str]:
    yield "<header>"
    who = "for an instructor: it shows hidden cases, so do not hand it to students" if view is View.INSTRUCTOR else "for the student"
    yield f'<p class="lw-over">Layerwise report, {who}</p>'
    yield f"<h1><bdi>{escaped(card.submission.name)}</bdi></h1>"
    yield f'<p class="lw-score"><strong>{card.points}</strong> of {card.max_points} points</p>'
    yield bar(card.points, card.max_points)
    yield from advice(card, view)
    if card.run.layers.sandbox == "plain":
        yield '<p class="lw-open">This ran without a sandbox: only do that with your own code.</p>'
    yield "</header>"


def _navigation(card: Scorecard, figures: Sequence[Figure], missing: str) -> Iterator[str]:
    yield '<nav aria-label="Exercises and figures">\n<table>\n<caption>Exercises</caption>'
    yield '<thead><tr><th scope="col">Exercise</th><th scope="col">Points</th></tr></thead>\n<tbody>'
    for number, exercise in enumerate(card.exercises, 1):
        sign, style = SIGNS.get(exercise.verdict, WRONG)
        name = f'<a href="#exercise-{number}"><span class="lw-{style}">{sign_of(sign)}</span>{escaped(exercise.name)}</a>'
        verdict = f'<span class="lw-unseen">, {words(exercise.verdict)}</span>'
        yield f'<tr><th scope="row">{name}{verdict}</th><td>{counted_points(exercise.points, exercise.max_points)}</td></tr>'
    yield "</tbody>\n</table>"
    if figures or missing:
        yield "<p>Figures</p>\n<ul>"
        yield from (f'<li><a href="#figure-{number}">{escaped(figure.title)}</a></li>' for number, figure in enumerate(figures, 1))
        yield "</ul>" if figures else '<li><a href="#figures">none, and why</a></li></ul>'
    yield "</nav>"


def _scorecard(card: Scorecard, view: View) -> Iterator[str]:
    yield '<section aria-labelledby="scorecard">\n<h2 id="scorecard">Scorecard</h2>'
    for number, exercise in enumerate(card.exercises, 1):
        yield from _exercise(number, exercise, view)
    yield "</section>"


def _exercise(number: int, exercise: ExerciseScore, view: View) -> Iterator[str]:
    sign, style = SIGNS.get(exercise.verdict, WRONG)
    title = f" {escaped(exercise.title)}," if exercise.title.lower() != exercise.name else ""
    place = "not in the submission" if exercise.path is None else f"<code>{escaped(exercise.path)}</code>"
    # What is complete, and what is not there, is one line until somebody asks.
    is_open = exercise.verdict is not Verdict.ACCEPTED and exercise.path is not None
    yield f'<details id="exercise-{number}"{" open" if is_open else ""}>'
    yield f'<summary><h3><span><span class="lw-{style}">{sign_of(sign)}</span>{escaped(exercise.name)}'
    yield f'<span class="lw-faint">{title} {place}</span></span>'
    yield f"<span>{counted_points(exercise.points, exercise.max_points)}</span></h3></summary>"
    yield from inside(exercise, view)
    # A print is the easiest way to carry an input out of a hidden check.
    if view is View.INSTRUCTOR and exercise.printed:
        printed = escaped(exercise.printed, keep_newlines=True)
        yield f'<details><summary>What it printed</summary><pre tabindex="0">{printed}</pre></details>'
    yield "</details>"


def _figures(figures: Sequence[Figure], missing: str) -> Iterator[str]:
    if not figures and not missing:
        return
    yield '<section aria-labelledby="figures">\n<h2 id="figures">Figures</h2>'
    if missing:
        yield f"<p>{escaped(missing)}</p>"
    else:
        yield "<p>The experiments of the notes, with the functions of this submission beside those of the reference, on the same axes."
        yield "Where numbers are drawn at random, small differences mean nothing.</p>"
    for number, figure in enumerate(figures, 1):
        yield from figure_section(number, figure)
    yield "</section>"


def figure_section(number: int, figure: Figure) -> Iterator[str]:
    """One experiment as a section of a page, the pictures in it."""
    yield f'<section class="lw-figure" id="figure-{number}" aria-labelledby="figure-{number}-title">'
    yield f'<h3 id="figure-{number}-title">{escaped(figure.title)}</h3>'
    yield f"<p>{escaped(figure.question)}</p>"
    yield from (f'<p class="lw-open">{sign_of("!")}{escaped(note)}</p>' for note in figure.notes)
    sources = f' <span class="lw-faint">Source: {escaped("; ".join(figure.sources))}.</span>' if figure.sources else ""
    yield f'<p class="lw-expected">What the reference shows: {escaped(figure.expected)}{sources}</p>'
    yield from (line for plate in figure.plates if len(plate.pictures) > 1 for line in _plate(plate))
    # What has nothing of the submission's waits until somebody asks.
    alone = [plate for plate in figure.plates if len(plate.pictures) == 1]
    if alone:
        yield f"<details><summary>The reference alone ({len(alone)} picture{'' if len(alone) == 1 else 's'})</summary>"
        yield from (line for plate in alone for line in _plate(plate))
        yield "</details>"
    yield "</section>"


def _plate(plate: Plate) -> Iterator[str]:
    yield '<figure>\n<div class="lw-beside">'
    for picture in plate.pictures:
        # As an image, a drawing is a document of its own: its ids and styles meet nobody else's, and nothing in it can run.
        address = base64.b64encode(picture.svg.encode()).decode("ascii")
        size = f'width="{picture.width}" height="{picture.height}"'
        yield f'<img src="data:image/svg+xml;base64,{address}" {size} alt="{escaped(picture.alternative)}">'
    yield f"</div>\n<figcaption><strong>{escaped(plate.title)}</strong>: {escaped(plate.told)}"
    if plate.table is not None:
        yield "<details><summary>The numbers</summary>"
        yield from _table(plate.table)
        yield "</details>"
    yield "</figcaption>\n</figure>"


def _table(table: Table) -> Iterator[str]:
    # Whoever scrolls with the keyboard must be able to stand in what scrolls.
    yield f'<div class="lw-wide" tabindex="0" role="group" aria-label="{escaped(table.caption)}"><table>'
    yield f"<caption>{escaped(table.caption)}</caption>"
    yield "<thead><tr>"
    yield from (f'<th scope="col">{escaped(name)}</th>' for name in table.columns)
    yield "</tr></thead>\n<tbody>"
    for first, *others in table.rows:
        cells = "".join(f"<td>{escaped(cell)}</td>" for cell in others)
        yield f'<tr><th scope="row">{escaped(first)}</th>{cells}</tr>'
    yield "</tbody></table></div>"


def _footer(card: Scorecard, view: View) -> Iterator[str]:
    yield '<footer aria-labelledby="origin">\n<h2 id="origin">Where this comes from</h2>\n<dl>'
    yield from (f"<dt>{name}</dt><dd>{escaped(value)}</dd>" for name, value in _provenance(card, view))
    yield "</dl>\n</footer>"


def _provenance(card: Scorecard, view: View) -> Iterator[tuple[str, str]]:
    run, course = card.run, card.course
    files = len(card.submission.files)
    yield "Submission", f"{card.submission.digest}, {files} file{'' if files == 1 else 's'}"
    yield "Course", f"{course.name} {course.version}, {course.digest}"
    seed = f"{course.seed} seed{f', fingerprint {course.seed_fingerprint}' if view is View.INSTRUCTOR else ''}"
    yield "Hidden cases", seed
    yield "Graded", f"{run.started_at}, in {run.duration_s:.1f} s"
    yield "Sandbox", ", ".join([run.layers.sandbox, *_layers(card)])
    yield "Limits", f"{run.limits.call_s:g} s for a call, {run.limits.memory_mib} MiB"
    yield "Software", f"Layerwise {run.layerwise}, Python {run.python}, NumPy {run.numpy}, {run.platform}"


def _layers(card: Scorecard) -> Iterator[str]:
    layers = card.run.layers
    held = {"seccomp": layers.seccomp, f"Landlock {layers.landlock_abi}": layers.landlock_abi > 0, "rlimits": layers.rlimits}
    return (name for name, is_there in {**held, "container": layers.container}.items() if is_there)
