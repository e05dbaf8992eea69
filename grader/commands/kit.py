"""``grade kit``: what students receive."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from grader.commands.naming import exercise_named
from grader.commands.options import course_option


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False), metavar="OUT")
@click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
@click.option("--zip", "zips", is_flag=True, help="Write OUT.zip as well.")
@click.option("--template", is_flag=True, help="Make it a template for a repository: with a workflow that checks every push.")
@course_option
def command(out: Path, exercises: tuple[str, ...], *, zips: bool, template: bool, course_root: Path | None) -> None:
    """Make what students receive of a course, in the folder OUT: stubs, public checks, and a README. Nothing of the hidden side is in it.

    `grade check` works in it, with the public checks alone.
    """
    from grader.catalog import load_course
    from grader.kit.build import build_kit, write_kit, write_zip

    course = load_course(course_root)
    names = [exercise.name for exercise in course.exercises]
    wanted = {exercise_named(course, name).name for name in exercises}
    kit = build_kit(course, [course.exercise(name) for name in names if name in wanted], template=template)
    write_kit(kit.files, out)
    click.echo(f"wrote {out}: {len(kit.files)} files, {kit.checks} public checks")
    if zips:
        path = out.with_name(f"{out.resolve().name}.zip")
        write_zip(kit.files, path, out.resolve().name)
        click.echo(f"wrote {path}")
    if kit.weaker:
        click.echo(f"{len(kit.weaker)} of the checks test less than in class, since they are code of the course:")
        for one in kit.weaker:
            click.echo(f"  {one}")
    click.echo(f"→ next: cd {shlex.quote(str(out))} && grade check")
