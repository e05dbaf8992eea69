"""``grade check``: grade one submission and show its scorecard."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.commands.guarding import guard, sign_option
from grader.commands.handing_on import FORMS, render_for_machines
from grader.commands.options import course_option, sandbox_option
from grader.errors import ExitCode
from grader.safe_text import safe_text

if TYPE_CHECKING:
    from grader.catalog import Course
    from grader.model import ExerciseScore, Limits, News, Scorecard
    from grader.progress import Journal
    from grader.regrade import Look, Session
    from grader.sandbox import Sandbox
    from grader.sandbox.start import Started
    from grader.signing import PrivateKey

VIEWS = ("student", "instructor")
FORMATS = ("text", "json", *FORMS)
KIT_FOOT = "These are only the public checks; the hidden checks of the course run when you hand in."


@click.command()
@click.argument("targets", nargs=-1, metavar="[PATH] [EXERCISE]...")
@click.option("--only", multiple=True, metavar="FUNCTION", help="Grade only this function; may be given several times.")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True, help="For people or for machines.")
@click.option("--view", type=click.Choice(VIEWS), default="student", show_default=True, help="For whom the scorecard is.")
@click.option("--watch", is_flag=True, help="Grade again what has changed, whenever a file is saved.")
@click.option("--no-progress", is_flag=True, help="Remember nothing in this folder, and tell nothing of the last time.")
@click.option("-v", "--verbose", is_flag=True, help="Show every check, also those that passed.")
@click.option("--call-limit", type=click.FloatRange(0.1, 600), default=5.0, show_default=True, metavar="S", help="Seconds for one call.")
@click.option("--memory", type=click.IntRange(64, 65536), default=1024, show_default=True, metavar="MIB", help="Memory for submitted code.")
@sign_option
@sandbox_option
@course_option
@click.pass_obj
def command(
    started: Started | None, /, targets: tuple[str, ...], *, watch: bool, sandbox: str, course_root: Path | None, **options: Any
) -> int:
    """Grade a submission: a folder, a .py file, a notebook (.ipynb) or a .zip; the current folder by default.

    An argument that is the name of an exercise (see `grade list`) limits the check to it. In what is printed, a check is one requirement
    with its points, and a test is one call of your function.
    """
    from grader.catalog import find_course
    from grader.model import Limits
    from grader.sandbox.open import open_sandbox

    if options["sign"] and (watch or options["output"] != "json"):
        raise click.UsageError("--sign is for one JSON document: give --format json, and no --watch.")
    if watch and options["output"] in FORMS:
        raise click.UsageError(f"--watch never ends, and --format {options['output']} is one document: give one of them.")
    # A kit may be its bearer's own making, and what is signed must not be.
    course = find_course(course_root, whole=bool(options["sign"]))
    signer = guard(course, options["sign"], sandbox=sandbox)
    path, exercises = split_targets(targets, course)
    if course_root is None:
        tell_of_kit(path, course)
    exercises = exercises or exercises_of(course, options["only"])
    limits = Limits(call_s=options["call_limit"], memory_mib=options["memory"])
    # The sandbox warms up in a process of its own while this one imports NumPy and plans.
    box = open_sandbox(sandbox, extra_modules=course.modules, limits=limits, started=started)
    try:
        session, journal = prepare(course, path, exercises, box, limits, watch=watch, **options)
        if watch:
            from grader.commands.watching import watch_session

            return watch_session(session, journal, **options)
        return check_once(session, journal, signer=signer, **options)
    finally:
        box.close()


def prepare(
    course: Course, path: Path, exercises: list[str], box: Sandbox, limits: Limits, *, watch: bool, **options: Any
) -> tuple[Session, Journal | None]:
    """What looks at the submission, and what remembers it: a journal in the folder, one of this process, or none."""
    from grader.grading import Grader
    from grader.progress import Journal
    from grader.regrade import Session

    session = Session(path, Grader(course, frozenset(options["only"])), box, exercises, limits)
    here = not options["no_progress"] and is_own_work(path, view=options["view"], output=options["output"])
    return session, Journal(path if here else None, course) if here or watch else None


def is_own_work(path: Path, *, view: str = VIEWS[0], output: str = FORMATS[0]) -> bool:
    """Whether somebody works here, so that progress is remembered: who stands in the folder, and reads as a student does.

    A class is graded from outside of its folders, machines read JSON, and services that integrate (``CI`` is set by all of them) begin
    with a fresh copy every time.
    """
    if view != VIEWS[0] or output != FORMATS[0] or os.environ.get("CI", "").lower() not in ("", "0", "false"):
        return False
    try:
        return path.is_dir() and path.samefile(Path.cwd())
    except OSError:
        return False


def check_once(session: Session, journal: Journal | None, signer: PrivateKey | None = None, **options: Any) -> int:
    """Grade, remember, and show the whole scorecard."""
    from grader.model import View
    from grader.report import render

    running = None
    if options["output"] == "text" and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        session.tell = running = RunningLine(report_width())
    look = session.look()
    assert look is not None  # noqa: S101 - the first look always grades
    if running is not None:
        running.clear()
    news = tell(journal, look)
    if options["output"] in FORMS:
        click.echo(render_for_machines(look.card, options["output"], View(options["view"]), session.path), nl=False)
        return exit_code(look.card)
    if signer is not None:
        from grader.signing import render_signed

        click.echo(render_signed(look.card, View(options["view"]), signer), nl=False)
        return exit_code(look.card)
    shown = {"view": View(options["view"]), "verbose": options["verbose"], "width": report_width(), "color": wants_color()}
    shown |= {"of_one_file": is_one_file(session)}
    click.echo(render(look.card, options["output"], **shown, **named_again(session), news=news), nl=False)
    if options["output"] == "text" and session.grader.course.is_kit:
        click.echo(KIT_FOOT)
    return exit_code(look.card)


def is_one_file(session: Session) -> bool:
    """Whether one Python file is the whole submission and no exercise was named: then most of the course is not meant."""
    return session.path.suffix == ".py" and not session.exercises


def tell_of_kit(path: Path, course: Course) -> None:
    """Say that a kit inside of a submission is not looked at: else a submission could bring the checks that it passes."""
    from grader.catalog import KIT

    if not course.is_kit and (path / KIT / "course.toml").is_file():
        shown = safe_text(str(path))
        step = f"cd {shown} && grade check"
        click.echo(f"grade: {shown} has a student kit, which is used only from inside that folder. To use it: {step}", err=True)


def named_again(session: Session) -> dict[str, str]:
    """What the next command has to name as this one did: the submission, and a course of one's own; nothing where it is the default."""
    from grader.catalog import KIT, default_course_root

    root = session.grader.course.root
    return {
        "path": safe_text(str(session.path)) if session.path != Path() else "",
        "course": "" if root in (default_course_root(), Path.cwd() / KIT) else safe_text(str(root)),
    }


class RunningLine:
    """One line in the terminal that shows the points of each exercise as soon as they stand; the report takes its place."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.scores: list[str] = []

    def __call__(self, score: ExerciseScore) -> None:
        """Add one exercise; what does not fit goes out on the left."""
        self.scores.append(f"{score.name} {score.points}/{score.max_points}")
        line = "  ".join(self.scores)
        click.echo(f"\r\x1b[K{line if len(line) < self.width else '… ' + line[len(line) - self.width + 3 :]}", nl=False, err=True)

    def clear(self) -> None:
        """Leave no trace."""
        click.echo("\r\x1b[K", nl=False, err=True)


def tell(journal: Journal | None, look: Look) -> News | None:
    """What has changed since the last time, as far as anything is remembered."""
    if journal is None:
        return None
    news = journal.note(look.card)
    if journal.complaint:
        click.echo(f"grade: {journal.complaint}", err=True)
        journal.complaint = ""
    return news


def report_width() -> int:
    """How wide a report is: as the terminal, and never so wide that points are far from their names."""
    return min(shutil.get_terminal_size().columns, 110)


def split_targets(targets: tuple[str, ...], course: Course) -> tuple[Path, list[str]]:
    """Tell the path of the submission from the names of exercises."""
    names = {exercise.name for exercise in course.exercises}
    exercises = [exercise.name for exercise in course.exercises if exercise.name in targets]
    paths = [target for target in targets if target not in names]
    if len(paths) > 1:
        known = ", ".join(exercise.name for exercise in course.exercises)
        raise click.UsageError(
            f"grade check takes one submission, and {paths[1]!r} is not the name of an exercise. The exercises are {known}."
        )
    return Path(paths[0] if paths else "."), exercises


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
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def exit_code(card: Scorecard) -> int:
    """What the command returns for a scorecard."""
    if card.verdict == "grader_error":
        return int(ExitCode.NO_SANDBOX)
    return int(ExitCode.FULL_MARKS if card.points == card.max_points else ExitCode.POINTS_LOST)
