import importlib.util
import inspect
import math
from pathlib import Path

import numpy as np
import pytest
from autograd.misc import optimizers as oracle
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import signal

from reference import optim as reference

ROOT = Path(__file__).parents[2]
VARIANTS = sorted((ROOT / "reference" / "variants").glob("optim_*.py"))
RULES = ["sgd", "sgd_momentum", "nesterov_momentum", "rmsprop", "adam"]
SCHEDULES = ["step_decay", "exponential_decay", "inverse_time_decay", "cosine_restarts", "cyclic_lr"]
STATES = {
    "sgd": [],
    "sgd_momentum": ["velocity"],
    "nesterov_momentum": ["velocity"],
    "rmsprop": ["cache"],
    "adam": ["m", "v", "t"],
}
STRICT = {"over": "raise", "invalid": "raise", "divide": "raise"}


def load(path):
    spec = importlib.util.spec_from_file_location(f"loaded_{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def draw(*shape, seed=0, dtype=np.float64):
    """Values between 0.5 and 2, of either sign."""
    rng = np.random.default_rng(seed)
    return (rng.uniform(0.5, 2, shape) * rng.choice([-1, 1], shape)).astype(dtype)


def descend(rule, w, gradients, config=None):
    """The points that a rule goes through, the first one included, and the last config."""
    path = [w]
    for dw in gradients:
        next_w, config = rule(path[-1].copy(), dw, config)
        path.append(np.copy(next_w))
    return np.array(path), config


def slope(x, _step=0):
    """The gradient of a bowl that is 30 times as steep in one direction as in another."""
    return x * np.array([0.1, 1.0, 3.0])


@pytest.fixture(params=[ROOT / "reference" / "optim.py", *VARIANTS], ids=lambda path: path.stem)
def module(request):
    return load(request.param)


@pytest.fixture
def stub():
    return load(ROOT / "exercises" / "optim.py")


# ---------------------------------------------------------------------------------------------------------------- update rules


def test_descent_goes_against_the_gradient(module):
    next_w, _ = module.sgd(np.array([1.0, -2.0]), np.array([0.5, 4.0]), {"learning_rate": 0.1})

    assert_allclose(next_w, [0.95, -2.4], rtol=1e-14)  # 1 - 0.05, -2 - 0.4


def test_momentum_adds_the_decayed_velocity(module):
    config = {"learning_rate": 0.1, "momentum": 0.5, "velocity": np.array([-0.8])}

    next_w, config = module.sgd_momentum(np.array([1.0]), np.array([2.0]), config)

    assert_allclose(config["velocity"], [-0.6], rtol=1e-14)  # 0.5 * -0.8 - 0.1 * 2
    assert_allclose(next_w, [0.4], rtol=1e-14)


def test_nesterov_looks_ahead(module):
    config = {"learning_rate": 0.1, "momentum": 0.5, "velocity": np.array([-0.8])}

    next_w, config = module.nesterov_momentum(np.array([1.0]), np.array([2.0]), config)

    assert_allclose(config["velocity"], [-0.6], rtol=1e-14)
    assert_allclose(next_w, [0.5], rtol=1e-14)  # 1 + 0.5 * 0.8 - 1.5 * 0.6


def test_rmsprop_divides_by_the_root_of_the_cache(module):
    config = {"learning_rate": 0.1, "decay_rate": 0.75, "epsilon": 0.5, "cache": np.array([4.0])}

    next_w, config = module.rmsprop(np.array([1.0]), np.array([2.0]), config)

    assert_allclose(config["cache"], [4.0], rtol=1e-14)  # 0.75 * 4 + 0.25 * 2^2
    assert_allclose(next_w, [0.92], rtol=1e-14)  # 1 - 0.1 * 2 / (2 + 0.5)


def test_adam_corrects_both_means(module):
    config = {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.75, "epsilon": 0.5, "m": np.array([4.0]), "v": np.array([5.0]), "t": 1}

    next_w, config = module.adam(np.array([1.0]), np.array([2.0]), config)

    assert_allclose(config["m"], [3.0], rtol=1e-14)  # 0.5 * 4 + 0.5 * 2
    assert_allclose(config["v"], [4.75], rtol=1e-14)  # 0.75 * 5 + 0.25 * 2^2
    assert config["t"] == 2
    # m / (1 - 1/4) = 4 and v / (1 - 9/16) = 76/7
    assert_allclose(next_w, [1 - 0.1 * 4 / (math.sqrt(76 / 7) + 0.5)], rtol=1e-14)


def test_the_velocity_is_a_recursive_filter_of_the_gradients(module):
    gradients = draw(12, 3)

    path, config = descend(module.sgd_momentum, draw(3, seed=1), gradients, {"learning_rate": 0.3, "momentum": 0.7})

    velocities = signal.lfilter([-0.3], [1, -0.7], gradients, axis=0)
    assert_allclose(np.diff(path, axis=0), velocities, rtol=1e-12)
    assert_allclose(config["velocity"], velocities[-1], rtol=1e-12)


def test_momentum_is_that_of_autograd(module):
    x = np.array([1.0, -2.0, 0.5])
    w, config = x, {"learning_rate": 0.02, "momentum": 0.8}

    for _ in range(25):
        w, config = module.sgd_momentum(w, slope(w), config)

    # autograd scales the gradient in its velocity by 1 - mass.
    assert_allclose(w, oracle.sgd(slope, x, num_iters=25, step_size=0.02 / (1 - 0.8), mass=0.8), rtol=1e-11)


def test_nesterov_takes_the_gradient_at_the_point_ahead(module):
    lr, mu = 0.05, 0.8
    theta, velocity = np.array([1.0, -2.0, 0.5]), np.zeros(3)
    w, config = theta.copy(), {"learning_rate": lr, "momentum": mu}

    for _ in range(10):
        # Nesterov's own form: the step from theta, with the gradient of theta + mu * velocity.
        velocity = mu * velocity - lr * slope(theta + mu * velocity)
        theta = theta + velocity
        w, config = module.nesterov_momentum(w, slope(w), config)

        assert_allclose(w, theta + mu * velocity, rtol=1e-12)
        assert_allclose(config["velocity"], velocity, rtol=1e-12)


@pytest.mark.parametrize("rule", ["sgd_momentum", "nesterov_momentum"])
def test_without_momentum_both_are_plain_descent(module, rule):
    gradients = draw(5, 4)

    path, _ = descend(getattr(module, rule), draw(4, seed=1), gradients, {"learning_rate": 0.3, "momentum": 0.0})

    assert_allclose(np.diff(path, axis=0), -0.3 * gradients, rtol=1e-12, atol=1e-14)


def test_rmsprop_is_that_of_autograd(module):
    x = np.array([1.0, -2.0, 0.5])
    # autograd starts the running mean at ones.
    w, config = x, {"learning_rate": 0.03, "decay_rate": 0.8, "epsilon": 0.01, "cache": np.ones(3)}

    for _ in range(25):
        w, config = module.rmsprop(w, slope(w), config)

    assert_allclose(w, oracle.rmsprop(slope, x, num_iters=25, step_size=0.03, gamma=0.8, eps=0.01), rtol=1e-10)


def test_a_steady_gradient_fills_the_cache(module):
    dw = draw(3)

    _, config = descend(module.rmsprop, draw(3, seed=1), [dw] * 6, {"decay_rate": 0.7})

    assert_allclose(config["cache"], (1 - 0.7**6) * dw**2, rtol=1e-13)  # a geometric series


def test_adam_is_that_of_autograd(module):
    x = np.array([1.0, -2.0, 0.5])
    w, config = x, {"learning_rate": 0.03, "beta1": 0.7, "beta2": 0.9, "epsilon": 0.01}

    for _ in range(25):
        w, config = module.adam(w, slope(w), config)

    assert_allclose(w, oracle.adam(slope, x, num_iters=25, step_size=0.03, b1=0.7, b2=0.9, eps=0.01), rtol=1e-10)
    assert config["t"] == 25


def test_under_a_steady_gradient_adam_takes_steady_steps(module):
    dw = np.array([3.0, -1e-4, 700.0])

    path, _ = descend(module.adam, np.zeros(3), [dw] * 7, {"learning_rate": 0.1, "epsilon": 0.5})

    # The correction makes a mean of equal numbers from the first step on: m_hat = dw and v_hat = dw^2.
    assert_allclose(np.diff(path, axis=0), np.tile(-0.1 * dw / (np.abs(dw) + 0.5), (7, 1)), rtol=1e-9)


@given(factor=st.floats(1e-3, 1e3))
def test_the_steps_of_adam_do_not_depend_on_the_scale_of_the_gradient(factor):
    gradients = draw(5, 4)

    path, _ = descend(reference.adam, np.zeros(4), gradients, {"epsilon": 0.0})
    scaled, _ = descend(reference.adam, np.zeros(4), factor * gradients, {"epsilon": 0.0})

    assert_allclose(scaled, path, rtol=1e-9)


@pytest.mark.parametrize(
    ("rule", "defaults"),
    [
        ("sgd", {"learning_rate": 1e-2}),
        ("sgd_momentum", {"learning_rate": 1e-2, "momentum": 0.9}),
        ("nesterov_momentum", {"learning_rate": 1e-2, "momentum": 0.9}),
        ("rmsprop", {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8}),
        ("adam", {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}),
    ],
)
def test_what_a_config_lacks_has_the_defaults_of_cs231n(module, rule, defaults):
    w, gradients = draw(3), 1e-7 * draw(4, 3, seed=1)
    update = getattr(module, rule)
    path, _ = descend(update, w, gradients, dict(defaults))

    for config in (None, {}, *({name: value} for name, value in defaults.items())):
        assert_array_equal(descend(update, w, gradients, config)[0], path)
    assert_array_equal(update(w.copy(), gradients[0])[0], path[1])


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_every_variant_goes_the_way_of_the_reference(module, rule, dtype, rtol):
    w, gradients = draw(3, 1, 4), draw(6, 3, 1, 4, seed=1)
    gradients[:, 0] = 0

    path, config = descend(getattr(module, rule), w.astype(dtype), gradients.astype(dtype))
    expected, state = descend(getattr(reference, rule), w, gradients)

    assert path.dtype == dtype
    assert_allclose(path, expected, rtol=rtol)
    for name in STATES[rule]:
        assert_allclose(config[name], state[name], rtol=10 * rtol, atol=rtol)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_shape_and_dtype_are_those_of_the_weights(module, rule, dtype):
    w, config = draw(3, 1, 4, dtype=dtype), None

    for _ in range(3):
        w, config = getattr(module, rule)(w, draw(3, 1, 4, seed=1, dtype=dtype), config)

        assert (w.dtype, w.shape) == (dtype, (3, 1, 4))


@pytest.mark.parametrize("rule", RULES)
def test_gradients_and_weights_are_left_as_they_were(module, rule):
    w, dw = draw(4, 3), draw(4, 3, seed=1)

    _, config = getattr(module, rule)(w, dw)
    getattr(module, rule)(w, dw, config)

    assert_array_equal(dw, draw(4, 3, seed=1))
    if rule != "sgd":  # whose weights may be updated in place, as in CS231n
        assert_array_equal(w, draw(4, 3))


@pytest.mark.parametrize("rule", RULES)
def test_the_reference_leaves_the_config_that_it_is_given_as_it_was(rule):
    config = {"learning_rate": 0.5}

    getattr(reference, rule)(draw(3), draw(3, seed=1), config)

    assert config == {"learning_rate": 0.5}


@pytest.mark.parametrize("rule", RULES)
def test_two_weights_have_nothing_in_common(module, rule):
    update = getattr(module, rule)
    a, b = draw(3), draw(2, 2, seed=1)
    alone_a, _ = descend(update, a, draw(4, 3, seed=2))
    alone_b, _ = descend(update, b, draw(4, 2, 2, seed=3))

    config_a = config_b = None
    for da, db in zip(draw(4, 3, seed=2), draw(4, 2, 2, seed=3), strict=True):
        a, config_a = update(a, da, config_a)
        b, config_b = update(b, db, config_b)

    assert_array_equal(a, alone_a[-1])
    assert_array_equal(b, alone_b[-1])


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gradients_of_1e4_and_of_0_raise_no_floating_point_error(module, rule, dtype):
    w = np.array([1e4, -1e4, 1e4], dtype=dtype)
    dw = np.array([1e4, -1e4, 0.0], dtype=dtype)

    with np.errstate(**STRICT):
        path, _ = descend(getattr(module, rule), w, [dw] * 3)

    assert np.isfinite(path).all()
    assert_array_equal(path[:, 2], 1e4)


# ------------------------------------------------------------------------------------------------------------ stub and variants


def test_there_are_at_least_three_variants():
    assert len(VARIANTS) >= 3


@pytest.mark.parametrize("name", [*RULES, *SCHEDULES])
def test_stub_and_reference_have_the_same_signature(stub, name):
    stubbed, ours = (inspect.signature(getattr(source, name)).parameters.values() for source in (stub, reference))

    assert [(p.name, p.kind, p.default) for p in stubbed] == [(p.name, p.kind, p.default) for p in ours]


def test_stub_and_reference_have_the_same_public_functions(stub):
    for source in (stub, reference):
        public = [name for name, value in vars(source).items() if inspect.isfunction(value) and not name.startswith("_")]
        assert public == [*RULES, *SCHEDULES]


@pytest.mark.parametrize("name", [*RULES, *SCHEDULES])
def test_every_stub_says_that_it_is_not_implemented(stub, name):
    function = getattr(stub, name)

    with pytest.raises(NotImplementedError):
        function(*[None] * len(inspect.signature(function).parameters))
