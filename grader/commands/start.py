"""``grade start``: write the stubs."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from grader.commands.naming import exercise_named
from grader.commands.options import course_option
from grader.errors import SubmissionError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
@course_option
def command(folder: Path, exercises: tuple[str, ...], course_root: Path | None) -> None:
    """Write the stubs into DIR. A file that is there already is never touched."""
    from grader.catalog import find_course

    course = find_course(course_root)
    wanted = {exercise_named(course, name).name for name in exercises}
    written = 0
    for exercise in course.exercises:
        if wanted and exercise.name not in wanted:
            continue
        path = folder / exercise.paths[0]
        if write_new(path, exercise.stub):
            written += 1
            click.echo(f"wrote {path}")
        else:
            click.echo(f"kept  {path} (it was there already)")
    check = next_check(folder, course_root, in_kit=course.is_kit)
    click.echo(f"→ next: {check}" if written else f"Nothing was missing. → next: {check}")


def next_check(folder: Path, course_root: Path | None, *, in_kit: bool = False) -> str:
    """The command that checks what was written: in its folder, or from here, where a course was named or a kit lies."""
    from grader.report.text import command as command_line

    here = folder == Path()
    if course_root is not None:
        return command_line("check", "" if here else str(folder), course=str(course_root))
    if in_kit:
        return command_line("check", "" if here else str(folder))
    return "grade check" if here else f"cd {shlex.quote(str(folder))} && grade check"


def write_new(path: Path, text: str) -> bool:
    """Write a file that must not exist yet, and say whether it did not."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Mode x is atomic: between a test and a plain write somebody's work could be lost.
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return False
    except OSError as error:
        raise SubmissionError(f"{path} cannot be written: {error.strerror}", remedy="Name a folder that you may write to.") from error
    return True
