"""Grade again when a file of the submission changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from grader.errors import LayerwiseError

CLEAR = "\x1b[2J\x1b[H"


def watch_submission(path: Path, check_once: Callable[[], int]) -> int:
    """Run `check_once` now and after every change below `path`, until Ctrl-C; give its last exit code."""
    from watchfiles import DefaultFilter, watch

    class Sources(DefaultFilter):
        """Python files and archives; the default leaves out caches, version control and editors' droppings."""

        def __call__(self, change: object, name: str) -> bool:
            return name.endswith((".py", ".zip")) and super().__call__(change, name)  # type: ignore[arg-type]

    code = _attempt(check_once)
    watched = path if path.is_dir() else path.parent
    click.echo(f"watching {watched} — Ctrl-C ends", err=True)
    for _changes in watch(watched, watch_filter=Sources(), debounce=200, step=50, raise_interrupt=False):
        click.echo(CLEAR, nl=False)
        code = _attempt(check_once)
        click.echo(f"watching {watched} — Ctrl-C ends", err=True)
    return code


def _attempt(check_once: Callable[[], int]) -> int:
    """A file caught half-written must not end the watch."""
    try:
        return check_once()
    except LayerwiseError as error:
        click.echo(f"grade: {error}", err=True)
        return int(error.exit_code)
