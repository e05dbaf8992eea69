"""``grade submit``: hand in to the service of a course, and show the scorecard that comes back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.errors import ExitCode

if TYPE_CHECKING:
    from grader.serve.terminal import Line


@click.command()
@click.argument("targets", nargs=-1, metavar="[PATH] [EXERCISE]")
@click.option("--no-wait", is_flag=True, help="Hand in, and do not wait for the scorecard.")
def command(targets: tuple[str, ...], no_wait: bool) -> int:
    """Hand in PATH (a folder, a .py file, a notebook or a .zip; the current folder by default) where `grade login` has signed you in.

    With EXERCISE it counts for that one alone, else for all that it holds.
    """
    from grader.serve.terminal import Line, pack, recall, send

    path, exercise = told_apart(targets)
    name, body = pack(path)
    place = recall()
    line = Line(place)
    taken = send(line, name, body, exercise)
    click.echo(f"grade: {name} is handed in: {place.url}/uploads/{taken['id']}", err=True)
    return 0 if no_wait else await_scorecard(line, taken["id"])


def told_apart(targets: tuple[str, ...]) -> tuple[Path, str]:
    """Tell the path from the exercise: what is there is a path, what is not, and looks like no file, is an exercise."""
    paths = [one for one in targets if Path(one).exists() or "." in one or "/" in one]
    exercises = [one for one in targets if one not in paths]
    if len(paths) > 1 or len(exercises) > 1:
        raise click.UsageError("Give one path and one exercise at most.")
    return Path(paths[0] if paths else "."), exercises[0] if exercises else ""


def await_scorecard(line: Line, number: int) -> int:
    """Wait until it is graded, and show what came of it."""
    from grader.commands.check import report_width
    from grader.safe_text import safe_text
    from grader.serve.terminal import follow

    state: dict[str, Any] = {}
    for state in follow(line, number):
        if sys.stderr.isatty():
            click.echo(f"\r\x1b[K{waiting(state)}", nl=False, err=True)
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
    if state["state"] == "unreadable":
        click.echo(f"grade: {safe_text(state['sentence'])}", err=True)
        return int(ExitCode.SUBMISSION_UNREADABLE)
    if state.get("lateness"):
        click.echo(f"grade: {safe_text(state['lateness'])}", err=True)
    if state["sentence"]:
        click.echo(f"grade: {safe_text(state['sentence'])}", err=True)
    text = line.ask("GET", f"/api/v1/uploads/{number}/scorecard?format=text&width={max(40, min(200, report_width()))}")
    click.echo(safe_text(text.decode("utf-8", "replace"), keep_newlines=True), nl=False)
    if state["state"] == "lost":
        return int(ExitCode.NO_SANDBOX)
    return int(ExitCode.FULL_MARKS if state["points"] == state["max_points"] else ExitCode.POINTS_LOST)


def waiting(state: dict[str, Any]) -> str:
    """How an upload goes, in a line."""
    if state["state"] != "queued" or not state["ahead"]:
        return "it is being graded …"
    wait = f", about {round(state['wait_s'])} s" if state["wait_s"] is not None else ""
    return f"{state['ahead']} before yours{wait} …"
