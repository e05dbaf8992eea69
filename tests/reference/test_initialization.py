import importlib.util
import inspect
from pathlib import Path

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import special, stats

from reference import initialization as reference

ROOT = Path(__file__).parents[2]
VARIANTS = sorted((ROOT / "reference" / "variants").glob("initialization_*.py"))
STRICT = {"over": "raise", "invalid": "raise", "divide": "raise"}
P_VALUE = 1e-6  # with the fixed seeds below a test either always passes or always fails

NORMALS = {"lecun_normal": lambda i, o: 1 / i, "xavier_normal": lambda i, o: 2 / (i + o), "he_normal": lambda i, o: 2 / i}
UNIFORMS = {"xavier_uniform": lambda i, o: 6 / (i + o), "he_uniform": lambda i, o: 6 / i}
SCHEMES = ["zeros_init", "scaled_normal_init", *NORMALS, *UNIFORMS]
FUNCTIONS = [*SCHEMES, "relu_bias", "initialize_network", "activation_statistics", "symmetric_step"]
SCIPY = {"sigmoid": special.expit, "tanh": np.tanh, "relu": lambda s: s.clip(min=0)}


def load(path):
    spec = importlib.util.spec_from_file_location(f"loaded_{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=[ROOT / "reference" / "initialization.py", *VARIANTS], ids=lambda path: path.stem)
def module(request):
    return load(request.param)


@pytest.fixture
def stub():
    return load(ROOT / "exercises" / "initialization.py")


def draw_weights(module, name, n_in, n_out, seed=1):
    std = (0.3,) if name == "scaled_normal_init" else ()
    return getattr(module, name)(n_in, n_out, *std, np.random.default_rng(seed))


def draw_params(seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return {key: rng.normal(size=shape).astype(dtype) for key, shape in {"W1": (2, 2), "b1": 2, "W2": (2, 1), "b2": 1}.items()}


def draw_network(seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    weights = [(rng.normal(size=(i, o)).astype(dtype), rng.normal(size=o).astype(dtype)) for i, o in ((4, 6), (6, 5), (5, 3))]
    return rng.normal(size=(8, 4)).astype(dtype), weights


def test_zeros_are_zeros_of_the_right_shape(module):
    W = module.zeros_init(3, 5)

    assert_array_equal(W, np.zeros((3, 5)), strict=True)


@pytest.mark.parametrize(("n_in", "n_out"), [(60, 200), (200, 60)])
@pytest.mark.parametrize("name", NORMALS)
def test_normal_weights_pass_a_test_against_the_stated_normal_law(module, name, n_in, n_out):
    W = draw_weights(module, name, n_in, n_out)

    assert stats.kstest(W.ravel(), "norm", args=(0, NORMALS[name](n_in, n_out) ** 0.5)).pvalue > P_VALUE


@pytest.mark.parametrize("std", [0.01, 1.0, 3.0])
def test_scaled_weights_have_the_stated_standard_deviation(module, std):
    W = module.scaled_normal_init(100, 90, std, np.random.default_rng(2))

    assert stats.kstest(W.ravel(), "norm", args=(0, std)).pvalue > P_VALUE


@pytest.mark.parametrize(("n_in", "n_out"), [(60, 200), (200, 60)])
@pytest.mark.parametrize("name", UNIFORMS)
def test_uniform_weights_pass_a_test_against_the_stated_uniform_law(module, name, n_in, n_out):
    half_width = UNIFORMS[name](n_in, n_out) ** 0.5

    W = draw_weights(module, name, n_in, n_out)

    assert np.abs(W).max() <= half_width
    assert stats.kstest(W.ravel(), "uniform", args=(-half_width, 2 * half_width)).pvalue > P_VALUE


@pytest.mark.parametrize("name", ["scaled_normal_init", *NORMALS])
def test_normal_weights_are_not_truncated(module, name):
    W = draw_weights(module, name, 100, 200)

    # Of 20 000 normal draws 54 are beyond three standard deviations on average: 2 Q(3) = 0.0027.
    assert stats.binomtest(np.count_nonzero(np.abs(W) > 3 * W.std()), W.size, 2 * stats.norm.sf(3)).pvalue > P_VALUE


@pytest.mark.parametrize("name", SCHEMES[1:])
def test_neighbouring_weights_are_uncorrelated(module, name):
    W = draw_weights(module, name, 100, 120)

    assert stats.pearsonr(W[:-1].ravel(), W[1:].ravel()).pvalue > P_VALUE
    assert stats.pearsonr(W[:, :-1].ravel(), W[:, 1:].ravel()).pvalue > P_VALUE


@pytest.mark.parametrize("name", SCHEMES[1:])
def test_equal_states_of_the_generator_give_equal_weights_and_others_do_not(module, name):
    first, again, other = (draw_weights(module, name, 3, 4, seed) for seed in (5, 5, 6))

    assert_array_equal(first, again, strict=True)
    assert first.shape == (3, 4)
    assert first.dtype == np.float64
    assert np.all(first != other)


@pytest.mark.parametrize("name", SCHEMES[1:])
def test_the_global_random_state_is_neither_used_nor_changed(module, name):
    np.random.seed(3)
    undisturbed = np.random.rand()
    np.random.seed(3)

    draw_weights(module, name, 3, 4)

    assert np.random.rand() == undisturbed


@pytest.mark.parametrize(("name", "gain"), [("lecun_normal", 1.0), ("he_normal", 2.0), ("he_uniform", 2.0)])
def test_a_wide_linear_layer_multiplies_the_mean_square_by_the_gain(module, name, gain):
    # Slide 54 of lecture note 000: Var(s) = n Var(w) E(x^2). The mean square of 200 independent normal sums varies by 10 %.
    x = np.random.default_rng(4).standard_normal(300)

    s = x @ draw_weights(module, name, 300, 200)

    assert np.mean(s**2) / np.mean(x**2) == pytest.approx(gain, rel=0.5)


def test_relu_biases_start_at_one_hundredth_unless_told_otherwise(module):
    assert_array_equal(module.relu_bias(3), np.array([0.01, 0.01, 0.01]), strict=True)
    assert_array_equal(module.relu_bias(2, value=0.5), np.array([0.5, 0.5]), strict=True)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_network_has_one_pair_per_layer_and_zero_biases(module, scheme):
    layers = module.initialize_network([5, 4, 1, 3], scheme, np.random.default_rng(0))

    assert [W.shape for W, _b in layers] == [(5, 4), (4, 1), (1, 3)]
    for W, b in layers:
        assert W.dtype == np.float64
        assert_array_equal(b, np.zeros(W.shape[1]), strict=True)


@pytest.mark.parametrize("scheme", [*NORMALS, *UNIFORMS])
def test_every_layer_has_the_variance_of_its_own_sizes(module, scheme):
    layers = module.initialize_network([40, 200, 80], scheme, np.random.default_rng(0))

    for W, _b in layers:
        expected = NORMALS[scheme](*W.shape) if scheme in NORMALS else UNIFORMS[scheme](*W.shape) / 3
        # The variance of 8000 normal draws varies by sqrt(2 / 8000), 1.6 %.
        assert np.var(W) == pytest.approx(expected, rel=0.1)


def test_the_scaled_scheme_draws_small_numbers(module):
    [(W, _b)] = module.initialize_network([100, 100], "scaled_normal_init", np.random.default_rng(0))

    assert stats.kstest(W.ravel(), "norm", args=(0, 0.01)).pvalue > P_VALUE


def test_layers_of_one_size_have_different_weights(module):
    (first, _), (second, _) = module.initialize_network([6, 6, 6], "he_normal", np.random.default_rng(0))

    assert np.all(first != second)


def test_a_network_leaves_its_sizes_alone(module):
    sizes = [4, 3, 2]

    module.initialize_network(sizes, "he_normal", np.random.default_rng(0))

    assert sizes == [4, 3, 2]


@pytest.mark.parametrize("scheme", ["relu_bias", "xavier"])
def test_another_scheme_is_refused(scheme):
    with pytest.raises(ValueError, match=scheme):
        reference.initialize_network([2, 2], scheme, np.random.default_rng(0))


def test_the_worked_example_of_the_stub_holds(module):
    x, W = np.array([[1.0], [-1.0]]), np.array([[2.0, -3.0]])

    [both_dead] = module.activation_statistics(x, [(W, np.array([-3.0, -9.0]))], "relu")
    [one_alive] = module.activation_statistics(x, [(W, np.array([0.0, -9.0]))], "relu")

    # Sums [[-1, -12], [-5, -6]]; then [[2, -12], [-2, -6]], so that the four activations are 2, 0, 0, 0.
    assert both_dead["dead"] == 1.0
    assert one_alive["mean"] == 0.5
    assert one_alive["std"] == pytest.approx(0.75**0.5, rel=1e-12)
    assert one_alive["saturated"] == 0.0
    assert one_alive["dead"] == 0.5


def test_saturation_is_counted_at_both_ends(module):
    # logit(0.99) = 4.595 and atanh(0.99) = 2.647: of these sums sigmoid saturates at -5 and 5, tanh at -3 as well.
    x, layer = np.array([[-5.0], [-3.0], [0.5], [5.0]]), (np.ones((1, 1)), np.zeros(1))

    assert module.activation_statistics(x, [layer], "sigmoid")[0]["saturated"] == pytest.approx(2 / 4)
    assert module.activation_statistics(x, [layer], "tanh")[0]["saturated"] == pytest.approx(3 / 4)


@pytest.mark.parametrize("activation", SCIPY)
def test_mean_and_std_are_those_that_scipy_finds_layer_by_layer(module, activation):
    x, weights = draw_network()

    statistics = module.activation_statistics(x, weights, activation)

    h = x
    for (W, b), entry in zip(weights, statistics, strict=True):
        h = SCIPY[activation](h @ W + b)
        described = stats.describe(h, axis=None, ddof=0)
        assert entry["mean"] == pytest.approx(described.mean, rel=1e-10)
        assert entry["std"] == pytest.approx(described.variance**0.5, rel=1e-10)


@pytest.mark.parametrize("activation", SCIPY)
def test_a_dead_unit_is_zero_for_every_example_and_not_only_for_some(module, activation):
    x = np.array([[1.0, 0.0], [-1.0, 0.0], [2.0, 0.0]])
    W = np.array([[0.0, 1.0, 1.0, -1.0], [1.0, 0.0, 0.0, 0.0]])

    [entry] = module.activation_statistics(x, [(W, np.zeros(4))], activation)

    # The sums of unit 0 are all 0, and the others' are not: a sigmoid of 0 is 1/2, all else is 0 there.
    assert entry["dead"] == (0.0 if activation == "sigmoid" else 0.25)


@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_the_statistics_do_not_depend_on_the_order_of_the_examples(n, seed):
    rng = np.random.default_rng(seed)
    x, weights = rng.normal(size=(n, 3)), [(rng.normal(size=(3, 4)), rng.normal(size=4))]

    for activation in SCIPY:
        [one] = reference.activation_statistics(x, weights, activation)
        [other] = reference.activation_statistics(x[rng.permutation(n)], weights, activation)
        assert_allclose(list(one.values()), list(other.values()), rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("activation", SCIPY)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_large_inputs_give_finite_statistics_without_a_warning(module, activation, dtype):
    x, weights = draw_network(dtype=dtype)

    with np.errstate(**STRICT):
        statistics = module.activation_statistics(x * dtype(1e4), weights, activation)

    assert all(np.isfinite(entry[key]) for entry in statistics for key in ("mean", "std", "saturated", "dead"))


def test_describing_a_network_changes_neither_batch_nor_weights(module):
    x, weights = draw_network()
    again, weights_again = draw_network()

    module.activation_statistics(x, weights, "relu")

    assert_array_equal(x, again)
    for layer, layer_again in zip(weights, weights_again, strict=True):
        assert_array_equal(layer[0], layer_again[0])
        assert_array_equal(layer[1], layer_again[1])


def test_another_activation_is_refused(module):
    x, weights = draw_network()

    with pytest.raises((ValueError, KeyError)):
        module.activation_statistics(x, weights, "softplus")


def loss(params, x, y):
    def sigmoid(s):
        return 1 / (1 + anp.exp(-s))

    h = sigmoid(anp.dot(x, params["W1"]) + params["b1"])
    o = sigmoid(anp.dot(h, params["W2"]) + params["b2"])
    return anp.sum((o - y) ** 2)


@pytest.mark.parametrize(("seed", "y", "lr"), [(0, 0.3, 0.7), (1, 1.0, 0.01), (2, -2.0, 5.0)])
def test_a_step_follows_the_gradient_that_autograd_finds(module, seed, y, lr):
    params, x = draw_params(seed), np.array([0.7, -1.3])

    step = module.symmetric_step(params, x, y, lr)

    for key, gradient in grad(loss)(params, x, y).items():
        assert_allclose(step[key], params[key] - lr * gradient, rtol=1e-10, atol=1e-14)


def test_a_step_from_zeros_agrees_with_the_hand_worked_numbers(module):
    params = {key: np.zeros_like(value) for key, value in draw_params().items()}

    step = module.symmetric_step(params, np.array([1.0, 2.0]), 0.0, 1.0)

    # h = o = 1/2, dL/do = 1, so dL/db2 = 1/4 and dL/dW2 = 1/8; W2 = 0 stops all else.
    assert_allclose(step["b2"], [-0.25], rtol=1e-12)
    assert_allclose(step["W2"], [[-0.125], [-0.125]], rtol=1e-12)
    assert_array_equal(step["W1"], np.zeros((2, 2)))
    assert_array_equal(step["b1"], np.zeros(2))


@given(st.integers(0, 2**32 - 1), st.floats(-2, 2), st.floats(0.01, 5))
def test_equal_units_stay_equal_for_many_steps(seed, y, lr):
    params = draw_params(seed)
    params["W1"][:, 1], params["b1"][1], params["W2"][1] = params["W1"][:, 0], params["b1"][0], params["W2"][0]

    for _ in range(5):
        params = reference.symmetric_step(params, np.array([0.4, -1.1]), y, lr)

    assert_allclose(params["W1"][:, 0], params["W1"][:, 1], rtol=1e-10)
    assert_allclose(params["b1"][0], params["b1"][1], rtol=1e-10)
    assert_allclose(params["W2"][0], params["W2"][1], rtol=1e-10)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_step_keeps_shapes_and_dtypes_and_makes_new_arrays(module, dtype):
    params, x = draw_params(dtype=dtype), np.array([0.7, -1.3], dtype)

    step = module.symmetric_step(params, x, 0.5, 0.1)

    for key, before in draw_params(dtype=dtype).items():
        assert step[key].shape == before.shape
        assert step[key].dtype == dtype
        assert not np.shares_memory(step[key], params[key])
        assert_array_equal(params[key], before)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_step_from_a_large_input_is_finite_and_quiet(module, dtype):
    params, x = draw_params(dtype=dtype), np.array([1e4, -1e4], dtype)

    with np.errstate(**STRICT):
        step = module.symmetric_step(params, x, 0.5, 0.1)

    assert all(np.all(np.isfinite(value)) for value in step.values())


@pytest.mark.parametrize("path", VARIANTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_every_variant_agrees_with_the_reference_where_nothing_is_drawn(path, dtype):
    variant, params, (x, weights) = load(path), draw_params(7, dtype), draw_network(3, dtype)
    rtol = 1e-10 if dtype is np.float64 else 1e-4

    step, expected = (one.symmetric_step(params, x[0, :2], 0.2, 0.9) for one in (variant, reference))

    for key, value in expected.items():
        assert_allclose(step[key], value, rtol=rtol)
    for activation in SCIPY:
        found, due = (one.activation_statistics(x, weights, activation) for one in (variant, reference))
        for entry, entry_due in zip(found, due, strict=True):
            assert_allclose([entry[key] for key in entry_due], list(entry_due.values()), rtol=rtol, atol=1e-6 if rtol > 1e-9 else 1e-14)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_stub_and_reference_have_the_same_signature(stub, name):
    ours, theirs = (
        [(p.name, p.kind, p.default) for p in inspect.signature(getattr(m, name)).parameters.values()] for m in (reference, stub)
    )

    assert ours == theirs


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_stub_raises_not_implemented_and_teaches(stub, name):
    function = getattr(stub, name)

    with pytest.raises(NotImplementedError):
        function(*(None for _ in inspect.signature(function).parameters))

    assert "Returns" in function.__doc__
