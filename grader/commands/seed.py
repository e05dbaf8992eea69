"""``grade seed``: the secret seed of a course, from which its hidden inputs come."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.options import course_option

AGAIN = "All results will be graded again: hidden inputs are other ones now, and old scorecards name the old seed by its fingerprint."


@click.command()
@click.argument("what", type=click.Choice(["new", "show"]), metavar="new|show")
@click.option("--rotate", is_flag=True, help="Replace the seed that is there; the old one is kept beside it, with the date in its name.")
@course_option
def command(what: str, *, rotate: bool, course_root: Path | None) -> int:
    """Make a secret seed (new), or say which one the course has, by its fingerprint, and how safe it is (show).

    The seed itself is never shown. It goes into the file that `[seed] file` in course.toml names.
    """
    from grader.catalog import default_course_root, load_course
    from grader.seeding import new_seed, seed_exposure

    if what == "show" and rotate:
        raise click.UsageError("--rotate makes a new seed: `grade seed new --rotate`.")
    root = course_root or default_course_root()
    if what == "new":
        made = new_seed(root, rotate=rotate)
        click.echo(f"{made.path}: fingerprint {load_course(root).mark.seed_fingerprint}")
        if made.kept is not None:
            click.echo(f"{made.kept}: the old one. {AGAIN}")
    else:
        mark = load_course(root).mark
        click.echo(f"{mark.seed} seed, fingerprint {mark.seed_fingerprint}")
    warning = seed_exposure(root)
    if warning:
        click.echo(f"grade: {warning}", err=True)
    return 0
