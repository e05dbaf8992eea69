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
FUNCTIONS = [
    "zeros_init",
    "scaled_normal_init",
    "lecun_normal",
    "xavier_normal",
    "xavier_uniform",
    "he_normal",
    "he_uniform",
    "relu_bias",
    "initialize_network",
    "activation_statistics",
    "symmetric_step",
]
STRICT = {"over": "raise", "invalid": "raise", "divide": "raise"}
N_IN, N_OUT = 150, 50  # far from square: 1/n_in, 2/n_in, 1/n_out and 2/(n_in + n_out) = 0.01 all differ
PUBLISHED = {
    # the papers' variances; U(-a, a) has variance a^2 / 3
    "lecun_normal": stats.norm(0, np.sqrt(1 / 150)),
    "xavier_normal": stats.norm(0, 0.1),
    "xavier_uniform": stats.uniform(-np.sqrt(0.03), 2 * np.sqrt(0.03)),
    "he_normal": stats.norm(0, np.sqrt(2 / 150)),
    "he_uniform": stats.uniform(-0.2, 0.4),
}
RANDOM = [*PUBLISHED, "scaled_normal_init"]
PARAMETERS = ["W1", "b1", "W2", "b2"]
# Draws are seeded, so that a statistical test either always passes or always fails; 1e-6 is the chance that a right variant was unlucky.
UNLUCKY = 1e-6


def load(path):
    spec = importlib.util.spec_from_file_location(f"loaded_{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def weights(module, name, n_in=N_IN, n_out=N_OUT, seed=0, std=0.3):
    rng = np.random.default_rng(seed)
    arguments = {"zeros_init": (), "scaled_normal_init": (std, rng)}.get(name, (rng,))
    return getattr(module, name)(n_in, n_out, *arguments)


def draw_params(seed=0, dtype=np.float64, scale=1.0):
    rng = np.random.default_rng(seed)
    shapes = {"W1": (2, 2), "b1": (2,), "W2": (2, 1), "b2": (1,)}
    return {name: (scale * rng.standard_normal(shape)).astype(dtype) for name, shape in shapes.items()}


def draw_network(dtype=np.float64):
    rng = np.random.default_rng(5)
    x = rng.standard_normal((7, 4)).astype(dtype)
    layers = [(rng.standard_normal(s).astype(dtype), rng.standard_normal(s[1]).astype(dtype)) for s in ((4, 6), (6, 3))]
    return x, layers


@pytest.fixture(params=[ROOT / "reference" / "initialization.py", *VARIANTS], ids=lambda path: path.stem)
def module(request):
    return load(request.param)


@pytest.fixture
def stub():
    return load(ROOT / "exercises" / "initialization.py")


def test_zeros_are_zeros(module):
    W = module.zeros_init(3, 2)

    assert W.shape == (3, 2)
    assert W.dtype == np.float64
    assert not W.any()


@pytest.mark.parametrize("name", PUBLISHED)
def test_weights_follow_the_published_distribution(module, name):
    W = weights(module, name)

    assert stats.kstest(W.ravel(), PUBLISHED[name].cdf).pvalue > UNLUCKY


@pytest.mark.parametrize("name", PUBLISHED)
def test_weights_have_the_published_variance(module, name):
    W = weights(module, name, seed=1)

    # A sample variance's standard error is var * sqrt((kurtosis - 1) / n): 0.016 for a normal, 0.010 for a uniform; 6 of them.
    assert_allclose(np.mean(W**2), PUBLISHED[name].var(), rtol=0.1)
    assert abs(W.mean()) < 6 * PUBLISHED[name].std() / np.sqrt(W.size)


@pytest.mark.parametrize("std", [0.01, 1.0, 2.5])
def test_std_is_a_standard_deviation(module, std):
    W = weights(module, "scaled_normal_init", std=std)

    assert stats.kstest(W.ravel(), stats.norm(0, std).cdf).pvalue > UNLUCKY


@pytest.mark.parametrize("name", ["lecun_normal", "xavier_normal", "he_normal", "scaled_normal_init"])
def test_normal_weights_are_not_truncated(module, name):
    W = weights(module, name, seed=2)

    share = np.mean(np.abs(W) > 2 * np.sqrt(np.mean(W**2)))

    # a normal variable is beyond two standard deviations with probability 0.0455, one that is cut there never is
    assert stats.binomtest(round(share * W.size), W.size, 0.0455).pvalue > UNLUCKY


@pytest.mark.parametrize(("name", "half_width"), [("xavier_uniform", np.sqrt(0.03)), ("he_uniform", 0.2)])
def test_uniform_weights_stay_within_their_bounds_and_fill_them(module, name, half_width):
    W = weights(module, name)

    assert 0.99 * half_width < np.abs(W).max() <= half_width


@pytest.mark.parametrize("name", ["lecun_normal", "he_normal", "he_uniform"])
def test_he_and_lecun_do_not_ask_for_the_number_of_outputs(module, name):
    few, many = weights(module, name, 100, 40), weights(module, name, 100, 400, seed=1)

    assert_allclose(few.std(), many.std(), rtol=0.1)


@given(n_in=st.integers(1, 12), n_out=st.integers(1, 12), name=st.sampled_from(RANDOM))
def test_weights_have_a_row_per_input_and_a_column_per_output(n_in, n_out, name):
    W = weights(reference, name, n_in, n_out)

    assert W.shape == (n_in, n_out)
    assert W.dtype == np.float64
    assert np.unique(W).size == n_in * n_out


@pytest.mark.parametrize("name", RANDOM)
def test_the_generator_decides_the_weights(module, name):
    global_state = np.random.get_state()[1].copy()

    W, again, other = (weights(module, name, 5, 4, seed=seed) for seed in (3, 3, 4))

    assert W.shape == (5, 4)
    assert W.dtype == np.float64
    assert_array_equal(W, again)
    assert not np.isin(other, W).any()
    assert_array_equal(np.random.get_state()[1], global_state)


@pytest.mark.parametrize("name", RANDOM)
def test_a_second_draw_from_one_generator_is_a_new_one(module, name):
    rng = np.random.default_rng(0)
    std = (0.3,) if name == "scaled_normal_init" else ()

    first, second = (getattr(module, name)(40, 30, *std, rng).ravel() for _ in range(2))

    assert abs(np.corrcoef(first, second)[0, 1]) < 6 / np.sqrt(first.size)


def test_relu_biases_are_slightly_positive(module):
    b, told = module.relu_bias(3), module.relu_bias(2, value=0.5)

    assert b.dtype == np.float64
    assert_allclose(b, [0.01, 0.01, 0.01], rtol=1e-15)
    assert_allclose(told, [0.5, 0.5], rtol=1e-15)


@pytest.mark.parametrize("scheme", ["zeros_init", *RANDOM])
def test_a_network_has_a_pair_per_weight_layer(module, scheme):
    layers = module.initialize_network([4, 3, 2], scheme, np.random.default_rng(0))

    assert [(W.shape, b.shape) for W, b in layers] == [((4, 3), (3,)), ((3, 2), (2,))]
    assert all(W.dtype == b.dtype == np.float64 for W, b in layers)
    assert not any(b.any() for _, b in layers)
    assert all(W.any() == (scheme != "zeros_init") for W, _ in layers)


@pytest.mark.parametrize("scheme", PUBLISHED)
def test_every_layer_of_a_network_has_the_scheme_of_its_own_sizes(module, scheme):
    (first, _), (last, _) = module.initialize_network([50, N_IN, N_OUT], scheme, np.random.default_rng(1))

    assert stats.kstest(last.ravel(), PUBLISHED[scheme].cdf).pvalue > UNLUCKY
    drawn_alone = weights(reference, scheme, N_OUT, N_IN, seed=9)
    assert stats.ks_2samp(first.ravel(), drawn_alone.ravel()).pvalue > UNLUCKY


def test_scaled_normal_weights_of_a_network_are_the_small_ones(module):
    ((W, _),) = module.initialize_network([N_IN, N_OUT], "scaled_normal_init", np.random.default_rng(2))

    assert stats.kstest(W.ravel(), stats.norm(0, 0.01).cdf).pvalue > UNLUCKY


def test_equal_layers_of_a_network_get_different_weights(module):
    (first, _), (second, _) = module.initialize_network([5, 5, 5], "xavier_normal", np.random.default_rng(0))

    assert (first != second).all()


@pytest.mark.parametrize("scheme", ["relu_bias", "orthogonal"])
def test_what_gives_no_weights_is_no_scheme(module, scheme):
    with pytest.raises(ValueError, match=scheme):
        reference.initialize_network([3, 2], scheme, np.random.default_rng(0))
    with pytest.raises(ValueError):  # noqa: PT011  (the words are the student's own)
        module.initialize_network([3, 2], scheme, np.random.default_rng(0))


def test_an_unknown_activation_is_refused():
    x, layers = draw_network()

    with pytest.raises(ValueError, match="softsign"):
        reference.activation_statistics(x, layers, "softsign")


def test_statistics_of_relu_units_by_hand(module):
    x, W, b = np.array([[1.0], [-1.0]]), np.array([[2.0, -3.0]]), np.array([0.0, -9.0])

    (layer,) = module.activation_statistics(x, [(W, b)], "relu")

    # sums [[2, -12], [-2, -6]], activations [[2, 0], [0, 0]]: mean 1/2, mean square 1, and the second unit is dead
    assert_allclose([layer["mean"], layer["std"], layer["saturated"], layer["dead"]], [0.5, np.sqrt(0.75), 0, 0.5], rtol=1e-14)


def test_statistics_of_sigmoid_units_by_hand(module):
    x, W, b = np.array([[1.0], [-1.0]]), np.array([[1.0, 1.0]]) * np.log(3), np.array([0.0, 20.0])

    (layer,) = module.activation_statistics(x, [(W, b)], "sigmoid")

    # activations 3/4 and 1/4, and twice 1 to within 1e-8
    assert_allclose([layer["mean"], layer["std"], layer["saturated"], layer["dead"]], [0.75, np.sqrt(3 / 32), 0.5, 0], rtol=1e-7)


def test_statistics_of_tanh_units_by_hand(module):
    x, W, b = np.array([[1.0], [-1.0]]), np.array([[1.0, 20.0, 0.0]]) * np.log(2), np.zeros(3)

    (layer,) = module.activation_statistics(x, [(W, b)], "tanh")

    # activations 0.6 and -0.6, 1 and -1 to within 1e-11, twice 0: both asymptotes count, 0 is none, a unit that is 0 is dead
    assert_allclose(layer["mean"], 0, atol=1e-15)
    assert_allclose([layer["std"], layer["saturated"], layer["dead"]], [np.sqrt((0.72 + 2) / 6), 1 / 3, 1 / 3], rtol=1e-10)


@pytest.mark.parametrize(("activation", "function"), [("sigmoid", special.expit), ("tanh", np.tanh), ("relu", lambda s: (s + abs(s)) / 2)])
def test_a_layer_sees_the_activations_of_the_one_before(module, activation, function):
    x, ((W1, b1), (W2, b2)) = draw_network()

    both = module.activation_statistics(x, [(W1, b1), (W2, b2)], activation)

    # the last layer of two is the only layer of a network that starts at the first one's activations
    (alone,) = reference.activation_statistics(function(x @ W1 + b1), [(W2, b2)], activation)
    assert len(both) == 2
    for key in ("mean", "std", "saturated", "dead"):
        assert_allclose(both[1][key], alone[key], rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_every_variant_gives_the_statistics_of_the_reference(module, activation, dtype):
    x, layers = draw_network(dtype)
    before = [array.copy() for array in (x, *layers[0], *layers[1])]

    found = module.activation_statistics(x, layers, activation)

    for ours, theirs in zip(reference.activation_statistics(x, layers, activation), found, strict=True):
        for key, value in ours.items():
            assert isinstance(value, float)
            assert_allclose(theirs[key], value, rtol=1e-12 if dtype is np.float64 else 1e-5)
    for array, copy in zip((x, *layers[0], *layers[1]), before, strict=True):
        assert_array_equal(array, copy)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_sums_of_1e4_raise_no_floating_point_error(module, activation, dtype):
    x, layers = draw_network(dtype)

    with np.errstate(**STRICT):
        statistics = module.activation_statistics(np.sign(x) * dtype(1e4), layers, activation)

    assert len(statistics) == 2
    assert all(np.isfinite(layer[key]) for layer in statistics for key in ("mean", "std", "saturated", "dead"))
    assert activation == "relu" or statistics[0]["saturated"] == 1


@pytest.mark.parametrize(
    ("scheme", "activation", "lowest", "highest"),
    [
        ("scaled_normal_init", "tanh", 0, 1e-4),  # 0.01 * sqrt(200) = 0.14 per layer: the signal dies away
        ("xavier_normal", "tanh", 0.2, 0.6),
        ("lecun_normal", "relu", 0, 0.1),  # half of the signal's power is lost per layer
        ("he_normal", "relu", 0.4, 1.6),
    ],
)
def test_the_experiment_of_the_lecture(scheme, activation, lowest, highest):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((300, 200))

    statistics = reference.activation_statistics(x, reference.initialize_network([200] * 11, scheme, rng), activation)

    assert lowest < statistics[-1]["std"] < highest


def test_large_weights_saturate_every_layer_of_the_experiment():
    rng = np.random.default_rng(0)
    layers = [(reference.scaled_normal_init(200, 200, 1.0, rng), np.zeros(200)) for _ in range(5)]

    statistics = reference.activation_statistics(rng.standard_normal((300, 200)), layers, "tanh")

    assert min(layer["saturated"] for layer in statistics) > 0.75


def loss(params, x, y):
    h = (anp.tanh((anp.dot(x, params["W1"]) + params["b1"]) / 2) + 1) / 2
    o = (anp.tanh((anp.dot(h, params["W2"]) + params["b2"]) / 2) + 1) / 2
    return anp.sum((o - y) ** 2)


@pytest.mark.parametrize("lr", [0.1, 3.0])
def test_the_step_goes_down_autograds_gradient(module, lr):
    params, x, y = draw_params(), np.array([0.7, -1.3]), 0.2

    stepped = module.symmetric_step(params, x, y, lr)

    gradients = grad(loss)(params, x, y)
    for name in PARAMETERS:
        assert_allclose(stepped[name], params[name] - lr * gradients[name], rtol=1e-10, atol=1e-14)


def test_the_step_from_zero_by_hand(module):
    params = {name: np.zeros_like(value) for name, value in draw_params().items()}

    stepped = module.symmetric_step(params, np.array([1.0, 2.0]), 0.0, 1.0)

    # h = o = 1/2: dL/db2 = 2 * 1/2 * 1/4, dL/dW2 = that times 1/2; nothing comes through W2 = 0
    assert_allclose(stepped["b2"], [-0.25], rtol=1e-14)
    assert_allclose(stepped["W2"], [[-0.125], [-0.125]], rtol=1e-14)
    assert not stepped["W1"].any()
    assert not stepped["b1"].any()


def test_equal_hidden_units_stay_equal_and_unequal_ones_do_not(module):
    equal, unequal = draw_params(seed=1), draw_params(seed=1)
    equal["W1"][:, 1], equal["b1"][1], equal["W2"][1] = equal["W1"][:, 0], equal["b1"][0], equal["W2"][0]
    start = {name: value.copy() for name, value in equal.items()}

    for _ in range(20):
        equal = module.symmetric_step(equal, np.array([0.7, -1.3]), 0.9, 0.5)
        unequal = module.symmetric_step(unequal, np.array([0.7, -1.3]), 0.9, 0.5)

    assert_allclose(equal["W1"][:, 0], equal["W1"][:, 1], rtol=1e-12)
    assert_allclose(equal["b1"][0], equal["b1"][1], rtol=1e-12)
    assert_allclose(equal["W2"][0], equal["W2"][1], rtol=1e-12)
    assert all((equal[name] != start[name]).all() for name in PARAMETERS)
    assert not np.allclose(unequal["W1"][:, 0], unequal["W1"][:, 1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_step_gives_new_arrays_of_the_same_shape_and_dtype(module, dtype):
    params, x = draw_params(dtype=dtype), np.array([0.7, -1.3], dtype=dtype)
    before = {name: value.copy() for name, value in params.items()}

    stepped = module.symmetric_step(params, x, 0.2, 0.5)

    assert {name: (value.shape, value.dtype) for name, value in stepped.items()} == {
        name: (value.shape, np.dtype(dtype)) for name, value in before.items()
    }
    assert all(not np.shares_memory(stepped[name], params[name]) for name in PARAMETERS)
    assert all((params[name] == before[name]).all() for name in PARAMETERS)
    expected = reference.symmetric_step(draw_params(), x.astype(np.float64), 0.2, 0.5)
    for name in PARAMETERS:
        assert_allclose(stepped[name], expected[name], rtol=1e-5 if dtype is np.float32 else 1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_step_at_sums_of_1e4_raises_no_floating_point_error(module, dtype):
    x = np.array([1e4, -1e4], dtype=dtype)

    with np.errstate(**STRICT):
        stepped = module.symmetric_step(draw_params(seed=2, dtype=dtype), x, 0.3, 0.5)

    assert all(np.isfinite(value).all() for value in stepped.values())


def test_there_are_at_least_three_variants():
    assert len(VARIANTS) >= 3


@pytest.mark.parametrize("name", FUNCTIONS)
def test_stub_and_reference_have_the_same_signature(stub, name):
    stubbed, ours = (inspect.signature(getattr(source, name)).parameters.values() for source in (stub, reference))

    assert [(p.name, p.kind, p.default) for p in stubbed] == [(p.name, p.kind, p.default) for p in ours]


def test_stub_and_reference_have_the_same_public_functions(stub):
    for source in (stub, reference):
        public = [name for name, value in vars(source).items() if inspect.isfunction(value) and not name.startswith("_")]
        assert public == FUNCTIONS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_stub_says_that_it_is_not_implemented(stub, name):
    function = getattr(stub, name)

    with pytest.raises(NotImplementedError):
        function(*[None] * len(inspect.signature(function).parameters))
