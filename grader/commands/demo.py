"""``grade demo``: grade the sample class that comes with Layerwise."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import sandbox_option
from grader.errors import CourseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.batch import Graded
    from grader.model import FunctionScore

# Short, because one of the samples never ends and a newcomer is waiting.
CALL_S = 1.0
SHOWN = "typical_mistakes"


@click.command()
@sandbox_option
def command(sandbox: str) -> None:
    """Grade the sample class that comes with Layerwise, and show one of its scorecards in full."""
    from grader.batch import BatchOptions, grade_many
    from grader.commands.check import wants_color
    from grader.model import Limits, View
    from grader.report import render

    root = sample_root()
    paths = sorted(path for path in root.iterdir() if path.is_dir() or path.suffix in (".zip", ".py"))
    started = time.monotonic()
    click.echo(f"Grading a class of {len(paths)} sample submissions …", err=True)
    options = BatchOptions(sandbox=sandbox, exercises=exercises_set(paths), limits=Limits(call_s=CALL_S))
    graded = list(grade_many(paths, options))
    seconds = time.monotonic() - started
    width = min(shutil.get_terminal_size().columns, 110)
    shown = next((one for one in graded if one.path.stem == SHOWN and one.card is not None), None)
    if shown is not None and shown.card is not None:
        click.echo(f"What the student of {shown.path.name} sees:\n")
        click.echo(render(shown.card, "text", view=View.STUDENT, width=width, color=wants_color()))
    _print_class(graded)
    layers = next(one.card.run.layers for one in graded if one.card is not None)
    click.echo(f"\n{len(graded)} submissions in {seconds:.1f} s, in the {layers.sandbox} sandbox. The samples are in {root}.")
    click.echo("→ next: grade start my-work && cd my-work && grade check")


def sample_root() -> Path:
    """The sample class: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).parent.parent
    for root in (package / "samples", package.parent / "samples"):
        if root.is_dir():
            return root
    raise CourseError("the sample class is not there", remedy="Install Layerwise again.")


def exercises_set(paths: Sequence[Path]) -> tuple[str, ...]:
    """The exercises for which any sample has a file: this class was set some of the course, not all of it."""
    from grader.catalog import load_course

    exercises = load_course().exercises
    return tuple(one.name for one in exercises if any((path / file).is_file() for path in paths for file in one.paths))


def _print_class(graded: list[Graded]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="The class", title_justify="left", box=None, pad_edge=False)
    table.add_column("submission")
    table.add_column("points", justify="right")
    table.add_column("what happened")
    for one in graded:
        points = f"{one.card.points}/{one.card.max_points}" if one.card else "–"
        table.add_row(one.path.name, points, what_happened(one))
    Console(highlight=False, markup=False).print(table)


def what_happened(one: Graded) -> str:
    """The most telling thing about a submission, in one line."""
    from grader.model import Verdict
    from grader.report.text import words
    from grader.safe_text import safe_text

    if one.card is None:
        return safe_text(one.error)
    card = one.card
    if card.points == card.max_points:
        return "full marks"
    for exercise in card.exercises:
        for function in exercise.functions:
            explained = _explanation(function) if function.verdict is card.verdict else ""
            if explained:
                return safe_text(f"{function.name}: {explained}")
            worst = next((check for check in function.checks if check.verdict is card.verdict and check.finding), None)
            if function.verdict is card.verdict and worst is not None and worst.finding is not None:
                message = safe_text(worst.finding.message)
                # Of a file that cannot be loaded, no function is to blame.
                named = message if function.name in message or message == exercise.message else f"{function.name}: {message}"
                return named if card.verdict is not Verdict.NOT_IMPLEMENTED else "not all done yet"
    return words(card.verdict)


def _explanation(function: FunctionScore) -> str:
    """What explains a function's results, in few words; empty where nothing does: what is then known are facts."""
    from grader.model import Evidence

    first = next((one for one in function.diagnoses if one.evidence is not Evidence.NOT_RECOGNISED), None)
    if first is None:
        return ""
    return f"two mistakes at once: {first.explanation}" if first.evidence is Evidence.TWO_MISTAKES else first.explanation
