"""``grade verify``: prove the course."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.options import course_option, sandbox_option
from grader.errors import ExitCode


@click.command()
@click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
@click.option("--matrix", is_flag=True, help="Also print which mistakes each check catches.")
@sandbox_option
@course_option
def command(exercises: tuple[str, ...], *, matrix: bool, sandbox: str, course_root: Path | None) -> int:
    """Prove the course: the stub earns nothing, the reference and every variant earn everything, every mistake loses and is named,
    and every check catches at least one wrong answer that does not crash. All of it runs through the sandbox.
    """
    from grader.catalog import load_course
    from grader.sandbox.open import open_sandbox
    from grader.verify import verify_course

    course = load_course(course_root)
    box = open_sandbox(sandbox, extra_modules=course.modules)
    try:
        for name in exercises:
            course.exercise(name)
        proofs = []
        for proof in verify_course(course, box, exercises):
            proofs.append(proof)
            click.echo(
                f"{proof.exercise}: {proof.functions} functions, {proof.checks} checks, "
                f"{proof.variants} variants, {proof.mistakes} known mistakes"
            )
            for claim in proof.claims:
                click.echo(f"  {'✗' if claim.broken else '✓'} {claim.text}")
                for fault in claim.broken:
                    click.echo(f"      {fault}")
            if matrix:
                for (function, check), caught in sorted(proof.caught.items()):
                    click.echo(f"    {function}: {check} catches {', '.join(caught)}")
    finally:
        box.close()
    if all(proof.holds for proof in proofs):
        click.echo("Proven.")
        return int(ExitCode.FULL_MARKS)
    click.echo("Not proven: mend what is marked ✗.")
    return int(ExitCode.COURSE_BROKEN)
