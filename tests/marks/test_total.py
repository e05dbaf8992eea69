"""Totals, exactly, and how they are written."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classwork import Mark
from grader.marks.total import brief, class_totals, shown, signed, total_of


def mark(exercise, final, *, most=10, who="ada", pending=False):
    return Mark(student=who, exercise=exercise, points=0, max_points=most, final=Fraction(final), pending=pending)


# Half a cent goes up: 0.125, 2.675 (which as a float lies below), 1/200. A third is not half.
@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1/8", "0.13"),
        ("2675/1000", "2.68"),
        ("1/200", "0.01"),
        ("1/201", "0.00"),
        ("1/3", "0.33"),
        ("7", "7.00"),
        ("-1/8", "-0.13"),
        ("-1/999", "0.00"),
    ],
)
def test_half_a_cent_is_rounded_up(value, text):
    assert shown(Fraction(value)) == text


@given(st.decimals(-10_000, 10_000, places=5))
def test_rounding_is_that_of_decimal(value):
    assert Decimal(shown(Fraction(value))) == value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_a_mark_is_written_without_zeros_at_the_end():
    assert [brief(Fraction(value)) for value in ("10", "7.5", "0", "22/3")] == ["10", "7.5", "0", "7.33"]


def test_a_difference_has_its_sign_and_is_never_shown_as_nothing():
    assert [signed(Fraction(value)) for value in ("5/2", "-1", "0", "1/300", "-1/300")] == ["+2.5", "-1", "0", "+1/300", "-1/300"]


def test_three_thirds_are_a_whole():
    total = total_of("ada", [mark("cube", "10/3"), mark("root", "10/3"), mark("log", "10/3")], {})

    assert total.points == 10
    assert shown(total.percent) == "33.33"  # 10 of 30


def test_weights_count_for_points_and_maximum():
    total = total_of("ada", [mark("cube", 8), mark("root", 3, most=5)], {"cube": Fraction(1, 2), "root": Fraction(3)})

    assert (total.points, total.max_points) == (13, 20)  # 8/2 + 3·3 of 10/2 + 3·5
    assert total.percent == 65


def test_a_pending_mark_is_named():
    assert total_of("ada", [mark("cube", 8), mark("root", 0, pending=True)], {}).pending == ("root",)


def test_a_class_has_a_total_for_each_and_a_weight_of_nothing_divides_nothing():
    totals = class_totals([mark("cube", 8), mark("cube", 2, who="ben")], {"cube": Fraction(0)})

    assert list(totals) == ["ada", "ben"]
    assert totals["ben"].percent == 0


def test_what_counts_nothing_keeps_no_total_waiting():
    total = total_of("ada", [mark("cube", 7), mark("root", 0, pending=True)], {"root": Fraction(0)})

    assert (total.points, total.max_points, total.pending) == (7, 10, ())
