"""Read a CSV file as people save it: with a byte order mark, with semicolons, from a spreadsheet."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from grader.intake.places import IntakeError
from grader.safe_text import safe_text
from grader.submission.candidate import Unusable
from grader.submission.folder import open_regular

MOST_BYTES = 32 * 1024 * 1024
MOST_ROWS = 200_000
DELIMITERS = ",;\t"
SAVE_AS = 'Save it as "CSV UTF-8".'


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row below the headings: its line in the file, and its cells by heading."""

    line: int
    cells: dict[str, str]


def read_table(path: Path, what: str) -> list[Row]:
    """Read the CSV file at `path`, whose first line has the headings; rows without any text are left out.

    The delimiter is what the headings have most of: a comma, a semicolon or a tab. `what` is what the file is called in an error.

    Raises
    ------
    IntakeError
        If it cannot be read, is not UTF-8 (or UTF-16 with a byte order mark), or is no CSV.
    """
    shown = f"the {what} {safe_text(str(path))}"
    text = _read_text(path, shown)
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    headings: list[str] | None = None
    rows: list[Row] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if headings is None:
                headings = _unique([cell.strip() for cell in cells], shown)
                continue
            # What stands beyond the headings is no column of anything.
            rows.append(Row(line=reader.line_num, cells=dict(zip(headings, (cell.strip() for cell in cells), strict=False))))
            if len(rows) > MOST_ROWS:
                raise IntakeError(f"{shown} has more than {MOST_ROWS} rows", remedy="Name the file of one class.")
    except csv.Error as error:
        raise IntakeError(f"{shown} is not CSV (line {reader.line_num}: {safe_text(str(error))})", remedy=SAVE_AS) from error
    if headings is None:
        raise IntakeError(f"{shown} is empty", remedy="Its first line has the names of the columns.")
    return rows


def _read_text(path: Path, shown: str) -> str:
    try:
        # Whoever names a file may name a link to it; what it leads to must be a file.
        with open_regular(path.resolve()) as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise IntakeError(f"{shown} is not there", remedy="Check the path.") from error
    except Unusable as error:
        raise IntakeError(f"{shown} {error}", remedy="Name a CSV file.") from error
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else "") or safe_text(str(error))
        raise IntakeError(f"{shown} cannot be read: {reason}", remedy="Check the path and its permissions.") from error
    if len(data) > MOST_BYTES:
        raise IntakeError(f"{shown} has more than {MOST_BYTES // 1024**2} MiB", remedy="Name the file of one class.")
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        # Latin-1 fits any bytes, so to try it would make other names of names, and nobody would notice.
        raise IntakeError(f"{shown} is not UTF-8 text (line {line}, byte 0x{data[error.start]:02X})", remedy=SAVE_AS) from error
    if "\0" in text:
        raise IntakeError(f"{shown} has a NUL character in line {text.count(chr(10), 0, text.index(chr(0))) + 1}", remedy=SAVE_AS)
    return text


def _unique(headings: list[str], shown: str) -> list[str]:
    named = [heading for heading in headings if heading]
    counts = Counter(named)
    twice = next((heading for heading in named if counts[heading] > 1), None)
    if twice is not None:
        raise IntakeError(f"{shown} has two columns called {safe_text(twice)!r}", remedy="Rename or remove one of them.")
    return headings
