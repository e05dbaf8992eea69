"""``grade schema``: the JSON Schema of a scorecard."""

from __future__ import annotations

import json

import click


@click.command()
def command() -> None:
    """Print the JSON Schema (2020-12) that every scorecard of `grade check --format json` is valid under."""
    from grader.scorecard import scorecard_schema

    click.echo(json.dumps(scorecard_schema(), indent=2, ensure_ascii=False))
