"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

course_option = click.option(
    "--course",
    "course_root",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder of a course of your own (default: the one that comes with Layerwise).",
)
sandbox_option = click.option(
    "--sandbox",
    type=click.Choice(["process", "docker", "plain"]),
    default="process",
    show_default=True,
    help="Where submitted code runs: a sealed process (Linux), a hardened container, or unprotected (your own code only).",
)

dask_option = click.option("--dask", "address", metavar="ADDRESS", default="", help="Grade on this Dask cluster, such as tcp://head:8786.")
dask_tls_option = click.option("--dask-tls", "tls", metavar="CA,CERT,KEY", help="For a tls:// address: the three PEM files.")


def read_tls(tls: str | None) -> tuple[str, str, str] | None:
    """The files that `--dask-tls` names, None if it was not given. Raises UsageError if they are not three."""
    if not tls:
        return None
    files = tls.split(",")
    if len(files) != 3:
        raise click.UsageError("--dask-tls names three files, with commas between: the authority, the certificate, its key.")
    return files[0], files[1], files[2]


def expect_dask() -> None:
    """Raise UsageError if Dask is not installed."""
    try:
        import distributed  # noqa: F401 - only asked whether it is there
    except ImportError as error:
        raise click.UsageError('--dask needs Dask: pip install "layerwise[cluster]"') from error
