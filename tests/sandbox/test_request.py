"""Requests: whatever a check may pass arrives in the child as it was, and what may not is refused when a course is planned."""

import numpy as np
import pytest

from grader.sandbox.inside import child, request


def arrived(value, **kept):
    """What a function of the child gets for `value`."""
    session = child.Session({"own": abs, **kept}.get, ())
    session.results[3] = ("first", "second")
    session.arguments[3] = ("left",)
    return session.resolve(request.decode(request.encode(value)))


@pytest.mark.parametrize("value", [None, True, 7, -(2**70), 0.5, 1j, "text", "a\ud800", (1, [2.5, {"p": None}]), [], {}])
def test_plain_values_arrive_as_they_were(value):
    assert arrived(value) == value


@pytest.mark.parametrize("dtype", ["f8", "f4", "i8", "u1", "?"])
def test_arrays_arrive_writable_in_their_own_memory(dtype):
    sent = np.arange(6).reshape(2, 3).astype(dtype)

    got = arrived((sent, {"w": [sent]}))

    np.testing.assert_array_equal(got[0], sent)
    assert got[0].dtype == sent.dtype
    assert got[0].flags.writeable
    assert got[0].flags.owndata
    assert not np.shares_memory(got[0], got[1]["w"][0])


def test_a_broadcast_view_arrives_in_full():
    np.testing.assert_array_equal(arrived(np.broadcast_to(1.5, (2, 3))), np.full((2, 3), 1.5))


def test_a_reference_arrives_as_the_value_that_was_kept():
    assert arrived([request.Reference(3, 1), request.Reference(3, -1), request.Reference(3, 0, after=True)]) == ["second", "first", "left"]


def test_a_reference_to_a_call_without_a_result_blocks():
    with pytest.raises(child.Blocked):
        arrived(request.Reference(4, 0))


def test_a_generator_arrives_seeded():
    assert arrived(request.Generator(7)).integers(1000) == np.random.default_rng(7).integers(1000)


def test_a_recipe_arrives_as_what_it_makes_of_its_constants():
    made = arrived(request.Recipe("lambda f, a: lambda x: f(x) + np.sum(a)", (request.Own("own"), np.array([1.0, 2.0]))))

    assert made(-5.0) == 8.0


def test_a_function_is_found_under_its_alias():
    assert arrived(request.Own("theirs", ("own",))) is abs


@pytest.mark.parametrize("value", [{1, 2}, object(), np.array([None]), np.array(["text"]), [object()]])
def test_what_cannot_be_sent_is_refused_by_name(value):
    with pytest.raises(TypeError, match="cannot be sent"):
        request.encode(value)
