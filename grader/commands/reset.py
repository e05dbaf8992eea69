"""``grade reset``: begin one exercise anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.hint import complain, journal_here
from grader.commands.naming import exercise_named
from grader.commands.options import course_option
from grader.errors import SubmissionError

if TYPE_CHECKING:
    from grader.catalog import Course, Exercise

HERE = Path()


@click.command()
@click.argument("name", metavar="EXERCISE")
@course_option
def command(name: str, course_root: Path | None) -> None:
    """Put the stub of an exercise back, in the folder where you work. Your file is kept beside it, as NAME.py.old; nothing is lost."""
    from grader.catalog import find_course
    from grader.keep import move_aside, write_new
    from grader.progress import forget

    course = find_course(course_root)
    exercise = exercise_named(course, name)
    path = file_of(course, exercise)
    if path.is_file() and path.read_bytes() == exercise.stub.encode():
        click.echo(f"{path} is still the stub; nothing was changed.")
        return
    journal = journal_here(course)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The old file goes first: were the stub moved over it, what an editor saves in between would be lost.
        kept = move_aside(path) if path.is_symlink() or path.exists() else None
        write_new(path, exercise.stub)
    except FileExistsError as error:
        raise SubmissionError(
            f"{path} was changed by another program just now, so it was not overwritten", remedy=f"Your own version is in {kept}."
        ) from error
    except OSError as error:
        raise SubmissionError(f"{path} cannot be reset: {error.strerror}", remedy="Work in a folder that you may write to.") from error
    if kept is not None:
        click.echo(f"kept  {kept}")
    click.echo(f"wrote {path}")
    journal.change(lambda progress: forget(progress, exercise.name))
    complain(journal)


def file_of(course: Course, exercise: Exercise) -> Path:
    """The file in which an exercise is done, or is to be done.

    Raises
    ------
    SubmissionError
        If it holds work of another exercise too, lies in a folder that somebody else may work in, or is no module.
    """
    from grader.progress import is_own_place
    from grader.regrade import place_of
    from grader.submission import load_submission

    submission = load_submission(HERE)
    place, _reason = place_of(course, exercise, submission)
    path = HERE / (place or exercise.paths[0])
    if place is not None and not is_own_place(course, exercise.name, place):
        raise SubmissionError(f"your work on {exercise.name} is {path}, which is not in the current folder", remedy=f"→ cd {path.parent}")
    shared = [other.name for other in course.exercises if other is not exercise and place_of(course, other, submission)[0] == place]
    if place is not None and shared:
        raise SubmissionError(
            f"{path} also holds the work of {', '.join(shared)}, which would be lost",
            remedy=f"Delete the functions of {exercise.name} in it by hand; `grade show {exercise.name}` has their names.",
        )
    if path.suffix != ".py" or path.is_dir():
        raise SubmissionError(
            f"{path} is not a Python file, so it was not changed", remedy=f"`grade start . {exercise.name}` writes the stub as a file."
        )
    return path
