"""How ``grade check --watch`` shows what it sees: one calm screen in a terminal, plain text where it is piped."""

from __future__ import annotations

import os
import shutil
import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from grader.commands.check import KIT_FOOT, exit_code, is_one_file, named_again, report_width, tell, wants_color
from grader.errors import LayerwiseError
from grader.model import News, View
from grader.report import render
from grader.report.paint import wrapped
from grader.report.screen import frame, render_screen
from grader.safe_text import safe_text
from grader.watch import watch_submission

if TYPE_CHECKING:
    from grader.progress import Journal
    from grader.regrade import Look, Session


def watch_session(session: Session, journal: Journal | None, **options: Any) -> int:
    """Watch the submission of `session` until Ctrl-C, and give the exit code of the last look.

    Raises
    ------
    KeyboardInterrupt
        If it was interrupted before there was anything to see.
    """
    drawn = options["output"] == "text" and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    shown = _Screen(session, journal, options) if drawn else _Plain(session, journal, options)
    watch_submission(session.path, shown.look, shown.complain)
    if drawn:
        click.echo()
    if shown.code is None:
        raise KeyboardInterrupt
    return shown.code


class _Plain:
    """Text that only grows: the whole scorecard at first, then what was graded again."""

    def __init__(self, session: Session, journal: Journal | None, options: dict[str, Any]) -> None:
        self.session, self.journal, self.options = session, journal, options
        self.looks = 0
        self.code: int | None = None
        self.last: Look | None = None
        self.complained = False

    # Whether something is shown before the mistakes are named: on a screen it is written over, in a pipe it would be said twice.
    verdicts_first = False

    def look(self) -> None:
        """Look once, and show what there is to show."""
        began = time.perf_counter()
        at_once = self.verdicts_first and self.looks > 0
        look = self.session.look(explains=not at_once)
        if look is None and self.complained:
            # What could not be read is back as it was, and the last look holds again.
            look = self.last
        if look is None:
            return
        self.last, self.complained = look, False
        # Before anything is shown: whoever has seen a verdict may interrupt, and must get its exit code.
        self.code = exit_code(look.card)
        seconds, news = time.perf_counter() - began, tell(self.journal, look) or News()
        self.show(look, news, seconds)
        self.looks += 1
        explained = self.session.explain(look) if at_once else None
        if explained is not None:
            self.last = explained
            self.show(explained, news, seconds)

    def show(self, look: Look, news: News, seconds: float) -> None:
        """Show one look."""
        card = look.card
        options = self.options
        # Machines that read a stream of documents want each of them whole.
        hidden = {exercise.name for exercise in card.exercises if self.looks and exercise.name not in look.graded}
        if options["output"] != "text":
            hidden = set()
        click.echo(
            render(
                card,
                options["output"],
                view=View(options["view"]),
                verbose=options["verbose"],
                width=report_width(),
                color=wants_color(),
                news=news,
                hidden=hidden,
                of_one_file=is_one_file(self.session),
                **named_again(self.session),
            ),
            nl=False,
        )
        if options["output"] == "text" and self.session.grader.course.is_kit and not self.looks:
            click.echo(KIT_FOOT)
        click.echo(self.status(look, seconds), err=True)

    def status(self, look: Look, seconds: float) -> str:
        """When what was graded, how long it took, and how to leave."""
        what = ", ".join(look.graded) if self.looks and look.graded else "everything" if not self.looks else "nothing that matters changed"
        place = safe_text(str(self.session.path))
        return f"{datetime.now():%H:%M:%S}  {what}: {seconds:.2f} s   watching {place} — Ctrl-C ends"

    def complain(self, error: LayerwiseError) -> None:
        """Show why there was nothing to see."""
        self.code, self.complained = int(error.exit_code), True
        click.echo(f"grade: {error}", err=True)
        click.echo(f"watching {safe_text(str(self.session.path))} — Ctrl-C ends", err=True)


class _Screen(_Plain):
    """One screen that is written over."""

    verdicts_first = True

    def show(self, look: Look, news: News, seconds: float) -> None:
        """Draw one look over the one before."""
        size = shutil.get_terminal_size()
        lines = render_screen(
            look.card,
            news,
            status=self.status(look, seconds),
            width=report_width(),
            height=size.lines,
            color=wants_color(),
            verbose=self.options["verbose"],
            of_one_file=is_one_file(self.session),
        )
        self._draw(lines)

    def complain(self, error: LayerwiseError) -> None:
        """Draw the sentence alone."""
        self.code, self.complained = int(error.exit_code), True
        lines = wrapped(f"grade: {error}", indent=0, width=report_width())
        self._draw([*lines, *wrapped(error.remedy, indent=7, width=report_width())] if error.remedy else lines)

    def _draw(self, lines: list[str]) -> None:
        click.echo(frame(lines, first=not self.looks), nl=False)
