import inspect
from itertools import pairwise

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit

from reference import pretraining as reference
from tests.reference.implementations import ROOT, implementations, load

NAMES = ("W", "b", "W_dec", "b_dec")


@pytest.fixture(params=implementations("pretraining"), ids=lambda path: path.stem)
def module(request):
    return load(request.param)


def draw_autoencoder(m=5, D=4, M=3, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape).astype(dtype) for shape in ((m, D), (D, M), (M,), (M, D), (D,))]


def by_name(grads):
    """Four gradients, which may come as a tuple, and may have company in a dict."""
    return {name: grads[name] for name in NAMES} if isinstance(grads, dict) else dict(zip(NAMES, grads, strict=True))


def draw_network(sizes=(4, 3, 5, 2), m=6, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    pairs = [(rng.standard_normal((a, b)).astype(dtype), rng.standard_normal(b).astype(dtype)) for a, b in pairwise(sizes)]
    x, y = (rng.standard_normal((m, size)).astype(dtype) for size in (sizes[0], sizes[-1]))
    return x, y, pairs[:-1], pairs[-1]


def reconstruction_error(x, W, b, W_dec, b_dec):
    hidden = (anp.tanh((anp.dot(x, W) + b) / 2) + 1) / 2
    return anp.sum((anp.dot(hidden, W_dec) + b_dec - x) ** 2) / x.shape[0]


def network_error(x, y, parameters):
    h = x
    for W, b in parameters[:-1]:
        h = (anp.tanh((anp.dot(h, W) + b) / 2) + 1) / 2
    W, b = parameters[-1]
    return anp.sum((anp.dot(h, W) + b - y) ** 2) / x.shape[0]


def two_clusters(m=16, D=6, seed=0):
    rng = np.random.default_rng(seed)
    side = np.tile([-1.0, 1.0], m // 2)
    direction = rng.standard_normal(D)
    x = 4 * np.outer(side, direction / np.linalg.norm(direction)) + 0.2 * rng.standard_normal((m, D))
    return x, side[:, np.newaxis]


def test_an_autoencoder_of_one_unit_worked_by_hand():
    # The code is sigmoid(0) = 1/2, the output 1/2 * 4 + 1 = 3, the error 3 - 2 = 1 and its square 1, averaged over one example.
    loss, grads = reference.autoencoder_loss(np.array([[2.0]]), np.array([[0.5]]), np.array([-1.0]), np.array([[4.0]]), np.array([1.0]))

    assert loss == 1.0
    # dx_hat = 2; dh = 8, times h (1 - h) = 1/4 is 2 for b and 4 for W, whose input is 2.
    assert {name: float(grads[name].item()) for name in NAMES} == {"W": 4.0, "b": 2.0, "W_dec": 1.0, "b_dec": 2.0}


def test_without_parameters_the_loss_is_the_mean_square_of_the_examples(module):
    x = np.array([[3.0, 4.0], [0.0, 1.0]])  # squares 25 and 1

    loss, _ = module.autoencoder_loss(x, np.zeros((2, 3)), np.zeros(3), np.zeros((3, 2)), np.zeros(2))

    assert_allclose(loss, 13.0, rtol=1e-14)


@pytest.mark.parametrize("seed", range(3))
def test_the_gradients_of_an_autoencoder_are_autograds(module, seed):
    arrays = draw_autoencoder(seed=seed)

    loss, grads = module.autoencoder_loss(*arrays)

    assert_allclose(loss, reconstruction_error(*arrays), rtol=1e-12)
    for position, name in enumerate(NAMES, 1):
        due = grad(reconstruction_error, position)(*arrays)
        assert_allclose(by_name(grads)[name], due, rtol=1e-10, atol=1e-13)


@given(st.integers(0, 2**32 - 1))
def test_the_order_of_the_examples_changes_nothing(seed):
    arrays = draw_autoencoder(seed=seed)
    order = np.random.default_rng(seed).permutation(len(arrays[0]))

    loss, grads = reference.autoencoder_loss(*arrays)
    permuted, others = reference.autoencoder_loss(arrays[0][order], *arrays[1:])

    assert_allclose(permuted, loss, rtol=1e-12)
    for name in NAMES:
        assert_allclose(others[name], grads[name], rtol=1e-9, atol=1e-12)


def test_training_records_the_loss_of_the_start_first_and_descends(module):
    x, _ = two_clusters()

    W, b, losses = module.train_autoencoder(x, 2, 0.05, 40, np.random.default_rng(3))

    assert np.shape(W) == (6, 2)
    assert np.shape(b) == (2,)
    assert len(losses) == 40
    assert losses[-1] < 0.5 * losses[0]
    assert np.all(np.diff(losses) < 0)


def test_at_a_step_size_of_zero_training_gives_the_start_back(module):
    x, _ = two_clusters()

    W, b, losses = module.train_autoencoder(x, 3, 0.0, 4, np.random.default_rng(3))
    other, _, _ = module.train_autoencoder(x, 3, 0.0, 1, np.random.default_rng(3))

    assert_array_equal(W, other)
    assert_allclose(losses, losses[0], rtol=1e-14)
    assert_allclose(b, module.train_autoencoder(x, 3, 0.0, 2, np.random.default_rng(3))[1])


def test_one_step_of_training_is_one_step_down_the_gradient_of_some_decoder():
    # All rows alike: dW = x db, whatever the decoder is, and both are a multiple of one step.
    x = np.tile([[2.0, -1.0, 0.5]], (4, 1))

    start, moved = (reference.train_autoencoder(x, 3, lr, 1, np.random.default_rng(5)) for lr in (0.0, 0.3))

    db = moved[1] - start[1]
    assert np.all(db != 0)
    assert_allclose(moved[0] - start[0], np.outer(x[0], db), rtol=1e-12)


def test_a_stack_has_a_layer_for_each_size_each_fed_with_the_codes_below(module):
    x, _ = two_clusters()
    rng = np.random.default_rng(7)

    layers = module.greedy_pretrain(x, [5, 3], 0.1, 20, rng)

    assert [(np.shape(W), np.shape(b)) for W, b in layers] == [((6, 5), (5,)), ((5, 3), (3,))]


def test_the_first_layer_of_a_stack_does_not_depend_on_those_above():
    x, _ = two_clusters()

    alone, below = (reference.greedy_pretrain(x, sizes, 0.1, 15, np.random.default_rng(7))[0] for sizes in ([4], [4, 3, 2]))

    assert_array_equal(alone[0], below[0])
    assert_array_equal(alone[1], below[1])


def test_the_second_layer_learns_the_codes_of_the_first():
    x, _ = two_clusters()
    rng = np.random.default_rng(1)
    (W1, b1), (W2, b2) = reference.greedy_pretrain(x, [4, 2], 0.5, 300, rng)
    codes = expit(x @ W1 + b1)

    above = expit(codes @ W2 + b2)
    inputs = np.hstack([above, np.ones((len(x), 1))])
    rest = codes - inputs @ np.linalg.lstsq(inputs, codes, rcond=None)[0]

    assert np.sum(rest**2) < 0.1 * np.sum((codes - codes.mean(axis=0)) ** 2)


@pytest.mark.parametrize("sizes", [(4, 3, 2), (4, 3, 5, 2), (3, 2, 2, 2, 1)])
def test_a_step_of_fine_tuning_is_autograds_gradient_everywhere(module, sizes):
    x, y, layers, head = draw_network(sizes)
    gradients = grad(lambda parameters: network_error(x, y, parameters))([*layers, head])

    tuned, top, losses = module.fine_tune(x, y, layers, head, 0.3, 1)

    assert_allclose(losses, [network_error(x, y, [*layers, head])], rtol=1e-12)
    for old, new, (dW, db) in zip([*layers, head], [*tuned, top], gradients, strict=True):
        assert_allclose(new[0], old[0] - 0.3 * dW, rtol=1e-10, atol=1e-13)
        assert_allclose(new[1], old[1] - 0.3 * db, rtol=1e-10, atol=1e-13)


def test_two_steps_of_fine_tuning_are_one_and_then_another(module):
    x, y, layers, head = draw_network()

    once = module.fine_tune(x, y, layers, head, 0.1, 1)
    twice = module.fine_tune(x, y, layers, head, 0.1, 2)
    again = module.fine_tune(x, y, once[0], once[1], 0.1, 1)

    assert_allclose(twice[1][0], again[1][0], rtol=1e-12)
    assert_allclose(twice[2], [once[2][0], again[2][0]], rtol=1e-12)


def test_nothing_that_comes_in_is_changed(module):
    x, y, layers, head = draw_network()
    before = [array.copy() for array in (x, y, *(one for pair in layers for one in pair), *head)]

    module.fine_tune(x, y, layers, head, 0.1, 3)
    module.greedy_pretrain(x, [3, 2], 0.1, 3, np.random.default_rng(0))

    for array, old in zip((x, y, *(one for pair in layers for one in pair), *head), before, strict=True):
        assert_array_equal(array, old)


def test_float32_stays_float32(module):
    arrays = draw_autoencoder(dtype=np.float32)
    x, y, layers, head = draw_network(dtype=np.float32)

    _, grads = module.autoencoder_loss(*arrays)
    W, b, _ = module.train_autoencoder(x, 3, 0.1, 2, np.random.default_rng(0))
    tuned, top, _ = module.fine_tune(x, y, layers, head, 0.1, 2)

    found = [*by_name(grads).values(), W, b, *(one for pair in [*tuned, top] for one in pair)]
    assert {array.dtype for array in found} == {np.dtype(np.float32)}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_large_inputs_neither_overflow_nor_warn(dtype):
    arrays = draw_autoencoder(dtype=dtype)
    arrays[0] = arrays[0] * dtype(1e4)

    with np.errstate(over="raise", invalid="raise", divide="raise"):
        loss, grads = reference.autoencoder_loss(*arrays)

    assert np.isfinite(loss)
    assert all(np.all(np.isfinite(gradient)) for gradient in grads.values())


def test_small_random_layers_leave_the_whole_error_where_a_stack_leaves_almost_none():
    x, y = two_clusters(m=6, D=4)
    head = np.zeros((3, 1)), np.zeros(1)
    rng = np.random.default_rng(0)
    small = [(0.01 * rng.standard_normal(shape), np.zeros(shape[1])) for shape in ((4, 4), (4, 3))]

    *_, without = reference.fine_tune(x, y, small, head, 0.3, 60)
    *_, losses = reference.fine_tune(x, y, reference.greedy_pretrain(x, [4, 3], 0.15, 80, rng), head, 0.3, 60)

    assert without[-1] > 0.99
    assert losses[-1] < 0.05


@pytest.mark.parametrize("name", ["autoencoder_loss", "train_autoencoder", "greedy_pretrain", "fine_tune"])
def test_the_stub_has_the_signature_of_the_reference_and_is_not_implemented(name):
    theirs = getattr(load(ROOT / "exercises" / "pretraining.py"), name)
    arguments, ours = (inspect.signature(one).parameters.values() for one in (theirs, getattr(reference, name)))

    assert [(one.name, one.default) for one in arguments] == [(one.name, one.default) for one in ours]
    with pytest.raises(NotImplementedError):
        theirs(*[None] * len(arguments))
