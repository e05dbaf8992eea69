"""``grade signature``: whether scorecards are those that a course has signed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.errors import ExitCode
from grader.safe_text import safe_text

if TYPE_CHECKING:
    from grader.signing import PublicKey


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--key",
    "keys",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    metavar="PUBLIC",
    help="A public key that you trust; may be given several times.",
)
def command(files: tuple[Path, ...], keys: tuple[Path, ...]) -> int:
    """Verify that each FILE is a scorecard which the owner of the key has signed, and that nothing in it was changed.

    One line for each says whose work it is and what it was given: a signature holds for that work alone. Exit codes: 0 all are good,
    3 one is not signed, or by another key, or was changed, 4 one is no scorecard, 5 a key cannot be read.
    """
    from grader.signing import load_public_key

    trusted = [load_public_key(path) for path in keys]
    return max(_verify(path, trusted) for path in files)


def _verify(path: Path, trusted: list[PublicKey]) -> int:
    from grader.signing import SignatureError, UnsignableError, parse_document, verify_document

    try:
        document = parse_document(path.read_bytes())
        verify_document(document, trusted)
    except OSError as error:
        click.echo(f"✗ {safe_text(str(path))}: it cannot be read: {error.strerror}", err=True)
        return int(ExitCode.SUBMISSION_UNREADABLE)
    except (SignatureError, UnsignableError) as error:
        click.echo(f"✗ {safe_text(str(path))}: {error}. {error.remedy}".rstrip(), err=True)
        return int(error.exit_code)
    click.echo(f"✓ {safe_text(str(path))}: {_account(document)}")
    return 0


def _account(document: dict[str, Any]) -> str:
    """Whose work the document is about, and what it says: a genuine scorecard of somebody else proves nothing."""
    course, submission, run = document["course"], document["submission"], document["run"]
    exercises = ", ".join(exercise["name"] for exercise in document["exercises"])
    said = (
        f"{submission['name']}, {document['points']}/{document['max_points']} points ({exercises}), work {submission['digest']}, "
        f"course {course['name']} {course['version']} with a {course['seed']} seed, "
        f"{run['started_at']}, {run['sandbox']['sandbox']} sandbox"
    )
    return safe_text(said)
