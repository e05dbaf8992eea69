"""The ``grade`` command."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.sandbox.start import Started


def main() -> None:
    """Run the command line and leave with its exit code."""
    arguments = sys.argv[1:]
    started = start_early(arguments)
    try:
        from grader.cli import run

        code = run(arguments, started)
    finally:
        if started is not None:
            from grader.sandbox.start import stop_zygote

            stop_zygote(started)
    sys.exit(code)


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
