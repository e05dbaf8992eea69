"""The canonical form of JSON (RFC 8785): one text for one value, by its own examples, and the same as the program of the page gives."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.signing import canonical

PAGE = Path(__file__).parent.parent / "docs" / "signing.md"


@pytest.mark.parametrize(("one", "same"), [("0", "-0"), ("0", "-0.0"), ("0", "0e5"), ("1", "1.0"), ("1", "10e-1"), ("100", "1E2")])
def test_two_spellings_of_a_number_are_one_number(one, same):
    assert canonical(json.loads(one)) == canonical(json.loads(same)) == one.encode()


@pytest.mark.parametrize(("one", "near"), [(2**53, 2**53 + 1), (10**30, 10**30 + 1), (0.1, 0.1 + 2**-55), (1, True), (0, None), ("1", 1)])
def test_two_numbers_that_a_double_confuses_are_two(one, near):
    assert canonical(one) != canonical(near)


# ---------------------------------------------------------------------------------------------------------- the canonical form


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        # RFC 8785, appendix B: IEEE 754 bits and what they are written as.
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_a_double_is_written_as_the_rfc_says(bits, text):
    (number,) = struct.unpack(">d", bytes.fromhex(bits))

    assert canonical(number) == text.encode()


def test_names_are_sorted_by_utf_16_code_units_as_in_the_example_of_the_rfc():
    # RFC 8785, section 3.2.3: the emoji stands before U+FB33, although its code point is larger.
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]

    found = json.loads(canonical(dict.fromkeys(names)), object_pairs_hook=lambda pairs: [name for name, _value in pairs])

    assert found == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_a_text_is_escaped_as_in_the_example_of_the_rfc():
    # RFC 8785, section 3.2.2.
    assert canonical('\u20ac$\x0f\nA\'B"\\\\"/') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_a_canonical_form_does_not_depend_on_how_the_value_was_spelled(value):
    text = canonical(value)

    assert canonical(json.loads(json.dumps(value))) == text
    assert canonical(json.loads(text)) == text


@given(JSON_VALUES)
def test_the_program_of_the_page_has_the_same_canonical_form(value):
    names: dict = {}
    exec(PAGE.read_text(encoding="utf-8").split("```python\n")[1].split("\nkey = ")[0], names)

    assert names["canonical"](value).encode() == canonical(value)
