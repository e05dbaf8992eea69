"""``grade new``: begin an exercise of one's own."""

from __future__ import annotations

import shlex
from pathlib import Path

import click


@click.command()
@click.argument("name", metavar="NAME")
@click.option(
    "--course",
    "root",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="DIR",
    help="The folder of your course (default: the current folder). A folder without a course.toml becomes a new course.",
)
def command(name: str, root: Path) -> None:
    """Begin an exercise: write a small one that works, called NAME, into a course of your own.

    Change it into yours file by file; `grade verify` proves it at every step. Nothing that is there is ever overwritten.
    """
    from grader.catalog import read_toml
    from grader.scaffold import line_for_layout, scaffold_files, why_not, write_scaffold

    refusal = why_not(root, name)
    if refusal:
        raise click.UsageError(refusal)
    if (root / "course.toml").exists():
        # A course that cannot be read is told of before anything is written into it.
        read_toml(root / "course.toml")
    files = scaffold_files(root, name)
    write_scaffold(files)
    for path in files:
        click.echo(f"wrote {path}")
    line = line_for_layout(root, name)
    if line:
        click.echo(f"→ for a place of its own in the order of learning, add to [layout] in {root / 'course.toml'}: {line}")
    click.echo(f"→ next: grade verify {name} --course {shlex.quote(str(root))}")
