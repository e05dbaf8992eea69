"""A cell stays one cell, says what it said, and is never calculated."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.export.table import render_table
from grader.safe_text import safe_text
from tests.export.people import hostile


def read(text):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@given(st.lists(st.lists(hostile, min_size=2, max_size=2), max_size=4))
def test_what_is_read_back_is_what_was_written_but_for_an_apostrophe(rows):
    found = read(render_table(rows))

    expected = [[safe_text(cell) for cell in row] for row in rows]
    assert [
        [cell.removeprefix("'") if cell != told else cell for cell, told in zip(*pair, strict=True)]
        for pair in zip(found, expected, strict=True)
    ] == expected


@given(hostile)
def test_no_row_is_more_than_one_line(cell):
    assert render_table([[cell, "b"]]).splitlines(keepends=True) == [render_table([[cell, "b"]])]


FULL_WIDTH = ("\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")


@pytest.mark.parametrize("sign", [*"=+-@", *FULL_WIDTH, "\N{MINUS SIGN}", "\N{SMALL EQUALS SIGN}", "\N{SUPERSCRIPT PLUS SIGN}"])
@pytest.mark.parametrize("space", ["", " ", "\u00a0", "\u3000", "  \u2003"])
def test_a_cell_that_a_spreadsheet_would_calculate_begins_with_an_apostrophe(sign, space):
    assert read(render_table([[f"{space}{sign}HYPERLINK(1)", "b"]]))[0][0].startswith("'")


@pytest.mark.parametrize("cell", ["\t=1+1", "\r=1+1", "\n=1+1", "a\r\n=1+1"])
def test_a_tab_or_a_line_end_does_not_reach_the_file(cell):
    text = render_table([[cell, "b"]])

    assert not set(text.removesuffix("\r\n")) & set("\t\r\n")


@pytest.mark.parametrize("cell", ["-1.50", "-", "12.00", "0", "plain", "a=b", "x+y", "'quoted"])
def test_numbers_and_ordinary_texts_are_left_alone(cell):
    assert read(render_table([[cell, "b"]])) == [[cell, "b"]]
