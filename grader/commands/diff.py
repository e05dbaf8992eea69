"""``grade diff``: what changed between two states of all marks, and why."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.marks.reasons import Side
    from grader.store import Store

FORMATS = ("text", "json", "csv")


@click.command()
@click.argument("old", metavar="OLD[@REVISION]")
@click.argument("new", required=False, metavar="[NEW[@REVISION]]")
@click.option("--format", "output", type=click.Choice(FORMATS), default="text", show_default=True, help="For people or for machines.")
@click.option("-v", "--verbose", is_flag=True, help="Name those who stay as well.")
def command(old: str, new: str | None, output: str, verbose: bool) -> int:
    """Show who goes up, who goes down, who stays, and why, from OLD to NEW: results folders, or one revision of them (RESULTS@3).

    With one folder alone, what changed from its last revision but one to its last. A PostgreSQL URL stands for a folder.
    """
    from grader.commands.check import report_width
    from grader.marks.diff import diff
    from grader.marks.diff_text import render_diff

    with contextlib.ExitStack() as stack:
        before, after = both_sides(stack, old, new)
        click.echo(render_diff(diff(before, after), output, width=report_width(), verbose=verbose), nl=False)
    return 0


def both_sides(stack: contextlib.ExitStack, old: str, new: str | None) -> tuple[Side, Side]:
    """Open the stores that are named, and give the two revisions."""
    from grader.marks.stored import MarksError, newest_revision, side_of

    place, number = split_revision(old)
    store = open_store(stack, place)
    if new is not None:
        other, other_number = split_revision(new)
        other_store = open_store(stack, other)
        return side_of(store, newest_revision(store, number)), side_of(other_store, newest_revision(other_store, other_number))
    last = newest_revision(store)
    if number is None:
        earlier = [revision.id for revision in store.revisions() if revision.id < last.id]
        if not earlier:
            raise MarksError(f"{place} has only one revision, so there is nothing to compare", remedy="Name a second folder.")
        number = earlier[-1]
    return side_of(store, newest_revision(store, number)), side_of(store, last)


def split_revision(name: str) -> tuple[str, int | None]:
    """Tell ``RESULTS@3`` apart; a folder that is really called so is meant itself."""
    found = re.fullmatch(r"(.+)@(\d{1,9})", name)
    return (found[1], int(found[2])) if found and not Path(name).exists() else (name, None)


def open_store(stack: contextlib.ExitStack, place: str) -> Store:
    """The store of a folder or URL, for reading."""
    from grader.marks.stored import place_of
    from grader.store import Store

    return stack.enter_context(Store.open(place if "://" in place else place_of(Path(place), None), read_only=True))
