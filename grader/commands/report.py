"""``grade report``: one HTML file with the scorecard of a submission, and the experiments drawn with its functions."""

from __future__ import annotations

import contextlib
import os
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.check import VIEWS
from grader.commands.options import course_option, sandbox_option
from grader.errors import SubmissionError

if TYPE_CHECKING:
    from grader.catalog import Course
    from grader.model import Scorecard
    from grader.report.page import Figure
    from grader.sandbox import Sandbox

DEFAULT = "report.html"
NO_PICTURES = 'Pictures need Matplotlib: pip install "layerwise[pictures]", then write the report again.'


@click.command()
@click.argument("targets", nargs=-1, metavar="[PATH] [EXERCISE]...")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT, show_default=True, metavar="FILE", help="The file to write.")
@click.option("--force", is_flag=True, help="Write it even over a file that is not a report.")
@click.option("--view", type=click.Choice(VIEWS), default="student", show_default=True, help="For whom the report is.")
@click.option("--no-pictures", is_flag=True, help="Leave the experiments out, which take most of the time.")
@click.option("--open", "opens", is_flag=True, help="Open the report in a browser.")
@sandbox_option
@course_option
def command(
    targets: tuple[str, ...], out: Path, force: bool, view: str, no_pictures: bool, opens: bool, sandbox: str, course_root: Path | None
) -> int:
    """Write one HTML file with the scorecard of a submission, and the experiments of the course drawn with its functions.

    The file needs nothing else: no network, no script. An argument that is the name of an exercise limits the report to it.
    """
    from grader.catalog import find_course
    from grader.commands.check import exit_code, split_targets
    from grader.model import View
    from grader.report.page import render_page
    from grader.sandbox.open import open_sandbox

    course = find_course(course_root, whole=True)
    path, exercises = split_targets(targets, course)
    # Said before a minute is spent on what could not be written.
    refuse_what_is_not_ours(out, force=force)
    with contextlib.closing(open_sandbox(sandbox, extra_modules=course.modules)) as box:
        card = graded(course, path, exercises, box)
        figures, missing = ([], "") if no_pictures else draw(course, card, box)
    write_report(out, render_page(card, view=View(view), figures=figures, missing=missing), force=force)
    click.echo(f"wrote {out} ({card.points} of {card.max_points} points, {counted(len(figures), 'figure')})")
    if missing:
        click.echo(missing, err=True)
    if opens:
        webbrowser.open(out.resolve().as_uri())
    return exit_code(card)


def graded(course: Course, path: Path, exercises: list[str], box: Sandbox) -> Scorecard:
    """Grade the submission as `grade check` does, with its line of running points where somebody watches."""
    from grader.commands.check import RunningLine, report_width
    from grader.grading import Grader
    from grader.model import Limits
    from grader.regrade import Session

    running = RunningLine(report_width()) if is_watched() else None
    look = Session(path, Grader(course), box, exercises, Limits(), running).look()
    assert look is not None  # noqa: S101 - the first look always grades
    if running is not None:
        running.clear()
    return look.card


def is_watched() -> bool:
    """Whether somebody sees a line that is written over and over."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def draw(course: Course, card: Scorecard, box: Sandbox) -> tuple[list[Figure], str]:
    """The experiments that use a function of what was graded, as figures; and why there are none, if that needs saying."""
    from grader.experiments import load_experiments, run_experiment
    from grader.report.figure import has_pictures

    graded = {function.name for exercise in card.exercises for function in exercise.functions}
    experiments = [one for one in load_experiments(course) if not graded.isdisjoint(one.needs)]
    if not experiments:
        return [], ""
    if not has_pictures():
        return [], NO_PICTURES
    from grader.report.gallery import figure_of

    figures = []
    for experiment in experiments:
        if is_watched():
            click.echo(f"\r\x1b[Kdrawing: {experiment.title} …", nl=False, err=True)
        figures.append(figure_of(run_experiment(course, experiment, card.submission, box)))
    if is_watched():
        click.echo("\r\x1b[K", nl=False, err=True)
    return figures, ""


def refuse_what_is_not_ours(out: Path, *, force: bool) -> None:
    """Leave a file alone that no report was written to before.

    Raises
    ------
    SubmissionError
        If there is one at `out`, and `force` is not given.
    """
    from grader.keep import bears_mark
    from grader.report.page import GENERATOR

    if out.is_dir():
        raise SubmissionError(f"{out} is a folder", remedy="Name a file with --out.")
    if not force and os.path.lexists(out) and not bears_mark(out, GENERATOR):
        raise SubmissionError(
            f"{out} was not written by Layerwise, so it was not overwritten", remedy="Name another file with --out, or give --force."
        )


def write_report(out: Path, text: str, *, force: bool) -> None:
    """Write the report, whole or not at all.

    Raises
    ------
    SubmissionError
        If it cannot be written, or if a file of somebody else's has come to stand there.
    """
    from grader.keep import write_new, write_whole

    refuse_what_is_not_ours(out, force=force)
    try:
        if os.path.lexists(out):
            write_whole(out, text)
        else:
            write_new(out, text)
    except OSError as error:
        remedy = "Name a file with --out that you may write."
        raise SubmissionError(f"{out} cannot be written: {error.strerror}", remedy=remedy) from error


def counted(number: int, what: str) -> str:
    """A number of things, in words that agree with it."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
