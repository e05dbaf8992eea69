"""The comparison ladder, rung by rung."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.checks.compare import FLOAT32, FLOAT64, judge_values
from grader.model import Rung
from grader.sandbox.inside.codec import Opaque, Oversized

TARGET = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]])


def rung(value, expected=TARGET, tolerance=FLOAT64):
    finding = judge_values(value, expected, tolerance, "dx")
    return None if finding is None else finding.rung


def test_the_same_values_are_right():
    assert rung(TARGET.copy()) is None


def test_a_difference_within_the_tolerance_is_right():
    assert rung(TARGET * (1 + 5e-8)) is None


def test_a_difference_beyond_the_tolerance_is_wrong():
    assert rung(TARGET * (1 + 5e-7)) is Rung.VALUE


def test_an_element_that_cancels_to_nothing_is_allowed_the_rounding_of_its_neighbours():
    assert rung(np.array([1e-13, 1.0]), np.array([0.0, 1.0])) is None


@pytest.mark.parametrize("value", [None, [[1.0]], (), "dx", {}, Opaque("Tensor"), np.array([1 + 2j]), 1j])
def test_what_is_no_array_of_real_numbers_breaks_on_the_rung_of_types(value):
    assert rung(value) is Rung.TYPE


@pytest.mark.parametrize("shape", [(6,), (3, 2), (2, 3, 2), (0,), ()])
def test_another_shape_breaks_on_the_rung_of_shapes(shape):
    assert rung(np.ones(shape)) is Rung.SHAPE


def test_a_scalar_never_equals_an_array_by_broadcasting():
    assert rung(np.float64(2.0), np.full((2, 2), 2.0)) is Rung.SHAPE


def test_an_array_too_large_to_send_breaks_on_the_rung_of_shapes():
    assert rung(Oversized("float64", (1000, 1000))) is Rung.SHAPE


@pytest.mark.parametrize("shape", [(1, 2, 3), (2, 1, 3), (2, 3, 1)])
def test_right_values_with_an_axis_of_size_one_too_many_pass_as_values(shape):
    assert rung(TARGET.reshape(shape)) is None


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_one_value_that_is_not_finite_breaks_on_its_own_rung(value):
    wrong = TARGET.copy()
    wrong[1, 2] = value

    assert rung(wrong) is Rung.FINITE


def test_nan_is_called_nan():
    finding = judge_values(np.full((2, 3), np.nan), TARGET, FLOAT64, "dx")

    assert finding.message == "6 of 6 values of dx are NaN."


def test_the_finding_tells_share_error_and_place():
    wrong = TARGET.copy()
    wrong[1, 0] += 0.5
    wrong[0, 2] -= 0.25

    finding = judge_values(wrong, TARGET, FLOAT64, "dx")

    assert finding.message == "2 of 6 values of dx are off, by up to 0.5 at [1, 0]."
    assert finding.facts["got"] == 4.5
    assert finding.facts["expected"] == 4.0


def test_integers_and_booleans_are_compared_as_numbers():
    assert rung(np.array([1, 0]), np.array([1.0, 0.0])) is None
    assert rung(np.array([True, False]), np.array([1.0, 0.0])) is None


def test_a_python_number_a_numpy_scalar_and_a_0d_array_are_all_scalars():
    assert [rung(value, 2.0) for value in (2, 2.0, np.float32(2), np.array(2.0))] == [None] * 4


def test_dicts_are_compared_entry_by_entry():
    assert rung({"a": 1.0, "more": 2}, {"a": 1.0}) is None
    assert rung({"a": 1.5}, {"a": 1.0}) is Rung.VALUE
    assert rung({}, {"a": 1.0}) is Rung.TYPE


def test_lists_are_compared_entry_by_entry():
    assert rung([TARGET, 1.0], (TARGET, 1.0)) is None
    assert rung([TARGET], (TARGET, 1.0)) is Rung.COUNT


def test_float32_is_judged_by_its_own_tolerance():
    assert rung(TARGET * (1 + 5e-4), tolerance=FLOAT32) is None
    assert rung(TARGET * (1 + 5e-3), tolerance=FLOAT32) is Rung.VALUE


@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=0, max_dims=3, max_side=4), elements=st.floats(-1e6, 1e6)))
def test_every_array_equals_itself(array):
    assert rung(array.copy(), array) is None


@given(
    hnp.arrays(np.float64, hnp.array_shapes(min_dims=1, max_dims=3, max_side=4), elements=st.floats(-1e3, 1e3)),
    st.data(),
)
def test_one_element_that_is_off_is_found_wherever_it_is(array, data):
    at = data.draw(st.tuples(*(st.integers(0, extent - 1) for extent in array.shape)))
    wrong = array.copy()
    wrong[at] += 1.0 + np.abs(array).max()

    assert rung(wrong, array) is Rung.VALUE
