"""How a batch shows that it works: a bar with rate and time left on stderr for people, one line now and then for logs."""

from __future__ import annotations

import sys
import time
from collections import Counter
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from grader.classwork import Handin
from grader.model import Verdict
from grader.safe_text import safe_text

# Something is heard at least so often where nobody sees a bar, and nothing more: a log of a night is read in the morning.
LOG_EVERY_S = 60.0
WORDS: dict[Verdict, str] = {
    Verdict.ACCEPTED: "accepted",
    Verdict.WRONG_ANSWER: "wrong",
    Verdict.RUNTIME_ERROR: "crashed",
    Verdict.TIME_LIMIT_EXCEEDED: "too slow",
    Verdict.MEMORY_LIMIT_EXCEEDED: "too much memory",
    Verdict.OUTPUT_LIMIT_EXCEEDED: "too much output",
    Verdict.SECURITY_VIOLATION: "refused",
    Verdict.NOT_IMPLEMENTED: "unfinished",
    Verdict.SKIPPED: "skipped",
}


class BatchProgress:
    """Listens to a batch. With ``quiet`` it shows nothing but what somebody has to do something about."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.console = Console(stderr=True, highlight=False)
        self.quiet = quiet
        self.counts: Counter[str] = Counter()
        self.total = 0
        self._heard = time.monotonic()
        shown = self.console.is_terminal and not quiet
        self._bar = Progress(
            SpinnerColumn(), BarColumn(bar_width=None), MofNCompleteColumn(), _Rate(), TimeRemainingColumn(),
            TextColumn("{task.fields[counts]}"), console=self.console, disable=not shown, transient=True,
        )  # fmt: skip
        self._task = self._bar.add_task("", total=None, counts="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def begin(self, total: int) -> None:
        """The batch looks at so many hand-ins."""
        self.total = total
        self._bar.update(self._task, total=total)

    def known(self, handin: Handin) -> None:
        """All of this one is known from before."""
        self._count("known before")

    def unreadable(self, handin: Handin, sentence: str) -> None:
        """Somebody should look at a work that cannot be read."""
        self._count("unreadable")
        self._say(f"{handin.student}: {sentence}")

    def graded(self, handin: Handin, verdict: Verdict) -> None:
        """A work has been graded."""
        self._count(WORDS.get(verdict, verdict.value))

    def lost(self, handin: Handin, sentence: str) -> None:
        """The machinery has failed at this one, which somebody should look at."""
        self._count("not graded")
        self._say(f"{handin.student}: {sentence}")

    def odd(self, sentence: str) -> None:
        """Something that somebody should know, and that stops nothing."""
        self._say(sentence)

    def counted(self) -> str:
        """All counts in one line, the commonest first."""
        return ", ".join(f"{number} {word}" for word, number in self.counts.most_common())

    def _count(self, word: str) -> None:
        self.counts[word] += 1
        self._bar.update(self._task, advance=1, counts=self.counted())
        if not self.quiet and not self.console.is_terminal and time.monotonic() - self._heard > LOG_EVERY_S:
            self._heard = time.monotonic()
            print(f"grade: {self.counts.total()} of {self.total}: {self.counted()}", file=sys.stderr, flush=True)

    def _say(self, sentence: str) -> None:
        # As text, not as rich's markup: a student's name may hold anything.
        self.console.print(Text(f"grade: {safe_text(sentence)}"), soft_wrap=True)


class _Rate(ProgressColumn):
    """Submissions per second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f}/s" if speed >= 1 else f"{60 * speed:.0f}/min")
