"""``grade export``: the results of a class in the forms that courses need, and a Gradescope autograder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.commands.check import VIEWS
from grader.commands.options import course_option
from grader.export import EXPORTS, ExportError
from grader.export.gradescope import VISIBILITIES
from grader.safe_text import safe_text

if TYPE_CHECKING:
    from grader.classwork import Revision
    from grader.export import ClassResults
    from grader.export.results import Document
    from grader.store import Store

FOLDERS = {"instructor": "scorecards", "student": "scorecards-student"}


@click.command(epilog="Forms: " + "; ".join(f"{name}: {one.description}" for name, one in EXPORTS.items()) + ".")
@click.argument("name", type=click.Choice(list(EXPORTS)), metavar="FORM")
@click.argument("results", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--out", type=click.Path(path_type=Path), metavar="PATH", help="The file or folder to write (default: in RESULTS/exports).")
@click.option("--view", type=click.Choice(VIEWS), default="student", show_default=True, help="Whose scorecards are told from.")
@click.option("--assignment", default="", metavar="NAME", help="What the platform calls the assignment.")
@click.option("--classroom", default="", metavar="NAME", help="For classroom50: the classroom's short name.")
@click.option("--out-of", metavar="POINTS", help="For canvas and moodle: what the platform gives for all of it; marks are scaled to it.")
@click.option("--by-exercise", is_flag=True, help="For canvas: one column for each exercise.")
@click.option(
    "--hidden-checks",
    type=click.Choice(VISIBILITIES),
    default=VISIBILITIES[0],
    show_default=True,
    help="For gradescope: when students see how hidden checks ended.",
)
@click.option("--store", "url", metavar="URL", help="Where everything is kept, if not in RESULTS/layerwise.db.")
@click.option("--autograder", type=click.Path(path_type=Path, dir_okay=False), metavar="ZIP", help="For gradescope: write an autograder.")
@click.option("--wheel", "wheels", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help="A wheel to put into it.")
@click.option("--only", "exercises", multiple=True, metavar="EXERCISE", help="What it grades (default: all).")
@course_option
def command(name: str, results: Path | None, autograder: Path | None, **options: Any) -> int:
    """Write the results of the class in RESULTS in one FORM, or a Gradescope autograder."""
    if autograder is not None:
        if name != "gradescope" or results is not None:
            raise click.UsageError("--autograder belongs to `grade export gradescope`, without results.")
        return write_autograder(autograder, **options)
    if results is None:
        raise click.UsageError("Name the folder of results that `grade batch` has written.")
    export = EXPORTS[name]
    from grader.marks.stored import newest_revision, place_of
    from grader.store import Store

    with Store.open(place_of(results, options["url"]), read_only=True) as store:
        given = class_results(store, newest_revision(store), results, **options)
    click.echo(f"wrote {write_files(export.writer(given), options['out'], results / 'exports' / name, many=export.many)}")
    for note in export.notes(given):
        click.echo(f"grade: {note}", err=True)
    return 0


def class_results(store: Store, revision: Revision, results: Path, **options: Any) -> ClassResults:
    """What is exported: the people and marks of the store, and the scorecards of the folder."""
    from grader.export import ClassResults

    return ClassResults(
        students=store.students(),
        revision=revision,
        card=Cards(results / FOLDERS[options["view"]]),
        assignment=options["assignment"],
        classroom=options["classroom"],
        out_of=points_of(options["out_of"]),
        by_exercise=options["by_exercise"],
        hidden_checks=options["hidden_checks"],
        submitted_at=times(store, revision),
    )


class Cards:
    """Finds the scorecard of a student in a folder of results."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, student: str) -> Document | None:
        """Read it; None if there is none."""
        from grader.intake import safe_id

        path = self.folder / f"{safe_id(student)}.json"
        try:
            document: Document = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            text = f"the scorecard {safe_text(str(path))} cannot be read"
            raise ExportError(text, remedy="`grade rescore` writes all of them again.") from error
        return document


def times(store: Store, revision: Revision) -> Mapping[str, datetime]:
    """When the newest work that counts for each student was handed in, where that is known."""
    by_number = {one.id: one.handin.submitted_at for one in store.handins()}
    newest: dict[str, int] = {}
    for mark in revision.marks:
        if mark.handin is not None:
            newest[mark.student] = max(mark.handin, newest.get(mark.student, 0))
    return {student: at for student, number in newest.items() if (at := by_number.get(number)) is not None}


def points_of(text: str | None) -> Fraction | None:
    """Read --out-of."""
    if text is None:
        return None
    try:
        points = Fraction(text)
    except (ValueError, ZeroDivisionError):
        points = Fraction(0)
    if points <= 0:
        raise click.UsageError(f"--out-of must be a number of points above 0, and {text!r} is not.")
    return points


def write_files(files: Iterable[tuple[str, str]], out: Path | None, ours: Path, *, many: bool) -> str:
    """Write an export to `out`, a file or a folder, and say where it went; without one, as or into `ours`, where nothing old is left.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    from grader.keep import write_whole

    folder = (out or ours) if many else ours.parent
    written, path = set(), folder
    try:
        for name, text in files:
            path = out if out is not None and not many else folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text)
            written.add(path.name)
        if many and out is None and folder.is_dir():
            # Of somebody who has left the class, or whose mark is not final any more.
            for old in (one for one in folder.iterdir() if one.is_file() and one.name not in written):
                old.unlink()
    except OSError as error:
        raise ExportError(f"{safe_text(str(path))} cannot be written: {error.strerror}", remedy="Name another place with --out.") from error
    return f"{len(written)} file{'' if len(written) == 1 else 's'} into {folder}" if many else str(path)


def write_autograder(place: Path, *, course_root: Path | None, wheels: tuple[Path, ...], **options: Any) -> int:
    """Write the zip, and say what is in it."""
    from grader import __version__
    from grader.catalog import load_course
    from grader.export.autograder import build_autograder

    course = load_course(course_root)
    exercises = tuple(course.exercise(name).name for name in options["exercises"])
    seed = course.seed if course.seed_is_secret else None
    built = build_autograder(course.root, seed=seed, exercises=exercises, wheels=wheels, hidden_checks=options["hidden_checks"])
    try:
        # The hidden side is in it: nobody else on this machine needs to read it.
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(built)
    except OSError as error:
        raise ExportError(f"{safe_text(str(place))} cannot be written: {error.strerror}", remedy="Name another file.") from error
    click.echo(
        f"wrote {place}, which contains the hidden checks, the reference{' and the secret seed' if seed else ''}: only for Gradescope"
    )
    if not any(path.name.startswith("layerwise-") for path in wheels):
        text = f"no wheel of Layerwise is in it, so the package index must have layerwise=={__version__} (or give --wheel)"
        click.echo(f"grade: {text}", err=True)
    return 0
