"""What `grade check` and `grade batch` do before they hold a secret: a seed, or the key that signs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.catalog import Course
    from grader.signing import PrivateKey

sign_option = click.option(
    "--sign",
    type=click.Path(path_type=Path),
    metavar="KEYFILE",
    help="Sign the scorecard (JSON) with this private key; `grade keys` makes one.",
)


def guard(course: Course, key: Path | None, *, sandbox: str) -> PrivateKey | None:
    """Keep the secrets of this process in it, say if the seed lies open, and read the key that is to sign, if any.

    Raises
    ------
    click.UsageError
        If submitted code would run where it could read the key.
    grader.signing.KeyFileError
        If the key cannot be used.
    """
    if key is not None:
        from grader.secrecy import shield_memory

        shield_memory()
    if course.seed_is_secret:
        from grader.seeding import seed_exposure

        warning = seed_exposure(course.root)
        if warning:
            click.echo(f"grade: {warning}", err=True)
    if key is None:
        return None
    if sandbox == "plain":
        raise click.UsageError("--sign needs a sandbox that protects the key: with --sandbox plain, the graded code can read it.")
    from grader.signing import load_private_key

    return load_private_key(key)
