"""Render pages: templates escape every text, and first show what a browser would act on (bidirectional overrides, control characters)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grader import __version__
from grader.model import Scorecard, Verdict, View
from grader.report.first import first_to_mend
from grader.report.html import SIGNS, STYLE, WRONG, counted_points, inside, sign_of
from grader.report.text import words
from grader.safe_text import safe_text
from grader.serve.access import service_of
from grader.serve.formulas import formula_parts
from grader.serve.sessions import Visitor

HERE = Path(__file__).parent
# The scorecard's own style, as a file: a page of the service may hold no style of its own.
SCORECARD_STYLE = STYLE.removeprefix("<style>").removesuffix("</style>").strip() + "\n"


@cache
def environment() -> Environment:
    """The templates. A value that is not there is an error, and not an empty place on a page."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        # The files do not change while a service runs, and need not be looked at for every page.
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    made.filters["seconds"] = seconds
    made.globals.update(version=__version__, sign_of_state=sign_of_state, formula_parts=formula_parts)
    return made


def _shown(value: Any) -> Any:
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return safe_text(value, keep_newlines=True)


def page(request: Request, template: str, visitor: Visitor | None, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a page for somebody; ``form`` is what its forms carry."""
    service = service_of(request)
    zone = service.rules.zone
    text = environment().get_template(template).render(
        course=service.course.title or service.course.name,
        visitor=visitor,
        form=visitor.form if visitor else "",
        path=request.url.path,
        sign_on=service.settings.single_sign_on,
        when=lambda time: when(time, zone),
        **values,
    )
    return HTMLResponse(text, status_code=status)


def when(time: datetime, zone: ZoneInfo) -> Markup:
    """A moment by the clock of the course, for eyes and for programs."""
    local = time.astimezone(zone)
    shown = f"{local:%a} {local.day} {local:%b %Y, %H:%M} {local.tzname() or 'UTC'}"
    return Markup('<time datetime="{}">{}</time>').format(time.astimezone(UTC).isoformat(timespec="seconds"), shown)


def seconds(value: float) -> str:
    """A stretch of time as one says it when nobody knows exactly."""
    if value < 5:
        return "a few seconds"
    if value < 90:
        return f"about {round(value / 5) * 5} seconds"
    return f"about {max(2, round(timedelta(seconds=value).total_seconds() / 60))} minutes"


def sign_of_state(state: str) -> Markup:
    """A sign for the eye; the state stands beside it in words."""
    signs = {"complete": ("✓", "good"), "graded": ("✓", "good"), "part": ("◐", "open"), "unreadable": ("✗", "bad"), "lost": ("!", "open")}
    sign, style = signs.get(state, ("○", "faint"))
    return Markup('<span class="lw-{}" aria-hidden="true">{}</span>').format(style, sign)


def score_parts(card: Scorecard) -> list[dict[str, Any]]:
    """Each exercise of a scorecard in the student's view, ready to stand on a page. What is said of it is escaped where it is made."""
    parts = []
    for exercise in card.exercises:
        sign, style = SIGNS.get(exercise.verdict, WRONG)
        parts.append(
            {
                "name": exercise.name,
                "title": exercise.title,
                "path": exercise.path,
                "points": exercise.points,
                "max_points": exercise.max_points,
                "counted": Markup(counted_points(exercise.points, exercise.max_points)),  # noqa: S704 - two integers
                "sign": Markup(f'<span class="lw-{style}">{sign_of(sign)}</span>'),  # noqa: S704 - from our own table
                "verdict": words(exercise.verdict),
                "is_open": exercise.verdict is not Verdict.ACCEPTED,
                "body": Markup("\n".join(inside(exercise, View.STUDENT))),  # noqa: S704 - grader.report.html escapes
            }
        )
    return parts


def first_sentence(card: Scorecard) -> str:
    """What to mend first; nothing if nothing is to be mended."""
    first = first_to_mend(card)
    return first.sentence if first else ""


def changes(before: Scorecard | None, now: Scorecard) -> dict[str, list[str]]:
    """What turned green and what broke between two scorecards."""
    old, new = ({} if card is None else dict(_greens(card)) for card in (before, now))
    return {
        "green": [name for name, green in new.items() if green and old.get(name) is False],
        "broke": [name for name, green in new.items() if not green and old.get(name)],
    }


def _greens(card: Scorecard) -> Iterable[tuple[str, bool]]:
    for exercise in card.exercises:
        for function in exercise.functions:
            if function.verdict is not Verdict.GRADER_ERROR:
                yield function.name, function.verdict is Verdict.ACCEPTED
