"""Nothing that a student writes may act on a terminal, a log or the order of what is read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.safe_text import safe_text

# Lone surrogates included, which st.text() leaves out by default.
ANYTHING = st.text(st.characters())


@pytest.mark.parametrize("text", ["", "batchnorm.py", "a b", "größe µ 層 😀", "e\u0301", "back\\slash"])
def test_printable_text_stays_as_it_is(text):
    assert safe_text(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb", "a\\x0ab"),
        ("a\rb", "a\\x0db"),
        ("a\tb", "a\\x09b"),
        ("a\0b", "a\\x00b"),
        ("\x9b2J", "\\x9b2J"),
        ("\x7f", "\\x7f"),
    ],
)
def test_control_characters_are_escaped(text, shown):
    assert safe_text(text) == shown


@pytest.mark.parametrize("text", ["\u202e", "\u2066", "\u200b", "\ufeff"])
def test_characters_that_turn_or_hide_text_are_escaped(text):
    assert safe_text(f"yp.{text}x") == f"yp.\\u{ord(text):04x}x"


def test_a_lone_surrogate_of_an_undecodable_file_name_is_escaped():
    name = b"\xff.py".decode("utf-8", "surrogateescape")

    assert safe_text(name) == "\\udcff.py"


@pytest.mark.parametrize("text", ["\u2028", "\u2029"])
def test_line_and_paragraph_separators_are_escaped(text):
    assert safe_text(f"a{text}b") == f"a\\u{ord(text):04x}b"


def test_characters_beyond_the_first_plane_have_eight_digits():
    assert safe_text("\U000e0001") == "\\U000e0001"


def test_newlines_stay_where_a_block_is_shown():
    assert safe_text("a\n\x1bb\r\n", keep_newlines=True) == "a\n\\x1bb\\x0d\n"


@given(ANYTHING)
def test_no_character_of_an_unprintable_category_is_left(text):
    assert [c for c in safe_text(text) if unicodedata.category(c).startswith("C")] == []


@given(ANYTHING)
def test_newlines_are_the_only_exception(text):
    assert {c for c in safe_text(text, keep_newlines=True) if unicodedata.category(c).startswith("C")} <= {"\n"}


@given(ANYTHING)
def test_safe_text_can_be_written_as_utf_8(text):
    assert safe_text(text).encode("utf-8").decode("utf-8") == safe_text(text)


@given(ANYTHING)
def test_text_made_safe_twice_is_the_same(text):
    assert safe_text(safe_text(text)) == safe_text(text)
