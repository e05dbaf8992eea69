"""Make text that comes from a student safe to show: on a terminal, in a log line, on one line of a report."""

from __future__ import annotations

import unicodedata


def safe_text(text: str, *, keep_newlines: bool = False) -> str:
    r"""Escape every character that a terminal or a log may act on instead of showing.

    That is every character of a Unicode category C*: control (escape sequences, newlines, NUL), format (bidi overrides, zero
    width), surrogates (which a plain print raises on), private and unassigned; and the line and paragraph separators.

    Parameters
    ----------
    text
        Anything, lone surrogates included.
    keep_newlines
        Whether ``\n`` stays, for output that is shown as a block.

    Returns
    -------
    Text of printable characters alone, with the others as ``\xNN``, ``\uNNNN`` or ``\UNNNNNNNN``.
    """
    if text.isprintable():
        return text
    return "".join(character if _is_harmless(character, keep_newlines) else _escaped(character) for character in text)


def _is_harmless(character: str, keep_newlines: bool) -> bool:
    if character == "\n":
        return keep_newlines
    category = unicodedata.category(character)
    return not category.startswith("C") and category not in ("Zl", "Zp")


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
