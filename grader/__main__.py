"""The ``grade`` command."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

# That of "no sandbox": nothing can be graded here. The table of codes may be what is missing.
BROKEN_INSTALLATION = 6

if TYPE_CHECKING:
    from grader.sandbox.start import Started


def main() -> None:
    """Run the command line and leave with its exit code."""
    arguments = sys.argv[1:]
    started = None
    try:
        started = start_early(arguments)
        from grader.cli import run

        code = run(arguments, started)
    except (ImportError, SyntaxError, ValueError) as error:
        if not of_this_installation(error):
            raise
        print(f"grade: this installation is not whole: {error}\n       Install Layerwise again; nothing was marked.", file=sys.stderr)
        code = BROKEN_INSTALLATION
    except KeyboardInterrupt:
        # While commands were still being imported; later, the command line says more.
        from grader.errors import INTERRUPTED

        print("grade: interrupted.", file=sys.stderr)
        code = INTERRUPTED
    finally:
        if started is not None:
            from grader.sandbox.start import stop_zygote

            stop_zygote(started)
    sys.exit(code)


def of_this_installation(error: ImportError | SyntaxError | ValueError) -> bool:
    """Whether a part of Layerwise itself is missing or cut off, as an interrupted installation or a power cut leaves it."""
    if isinstance(error, ImportError):
        return (error.name or "").partition(".")[0] == "grader"
    # A file system leaves zeros where a file's length was written before a power cut and its content was not. Python says so without
    # the name of the file, and before 3.11.4 as a ValueError.
    return "null bytes" in str(error) or (isinstance(error, SyntaxError) and (error.filename or "").startswith(os.path.dirname(__file__)))


def start_early(arguments: list[str]) -> Started | None:
    """Start what `grade check` will need, before click and the course are read: a student waits for both to warm up.

    Nothing is started for another command, nor where an option names another sandbox or course.
    """
    elsewhere = any(argument.startswith(("--sandbox", "--course", "--help", "-h")) for argument in arguments)
    if arguments[:1] != ["check"] or elsewhere or not sys.platform.startswith("linux"):
        return None
    from grader.errors import SandboxError
    from grader.sandbox.start import start_zygote

    try:
        return start_zygote()
    except (OSError, SandboxError):
        # The command tries again where it can say what is wrong.
        return None


if __name__ == "__main__":
    main()
