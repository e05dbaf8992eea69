"""``grade class``: the report of a class in one HTML file, from what is stored of it."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.options import course_option
from grader.commands.rescore import store_option
from grader.errors import SubmissionError
from grader.safe_text import safe_text


@click.command("class")
@click.argument("results", type=click.Path(path_type=Path, file_okay=False))
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="The file to write (default: RESULTS/class.html).")
@click.option("--force", is_flag=True, help="Write it even over a file that is not a report.")
@click.option("--no-similarity", is_flag=True, help="Do not look for works that are alike, which takes most of the time.")
@store_option
@course_option
def command(results: Path, out: Path | None, url: str | None, course_root: Path | None, *, force: bool, no_similarity: bool) -> int:
    """Write one HTML file about the class in RESULTS, for its instructor.

    It has the distribution of the marks, where the class stands, the commonest mistakes, how each check has done, who needs help, and which
    works are alike. The tables items.csv, mistakes.csv and similarity.csv go into RESULTS. No student's code is run.
    """
    from grader.analysis.write import PAGE, write_class_report
    from grader.catalog import load_course
    from grader.commands.report import refuse_what_is_not_ours
    from grader.marks.stored import newest_revision, place_of
    from grader.store import Store

    place = place_of(results, url)
    refuse_what_is_not_ours(out or results / PAGE, force=force)
    with Store.open(place, read_only=True) as store:
        revision = newest_revision(store)
        try:
            results.mkdir(parents=True, exist_ok=True)
            path = write_class_report(store, load_course(course_root), results, revision, out=out, similarity=not no_similarity)
        except OSError as error:
            text = f"{safe_text(str(error.filename))} cannot be written: {error.strerror}"
            raise SubmissionError(text, remedy="Name another place with --out.") from error
    click.echo(f"wrote {path} (revision {revision.id})")
    return 0
