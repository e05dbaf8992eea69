import importlib.util
import inspect
from pathlib import Path

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal
from scipy import special

from reference import activations as reference

ROOT = Path(__file__).parents[2]
VARIANTS = sorted((ROOT / "reference" / "variants").glob("activations_*.py"))
FUNCTIONS = [
    "sigmoid_forward",
    "sigmoid_backward",
    "tanh_forward",
    "tanh_backward",
    "relu_forward",
    "relu_backward",
    "leaky_relu_forward",
    "leaky_relu_backward",
    "prelu_forward",
    "prelu_backward",
    "elu_forward",
    "elu_backward",
    "maxout_forward",
    "maxout_backward",
    "two_relu_sigmoid",
    "saturated_fraction",
    "dead_units",
]
STRICT = {"over": "raise", "invalid": "raise", "divide": "raise"}
FINITE = hnp.arrays(np.float64, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e4, 1e4))
LOG2, LOG3 = np.log(2), np.log(3)

# What each element-wise unit takes after x; "prelu" here is the one with a single slope.
ELEMENTWISE = {
    "sigmoid": [{}],
    "tanh": [{}],
    "relu": [{}],
    "leaky_relu": [{}, {"slope": 0.3}, {"slope": 2.5}, {"slope": -0.7}],
    "prelu": [{"alpha": 0.25}, {"alpha": 3.0}, {"alpha": -0.4}],
    "elu": [{}, {"alpha": 0.5}, {"alpha": 2.0}],
}
CASES = [pytest.param(unit, options, id=f"{unit}-{options}") for unit, several in ELEMENTWISE.items() for options in several]

# The same functions written once more for autograd, each by another route than the reference's: no branches.
ORACLES = {
    "sigmoid": lambda x: (anp.tanh(x / 2) + 1) / 2,
    "tanh": lambda x: anp.sinh(x) / anp.cosh(x),
    "relu": lambda x: (x + anp.abs(x)) / 2,
    "leaky_relu": lambda x, slope=0.01: (1 + slope) / 2 * x + (1 - slope) / 2 * anp.abs(x),
    "prelu": lambda x, alpha: (1 + alpha) / 2 * x + (1 - alpha) / 2 * anp.abs(x),
    "elu": lambda x, alpha=1.0: (x + anp.abs(x)) / 2 + alpha * (anp.exp((x - anp.abs(x)) / 2) - 1),
}


def load(path):
    spec = importlib.util.spec_from_file_location(f"loaded_{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def draw(*shape, seed=0, dtype=np.float64):
    """Values of size 0.1 to 3, of either sign: none is at a kink."""
    rng = np.random.default_rng(seed)
    return (rng.uniform(0.1, 3, shape) * rng.choice([-1, 1], shape)).astype(dtype)


def draw_maxout(dtype=np.float64):
    return [draw(*shape, seed=seed, dtype=dtype) for seed, shape in enumerate([(6, 4), (4, 3), (3,), (4, 3), (3,)])]


def forward(module, unit, x, options):
    return getattr(module, f"{unit}_forward")(x, **options)


def backward(module, unit, dout, cache):
    """Give dx alone, also for the unit that returns dalpha as well."""
    gradients = getattr(module, f"{unit}_backward")(dout, cache)
    return gradients[0] if unit == "prelu" else gradients


@pytest.fixture(params=[ROOT / "reference" / "activations.py", *VARIANTS], ids=lambda path: path.stem)
def module(request):
    return load(request.param)


@pytest.fixture
def stub():
    return load(ROOT / "exercises" / "activations.py")


@given(x=FINITE)
def test_sigmoid_is_scipys(x):
    out, _ = reference.sigmoid_forward(x)

    assert_allclose(out, special.expit(x), rtol=1e-13, atol=1e-300)  # SciPy rounds what is below 1e-308 to 0


@given(x=FINITE)
def test_sigmoid_of_minus_x_is_the_complement(x):
    out, _ = reference.sigmoid_forward(x)

    assert_allclose(out + reference.sigmoid_forward(-x)[0], 1, rtol=1e-14)


@given(x=FINITE)
def test_tanh_is_a_sigmoid_on_another_scale(x):
    out, _ = reference.tanh_forward(x)

    assert_allclose(out, 2 * special.expit(2 * x) - 1, atol=1e-15)


@given(x=FINITE, scale=st.floats(1e-3, 1e3))
def test_relu_commutes_with_a_positive_scale(x, scale):
    out, _ = reference.relu_forward(scale * x)

    assert_allclose(out, scale * reference.relu_forward(x)[0], rtol=1e-14)


@given(x=FINITE)
def test_a_relu_minus_the_mirrored_one_is_the_identity(x):
    out = reference.relu_forward(x)[0] - reference.relu_forward(-x)[0]

    assert_array_equal(out, x)


@given(x=FINITE, slope=st.floats(-3, 3))
def test_a_leaky_unit_is_made_of_two_relus(x, slope):
    out, _ = reference.leaky_relu_forward(x, slope)

    assert_allclose(out, reference.relu_forward(x)[0] - slope * reference.relu_forward(-x)[0], rtol=1e-14)


@given(x=FINITE, alpha=st.floats(0.1, 5))
def test_elu_is_continuous_and_levels_off_at_minus_alpha(x, alpha):
    near_zero, _ = reference.elu_forward(np.array([-1e-12, 1e-12]), alpha)

    out, _ = reference.elu_forward(x, alpha)

    assert_allclose(near_zero, 0, atol=1e-11)
    assert (out >= -alpha).all()
    assert_allclose(reference.elu_forward(np.array([-50.0]), alpha)[0], -alpha, rtol=1e-14)


@given(share=hnp.arrays(np.float64, (2, 3), elements=st.floats(1e-6, 1)), alpha=st.floats(-3, 3))
def test_elu_of_a_logarithm_is_linear(share, alpha):
    out, _ = reference.elu_forward(np.log(share), alpha)

    assert_allclose(out, alpha * (share - 1), rtol=1e-12, atol=1e-14)


@given(x=FINITE)
def test_two_relus_make_a_ramp_between_0_and_2(x):
    out = reference.two_relu_sigmoid(x)

    assert_allclose(out, np.interp(x, [-1, 1], [0, 2]), atol=1e-11)  # x + 1 is rounded at 1e4


@given(h=hnp.arrays(np.float64, (3, 4), elements=st.sampled_from([0.0, 0.0, 0.0, -1.0, 2.0])), order=st.permutations(range(3)))
def test_death_does_not_depend_on_the_order_of_the_examples(h, order):
    dead = reference.dead_units(h)

    assert_array_equal(reference.dead_units(h[list(order)]), dead)
    assert_array_equal(dead, np.abs(h).sum(axis=0) == 0)


def test_sigmoid_of_known_numbers(module):
    out, cache = module.sigmoid_forward(np.array([0, LOG3, -LOG3]))

    dx = module.sigmoid_backward(np.array([1.0, 16, -16]), cache)

    assert_allclose(out, [1 / 2, 3 / 4, 1 / 4], rtol=1e-14)  # 1 / (1 + 1/3), 1 / (1 + 3)
    assert_allclose(dx, [1 / 4, 3, -3], rtol=1e-14)  # 16 * 3/4 * 1/4


def test_tanh_of_known_numbers(module):
    out, cache = module.tanh_forward(np.array([0, LOG2, -LOG2]))

    dx = module.tanh_backward(np.array([1.0, 2, -2]), cache)

    assert_allclose(out, [0, 0.6, -0.6], rtol=1e-14)  # (2 - 1/2) / (2 + 1/2)
    assert_allclose(dx, [1, 1.28, -1.28], rtol=1e-14)  # 2 * (1 - 0.36)


def test_relu_passes_the_gradient_where_its_input_is_positive_whatever_the_gradients_sign(module):
    out, cache = module.relu_forward(np.array([-2.0, 3, 4]))

    dx = module.relu_backward(np.array([5.0, 6, -7]), cache)

    assert_array_equal(out, [0, 3, 4])
    assert_array_equal(dx, [0, 6, -7])


def test_relus_gradient_at_0_is_a_subgradient(module):
    _, cache = module.relu_forward(np.zeros(2))

    dx = module.relu_backward(np.array([2.0, -2.0]), cache)

    assert 0 <= dx[0] <= 2
    assert -2 <= dx[1] <= 0


def test_leaky_relu_has_a_slope_of_one_percent_unless_told(module):
    out, cache = module.leaky_relu_forward(np.array([-2.0, 3]))

    dx = module.leaky_relu_backward(np.array([10.0, 20]), cache)

    assert_allclose(out, [-0.02, 3], rtol=1e-14)
    assert_allclose(dx, [0.1, 20], rtol=1e-14)


def test_a_slope_above_1_still_belongs_to_the_negative_side(module):
    x = np.array([-2.0, 3])

    assert_allclose(module.leaky_relu_forward(x, slope=2.0)[0], [-4, 3], rtol=1e-14)
    assert_allclose(module.prelu_forward(x, 2.0)[0], [-4, 3], rtol=1e-14)


def test_a_negative_slope_folds_the_negative_side_up(module):
    x = np.array([-2.0, 3])

    for unit, options in (("leaky_relu", {"slope": -0.5}), ("prelu", {"alpha": -0.5})):
        out, cache = forward(module, unit, x, options)

        assert_allclose(out, [1, 3], rtol=1e-14)
        assert_allclose(backward(module, unit, np.ones(2), cache), [-0.5, 1], rtol=1e-14)


def test_prelu_has_one_slope_per_column(module):
    x = np.array([[-2.0, -2], [1, -4]])
    out, cache = module.prelu_forward(x, np.array([0.5, 0.25]))

    dx, dalpha = module.prelu_backward(np.ones((2, 2)), cache)

    assert_allclose(out, [[-1, -0.5], [1, -1]], rtol=1e-14)
    assert_allclose(dx, [[0.5, 0.25], [1, 0.25]], rtol=1e-14)
    assert_allclose(dalpha, [-2, -6], rtol=1e-14)  # -2 and -2 - 4: the sums of the negative inputs


def test_prelu_with_one_slope_gives_one_gradient(module):
    x = np.array([[-2.0, -2], [1, -4]])
    _, cache = module.prelu_forward(x, 0.5)

    _, dalpha = module.prelu_backward(np.ones((2, 2)), cache)

    assert np.shape(dalpha) == ()
    assert_allclose(dalpha, -8, rtol=1e-14)


def test_elu_of_known_numbers(module):
    out, cache = module.elu_forward(np.array([-LOG2, 3]), alpha=2.0)

    dx = module.elu_backward(np.array([5.0, 7]), cache)

    assert_allclose(out, [-1, 3], rtol=1e-14)  # 2 * (1/2 - 1)
    assert_allclose(dx, [5, 7], rtol=1e-14)  # 5 * 2 * 1/2


def test_maxout_of_known_numbers(module):
    x, W1, b1, W2, b2 = (np.array(values) for values in ([[1.0], [-1]], [[2.0]], [0.0], [[-1.0]], [1.0]))
    out, cache = module.maxout_forward(x, W1, b1, W2, b2)

    gradients = module.maxout_backward(np.array([[3.0], [5]]), cache)

    assert_allclose(out, [[2], [2]], rtol=1e-14)  # of 2 and 0, of -2 and 2
    for gradient, expected in zip(gradients, ([[6], [-5]], [[3]], [3], [[-5]], [5]), strict=True):
        assert_allclose(gradient, expected, rtol=1e-14)


def test_two_relus_of_known_numbers(module):
    out = module.two_relu_sigmoid(np.array([-5, -1, 0, 0.5, 1, 5]))

    assert_allclose(out, [0, 0, 1, 1.5, 2, 2], rtol=1e-14)


def test_both_asymptotes_count_as_saturated(module):
    h = np.array([[0.005, 0.4], [0.5, 0.999]])

    assert_allclose(module.saturated_fraction(h, "sigmoid"), 2 / 4, rtol=1e-14)
    assert_allclose(module.saturated_fraction(h, "tanh"), 1 / 4, rtol=1e-14)
    assert_allclose(module.saturated_fraction(-h, "tanh"), 1 / 4, rtol=1e-14)


def test_the_tolerance_is_the_distance_to_an_asymptote(module):
    h = np.array([0.05, 0.15, 0.5, 0.85, 0.95])

    assert_allclose([module.saturated_fraction(h, "sigmoid", tol=tol) for tol in (0.01, 0.1, 0.2)], [0, 2 / 5, 4 / 5], rtol=1e-14)
    assert_allclose([module.saturated_fraction(h, "tanh", tol=tol) for tol in (0.01, 0.1, 0.2)], [0, 1 / 5, 2 / 5], rtol=1e-14)


def test_an_unknown_kind_is_refused(module):
    with pytest.raises(ValueError, match="softsign"):
        reference.saturated_fraction(np.ones(3), "softsign")
    with pytest.raises(ValueError):  # noqa: PT011  (the words are the student's own)
        module.saturated_fraction(np.ones(3), "softsign")


def test_a_unit_is_dead_when_it_is_0_for_every_example(module):
    h = np.array([[0.0, 1, 0, 1, 0], [0, 0, 2, -1, -1e-30]])

    dead = module.dead_units(h)

    assert dead.dtype == bool
    assert_array_equal(dead, [True, False, False, False, False])


@pytest.mark.parametrize(("unit", "options"), CASES)
def test_the_output_is_that_of_the_oracle(unit, options):
    x = draw(5, 4, 3)

    out, _ = forward(reference, unit, x, options)

    assert_allclose(out, ORACLES[unit](x, **options), rtol=1e-12)


@pytest.mark.parametrize(("unit", "options"), CASES)
def test_the_gradient_is_autograds(unit, options):
    x, dout = draw(5, 4, 3), draw(5, 4, 3, seed=1)
    _, cache = forward(reference, unit, x, options)

    dx = backward(reference, unit, dout, cache)

    assert_allclose(dx, grad(lambda x: anp.sum(dout * ORACLES[unit](x, **options)))(x), rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize(("unit", "options"), CASES)
def test_the_gradient_is_the_slope_of_the_output(unit, options):
    x, dout, h = draw(5, 4), draw(5, 4, seed=1), 1e-6
    _, cache = forward(reference, unit, x, options)

    dx = backward(reference, unit, dout, cache)

    rise = forward(reference, unit, x + h, options)[0] - forward(reference, unit, x - h, options)[0]
    assert_allclose(dx, dout * rise / (2 * h), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("shape", [(5, 3), (4, 3, 2, 5)])
def test_the_gradient_of_a_slope_per_channel_is_autograds(shape):
    x, alpha, dout = draw(*shape), np.array([0.25, 3.0, -0.4]), draw(*shape, seed=1)

    def loss(x, alpha):
        channels_first = anp.swapaxes(x, 0, 1).reshape((3, -1))
        up, down = (channels_first + anp.abs(channels_first)) / 2, (channels_first - anp.abs(channels_first)) / 2
        return anp.sum(np.swapaxes(dout, 0, 1).reshape(3, -1) * (up + alpha[:, None] * down))

    _, cache = reference.prelu_forward(x, alpha)
    dx, dalpha = reference.prelu_backward(dout, cache)

    assert_allclose(dx, grad(loss, 0)(x, alpha), rtol=1e-12)
    assert_allclose(dalpha, grad(loss, 1)(x, alpha), rtol=1e-12)


def test_equal_slopes_are_one_slope():
    x, dout = draw(4, 3, 2, 5), draw(4, 3, 2, 5, seed=1)
    out, cache = reference.prelu_forward(x, np.full(3, 0.3))
    same, same_cache = reference.prelu_forward(x, 0.3)

    dx, dalpha = reference.prelu_backward(dout, cache)
    same_dx, same_dalpha = reference.prelu_backward(dout, same_cache)

    assert_array_equal(out, same)
    assert_array_equal(dx, same_dx)
    assert_allclose(dalpha.sum(), same_dalpha, rtol=1e-12)


def test_the_gradients_of_maxout_are_autograds():
    arguments, dout = draw_maxout(), draw(6, 3, seed=9)

    def loss(x, W1, b1, W2, b2):
        s1, s2 = anp.dot(x, W1) + b1, anp.dot(x, W2) + b2
        return anp.sum(dout * (s1 + s2 + anp.abs(s1 - s2)) / 2)

    _, cache = reference.maxout_forward(*arguments)
    gradients = reference.maxout_backward(dout, cache)

    for position, gradient in enumerate(gradients):
        assert_allclose(gradient, grad(loss, position)(*arguments), rtol=1e-10, atol=1e-13)


def test_maxout_with_one_piece_switched_off_is_a_relu():
    x, W, b, _, _ = draw_maxout()
    expected, _ = reference.relu_forward(x @ W + b)

    out, _ = reference.maxout_forward(x, W, b, np.zeros_like(W), np.zeros_like(b))

    assert_allclose(out, expected, rtol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(7,), (1, 3), (5, 3), (2, 3, 4, 4)])
@pytest.mark.parametrize(("unit", "options"), CASES)
def test_every_variant_agrees_with_the_reference_and_keeps_the_dtype(module, unit, options, shape, dtype):
    x, dout = draw(*shape, dtype=dtype), draw(*shape, seed=1, dtype=dtype)
    expected, expected_cache = forward(reference, unit, x, options)
    out, cache = forward(module, unit, x, options)

    dx = backward(module, unit, dout, cache)

    tolerance = {"rtol": 1e-12, "atol": 1e-14} if dtype is np.float64 else {"rtol": 1e-5, "atol": 1e-6}
    assert out.dtype == dx.dtype == dtype
    assert_allclose(out, expected, **tolerance)
    assert_allclose(dx, backward(reference, unit, dout, expected_cache), **tolerance)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1, 3), (5, 3), (4, 3, 2), (4, 3, 2, 5)])
@pytest.mark.parametrize("slopes", ["one", "per channel"])
def test_every_variant_agrees_on_the_gradient_of_the_slope(module, slopes, shape, dtype):
    alpha = 0.3 if slopes == "one" else np.array([0.25, 3.0, -0.4], dtype=dtype)
    x, dout = draw(*shape, dtype=dtype), draw(*shape, seed=1, dtype=dtype)
    expected, expected_cache = reference.prelu_forward(x, alpha)
    out, cache = module.prelu_forward(x, alpha)

    dx, dalpha = module.prelu_backward(dout, cache)

    expected_dx, expected_dalpha = reference.prelu_backward(dout, expected_cache)
    rtol = 1e-12 if dtype is np.float64 else 1e-4
    assert out.dtype == dx.dtype == dtype
    assert np.shape(dalpha) == np.shape(alpha)
    assert slopes == "one" or dalpha.dtype == dtype
    assert_allclose(out, expected, rtol=rtol)
    assert_allclose(dx, expected_dx, rtol=rtol)
    assert_allclose(dalpha, expected_dalpha, rtol=rtol)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_variant_of_maxout_agrees_with_the_reference_and_keeps_the_dtype(module, dtype):
    arguments, dout = draw_maxout(dtype), draw(6, 3, seed=9, dtype=dtype)
    expected, expected_cache = reference.maxout_forward(*arguments)
    out, cache = module.maxout_forward(*arguments)

    gradients = module.maxout_backward(dout, cache)

    tolerance = {"rtol": 1e-12, "atol": 1e-13} if dtype is np.float64 else {"rtol": 1e-4, "atol": 1e-4}
    assert out.dtype == dtype
    assert_allclose(out, expected, **tolerance)
    for gradient, other in zip(gradients, reference.maxout_backward(dout, expected_cache), strict=True):
        assert gradient.dtype == dtype
        assert_allclose(gradient, other, **tolerance)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_variant_agrees_on_what_is_saturated_and_what_is_dead(module, dtype):
    h = np.tanh(3 * draw(40, 6, dtype=dtype))
    h[:, 2] = 0

    assert_allclose(module.saturated_fraction(h, "tanh", tol=0.03), reference.saturated_fraction(h, "tanh", tol=0.03), rtol=1e-12)
    assert_allclose(module.saturated_fraction(np.abs(h), "sigmoid"), reference.saturated_fraction(np.abs(h), "sigmoid"), rtol=1e-12)
    assert_array_equal(module.dead_units(h), reference.dead_units(h))
    assert module.two_relu_sigmoid(h).dtype == dtype


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("unit", "options"), CASES)
def test_inputs_of_1e4_raise_no_floating_point_error(module, unit, options, dtype):
    x = np.array([-1e4, -800, -100, -1, 0, 1, 100, 800, 1e4], dtype=dtype)

    with np.errstate(**STRICT):
        out, cache = forward(module, unit, x, options)
        dx = backward(module, unit, x[::-1].copy(), cache)

    # the oracle of tanh, a quotient of exponentials, overflows itself
    expected = 2 * special.expit(2 * x) - 1 if unit == "tanh" else ORACLES[unit](x.astype(np.float64), **options)
    assert_allclose(out, expected, rtol=1e-6, atol=1e-6)
    assert np.isfinite(dx).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_maxout_and_the_diagnostics_bear_inputs_of_1e4(module, dtype):
    x, W1, b1, W2, b2 = draw_maxout(dtype)
    x = np.sign(x) * dtype(1e4)

    with np.errstate(**STRICT):
        out, cache = module.maxout_forward(x, W1, b1, W2, b2)
        gradients = module.maxout_backward(out, cache)
        ramp = module.two_relu_sigmoid(x)
        dead = module.dead_units(x)

    assert np.isfinite(out).all()
    assert all(np.isfinite(gradient).all() for gradient in gradients)
    assert_array_equal(ramp, 1 + np.sign(x))
    assert not dead.any()


@pytest.mark.parametrize(("unit", "options"), CASES)
def test_inputs_stay_as_they_are_and_a_cache_serves_twice(module, unit, options):
    x, dout = draw(5, 3), draw(5, 3, seed=1)
    x_before, dout_before = x.copy(), dout.copy()
    out, cache = forward(module, unit, x, options)
    out_before = out.copy()

    first = backward(module, unit, dout, cache).copy()
    forward(module, unit, draw(5, 3, seed=2), options)
    second = backward(module, unit, dout, cache)

    assert_array_equal(x, x_before)
    assert_array_equal(dout, dout_before)
    assert_array_equal(out, out_before)
    assert_array_equal(first, second)


def test_a_slope_per_channel_and_the_arguments_of_maxout_stay_as_they_are(module):
    x, dout, alpha = draw(4, 3, 2, 2), draw(4, 3, 2, 2, seed=1), np.array([0.25, 3.0, -0.4])
    arguments, upstream = draw_maxout(), draw(6, 3, seed=9)
    everything = [x, dout, alpha, *arguments, upstream]
    before = [array.copy() for array in everything]

    module.prelu_backward(dout, module.prelu_forward(x, alpha)[1])
    module.maxout_backward(upstream, module.maxout_forward(*arguments)[1])

    for array, copy in zip(everything, before, strict=True):
        assert_array_equal(array, copy)


def test_the_diagnostics_leave_their_argument_alone(module):
    h = draw(4, 3)
    before = h.copy()

    module.two_relu_sigmoid(h)
    module.saturated_fraction(h, "tanh")
    module.dead_units(h)

    assert_array_equal(h, before)


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
