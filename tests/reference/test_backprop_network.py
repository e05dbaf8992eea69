"""The two-layer network of the back-propagation exercise."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from numpy.testing import assert_allclose, assert_array_equal

from tests.reference.implementations import implementations, load

STRICT = {"over": "raise", "invalid": "raise", "divide": "raise"}


@pytest.fixture(params=implementations("backprop"), ids=lambda path: path.stem)
def module(request):
    return load(request.param)


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def network(rng, *, N=6, D=3, M=5, C=4, dtype=np.float64):
    shapes = {"W1": (D, M), "b1": M, "W2": (M, C), "b2": C}
    params = {key: rng.standard_normal(shape).astype(dtype) for key, shape in shapes.items()}
    return rng.standard_normal((N, D)).astype(dtype), np.arange(N) % C, params


def network_loss(params, x, y, reg):
    """The loss as autograd reads it: by SciPy's formula of the logarithm of a softmax, without its care for large scores."""
    scores = anp.maximum(x @ params["W1"] + params["b1"], 0) @ params["W2"] + params["b2"]
    right = scores[np.arange(len(y)), y]
    penalty = anp.sum(params["W1"] ** 2) + anp.sum(params["W2"] ** 2)
    return anp.mean(anp.log(anp.sum(anp.exp(scores), axis=1)) - right) + reg * penalty / 2


@pytest.mark.parametrize("reg", [0.0, 0.7])
@pytest.mark.parametrize("sizes", [{}, {"N": 1}, {"N": 4, "D": 4, "M": 4, "C": 4}, {"C": 2}])
def test_the_network_has_the_loss_and_the_gradients_of_autograd(module, rng, sizes, reg):
    x, y, params = network(rng, **sizes)

    loss, grads = module.two_layer_net(x, y, params, reg)
    due = grad(network_loss)(params, x, y, reg)

    assert_allclose(loss, network_loss(params, x, y, reg), rtol=1e-12)
    for key, expected in due.items():
        assert grads[key].shape == expected.shape
        assert_allclose(grads[key], expected, rtol=1e-11, atol=1e-14)


def test_a_network_of_zeros_loses_the_logarithm_of_the_number_of_classes(module):
    params = {"W1": np.zeros((2, 3)), "b1": np.zeros(3), "W2": np.zeros((3, 4)), "b2": np.zeros(4)}

    loss, grads = module.two_layer_net(np.ones((8, 2)), np.array([0, 0, 0, 0, 1, 1, 2, 3]), params, 3.0)

    assert_allclose(loss, np.log(4), rtol=1e-14)
    assert_allclose(grads["b2"], [0.25 - 0.5, 0.25 - 0.25, 0.25 - 0.125, 0.25 - 0.125], atol=1e-16)


def test_the_penalty_is_half_of_the_squared_weights(module, rng):
    x, y, params = network(rng)

    with_penalty, _ = module.two_layer_net(x, y, params, 2.0)
    without, _ = module.two_layer_net(x, y, params, 0.0)

    assert_allclose(with_penalty - without, np.linalg.norm(params["W1"]) ** 2 + np.linalg.norm(params["W2"]) ** 2, rtol=1e-12)


def test_the_same_examples_twice_lose_the_same(module, rng):
    x, y, params = network(rng)

    loss, grads = module.two_layer_net(x, y, params, 0.3)
    twice, grads_twice = module.two_layer_net(np.concatenate([x, x]), np.concatenate([y, y]), params, 0.3)

    assert_allclose(twice, loss, rtol=1e-13)
    for key in params:
        assert_allclose(grads_twice[key], grads[key], rtol=1e-12, atol=1e-15)


def test_a_loss_has_no_upper_limit(module):
    params = {"W1": np.array([[1.0]]), "b1": np.zeros(1), "W2": np.array([[1.0, -1.0]]), "b2": np.zeros(2)}

    with np.errstate(**STRICT):
        loss, grads = module.two_layer_net(np.array([[5e3]]), np.array([1]), params, 0.0)

    # Scores 5000 and -5000: log(1 + e^10000) rounds to 10000.
    assert_allclose(loss, 1e4, rtol=1e-15)
    assert_allclose(grads["b2"], [1, -1], atol=1e-20)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_gradients_of_the_network_keep_the_dtype(module, rng, dtype):
    x, y, params = network(rng, dtype=dtype)

    _, grads = module.two_layer_net(x, y, params, 0.3)

    assert {grads[key].dtype for key in params} == {np.dtype(dtype)}


def test_the_network_leaves_its_arguments_alone(module, rng):
    x, y, params = network(rng)
    x_before, y_before, before = x.copy(), y.copy(), {key: value.copy() for key, value in params.items()}

    module.two_layer_net(x, y, params, 0.3)

    assert_array_equal(x, x_before)
    assert_array_equal(y, y_before)
    assert params.keys() == before.keys()
    for key, value in before.items():
        assert_array_equal(params[key], value)


# ---------------------------------------------------------------------------------------------------------------------- the files
