"""Where a student's code runs: one interface, three strengths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # The zygote is started by a part of this package before anything heavy is imported.
    from grader.model import Job, Layers, Run


class Sandbox(Protocol):
    """Where a student's code runs. See ``grader.sandbox``."""

    @property
    def layers(self) -> Layers:
        """What protects the grader."""

    @property
    def versions(self) -> tuple[str, str]:
        """The Python and the NumPy that students' code runs on."""

    def run(self, job: Job) -> Run:
        """Run one job; never raises for anything that the job does."""

    def restart(self) -> None:
        """Begin anew after a loss."""

    def close(self) -> None:
        """Leave nothing behind."""
