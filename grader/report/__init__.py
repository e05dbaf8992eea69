"""Render scorecards: a literal table of formats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.model import Scorecard, View


def _text(card: Scorecard, **options: Any) -> str:
    from grader.report.text import render_text

    return render_text(card, **options)


def _json(card: Scorecard, *, view: View, **_options: Any) -> str:
    from grader.scorecard import render_scorecard

    return render_scorecard(card, view)


def _html(card: Scorecard, *, view: View, verbose: bool = False, **_options: Any) -> str:
    from grader.report.html import render_html

    return render_html(card, view=view, verbose=verbose)


REPORTERS: dict[str, Callable[..., str]] = {"text": _text, "json": _json, "html": _html}


def render(card: Scorecard, output: str, **options: Any) -> str:
    """Render a scorecard in the format called `output`."""
    return REPORTERS[output](card, **options)
