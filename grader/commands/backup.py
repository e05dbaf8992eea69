"""``grade backup``: a copy of the store of a service, or of a class, while it is in use."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.serve import data_option, place_of, store_option


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
@store_option
def command(file: Path, folder: Path, url: str | None) -> int:
    """Copy everything that a service keeps into FILE, which must not be there, while the service runs or not.

    To restore, put the copy in the place of DIR/layerwise.db while nothing runs; docs/operating.md has it step by step. --data also takes
    the results folder of `grade batch`.
    """
    from grader.store.backup import back_up

    made = back_up(place_of(folder, url), file)
    click.echo(f"{made.path}: {made.size_bytes} bytes")
    return 0
