"""Write a table as CSV that people open in a spreadsheet: quoted as RFC 4180 says, and with no cell that would be calculated."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

from grader.safe_text import safe_text

# A spreadsheet takes a cell that begins so for a formula, which may read other cells and call addresses (OWASP, "CSV Injection").
# Full-width, small and raised forms are folded to these before, as spreadsheets of East Asian locales do; the minus sign folds to nothing.
FORMULA = frozenset("=+-@\N{MINUS SIGN}")


def render_table(rows: Iterable[Sequence[str | int]]) -> str:
    r"""Render rows as CSV. Numbers are left as they are; a text that a spreadsheet would calculate gets an apostrophe before it.

    Control characters, tabs and line ends among them, are written as ``\xNN``, so that a row is always one line.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerows([cell if isinstance(cell, int) else harmless(cell) for cell in row] for row in rows)
    return file.getvalue()


def harmless(cell: str) -> str:
    """What is written for a cell: its printable form, with an apostrophe before what would be calculated."""
    cell = safe_text(cell)
    if _is_number(cell) or cell == "-":
        return cell
    # Spaces of every kind are skipped: some importers trim a cell before they look at it.
    bare = cell.lstrip()
    begins = unicodedata.normalize("NFKC", bare[0]).lstrip()[:1] if bare else ""
    return f"'{cell}" if begins in FORMULA and begins else cell


def _is_number(cell: str) -> bool:
    """Whether a cell is a plain decimal number, such as a mark that may be negative."""
    digits = cell.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()
