"""The command line: commands are imported when they are called, and every error becomes a sentence and an exit code here."""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from grader import __version__
from grader.errors import INTERRUPTED, LayerwiseError, machine_error
from grader.safe_text import safe_text

if TYPE_CHECKING:
    from grader.sandbox.start import Started

# The order of a first visit: see what there is, do it, check it; then what instructors need.
COMMANDS = {
    "demo": "Grade the sample class that comes with Layerwise, and show what a scorecard looks like.",
    "list": "List the exercises of the course.",
    "show": "Show one exercise: the problem, its formulas, where it comes from.",
    "start": "Write the stubs into a folder; files that are there stay as they are.",
    "check": "Grade a submission: a folder, a file or a zip; the current folder by default.",
    "report": "Write one HTML file: the scorecard, and the experiments drawn with the submission's functions.",
    "hint": "Give one more hint, about the first thing to mend or a function of your choice.",
    "lab": "Draw an experiment of the notes with your functions, beside the reference's.",
    "reset": "Put the stub of an exercise back; your file is kept beside it.",
    "new": "Begin an exercise of your own: a small one that works, to be changed into yours.",
    "kit": "Make what students receive: stubs, public checks and a README, and nothing of the hidden side.",
    "batch": "Grade a class: every work in a folder or a bulk download; run again, it goes on where it was.",
    "rescore": "Mark a class again with today's points, weights and policy; no student's code is run.",
    "diff": "Show whose marks changed between two gradings of a class, and why.",
    "override": "Set a mark by hand, with a reason; it survives every regrading.",
    "explain": "Tell the story of one student's marks.",
    "class": "Write one HTML file about a class: marks, mistakes, checks, who needs help, works that are alike.",
    "export": "Give a platform what it needs: Canvas, Moodle, Gradescope, JUnit, GitHub, Classroom 50.",
    "keys": "Make the pair of keys with which a course signs scorecards.",
    "signature": "Verify that a scorecard is the one that a course has signed.",
    "seed": "Make or rotate the secret seed of a course.",
    "serve": "Run a service for a whole course: students hand in and read scorecards in a browser.",
    "invite": "Make an account of a service, or a new password for one, by a link.",
    "backup": "Copy everything that a service keeps, while it runs.",
    "person": "Give out, or delete, all that a service keeps of one student.",
    "login": "Sign in to the service of a course.",
    "submit": "Hand in to the service of a course, and show the scorecard that comes back.",
    "verify": "Prove the course: that the checks catch every known mistake and pass every correct variant.",
    "schema": "Print the JSON Schema of a scorecard.",
    "doctor": "Say which sandboxes work here, and why not the others.",
}
# A command whose name is a word of Python's own has its module under another.
MODULES = {"class": "class_report"}


class LazyGroup(click.Group):
    """Imports a command's module only when that command runs, so that `grade check` pays for nothing else."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and give one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"grader.commands.{MODULES.get(cmd_name, cmd_name)}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands for --help without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="grade")
def cli() -> None:
    """Grade hand-written deep-learning primitives in NumPy.

    Students: `grade start DIR`, then `grade check` in it. Exit codes: 0 full marks, 3 points lost, 4 submission unreadable,
    5 course broken, 6 no sandbox, 7 results store unusable, 2 wrong usage.
    """


def run(arguments: Sequence[str], started: Started | None = None) -> int:
    """Run one command line and give its exit code. `started` is a zygote that is warming up for it."""
    try:
        code = cli.main(args=list(arguments), prog_name="grade", standalone_mode=False, obj=started)
        sys.stdout.flush()
    except LayerwiseError as error:
        return _say(error)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("grade: interrupted.", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough.
        _close_stdout()
        return 0
    except (OSError, MemoryError) as error:
        if os.environ.get("LAYERWISE_DEBUG"):
            raise
        return _say(_of_the_machine(error))
    return code if isinstance(code, int) else 0


def _say(error: LayerwiseError) -> int:
    # Where stderr is full too, the exit code has to do.
    with contextlib.suppress(OSError):
        click.echo(f"grade: {error}", err=True)
        if error.remedy:
            click.echo(f"       {error.remedy}", err=True)
    return int(error.exit_code)


def _of_the_machine(error: OSError | MemoryError) -> LayerwiseError:
    """What no command has a better sentence for: a disk that is full, descriptors or memory that have run out."""
    if isinstance(error, MemoryError):
        return machine_error(error)
    if error.filename is not None:
        return machine_error(error, safe_text(str(error.filename)))
    if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EIO):
        # Files are named by who writes them, so this is what is printed.
        _close_stdout()
        return machine_error(error, "what is to be shown cannot be written")
    return machine_error(error)


def _close_stdout() -> None:
    # Python would complain when it flushes at exit.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
