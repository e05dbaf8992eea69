"""Colour and layout for a terminal, in the few lines that a report needs.

``rich`` draws the tables of the slower commands; it costs as much time to import as half of NumPy, which `grade check` has not.
"""

from __future__ import annotations

import textwrap
from enum import StrEnum


class Style(StrEnum):
    """What a piece of text is, as ANSI attributes (ECMA-48, SGR)."""

    PLAIN = ""
    GOOD = "32"
    BAD = "31"
    OPEN = "33"
    FAINT = "2"
    STRONG = "1"
    HINT = "36"


def paint(text: str, style: Style, *, color: bool) -> str:
    """Colour `text`, or leave it."""
    return f"\x1b[{style.value}m{text}\x1b[0m" if color and style else text


def wrapped(text: str, *, indent: int, width: int) -> list[str]:
    """Break a sentence into lines of at most `width` characters, each indented."""
    space = " " * indent
    return textwrap.wrap(text, max(width, indent + 20), initial_indent=space, subsequent_indent=space, break_long_words=False) or [space]


def aligned(left: str, right: str, width: int) -> str:
    """Put `right` at the right margin."""
    return f"{left}{' ' * max(1, width - len(left) - len(right))}{right}"
