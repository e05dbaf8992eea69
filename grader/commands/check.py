"""``grade check``: grade one submission and show its scorecard."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.commands.options import course_option, sandbox_option
from grader.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.catalog import Course
    from grader.model import Limits, Scorecard
    from grader.sandbox import Sandbox
    from grader.sandbox.start import Started

VIEWS = ("student", "instructor")
FORMATS = ("text", "json")


@click.command()
@click.argument("targets", nargs=-1, metavar="[PATH] [EXERCISE]...")
@click.option("--only", multiple=True, metavar="FUNCTION", help="Grade this function alone; may be given several times.")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True, help="For people or for machines.")
@click.option("--view", type=click.Choice(VIEWS), default="student", show_default=True, help="For whom the scorecard is.")
@click.option("--watch", is_flag=True, help="Grade again whenever a file changes.")
@click.option("-v", "--verbose", is_flag=True, help="Show every check, also those that passed.")
@click.option("--call-limit", type=click.FloatRange(0.1, 600), default=5.0, show_default=True, metavar="S", help="Seconds for one call.")
@click.option("--memory", type=click.IntRange(64, 65536), default=1024, show_default=True, metavar="MIB", help="Memory for submitted code.")
@sandbox_option
@course_option
@click.pass_obj
def command(
    started: Started | None, /, targets: tuple[str, ...], *, watch: bool, sandbox: str, course_root: Path | None, **options: Any
) -> int:
    """Grade a submission: a folder, a .py file or a .zip; the current folder by default.

    An argument that is the name of an exercise (see `grade list`) limits the check to it.
    """
    from grader.catalog import load_course
    from grader.model import Limits
    from grader.sandbox.open import open_sandbox

    course = load_course(course_root)
    path, exercises = split_targets(targets, course)
    exercises = exercises or exercises_of(course, options["only"])
    limits = Limits(call_s=options["call_limit"], memory_mib=options["memory"])
    # The sandbox warms up in a process of its own while this one imports NumPy and plans.
    box = open_sandbox(sandbox, extra_modules=course.modules, limits=limits, started=started)
    try:
        check_once = prepare(course, path, exercises, box, limits, **options)
        if watch:
            from grader.watch import watch_submission

            return watch_submission(path, check_once)
        return check_once()
    finally:
        box.close()


def split_targets(targets: tuple[str, ...], course: Course) -> tuple[Path, list[str]]:
    """Tell the path of the submission from the names of exercises."""
    names = {exercise.name for exercise in course.exercises}
    exercises = [target for target in targets if target in names]
    paths = [target for target in targets if target not in names]
    if len(paths) > 1:
        raise click.UsageError(f"{paths[1]!r} is neither an exercise nor the only submission; exercises are {', '.join(sorted(names))}.")
    return Path(paths[0] if paths else "."), exercises


def prepare(course: Course, path: Path, exercises: list[str], box: Sandbox, limits: Limits, **options: Any) -> Callable[[], int]:
    """Everything of a check that need not be done again when a file has changed."""
    from grader.grading import Grader, grade_submission
    from grader.model import View
    from grader.report import render
    from grader.submission import load_submission

    grader = Grader(course, frozenset(options["only"]))

    def check_once() -> int:
        submission = load_submission(path)
        card = grade_submission(submission, box, grader=grader, exercises=exercises, limits=limits)
        width = min(shutil.get_terminal_size().columns, 110)
        click.echo(
            render(card, options["output"], view=View(options["view"]), verbose=options["verbose"], width=width, color=wants_color()),
            nl=False,
        )
        return exit_code(card)

    return check_once


def exercises_of(course: Course, only: tuple[str, ...]) -> list[str]:
    """The exercises that hold the functions named by --only."""
    known = {function.name: exercise.name for exercise in course.exercises for function in exercise.functions}
    unknown = sorted(set(only) - set(known))
    if unknown:
        import difflib

        near = difflib.get_close_matches(unknown[0], known, n=1)
        raise click.UsageError(f"No exercise has a function {unknown[0]!r}{f'; did you mean {near[0]}?' if near else '.'}")
    return list(dict.fromkeys(known[name] for name in known if name in only))


def wants_color() -> bool:
    """Whether stdout is a terminal whose user has not set NO_COLOR (no-color.org)."""
    import os

    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def exit_code(card: Scorecard) -> int:
    """What the command returns for a scorecard."""
    if card.verdict == "grader_error":
        return int(ExitCode.NO_SANDBOX)
    return int(ExitCode.FULL_MARKS if card.points == card.max_points else ExitCode.POINTS_LOST)
