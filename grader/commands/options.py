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
