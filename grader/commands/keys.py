"""``grade keys``: the pair of keys with which a course signs scorecards."""

from __future__ import annotations

from pathlib import Path

import click

from grader.secrecy import exposure


@click.command()
@click.argument("what", type=click.Choice(["new", "show"]), metavar="new|show")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(what: str, file: Path) -> int:
    """Make a pair of keys (new FILE), or show the fingerprint of a public one (show FILE.pub).

    FILE is the private key: whoever has it can sign marks in the name of the course. FILE.pub, beside it, is for everybody.
    """
    from grader.signing import load_public_key, new_key

    if what == "show":
        click.echo(load_public_key(file).fingerprint)
        return 0
    key = new_key(file)
    click.echo(f"{file}: keep it where your class cannot read it, and have a copy\n{file}.pub: publish it\n{key.fingerprint}")
    warning = exposure(file)
    if warning:
        click.echo(f"grade: {warning}", err=True)
    return 0
