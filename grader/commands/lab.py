"""``grade lab``: one experiment of the notes, drawn with the functions of a submission beside the reference's."""

from __future__ import annotations

import contextlib
import difflib
import os
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import course_option, sandbox_option
from grader.errors import SubmissionError

if TYPE_CHECKING:
    from grader.catalog import Course
    from grader.experiments import Experiment, ExperimentResult, Part

FORMATS = (".svg", ".png", ".html")
LEFT = "  "
MOST_TITLES = 4


@click.command()
@click.argument("name", metavar="[NAME]", required=False)
@click.argument("path", type=click.Path(path_type=Path), default=".", metavar="[PATH]")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="The figure: .html, .svg or .png (default: NAME.html).")
@click.option("--open", "opens", is_flag=True, help="Open the figure in a browser.")
@sandbox_option
@course_option
def command(name: str | None, path: Path, out: Path | None, opens: bool, sandbox: str, course_root: Path | None) -> int:
    """Run one experiment with your functions, and save the figure: yours beside the reference's.

    PATH is the submission, by default the current folder. Without NAME, list the experiments and what each needs.
    """
    from grader.catalog import find_course
    from grader.experiments import load_experiments, run_experiment
    from grader.report.figure import require_pictures
    from grader.sandbox.open import open_sandbox
    from grader.submission import load_submission

    course = find_course(course_root, whole=True)
    experiments = load_experiments(course)
    if name is None:
        click.echo("\n".join(tell_experiments(course, experiments)))
        return 0
    experiment = named(experiments, name)
    out = Path(f"{experiment.name}.html") if out is None else out
    refuse_what_is_not_ours(out)
    require_pictures()
    submission = load_submission(path)
    with contextlib.closing(open_sandbox(sandbox, extra_modules=course.modules)) as box:
        result = run_experiment(course, experiment, submission, box)
    save(result, out)
    click.echo("\n".join(tell_result(result, out)))
    if opens:
        webbrowser.open(out.resolve().as_uri())
    return 0


def named(experiments: tuple[Experiment, ...], name: str) -> Experiment:
    """The experiment called `name`."""
    known = {experiment.name: experiment for experiment in experiments}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=2, cutoff=0.5)
    meant = f"did you mean {' or '.join(near)}?" if near else "`grade lab` lists them." if known else "the course has no experiments."
    raise click.UsageError(f"There is no experiment {name!r}; {meant}")


def refuse_what_is_not_ours(out: Path) -> None:
    """Refuse a name that no figure can have, and what a figure would replace that is none, before anything is run.

    Raises
    ------
    SubmissionError
        If `out` cannot be written.
    """
    from grader.keep import bears_mark
    from grader.report.figure import GENERATOR

    if out.suffix.lower() not in FORMATS:
        raise click.UsageError(f"--out {out} does not end like a figure: end it in {', '.join(FORMATS[:-1])} or {FORMATS[-1]}.")
    if out.is_dir() or not out.parent.is_dir():
        what = "is a folder" if out.is_dir() else "is in a folder that is not there"
        raise SubmissionError(f"{out} {what}", remedy="Name a file with --out.")
    if os.path.lexists(out) and not bears_mark(out, GENERATOR):
        raise SubmissionError(f"{out} was not written by Layerwise, so it was not overwritten", remedy="Name another file with --out.")


def save(result: ExperimentResult, out: Path) -> None:
    """Write the figure in the format of its name."""
    from grader.report.figure import render_figure_html, render_figure_png, render_figure_svg

    try:
        if out.suffix.lower() == ".png":
            render_figure_png(result, out)
        else:
            text = render_figure_html(result) if out.suffix.lower() == ".html" else render_figure_svg(result)
            out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SubmissionError(f"{out} cannot be written: {error.strerror}", remedy="Name another file with --out.") from error


# ---------------------------------------------------------------------------------------------------------------- the terminal


def tell_experiments(course: Course, experiments: tuple[Experiment, ...]) -> Iterator[str]:
    """What there is, and what each experiment needs, by exercise."""
    from grader.experiments.load import exercise_of

    if not experiments:
        yield f"The course {course.name} has no experiments."
        return
    for experiment in experiments:
        yield f"{experiment.name}: {experiment.title}"
        needs: dict[str, list[str]] = {}
        for function in experiment.needs:
            needs.setdefault(exercise_of(course, function).name, []).append(function)
        for exercise, functions in needs.items():
            yield from wrapped(f"{exercise}: {', '.join(functions)}", LEFT)
        yield ""
    yield f"→ next: grade lab {experiments[0].name}   (draws the first with what you have written, and leaves out what needs more)"


def tell_result(result: ExperimentResult, out: Path) -> Iterator[str]:
    """What to look at, what is missing and why, how far each panel is from the reference, and where the figure is."""
    from grader.experiments.gaps import tell_panel

    experiment = result.experiment
    yield f"{experiment.title}\n"
    yield from wrapped(experiment.question)
    yield ""
    yield from wrapped(f"Expected: {experiment.expected}")
    yield ""
    for sentence, parts in result.missing.items():
        yield from wrapped(f"○ {sentence} ({titles(parts)})")
    if result.missing:
        yield ""
    yield "Your functions beside the reference's:"
    for panel in experiment.panels:
        yield from wrapped(f"- {panel.title}: {tell_panel(result, panel)}", LEFT)
    yield f"\n→ {out}"


def titles(parts: tuple[Part, ...]) -> str:
    """The parts that a sentence is about, or how many they are."""
    if len(parts) <= MOST_TITLES:
        return "; ".join(part.title for part in parts)
    return f"{len(parts)} parts: {'; '.join(part.title for part in parts[: MOST_TITLES - 1])}; and others"


def wrapped(text: str, indent: str = "") -> list[str]:
    """A paragraph as wide as the terminal."""
    import textwrap

    from grader.commands.check import report_width

    return textwrap.wrap(text, report_width(), initial_indent=indent, subsequent_indent=f"{indent}  " if indent else "")
