"""``grade list``: the exercises of the course."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.options import course_option


@click.command()
@course_option
def command(course_root: Path | None) -> None:
    """List the exercises of the course, in the order in which one would learn them."""
    from grader.catalog import find_course

    course = find_course(course_root)
    click.echo(f"{course.title or course.name} ({course.version})\n")
    longest = max(len(exercise.name) for exercise in course.exercises)
    for exercise in course.exercises:
        count = len(exercise.functions)
        click.echo(f"  {exercise.name:<{longest}}  {count:>2} functions  {exercise.title}")
        if exercise.requires:
            click.echo(f"  {'':<{longest}}  {'':>12}  builds on {', '.join(exercise.requires)}")
    click.echo("\n→ next: grade show EXERCISE   (more about one), or grade start DIR   (writes the stubs)")
