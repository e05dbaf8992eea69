"""Values are written as JSON and come back as they were, to the bit."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.kit.exact import from_json, to_json
from grader.sandbox.inside import codec, request

SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner), max_leaves=8)
DTYPES = st.sampled_from([dtype.str for dtype in codec.DTYPES.values() if dtype.kind in "biuf"])


def there_and_back(value):
    return from_json(json.loads(json.dumps(to_json(value), allow_nan=False)))


@given(VALUES)
def test_plain_values_come_back_equal_and_of_the_same_type(value):
    assert repr(there_and_back(value)) == repr(value)


@given(
    DTYPES.flatmap(
        lambda dtype: npst.arrays(
            dtype, npst.array_shapes(min_dims=0, max_dims=3, min_side=0), elements={"allow_nan": False} if "f" in dtype else None
        )
    )
)
def test_arrays_come_back_to_the_bit(array):
    back = there_and_back(array)

    assert (back.dtype, back.shape, back.tobytes()) == (array.dtype, array.shape, array.tobytes())


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_what_is_not_finite_comes_back_in_arrays_and_by_itself(dtype):
    array = np.array([[np.nan, np.inf], [-np.inf, -0.0]], dtype)

    back = there_and_back(array)

    np.testing.assert_array_equal(back, array, strict=True)
    assert np.signbit(back[1, 1])
    assert math.isnan(there_and_back(math.nan))
    assert there_and_back(-math.inf) == -math.inf


def test_complex_numbers_come_back():
    array = np.array([1 + 2j, 3 - 0.5j], np.complex64)

    np.testing.assert_array_equal(there_and_back(array), array, strict=True)
    assert there_and_back(1 - 2j) == 1 - 2j


def test_an_array_that_is_not_contiguous_or_big_endian_keeps_its_values():
    array = np.arange(6.0).reshape(2, 3)

    np.testing.assert_array_equal(there_and_back(array.T), array.T)
    np.testing.assert_array_equal(there_and_back(array.astype(">f8")), array)


@pytest.mark.parametrize(
    "value",
    [
        request.Reference(3, -1, True),
        request.Generator(7),
        request.Own("cube", ("third_power",)),
        request.Recipe("lambda f, a: f(a)", (request.Own("cube"), 2.5)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_stands_for_something_in_a_request_comes_back(value):
    assert there_and_back(value) == value


def test_a_kind_that_no_request_holds_is_refused():
    with pytest.raises(TypeError, match="type set"):
        to_json({1, 2})


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"pickle": "gASV"},
        {"tuple": [], "list": []},
        {"tuple": "ab"},
        {"array": "|O", "shape": [1], "values": [1]},
        {"array": "<f8", "shape": [3], "values": [1.0]},
        {"array": "<f8", "shape": [-1]},
        {"array": "<f8", "shape": [1 << 23, 1 << 23]},
        {"array": "<f8", "shape": [1], "values": [[1.0]]},
        {"array": "<i8", "shape": [1], "values": [1.5]},
        {"reference": [0, 0, 1]},
        {"recipe": 3, "constants": []},
        {"generator": "7"},
    ],
)
def test_anything_else_is_refused(found):
    with pytest.raises((ValueError, KeyError)):
        from_json(found)
