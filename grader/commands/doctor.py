"""``grade doctor``: which sandboxes work here."""

from __future__ import annotations

import click

from grader.errors import ExitCode


@click.command()
def command() -> int:
    """Say which sandboxes work here, which layers protect the grader, and why not the others. Found out by doing."""
    from grader.sandbox.probe import examine

    works = False
    for found in examine():
        works = works or (found.works and found.name != "plain")
        click.echo(f"{'✓' if found.works else '✗'} {found.name}")
        for line in found.lines:
            click.echo(f"    {line}")
        if found.remedy:
            click.echo(f"    → {found.remedy}")
    return int(ExitCode.FULL_MARKS if works else ExitCode.NO_SANDBOX)
