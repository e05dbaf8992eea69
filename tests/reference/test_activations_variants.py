import inspect

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import special

from reference import activations as reference
from tests.reference.implementations import ROOT, implementations, load, variants
from tests.reference.units import CASES, ORACLES, backward, draw, draw_maxout, forward

VARIANTS = variants("activations")
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


@pytest.fixture(params=implementations("activations"), ids=lambda path: path.stem)
def module(request):
    return load(request.param)


@pytest.fixture
def stub():
    return load(ROOT / "exercises" / "activations.py")


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
