"""``grade verify``: prove the course."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.options import course_option, sandbox_option
from grader.errors import ExitCode


@click.command()
@click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
@click.option("--mutants", is_flag=True, help="Grade mutants of the reference instead, and list those that lose nothing.")
@click.option("--spread", is_flag=True, help="Also print how much of their tolerances the variants use.")
@click.option("--matrix", is_flag=True, help="Also print which mistakes each check catches.")
@sandbox_option
@course_option
def command(exercises: tuple[str, ...], *, mutants: bool, spread: bool, matrix: bool, sandbox: str, course_root: Path | None) -> int:
    """Prove the course: the stub earns nothing, the reference and every variant earn everything, every mistake loses and is named,
    and every check catches at least one wrong answer that does not crash. All of it runs through the sandbox.

    With --mutants: change every operator, constant, axis, sign and term of the reference in turn, and list what no check notices.
    """
    from grader.catalog import load_course
    from grader.sandbox.open import open_sandbox
    from grader.verify import verify_course

    course = load_course(course_root)
    for name in exercises:
        course.exercise(name)
    if mutants:
        return survey(course_root, exercises, sandbox)
    box = open_sandbox(sandbox, extra_modules=course.modules)
    try:
        proofs = []
        for proof in verify_course(course, box, exercises):
            proofs.append(proof)
            click.echo(
                f"{proof.exercise}: {_many(proof.functions, 'function')}, {_many(proof.checks, 'check')}, "
                f"{_many(proof.variants, 'variant')}, {_many(proof.mistakes, 'known mistake')}"
            )
            for claim in proof.claims:
                click.echo(f"  {'✗' if claim.broken else '✓'} {claim.text}")
                for fault in claim.broken:
                    click.echo(f"      {fault}")
            if spread:
                for one in proof.spreads:
                    click.echo(f"    {one.function}, rtol {one.rtol:g}: {one.variant} uses {one.share:.2g} of it")
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


def survey(course_root: Path | None, exercises: tuple[str, ...], sandbox: str) -> int:
    """Grade mutants and tell what became of them."""
    from grader.survivors import survey_course

    surveys = []
    for one in survey_course(course_root, exercises, sandbox=sandbox):
        surveys.append(one)
        click.echo(
            f"{one.exercise}: {one.made} mutants, {one.killed} killed, {one.equivalent} equivalent, {len(one.survivors)} unexplained"
        )
        for mutant in one.survivors:
            again = f"  (occurrence {mutant.occurrence})" if mutant.occurrence > 1 else ""
            click.echo(f"  ✗ {mutant.function}, line {mutant.line}{again}\n      - {mutant.before}\n      + {mutant.after}")
        for function, before, after, _occurrence in one.stale:
            click.echo(f"  ✗ {function}: listed as equivalent, but no such mutant survives\n      - {before}\n      + {after}")
    if all(one.holds for one in surveys):
        click.echo("Every mutant is killed or explained.")
        return int(ExitCode.FULL_MARKS)
    click.echo("Mend the checks, or say in reference/equivalents/ why a mutant makes no difference.")
    return int(ExitCode.COURSE_BROKEN)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
