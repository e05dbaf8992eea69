"""A general cause is stated when it explains everything, and only then: every cause has a control that looks like it and is not."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from grader.causes import find_relation, find_setting
from grader.model import Finding, Rung
from grader.telling import telling_facts
from tests.diagnosis.seen import case, observed, pair

RNG = np.random.default_rng(3)
SHAPES = ((4, 3), (7, 5), (6, 2))
RIGHT = [RNG.standard_normal(shape) for shape in SHAPES]


def cases(**more):
    """Three calls of different sizes."""
    return [
        case(number, arrays={"x": RNG.standard_normal(shape)}, sizes={"N": shape[0], "D": shape[1]}, **more)
        for number, shape in enumerate(SHAPES)
    ]


def seen_with(change, **more):
    """What is seen when `change`, of the case and the right value, comes back in all three calls."""
    return observed(*(pair(one, change(one, right), right) for one, right in zip(cases(**more), RIGHT, strict=True)))


def named(seen):
    cause = find_relation(seen)
    return None if cause is None else cause.name


CHANGES = {
    "negated": lambda _case, right: -right,
    "zero": lambda _case, right: 0 * right,
    "scaled": lambda one, right: right / one.sizes["N"],
    "shifted": lambda _case, right: right - 2,
    "squared": lambda _case, right: right**2,
    "magnitude": lambda _case, right: np.abs(right),
    "complement": lambda _case, right: 1 - right,
    "another_range": lambda _case, right: 2 * right - 1,
    "cut_off": lambda _case, right: np.clip(right, -0.5, 0.5),
    "returns_argument": lambda one, _right: one.arrays["x"],
    "multiple_of_argument": lambda one, _right: 3 * one.arrays["x"],
    "scaled_by_argument": lambda one, right: right * one.arrays["x"],
    "shifted_by_argument": lambda one, right: right - one.arrays["x"],
    "transposed": lambda _case, right: right.T,
    "reversed": lambda _case, right: right[::-1],
    "moved_by_one": lambda _case, right: np.vstack([np.zeros_like(right[:1]), right[:-1]]),
    "summed_too_far": lambda _case, right: right.sum(axis=0),
}


@pytest.mark.parametrize("name", CHANGES)
def test_one_and_the_same_change_of_all_values_is_named(name):
    assert named(seen_with(CHANGES[name])) == name


@pytest.mark.parametrize("name", set(CHANGES) - {"returns_argument", "multiple_of_argument"})
def test_a_change_that_one_case_does_not_share_is_not_named(name):
    values = [CHANGES[name](one, right) for one, right in zip(cases(), RIGHT, strict=True)]
    values[1] = RIGHT[1] + 0.1 * RNG.standard_normal(SHAPES[1])

    seen = observed(*(pair(one, value, right) for one, value, right in zip(cases(), values, RIGHT, strict=True)))

    assert named(seen) is None


def test_noise_has_no_cause():
    assert named(seen_with(lambda _case, right: right + RNG.standard_normal(right.shape))) is None


# ------------------------------------------------------------------------------------------------------------------- the words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda one, right: right / one.sizes["N"],
            "out is 1/N times what it should be, in every test: there is an extra division by N (a mean where a sum is needed)",
        ),
        (lambda one, right: right * one.sizes["D"], "out is D times what it should be, in every test: a division by D is missing"),
        (lambda _case, right: right * 2, "out is twice what it should be, in every test: there is an extra factor 2"),
        (lambda _case, right: right / 2, "out is half of what it should be"),
        (lambda _case, right: right * np.log(2), "out is ln 2 times what it should be"),
        (lambda one, right: right * (one.sizes["N"] - 1) / one.sizes["N"], "out is (N - 1)/N times what it should be"),
        (lambda _case, right: right + 0.5, "out is larger than it should be by half"),
    ],
)
def test_a_factor_is_called_by_what_it_follows(change, words):
    cause = find_relation(seen_with(change))

    assert cause.words.startswith(words)


def test_a_factor_that_is_a_parameter_is_called_by_its_name():
    calls = [case(number, numbers={"p": p}) for number, p in enumerate((0.8, 0.3))]

    cause = find_relation(observed(*(pair(one, right * one.numbers["p"], right) for one, right in zip(calls, RIGHT, strict=False))))

    assert cause.words == "out is p times what it should be, in every test: there is an extra factor p, or a division by p is missing."


def test_a_number_that_is_not_round_is_not_said():
    # It could be a hidden input that the code under test has added to its results.
    assert find_relation(seen_with(lambda _case, right: right + 0.7348215)) is None
    assert find_relation(seen_with(lambda _case, right: right * 0.7348215)) is None


def test_results_with_one_fault_are_named_together():
    pairs = [pair(one, -right, right, label) for label in ("dW", "db") for one, right in zip(cases(), RIGHT, strict=True)]

    assert find_relation(observed(*pairs)).words.startswith("dW and db have the right magnitude and the wrong sign, in every test")


def test_one_result_that_is_returned_twice_is_not_called_an_exchange():
    dx, dw = RNG.standard_normal((2, 4, 3)), RNG.standard_normal((2, 4, 3))
    pairs = [one for n in range(2) for one in (pair(case(n), dx[n], dx[n], "dx"), pair(case(n), dx[n], dw[n], "dw"))]

    assert find_relation(observed(*pairs)).words == "dw is what dx should be, in every test: another result is returned in its place."


def test_results_in_each_others_place_are_named_as_exchanged():
    pairs = []
    for one, right in zip(cases(), RIGHT, strict=True):
        pairs += [pair(one, right + 1, right, "dgamma"), pair(one, right, right + 1, "dbeta")]

    assert named(observed(*pairs)) == "exchanged"


def test_a_result_that_nothing_explains_keeps_the_others_from_being_named():
    pairs = []
    for one, right in zip(cases(), RIGHT, strict=True):
        pairs += [pair(one, -right, right, "dx"), pair(one, right + RNG.standard_normal(right.shape), right, "db")]

    assert named(observed(*pairs)) is None


# --------------------------------------------------------------------------------------------------------------- enough evidence


def test_one_number_of_one_case_is_no_evidence():
    assert named(observed(pair(case(0), 6.0, 3.0))) is None


def test_one_number_each_of_three_cases_is():
    pairs = [pair(case(number), 2.0 * right, right) for number, right in enumerate((3.0, 0.7, 11.0))]

    assert named(observed(*pairs)) == "scaled"


def test_float32_alone_is_too_coarse_to_name_anything():
    pairs = [pair(case(number, single=True), -right, right) for number, right in enumerate(RIGHT)]

    assert named(observed(*pairs)) is None


def test_a_law_that_fails_without_a_wrong_value_is_not_explained():
    pairs = [pair(one, -right, right) for one, right in zip(cases(), RIGHT, strict=True)]
    findings = [(Finding(rung=Rung.VALUE, message="off"), (one,)) for one in pairs] + [(Finding(rung=Rung.LAW, message="no"), ())]

    assert named(observed(*pairs, findings=findings)) is None


# ----------------------------------------------------------------------------------------------------------------------- places


def test_a_change_where_an_argument_is_negative_is_placed_there():
    seen = seen_with(lambda one, right: np.where(one.arrays["x"] < 0, right / 2, right))

    assert find_relation(seen).words.startswith("out is half of what it should be wherever x is negative, in every test")


def test_a_first_row_of_zeros_is_placed_there():
    def change(_case, right):
        return np.vstack([0 * right[:1], right[1:]])

    assert find_relation(seen_with(change)).words.startswith("out is 0 at the first index of axis 0, in every test")


def test_right_except_at_the_borders_is_named():
    right = [RNG.standard_normal((2, 8, 9)) for _ in range(3)]
    wrong = [
        value + np.pad(np.zeros((2, 6, 7)), ((0, 0), (1, 1), (1, 1)), constant_values=1.3) * RNG.random(value.shape) for value in right
    ]

    cause = find_relation(observed(*(pair(case(number), *both) for number, both in enumerate(zip(wrong, right, strict=True)))))

    assert cause.name == "borders"
    assert "wrong at the borders of the last two axes only" in cause.words


def test_scattered_faults_are_at_no_place():
    right = [RNG.standard_normal((2, 8, 9)) for _ in range(3)]
    wrong = [value + (RNG.random(value.shape) < 0.4) * RNG.random(value.shape) for value in right]

    assert named(observed(*(pair(case(number), *both) for number, both in enumerate(zip(wrong, right, strict=True))))) is None


def test_an_unsummed_axis_is_named():
    pairs = [pair(one, right, right.sum(axis=0)) for one, right in zip(cases(), RIGHT, strict=True)]

    assert find_relation(observed(*pairs)).words.startswith("out is still to be summed over axis 0")


def test_a_sum_over_the_other_axis_is_named():
    pairs = [pair(one, right.sum(axis=1), right.sum(axis=0)) for one, right in zip(cases(), RIGHT, strict=True)]

    assert named(observed(*pairs)) == "wrong_axis"


def test_another_shape_of_other_values_is_not_called_a_wrong_axis():
    pairs = [pair(one, RNG.standard_normal(len(right)), right.sum(axis=0)) for one, right in zip(cases(), RIGHT, strict=True)]

    assert named(observed(*pairs)) is None


def test_right_values_in_another_shape_are_named():
    pairs = [pair(one, right.ravel(), right) for one, right in zip(cases(), RIGHT, strict=True)]

    assert find_relation(observed(*pairs)).words.startswith("out is right but in the wrong shape, in every test")


def test_right_values_mixed_up_by_a_reshape_are_named():
    pairs = [pair(one, right.T.reshape(right.shape), right) for one, right in zip(cases(), RIGHT, strict=True)]

    assert named(observed(*pairs)) == "reordered"


# -------------------------------------------------------------------------------------------------------------------- settings


def modes(wrong_in):
    """Two calls in each mode, with noise in the result of one of the modes."""
    pairs = []
    for number, mode in enumerate(("train", "train", "test", "test")):
        right = RNG.standard_normal((4, 3))
        pairs.append(pair(case(number, settings={"mode": mode}), right + (mode == wrong_in) * RNG.random((4, 3)), right))
    return pairs


def test_right_in_one_mode_only_is_named():
    cause = find_setting(observed(*modes("test")))

    assert cause.words == "It is wrong where mode is 'test', in every such test, and right in all others: only that branch is wrong."


def test_wrong_in_one_case_of_either_mode_is_not():
    pairs = modes("test")
    pairs[0] = dataclasses.replace(pairs[0], found=pairs[0].found + 1, right=False)

    assert find_setting(observed(*pairs)) is None


def test_right_at_default_parameters_only_is_named():
    pairs = []
    for number, eps in enumerate((1e-5, 1e-5, 0.1, 0.3)):
        right = RNG.standard_normal((4, 3))
        pairs.append(pair(case(number, numbers={"eps": eps}), right + (eps > 1e-3) * RNG.random((4, 3)), right))

    cause = find_setting(observed(*pairs, defaults={"eps": 1e-5}))

    assert cause.name == "defaults_only"
    assert "where eps is not its default" in cause.words


def test_a_relation_says_in_which_mode_it_holds():
    pairs = [dataclasses.replace(one, found=one.expected / 2, right=False) if not one.right else one for one in modes("test")]

    assert find_relation(observed(*pairs)).words.startswith("out is half of what it should be where mode is 'test', in every such test")


# ---------------------------------------------------------------------------------------------------------- precision, state, form


def wide(change):
    right = [RNG.standard_normal((6, 7)) for _ in range(3)]
    return observed(*(pair(case(number), change(one), one) for number, one in enumerate(right)))


def test_float32_inside_is_named():
    def change(right):
        # Rounding the result alone is within the tolerance; a computation in float32 is not.
        return ((right.astype(np.float32) + np.float32(9)) - np.float32(9)).astype(float)

    assert named(wide(change)) == "float32_inside"


def test_a_small_drift_in_one_direction_is_no_rounding():
    # What an eps of 1e-6 too much would leave.
    assert named(wide(lambda right: right / np.sqrt(1 + 1e-6 * np.abs(right)))) is None


def test_the_size_of_a_small_error_is_told_when_nothing_is_recognised():
    facts = telling_facts(wide(lambda right: right / np.sqrt(1 + 1e-6 * np.abs(right))))

    assert facts[-1].startswith("The values of out are off by at most 1/100 000 of the largest one")


def test_what_an_earlier_call_gave_is_state():
    right = [RNG.standard_normal((4, 3)) for _ in range(4)]
    pairs = [pair(case(number), right[0], one) for number, one in enumerate(right)]

    assert named(observed(*pairs)) == "state_kept"


def test_a_sum_that_goes_on_from_call_to_call_is_state():
    right = [RNG.standard_normal((4, 3)) for _ in range(4)]
    pairs = [pair(case(number), sum(right[: number + 1]), one) for number, one in enumerate(right)]

    assert named(observed(*pairs)) == "state_kept"


@pytest.mark.parametrize(("rung", "name"), [(Rung.PURITY, "argument_modified"), (Rung.SHAPE, "shape_only"), (Rung.DTYPE, "dtype_only")])
def test_right_values_with_another_fault_are_called_so(rung, name):
    pairs = [pair(one, right, right) for one, right in zip(cases(), RIGHT, strict=True)]

    assert named(observed(*pairs, findings=[(Finding(rung=rung, message="see"), tuple(pairs))])) == name


def left_behind(one, found):
    """The argument x of a call as it is when the call has returned."""
    return pair(one, found, one.arrays["x"], "argument 1, as it is left,")


def modified(left_of, label="out"):
    """Right values, and an argument that is modified: `left_of`, of the case and the value that came back, is what it holds then."""
    pairs = [pair(one, right, right, label) for one, right in zip(cases(), RIGHT, strict=True)]
    left = [dataclasses.replace(left_behind(one.case, left_of(one.case, one.found)), compared=False) for one in pairs]
    return observed(*pairs, *left, findings=[(Finding(rung=Rung.PURITY, message="see"), tuple(left))])


def test_a_modified_argument_that_holds_the_result_is_the_result_itself():
    assert named(modified(lambda _case, out: out)) == "view_returned"
    assert find_relation(modified(lambda _case, out: out, "dx")).words.startswith(
        "After the call, the changed argument holds the same values as dx: dx is that very array"
    )


def test_a_result_of_another_shape_may_be_a_view_too():
    assert named(modified(lambda _case, out: out.reshape(-1, 1))) == "view_returned"


def test_a_modified_argument_that_holds_something_else_is_modified_and_no_more():
    assert named(modified(lambda case, _out: 2 * case.arrays["x"])) == "argument_modified"
    # In one of the three calls alone.
    assert named(modified(lambda case, out: out if case.number else 2 * case.arrays["x"])) == "argument_modified"


@pytest.mark.parametrize(("index", "name"), [(-1, "view_kept"), (0, "never_moved_on")])
def test_one_step_in_the_place_of_all_is_an_array_kept_without_a_copy_or_a_loop_that_stands_still(index, name):
    right = [RNG.standard_normal(shape) for shape in ((2, 3, 4), (3, 5, 2), (2, 2, 2))]
    everywhere = [np.repeat(one[:, [index]], one.shape[1], axis=1) for one in right]

    found = find_relation(observed(*(pair(case(number), *both) for number, both in enumerate(zip(everywhere, right, strict=True)))))

    assert found.name == name
    assert found.words.startswith(
        f"out is the same at every index of axis 1, namely what it should be at the {'last' if index else 'first'}"
    )


@pytest.mark.parametrize("change", [lambda right: np.tile(right, (3, 1, 1)), lambda right: np.repeat(right[:, None], 4, axis=1)])
def test_a_right_value_broadcast_to_more_axes_is_not_called_a_sum_that_is_left_out(change):
    cause = find_relation(seen_with(lambda _case, right: change(right)))

    assert cause.name == "spread"
    assert cause.words.endswith("NumPy has broadcast it to that shape.")


def test_where_only_some_calls_broadcast_it_is_no_sum_over_another_axis():
    right = [RNG.standard_normal(shape) for shape in ((3, 1), (2, 1), (4, 4), (5, 5))]
    pairs = [pair(case(number), np.tile(one, (1, 2)) if one.shape[1] == 1 else one, one) for number, one in enumerate(right)]

    assert named(observed(*pairs)) is None


def test_steps_that_are_alike_but_no_right_one_have_no_cause():
    right = [RNG.standard_normal(shape) for shape in ((2, 3, 4), (3, 5, 2))]
    alike = [np.repeat(RNG.standard_normal(one[:, [0]].shape), one.shape[1], axis=1) for one in right]

    assert named(observed(*(pair(case(number), *both) for number, both in enumerate(zip(alike, right, strict=True))))) is None


def test_without_a_right_value_nobody_says_that_the_values_are_right():
    assert named(observed(findings=[(Finding(rung=Rung.DTYPE, message="see"), ())])) is None


def test_of_several_results_the_facts_say_which_is_right():
    pairs = []
    for one, right in zip(cases(), RIGHT, strict=True):
        pairs += [pair(one, right + RNG.standard_normal(right.shape), right, "dx"), pair(one, right, right, "db")]

    assert telling_facts(observed(*pairs))[0] == "dx is wrong; db is right in every test."


def test_of_what_is_right_only_results_are_told():
    # A hidden check may put a parameter of its own into a dict, to see whether it is left there.
    one = case(0, settings={"layer": 3.5})
    pairs = [pair(one, np.zeros(3), np.ones(3)), pair(one, np.ones(3), np.ones(3), "running_mean"), pair(one, 3.5, 3.5, "layer")]

    assert telling_facts(observed(*pairs))[0] == "out is wrong; running_mean is right in every test."
