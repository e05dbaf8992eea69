import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from reference import batchnorm as reference
from tests.reference.feature_batches import draw
from tests.reference.implementations import implementations, load

BACKWARDS = [reference.batchnorm_backward, reference.batchnorm_backward_alt]


@pytest.fixture(params=implementations("batchnorm"), ids=lambda path: path.stem)
def module(request):
    return load(request.param)


def test_training_standardizes_scales_and_shifts_a_column():
    x = np.array([[1.0], [3.0]])  # mean 2, variance 1, and eps makes the root sqrt(1.44) = 1.2
    bn_param = {"mode": "train", "eps": 0.44}

    out, _ = reference.batchnorm_forward(x, np.array([2.4]), np.array([10.0]), bn_param)

    assert_allclose(out, [[8.0], [12.0]], rtol=1e-14)  # 10 -+ 2.4 / 1.2


def test_training_without_eps_gives_the_z_scores_of_scipy():
    (x,) = draw((9, 4))

    out, _ = reference.batchnorm_forward(x, np.ones(4), np.zeros(4), {"mode": "train", "eps": 0.0})

    assert_allclose(out, stats.zscore(x, axis=0, ddof=0), rtol=1e-12)


def test_eps_defaults_to_1e_5_and_momentum_to_0_9():
    x = np.array([[-1e-3], [1e-3]])  # mean 0, variance 1e-6: the root is sqrt(1.1e-5)
    bn_param = {"mode": "train", "running_var": np.array([2.0])}

    out, _ = reference.batchnorm_forward(x, np.ones(1), np.zeros(1), bn_param)

    assert_allclose(out, [[-0.3015113445777636], [0.3015113445777636]], rtol=1e-12)  # 1 / sqrt(11)
    assert_allclose(bn_param["running_var"], [1.8000001], rtol=1e-14)  # 0.9 * 2 + 0.1 * 1e-6


def test_running_statistics_start_at_zero_and_take_the_biased_variance():
    x = np.array([[1.0], [3.0]])
    bn_param = {"mode": "train", "momentum": 0.6, "note": "kept"}

    reference.batchnorm_forward(x, np.ones(1), np.zeros(1), bn_param)

    assert_allclose(bn_param["running_mean"], [0.8], rtol=1e-14)  # 0.4 * 2
    assert_allclose(bn_param["running_var"], [0.4], rtol=1e-14)  # 0.4 * 1, where the unbiased variance would give 0.8
    assert bn_param["note"] == "kept"


def test_running_statistics_of_one_batch_repeated_approach_it_geometrically():
    x = np.array([[1.0], [3.0]])
    bn_param = {"mode": "train", "momentum": 0.5}

    for _ in range(3):
        reference.batchnorm_forward(x, np.ones(1), np.zeros(1), bn_param)

    assert_allclose(bn_param["running_mean"], [1.75], rtol=1e-14)  # (1 - 1/8) * 2
    assert_allclose(bn_param["running_var"], [0.875], rtol=1e-14)


def test_test_mode_uses_the_running_statistics_with_eps_inside_the_root(module):
    x = np.array([[5.0]])
    bn_param = {"mode": "test", "eps": 0.25, "running_mean": np.array([2.0]), "running_var": np.array([2.0])}

    out, _ = module.batchnorm_forward(x, np.array([4.0]), np.array([1.0]), bn_param)

    assert_allclose(out, [[9.0]], rtol=1e-12)  # 4 * (5 - 2) / sqrt(2.25) + 1
    assert_array_equal(bn_param["running_mean"], [2.0])
    assert_array_equal(bn_param["running_var"], [2.0])


def test_an_unknown_mode_is_an_error(module):
    with pytest.raises(ValueError):  # noqa: PT011  (only the type is common to all variants)
        module.batchnorm_forward(np.ones((2, 1)), np.ones(1), np.zeros(1), {"mode": "predict"})


@pytest.mark.parametrize("backward", BACKWARDS)
@pytest.mark.parametrize("eps", [1e-5, 0.3])
def test_batchnorm_gradients_are_those_of_autograd(backward, eps):
    x, dout = draw((6, 4), (6, 4))
    gamma, beta = draw((4,), (4,), seed=1)

    def loss(x, gamma, beta):
        centered = x - anp.mean(x, axis=0)
        return anp.sum(dout * (gamma * centered / anp.sqrt(anp.mean(centered**2, axis=0) + eps) + beta))

    _, cache = reference.batchnorm_forward(x, gamma, beta, {"mode": "train", "eps": eps})
    gradients = backward(dout, cache)

    for position, gradient in enumerate(gradients):
        assert_allclose(gradient, grad(loss, position)(x, gamma, beta), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("backward", BACKWARDS)
def test_batchnorm_dx_is_the_slope_of_the_forward_pass(backward):
    x, dout, direction = draw((6, 4), (6, 4), (6, 4))
    gamma, beta = draw((4,), (4,), seed=1)

    def loss(x):
        return np.sum(dout * reference.batchnorm_forward(x, gamma, beta, {"mode": "train", "eps": 0.1})[0])

    _, cache = reference.batchnorm_forward(x, gamma, beta, {"mode": "train", "eps": 0.1})
    slope = np.sum(backward(dout, cache)[0] * direction)

    h = 1e-5  # central differences: the error of order h^2 is about 1e-10 here
    assert_allclose(slope, (loss(x + h * direction) - loss(x - h * direction)) / (2 * h), rtol=1e-7)


def test_the_simplified_backward_equals_the_staged_one():
    x, dout = draw((50, 8), (50, 8))
    gamma, beta = draw((8,), (8,), seed=1)
    _, cache = reference.batchnorm_forward(x, gamma, beta, {"mode": "train", "eps": 0.02})

    staged = reference.batchnorm_backward(dout, cache)
    simplified = reference.batchnorm_backward_alt(dout, cache)

    for a, b in zip(staged, simplified, strict=True):
        assert_allclose(a, b, rtol=1e-12, atol=1e-13)


@given(
    x=hnp.arrays(np.float64, (5, 3), elements=st.floats(-10, 10)),
    shift=st.floats(-100, 100),
    eps=st.sampled_from([1e-5, 1e-2, 1.0]),
)
def test_a_shift_of_all_examples_changes_no_output(x, shift, eps):
    gamma, beta = np.array([1.0, -2.0, 0.5]), np.array([0.0, 1.0, -1.0])

    out, _ = reference.batchnorm_forward(x, gamma, beta, {"mode": "train", "eps": eps})
    shifted, _ = reference.batchnorm_forward(x + shift, gamma, beta, {"mode": "train", "eps": eps})

    # Rounding of x + shift is about 1e-14, and 1 / sqrt(eps) magnifies it at most 316 times.
    assert_allclose(shifted, out, rtol=1e-9, atol=1e-10)


@given(scale=st.floats(0.1, 100), eps=st.sampled_from([1e-5, 1e-2, 1.0]))
def test_a_scale_that_eps_follows_changes_no_output(scale, eps):
    (x,) = draw((5, 3))

    out, _ = reference.batchnorm_forward(x, np.ones(3), np.zeros(3), {"mode": "train", "eps": eps})
    scaled, _ = reference.batchnorm_forward(scale * x, np.ones(3), np.zeros(3), {"mode": "train", "eps": scale**2 * eps})

    assert_allclose(scaled, out, rtol=1e-11, atol=1e-13)


@given(dout=hnp.arrays(np.float64, (6, 3), elements=st.floats(-10, 10)))
@pytest.mark.parametrize("backward", BACKWARDS)
def test_columns_of_batchnorm_dx_sum_to_zero(backward, dout):
    (x,) = draw((6, 3))
    _, cache = reference.batchnorm_forward(x, np.array([1.0, -2.0, 3.0]), np.zeros(3), {"mode": "train"})

    dx, _, _ = backward(dout, cache)

    assert_allclose(dx.sum(axis=0), np.zeros(3), atol=1e-11)


def test_spatial_batchnorm_gives_the_z_scores_of_each_channel():
    (x,) = draw((2, 3, 4, 5))

    out, _ = reference.spatial_batchnorm_forward(x, np.ones(3), np.zeros(3), {"mode": "train", "eps": 0.0})

    for c in range(3):
        assert_allclose(out[:, c], stats.zscore(x[:, c], axis=None), rtol=1e-11)


def test_spatial_running_statistics_are_one_pair_per_channel():
    x = np.array([[[[1.0, 3.0]], [[10.0, 10.0]]]])  # channel means 2 and 10, variances 1 and 0
    bn_param = {"mode": "train", "momentum": 0.5}

    reference.spatial_batchnorm_forward(x, np.ones(2), np.zeros(2), bn_param)

    assert_allclose(bn_param["running_mean"], [1.0, 5.0], rtol=1e-14)
    assert_allclose(bn_param["running_var"], [0.5, 0.0], rtol=1e-14)


def test_spatial_test_mode_uses_the_statistics_of_the_channel():
    x = np.full((1, 2, 1, 2), 5.0)
    bn_param = {"mode": "test", "eps": 0.25, "running_mean": np.array([2.0, 5.0]), "running_var": np.array([2.0, 0.0])}

    out, _ = reference.spatial_batchnorm_forward(x, np.array([4.0, 4.0]), np.array([1.0, 7.0]), bn_param)

    assert_allclose(out, [[[[9.0, 9.0]], [[7.0, 7.0]]]], rtol=1e-14)  # 4 * 3 / 1.5 + 1; at its mean only beta is left


def test_spatial_batchnorm_gradients_are_those_of_autograd():
    x, dout = draw((2, 3, 4, 5), (2, 3, 4, 5))
    gamma, beta = draw((3,), (3,), seed=1)

    def loss(x, gamma, beta):
        centered = x - anp.mean(x, axis=(0, 2, 3), keepdims=True)
        x_hat = centered / anp.sqrt(anp.mean(centered**2, axis=(0, 2, 3), keepdims=True) + 0.3)
        return anp.sum(dout * (anp.reshape(gamma, (1, 3, 1, 1)) * x_hat + anp.reshape(beta, (1, 3, 1, 1))))

    _, cache = reference.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train", "eps": 0.3})
    gradients = reference.spatial_batchnorm_backward(dout, cache)

    for position, gradient in enumerate(gradients):
        assert_allclose(gradient, grad(loss, position)(x, gamma, beta), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("eps", [1e-5, 0.44])
def test_identity_parameters_undo_the_normalization(module, eps):
    (x,) = draw((8, 4))

    gamma, beta = module.identity_parameters(x, eps)
    out, _ = reference.batchnorm_forward(x, gamma, beta, {"mode": "train", "eps": eps})

    assert_allclose(out, x, rtol=1e-12, atol=1e-13)


def test_layernorm_without_eps_gives_the_z_scores_of_each_example():
    (x,) = draw((4, 9))

    out, _ = reference.layernorm_forward(x, np.ones(9), np.zeros(9), {"eps": 0.0})

    assert_allclose(out, stats.zscore(x, axis=1, ddof=0), rtol=1e-11)


def test_layernorm_scales_features_not_examples():
    x = np.array([[1.0, 3.0], [3.0, 1.0]])  # each row has mean 2 and variance 1; eps makes the root 1.2

    out, _ = reference.layernorm_forward(x, np.array([1.2, 2.4]), np.array([0.0, 10.0]), {"eps": 0.44})

    assert_allclose(out, [[-1.0, 12.0], [1.0, 8.0]], rtol=1e-14)


def test_layernorm_eps_defaults_to_1e_5():
    x = np.array([[-1e-3, 1e-3]])

    out, _ = reference.layernorm_forward(x, np.ones(2), np.zeros(2), {})

    assert_allclose(out, [[-0.3015113445777636, 0.3015113445777636]], rtol=1e-12)  # 1 / sqrt(11)


def test_layernorm_treats_an_example_alike_in_any_company():
    (x,) = draw((4, 6))
    gamma, beta = draw((6,), (6,), seed=1)

    together, _ = reference.layernorm_forward(x, gamma, beta, {})
    alone, _ = reference.layernorm_forward(x[2:3], gamma, beta, {})

    assert_allclose(together[2:3], alone, rtol=1e-13)


@pytest.mark.parametrize("eps", [1e-5, 0.3])
def test_layernorm_gradients_are_those_of_autograd(eps):
    x, dout = draw((4, 6), (4, 6))
    gamma, beta = draw((6,), (6,), seed=1)

    def loss(x, gamma, beta):
        centered = x - anp.mean(x, axis=1, keepdims=True)
        return anp.sum(dout * (gamma * centered / anp.sqrt(anp.mean(centered**2, axis=1, keepdims=True) + eps) + beta))

    _, cache = reference.layernorm_forward(x, gamma, beta, {"eps": eps})
    gradients = reference.layernorm_backward(dout, cache)

    for position, gradient in enumerate(gradients):
        assert_allclose(gradient, grad(loss, position)(x, gamma, beta), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("G", [1, 2, 3, 6])
def test_groupnorm_gives_the_z_scores_of_each_run_of_channels(G):
    (x,) = draw((2, 6, 4, 5))

    out, _ = reference.spatial_groupnorm_forward(x, np.ones((1, 6, 1, 1)), np.zeros((1, 6, 1, 1)), G, {"eps": 0.0})

    for n in range(2):
        for channels in np.array_split(np.arange(6), G):
            assert_allclose(out[n, channels], stats.zscore(x[n, channels], axis=None), rtol=1e-11)


def test_groupnorm_scales_and_shifts_channels_with_eps_inside_the_root():
    x = np.array([1.0, 3.0]).reshape(1, 2, 1, 1)
    gamma, beta = np.array([1.2, 2.4]).reshape(1, 2, 1, 1), np.array([0.0, 10.0]).reshape(1, 2, 1, 1)

    out, _ = reference.spatial_groupnorm_forward(x, gamma, beta, 1, {"eps": 0.44})

    assert_allclose(out.ravel(), [-1.0, 12.0], rtol=1e-14)


def test_groupnorm_eps_defaults_to_1e_5():
    x = np.array([-1e-3, 1e-3]).reshape(1, 1, 1, 2)

    out, _ = reference.spatial_groupnorm_forward(x, np.ones((1, 1, 1, 1)), np.zeros((1, 1, 1, 1)), 1, {})

    assert_allclose(out.ravel(), [-0.3015113445777636, 0.3015113445777636], rtol=1e-12)  # 1 / sqrt(11)


def test_groupnorm_refuses_groups_that_do_not_divide_the_channels():
    with pytest.raises(ValueError, match="reshape"):
        reference.spatial_groupnorm_forward(np.ones((1, 6, 2, 2)), np.ones((1, 6, 1, 1)), np.ones((1, 6, 1, 1)), 4, {})


@pytest.mark.parametrize("G", [1, 2, 6])
@pytest.mark.parametrize("eps", [1e-5, 0.3])
def test_groupnorm_gradients_are_those_of_autograd(G, eps):
    x, dout = draw((2, 6, 4, 5), (2, 6, 4, 5))
    gamma, beta = draw((1, 6, 1, 1), (1, 6, 1, 1), seed=1)

    def loss(x, gamma, beta):
        rows = anp.reshape(x, (2 * G, -1))
        centered = rows - anp.mean(rows, axis=1, keepdims=True)
        x_hat = centered / anp.sqrt(anp.mean(centered**2, axis=1, keepdims=True) + eps)
        return anp.sum(dout * (gamma * anp.reshape(x_hat, (2, 6, 4, 5)) + beta))

    _, cache = reference.spatial_groupnorm_forward(x, gamma, beta, G, {"eps": eps})
    gradients = reference.spatial_groupnorm_backward(dout, cache)

    for position, gradient in enumerate(gradients):
        assert gradient.shape == (x, gamma, beta)[position].shape
        assert_allclose(gradient, grad(loss, position)(x, gamma, beta), rtol=1e-10, atol=1e-12)
