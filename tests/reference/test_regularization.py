import inspect

import numpy as np
import pytest
from autograd import grad
from autograd import numpy as anp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal

from reference import regularization as reference
from tests.reference.implementations import ROOT, implementations, load

STRICT = {"over": "raise", "invalid": "raise", "divide": "raise"}
FUNCTIONS = [
    "l2_penalty", "l1_penalty", "weight_decay_step", "early_stopping", "bootstrap_indices", "ensemble_predict", "random_crop",
    "random_flip", "ten_crop", "resize_short_side",
]  # fmt: skip


@pytest.fixture(params=implementations("regularization"), ids=lambda path: path.stem)
def module(request):
    return load(request.param)


@pytest.fixture
def stub():
    return load(ROOT / "exercises" / "regularization.py")


def draw(*shape, dtype=np.float64):
    return np.random.default_rng(0).normal(0, 2, shape).astype(dtype)


# Every function with arguments of one dtype; the random ones get a generator of their own.
CALLS = {
    "l2_penalty": lambda dtype: (draw(3, 4, dtype=dtype), 0.3),
    "l1_penalty": lambda dtype: (draw(3, 4, dtype=dtype), 0.3),
    "weight_decay_step": lambda dtype: (draw(3, 4, dtype=dtype), draw(3, 4, dtype=dtype) + 1, 0.1, 0.2),
    "early_stopping": lambda dtype: (draw(9, dtype=dtype), 2),
    "ensemble_predict": lambda dtype: (draw(3, 5, 4, dtype=dtype) ** 2, "vote"),
    "random_crop": lambda dtype: (draw(3, 6, 5, 2, dtype=dtype), 4, np.random.default_rng(0)),
    "random_flip": lambda dtype: (draw(9, 3, 4, 2, dtype=dtype), np.random.default_rng(0)),
    "ten_crop": lambda dtype: (draw(7, 5, 2, dtype=dtype), 3),
    "resize_short_side": lambda dtype: (draw(4, 7, 2, dtype=dtype), 3),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_stub_and_reference_have_the_same_signature(stub, name):
    ours, theirs = (inspect.signature(getattr(one, name)) for one in (reference, stub))

    assert list(ours.parameters) == list(theirs.parameters)
    assert [one.default for one in ours.parameters.values()] == [one.default for one in theirs.parameters.values()]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_stub_is_not_implemented(stub, name):
    function = getattr(stub, name)

    with pytest.raises(NotImplementedError):
        function(*[None] * len(inspect.signature(function).parameters))


@pytest.mark.parametrize("name", CALLS)
def test_arguments_stay_as_they_are(module, name):
    arguments = CALLS[name](np.float64)
    before = [argument.copy() for argument in arguments if isinstance(argument, np.ndarray)]

    getattr(module, name)(*arguments)

    after = [argument for argument in arguments if isinstance(argument, np.ndarray)]
    for old, new in zip(before, after, strict=True):
        assert_array_equal(new, old)


@pytest.mark.parametrize("name", sorted(set(CALLS) - {"early_stopping", "ensemble_predict"}))
def test_float32_stays_float32(module, name):
    result = getattr(module, name)(*CALLS[name](np.float32))

    assert (result[1] if name.endswith("penalty") else result).dtype == np.float32


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", ["l2_penalty", "l1_penalty", "weight_decay_step", "resize_short_side"])
def test_large_values_neither_overflow_nor_warn(module, name, dtype):
    array, *others = CALLS[name](dtype)

    with np.errstate(**STRICT):
        result = getattr(module, name)(array / np.abs(array).max() * dtype(1e4), *others)

    assert all(np.all(np.isfinite(one)) for one in (result if name.endswith("penalty") else [result]))


# -------------------------------------------------------------------------------------------------------------- penalties


def test_penalties_of_two_weights_by_hand(module):
    w = np.array([3.0, -4.0])

    l2, l2_grad = module.l2_penalty(w, 0.1)
    l1, l1_grad = module.l1_penalty(w, 0.1)

    assert_allclose((l2, l1), (0.05 * 25, 0.1 * 7), rtol=1e-14)
    assert_allclose(l2_grad, [0.3, -0.4], rtol=1e-14)
    assert_allclose(l1_grad, [0.1, -0.1], rtol=1e-14)


@pytest.mark.parametrize("name", ["l2_penalty", "l1_penalty"])
@pytest.mark.parametrize("shape", [(5,), (3, 4), (2, 3, 1, 4)])
def test_the_gradient_of_a_penalty_is_that_of_autograd(module, name, shape):
    w = draw(*shape)
    oracle = {"l2_penalty": lambda w: 0.35 * anp.sum(w * w), "l1_penalty": lambda w: 0.7 * anp.sum(anp.abs(w))}[name]

    penalty, found = getattr(module, name)(w, 0.7)

    assert np.ndim(penalty) == 0
    assert_allclose(penalty, oracle(w), rtol=1e-12)
    assert_allclose(found, grad(oracle)(w), rtol=1e-12)


def test_l1_is_flat_at_zero(module):
    _, found = module.l1_penalty(np.array([0.0, -2.0, 0.0]), 0.5)

    assert_array_equal(found, [0, -0.5, 0])


def test_decay_is_a_step_along_the_loss_and_the_l2_penalty(module):
    w, dw = draw(3, 4), draw(3, 4)[::-1]

    def objective(w):
        return anp.sum(w * dw) + 0.5 * 0.8 * anp.sum(w**2)

    assert_allclose(module.weight_decay_step(w, dw, 0.3, 0.8), w - 0.3 * grad(objective)(w), rtol=1e-12)


def test_weights_shrink_by_one_factor_where_the_loss_is_flat(module):
    w = draw(6)

    for _ in range(3):
        w = module.weight_decay_step(w, np.zeros(6), 0.5, 0.4)

    assert_allclose(w, 0.8**3 * draw(6), rtol=1e-13)  # 1 - 0.5 * 0.4


# ---------------------------------------------------------------------------------------------------------- early stopping


@pytest.mark.parametrize(
    ("losses", "patience", "expected"),
    [
        ([5, 3, 4, 2, 3, 2, 6, 1], 3, (6, 3)),  # the example of the stub
        ([5, 3, 4, 2, 3, 2, 6, 1], 1, (2, 1)),
        ([5, 3, 4, 2, 3, 2, 6, 1], 4, (7, 7)),
        ([1.5], 1, (0, 0)),
        ([2, 2, 2, 2], 3, (3, 0)),
        ([3, 2, 1], 5, (2, 2)),
    ],
)
def test_training_stops_when_patience_runs_out(module, losses, patience, expected):
    assert tuple(module.early_stopping(np.array(losses, float), patience)) == expected


@given(st.lists(st.integers(0, 6), min_size=1, max_size=20), st.integers(1, 6))
def test_nothing_after_the_last_epoch_matters_and_all_before_it_was_patient(losses, patience):
    losses = np.array(losses, float)

    stop, best = reference.early_stopping(losses, patience)

    assert best == np.argmin(losses[: stop + 1])
    assert stop - best == patience or stop == losses.size - 1
    assert all(epoch - np.argmin(losses[: epoch + 1]) < patience for epoch in range(stop))


@given(hnp.arrays(float, st.integers(1, 15), elements=st.integers(0, 5).map(float)), st.integers(1, 5))
def test_variants_stop_as_the_reference_does(losses, patience):
    found = {tuple(map(int, load(path).early_stopping(losses.copy(), patience))) for path in implementations("regularization")}

    assert len(found) == 1


# --------------------------------------------------------------------------------------------------------- ensemble_predict


def test_mean_and_vote_may_disagree(module):
    probs = np.array([[[0.4, 0.6]], [[0.4, 0.6]], [[0.9, 0.1]]])  # means 0.57 and 0.43, votes 1 and 2

    assert module.ensemble_predict(probs, "mean").tolist() == [0]
    assert module.ensemble_predict(probs, "vote").tolist() == [1]


def test_level_classes_go_to_the_lowest_label(module):
    probs = np.array([[[0.25, 0.25, 0.5], [0.25, 0.5, 0.25]], [[0.25, 0.5, 0.25], [0.5, 0.25, 0.25]]])

    assert module.ensemble_predict(probs, "vote").tolist() == [1, 0]
    assert module.ensemble_predict(probs, "mean").tolist() == [1, 0]


@pytest.mark.parametrize("how", ["mean", "vote"])
def test_models_that_agree_are_followed(module, how):
    labels = np.random.default_rng(1).integers(0, 5, 30)
    probs = np.tile(0.05 + 0.75 * (labels[:, None] == np.arange(5)), (4, 1, 1))

    assert_array_equal(module.ensemble_predict(probs, how), labels)


def test_other_ways_to_combine_are_refused(module):
    with pytest.raises(ValueError):  # noqa: PT011 - what it says is free
        module.ensemble_predict(np.full((2, 3, 4), 0.25), "median")
