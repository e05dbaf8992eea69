"""What stands for a library that is not there: it harms nobody, and says what is missing when it is needed after all."""

from __future__ import annotations

import math

import numpy as np
import numpy.testing
import pytest

from grader.sandbox.inside import stand_ins

MISSING = stand_ins.stand_in("torch")
PLOT = stand_ins.stand_in("matplotlib.pyplot")
BAR = stand_ins.stand_in("tqdm").tqdm

USES = {
    "a call": lambda: MISSING.tensor([1.0]),
    "an item": lambda: MISSING.cuda[0],
    "a sum": lambda: MISSING.pi + 1,
    "a product": lambda: 2 * MISSING.pi,
    "a power": lambda: MISSING.pi**2,
    "a comparison": lambda: MISSING.version > 1,
    "a loop": lambda: list(MISSING.data),
    "a block": MISSING.no_grad.__enter__,
    "a number": lambda: math.sqrt(MISSING.pi),
    "an index": lambda: [1, 2][MISSING.index],
}


@pytest.mark.parametrize("use", USES)
def test_whoever_needs_a_library_that_is_not_there_is_told_which(use):
    with pytest.raises(stand_ins.NotAvailable, match=r"^torch\.\w+ is not available to graded code$"):
        USES[use]()


def test_a_class_derived_from_one_of_it_is_a_class():
    class Net(MISSING.nn.Module):
        def forward(self, x):
            return x

    assert Net().forward(3) == 3


def test_two_bases_that_are_not_there_are_none():
    class Both(MISSING.nn.Module, MISSING.Other):
        pass

    assert Both.__bases__ == (object,)


def test_settings_are_taken_and_forgotten():
    MISSING.backends["threads"] = 1
    MISSING.backends.deterministic = True


def test_a_drawing_goes_on_whatever_is_asked_of_it():
    figure, axes = PLOT.subplots(2, 3, figsize=(8, 5))
    for axis in axes.flat:
        axis.plot([1, 2], label="a").set_color("red")
    with PLOT.style.context("ggplot"):
        figure.colorbar(axes[0, 1].imshow(np.eye(2)))
    PLOT.show()

    assert not PLOT.fignum_exists(1)


def test_a_progress_bar_gives_what_it_is_given():
    bar = BAR(range(3), desc="training")
    bar.set_description("epoch")
    bar.update(1)

    assert list(bar) == [0, 1, 2]
    assert len(bar) == 3
    assert list(stand_ins.stand_in("tqdm").trange(1, 4)) == [1, 2, 3]
    with BAR(total=3) as empty:
        empty.update()
        BAR.write("done")
    assert list(empty) == []


# ----------------------------------------------------------------------------------------------------------- numpy.testing

PAIRS = [
    (1.0, 1.0),
    (1.0, 1.0 + 1e-9),
    (1.0, 1.0001),
    ([1.0, 2.0], [1.0, 2.0]),
    ([1.0, 2.0], [1.0, 3.0]),
    ([1.0, np.nan], [1.0, np.nan]),
    ([1.0, np.nan], [np.nan, 1.0]),
    (np.zeros((2, 3)), np.zeros((2, 3))),
    (np.zeros((2, 3)), np.full((2, 3), 1e-7)),
    ([1, 2], (1, 2)),
    ({"a": [1.0]}, {"a": [1.0]}),
    ({"a": 1.0}, {"b": 1.0}),
    ("a", "a"),
    ("a", "b"),
    (True, False),
    (None, None),
]
NUMBERS = [pair for pair in PAIRS if not isinstance(pair[0], (dict, str)) and pair[0] is not None]
OURS = stand_ins.testing()


def holds(function, *arguments):
    try:
        function(*arguments)
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize("name", ["assert_allclose", "assert_almost_equal", "assert_array_almost_equal", "assert_array_equal"])
@pytest.mark.parametrize("pair", NUMBERS, ids=repr)
def test_an_assertion_on_arrays_says_what_that_of_numpy_says(name, pair):
    assert holds(getattr(OURS, name), *pair) is holds(getattr(numpy.testing, name), *pair)


@pytest.mark.parametrize("pair", PAIRS, ids=repr)
def test_equality_is_that_of_numpy(pair):
    assert holds(OURS.assert_equal, *pair) is holds(numpy.testing.assert_equal, *pair)


@pytest.mark.parametrize("pair", [(1.0, 2.0), (2.0, 1.0), ([1.0, 2.0], [2.0, 3.0]), ([1.0, 2.0], [2.0, 2.0])], ids=repr)
def test_an_order_is_that_of_numpy(pair):
    assert holds(OURS.assert_array_less, *pair) is holds(numpy.testing.assert_array_less, *pair)


def test_what_should_be_raised_is_asked_for_in_both_ways():
    with OURS.assert_raises(ValueError):
        int("x")
    OURS.assert_raises(ValueError, int, "x")
    with pytest.raises(AssertionError):
        OURS.assert_raises(ValueError, int, "1")
    with pytest.raises(KeyError), OURS.assert_raises(ValueError):
        {}[0]


def test_an_assertion_that_has_no_stand_in_says_so():
    with pytest.raises(stand_ins.NotAvailable, match=r"numpy\.testing\.assert_string_equal is not available"):
        OURS.assert_string_equal("a", "a")
