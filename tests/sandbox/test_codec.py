"""The codec: what crosses comes out as it went in, and no bytes do more than be refused."""

from __future__ import annotations

import collections
import decimal
import enum
import fractions
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.sandbox.inside import codec, request

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.complex_numbers(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
arrays = st.sampled_from(list(codec.DTYPES.values())).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, max_side=4))
)


@given(plain)
def test_plain_values_come_out_as_they_went_in(value):
    assert codec.decode(codec.encode(value)) == value


@given(arrays)
def test_arrays_come_out_as_they_went_in(array):
    out = codec.decode(codec.encode(array))

    assert type(out) is np.ndarray
    assert out.dtype == array.dtype
    assert out.shape == array.shape
    assert out.tobytes() == array.tobytes()


def test_a_decoded_array_can_be_written_to():
    out = codec.decode(codec.encode(np.arange(3.0)))

    out += 1

    assert out.tolist() == [1.0, 2.0, 3.0]


def test_strides_and_byte_order_do_not_matter():
    array = np.arange(12.0).reshape(3, 4)[::-1, ::2]

    assert np.array_equal(codec.decode(codec.encode(array.astype(">f8"))), array)


def test_a_numpy_scalar_becomes_a_0d_array_of_its_dtype():
    out = codec.decode(codec.encode(np.float32(1.5)))

    assert (out.shape, out.dtype, float(out)) == ((), np.float32, 1.5)


def test_a_subclass_that_says_it_equals_everything_crosses_as_plain_data():
    class Liar(np.ndarray):
        def __eq__(self, other):
            return True

        __hash__ = None

    out = codec.decode(codec.encode(np.zeros(2).view(Liar)))

    assert type(out) is np.ndarray
    assert out.tolist() == [0.0, 0.0]


class Pair(NamedTuple):
    one: object
    other: object


class Table(dict):
    def items(self):
        return [("a", "forged")]


class Length(float):
    def __float__(self):
        return 99.0


@pytest.mark.parametrize(
    ("value", "plain_value"),
    [
        (Pair(1, [2.0]), (1, [2.0])),
        (collections.OrderedDict(a=1), {"a": 1}),
        (collections.defaultdict(list, a=1), {"a": 1}),
        (Table(a=1), {"a": 1}),
        (Length(1.5), 1.5),
        (fractions.Fraction(1, 4), 0.25),
        (decimal.Decimal("0.25"), 0.25),
        (enum.IntEnum("Size", "ONE").ONE, 1),
        ({np.str_("a"): np.str_("b")}, {"a": "b"}),
    ],
)
def test_a_value_of_a_derived_class_crosses_as_the_plain_one_that_it_is(value, plain_value):
    out = codec.decode(codec.encode(value))

    assert out == plain_value
    assert type(out) is type(plain_value)


@pytest.mark.parametrize("array", [np.longdouble(1.25), np.full((2, 3), 1.25, np.longdouble)])
def test_a_long_double_keeps_its_dtype_and_its_values_to_the_digits_of_a_float64(array):
    out = codec.decode(codec.encode(array))

    assert out.dtype == np.longdouble
    assert np.array_equal(out, array)


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, b"bytes", 2**70, np.array([None]), np.array(["a"]), np.zeros(2, dtype=[("a", "f8")]), {1: 2}, len]
)
def test_what_does_not_cross_is_known_by_its_type_alone(value):
    assert isinstance(codec.decode(codec.encode(value)), codec.Opaque)


def test_a_huge_broadcast_view_is_not_made_real():
    view = np.broadcast_to(np.float64(1), (10**6, 10**6))

    assert codec.decode(codec.encode(view, budget=1000)) == codec.Oversized("float64", (10**6, 10**6))


def test_a_list_that_holds_itself_ends_at_the_depth_bound():
    loop: list[object] = []
    loop.append(loop)

    assert isinstance(codec.decode(codec.encode(loop)), list)


def test_lone_surrogates_cross_escaped():
    assert codec.decode(codec.encode("a\ud800")) == "a\\ud800"


@pytest.mark.parametrize("value", [request.Reference(3, 1), request.Generator(7), request.Recipe("lambda: 1"), request.Own("f")])
def test_what_stands_for_something_in_the_child_is_no_data(value):
    assert codec.decode(codec.encode(value)) == codec.Opaque(type(value).__name__)


def header(shape, code=b"d"):
    return b"a" + code + bytes([len(shape)]) + b"".join(extent.to_bytes(8, "little") for extent in shape)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"N" * 2,
        b"?",
        b"i123",
        b"l\xff\xff\xff\xff",
        b"s\xff\xff\xff\x7f",
        b"s\x01\x00\x00\x00\xff",
        header((2**32, 2**32)),
        header((2**62, 4)),
        header((2**63,)),
        header((2**61, 0)),
        header((3,)) + b"\0" * 23,
        header((1,), code=b"O") + b"\0" * 8,
        b"ad\xff" + b"\0" * 100,
        b"l\x01\x00\x00\x00" * 20 + b"N",
        b"d\x01\x00\x00\x00NN",
    ],
)
def test_hostile_bytes_are_refused_before_anything_is_allocated(data):
    with pytest.raises(codec.CodecError):
        codec.decode(data)


def test_a_boolean_byte_that_is_neither_0_nor_1_is_made_one():
    data = header((3,), code=b"?") + bytes([0, 1, 200])

    assert codec.decode(data).view(np.uint8).tolist() == [0, 1, 1]


@settings(max_examples=500)
@given(st.binary(max_size=200))
def test_random_bytes_are_decoded_or_refused_and_nothing_else(data):
    try:
        codec.decode(data)
    except codec.CodecError:
        return


@settings(max_examples=300)
@given(plain | arrays, st.integers(0, 10**6), st.integers(0, 255))
def test_a_flipped_byte_is_decoded_or_refused_and_nothing_else(value, at, byte):
    data = bytearray(codec.encode(value))
    data[at % len(data)] = byte
    try:
        codec.decode(bytes(data))
    except codec.CodecError:
        return


def test_a_result_that_takes_the_whole_budget_leaves_the_rest_of_the_reply_readable():
    huge = [[0.0] * 60 for _ in range(60)]
    argument = np.arange(3.0)

    reply = codec.decode(codec.encode_reply((huge,), (argument,), ("overflow",), False, 200))

    status, values, changed, flags, empty = reply
    assert (status, flags, empty) == ("returned", ("overflow",), False)
    assert isinstance(values[0], codec.Opaque)
    assert np.array_equal(changed[0], argument)


def test_numbers_are_charged_for_all_that_they_take():
    numbers = [[1.0] * 10 for _ in range(10)]

    data = codec.encode(numbers, 1000)

    assert len(data) <= 1000 + 10 * 5 + 5
