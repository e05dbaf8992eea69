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
from tests.reference.implementations import implementations, load
from tests.reference.units import CASES, ORACLES, backward, draw, draw_maxout, forward

FINITE = hnp.arrays(np.float64, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e4, 1e4))
LOG2, LOG3 = np.log(2), np.log(3)


@pytest.fixture(params=implementations("activations"), ids=lambda path: path.stem)
def module(request):
    return load(request.param)


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
