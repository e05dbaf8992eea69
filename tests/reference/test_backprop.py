import functools
import inspect

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal
from scipy import optimize, special

from reference import backprop as reference
from tests.reference.implementations import ROOT, implementations, load, variants

FUNCTIONS = {
    "affine_forward": (),
    "affine_backward": (),
    "numerical_gradient": ("eval_numerical_gradient",),
    "numerical_gradient_array": ("eval_numerical_gradient_array",),
    "relative_error": ("rel_error",),
    "chain_gradients": (),
    "composed_gradients": (),
    "sigmoid_neuron": (),
    "two_layer_net": (),
}
STRICT = {"over": "raise", "invalid": "raise", "divide": "raise"}
MODERATE = st.floats(-3, 3)


class Functions:
    """The functions of a module by the names of the exercise, whatever they are called there."""

    def __init__(self, module):
        for name, aliases in FUNCTIONS.items():
            setattr(self, name, next(getattr(module, each) for each in (name, *aliases) if hasattr(module, each)))


@pytest.fixture(params=implementations("backprop"), ids=lambda path: path.stem)
def module(request):
    return Functions(load(request.param))


@pytest.fixture
def rng():
    return np.random.default_rng(11)


@pytest.fixture
def stub():
    return load(ROOT / "exercises" / "backprop.py")


def test_the_worked_example_of_the_affine_layer(module):
    out, cache = module.affine_forward(np.array([[1.0, 2.0]]), np.array([[1.0, 0.0], [2.0, -1.0]]), np.array([0.5, 1.0]))

    dx, dw, db = module.affine_backward(np.array([[1.0, 3.0]]), cache)

    assert_allclose(out, [[5.5, -1]], rtol=1e-15)  # 1 * 1 + 2 * 2 + 0.5 and 2 * -1 + 1
    assert_allclose(dx, [[1, -1]], rtol=1e-15)  # 1 * 1 + 3 * 0 and 1 * 2 + 3 * -1
    assert_allclose(dw, [[1, 3], [2, 6]], rtol=1e-15)
    assert_allclose(db, [1, 3], rtol=1e-15)


def test_an_image_counts_as_the_row_of_its_pixels(module, rng):
    images, w, b = rng.standard_normal((3, 2, 4, 5)), rng.standard_normal((40, 6)), rng.standard_normal(6)

    of_images, _ = module.affine_forward(images, w, b)
    of_rows, _ = module.affine_forward(np.array([list(image.flat) for image in images]), w, b)

    assert_array_equal(of_images.shape, (3, 6))
    assert_allclose(of_images, of_rows, rtol=1e-12)


@pytest.mark.parametrize("shape", [(5, 3), (1, 4), (4, 1), (3, 2, 2), (2, 1, 3, 2)])
def test_the_affine_layer_has_the_gradients_of_autograd(module, rng, shape):
    D = int(np.prod(shape[1:]))
    x, w, b, dout = (rng.standard_normal(size) for size in (shape, (D, 4), 4, (shape[0], 4)))

    _, cache = module.affine_forward(x, w, b)
    found = module.affine_backward(dout, cache)
    due = grad(lambda given: anp.sum((anp.reshape(given[0], (shape[0], D)) @ given[1] + given[2]) * dout))((x, w, b))

    for gradient, expected in zip(found, due, strict=True):
        assert gradient.shape == expected.shape
        assert_allclose(gradient, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_affine_layer_keeps_the_dtype(module, rng, dtype):
    x, w, b, dout = (rng.standard_normal(size).astype(dtype) for size in ((3, 2, 2), (4, 5), 5, (3, 5)))

    out, cache = module.affine_forward(x, w, b)
    gradients = module.affine_backward(dout, cache)

    assert {array.dtype for array in (out, *gradients)} == {np.dtype(dtype)}


def test_the_affine_layer_leaves_its_arguments_alone(module, rng):
    given = [rng.standard_normal(size) for size in ((3, 2, 2), (4, 5), 5, (3, 5))]
    before = [argument.copy() for argument in given]

    module.affine_backward(given[3], module.affine_forward(*given[:3])[1])

    for argument, kept in zip(given, before, strict=True):
        assert_array_equal(argument, kept)


# ---------------------------------------------------------------------------------------------------------- numerical differences


def test_a_central_difference_of_the_cube_is_off_by_the_square_of_the_step(module):
    gradient = module.numerical_gradient(lambda x: np.sum(x**3), np.array([2.0, -1.0]), h=0.1)

    # ((x + h)^3 - (x - h)^3) / (2 h) = 3 x^2 + h^2
    assert_allclose(gradient, [12.01, 3.01], rtol=1e-13)


def test_a_central_difference_of_a_parabola_is_exact(module):
    gradient = module.numerical_gradient(lambda x: np.sum(x**2), np.array([[1.0, -2.0], [0.5, 3.0]]), h=0.5)

    assert_allclose(gradient, [[2, -4], [1, 6]], rtol=1e-14)


def test_the_numerical_gradient_of_rosenbrocks_function_is_that_of_scipy(module, rng):
    x = rng.uniform(-2, 2, 5)

    gradient = module.numerical_gradient(optimize.rosen, x)

    # Values up to 1e4 are rounded by 1e-12, which a step of 1e-5 makes 1e-7.
    assert_allclose(gradient, optimize.rosen_der(x), rtol=1e-6, atol=1e-6)


def test_the_step_is_1e_minus_5_by_default(module):
    x = np.array([0.2, 0.7])

    by_default = module.numerical_gradient(lambda x: np.sum(np.sin(1000 * x)), x)
    array_by_default = module.numerical_gradient_array(lambda x: np.sin(1000 * x), x, np.ones(2))

    # sin(k (x + h)) - sin(k (x - h)) = 2 cos(k x) sin(k h)
    due = np.cos(1000 * x) * np.sin(1000 * 1e-5) / 1e-5
    assert_allclose(by_default, due, rtol=1e-9)
    assert_allclose(array_by_default, due, rtol=1e-9)


def test_the_worked_example_of_the_gradient_of_an_array(module):
    gradient = module.numerical_gradient_array(lambda x: x**2, np.array([1.0, 2.0]), np.array([10.0, 1.0]))

    assert_allclose(gradient, [20, 4], rtol=1e-9)


def test_the_numerical_gradient_of_an_array_is_the_product_with_the_jacobian(module, rng):
    x, A, df = rng.standard_normal((2, 3)), rng.standard_normal((3, 4)), rng.standard_normal((2, 4))

    gradient = module.numerical_gradient_array(lambda x: np.tanh(x @ A), x, df)

    assert_allclose(gradient, grad(lambda x: anp.sum(anp.tanh(x @ A) * df))(x), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("shape", [(4,), (2, 3)])
def test_the_identity_may_hand_back_its_argument(module, rng, shape):
    df = rng.standard_normal(shape)

    gradient = module.numerical_gradient_array(lambda x: x, rng.standard_normal(shape), df)

    assert_allclose(gradient, df, rtol=1e-9)


def test_differences_leave_x_as_it_was(module, rng):
    x, df = rng.standard_normal((2, 3)), rng.standard_normal((2, 3))
    x_before, df_before = x.copy(), df.copy()

    module.numerical_gradient(lambda x: np.sum(x**3), x)
    module.numerical_gradient_array(lambda x: x**3, x, df)

    # Who adds and subtracts the step is off by a rounding or two.
    assert_allclose(x, x_before, rtol=0, atol=1e-14)
    assert_array_equal(df, df_before)


def test_the_numerical_gradient_confirms_the_backward_pass_of_the_affine_layer(module, rng):
    x, w, b, dout = (rng.standard_normal(size) for size in ((3, 2, 2), (4, 5), 5, (3, 5)))

    dx, dw, db = module.affine_backward(dout, module.affine_forward(x, w, b)[1])

    for argument, gradient in ((x, dx), (w, dw), (b, db)):
        moved = functools.partial(forward_with, module.affine_forward, (x, w, b), argument)
        assert module.relative_error(module.numerical_gradient_array(moved, argument, dout), gradient) < 1e-7


def forward_with(forward, arguments, old, new):
    """The output of `forward` with one of its arguments replaced."""
    return forward(*(new if argument is old else argument for argument in arguments))[0]


# --------------------------------------------------------------------------------------------------------------- the relative error


def test_the_worked_example_of_the_relative_error(module):
    error = module.relative_error(np.array([1.0, 2.0, 0.0]), np.array([1.0, 3.0, 0.0]))

    assert_allclose(error, 0.2, rtol=1e-15)  # 1 / 5
    assert np.ndim(error) == 0


def test_a_tiny_difference_is_divided_by_the_floor(module):
    error = module.relative_error(np.array([1e-9]), np.array([3e-9]))

    assert_allclose(error, 0.2, rtol=1e-12)  # 2e-9 / 1e-8


def test_opposite_values_have_the_largest_error(module):
    assert_allclose(module.relative_error(np.array([3.0, 1.0]), np.array([3.0, -1.0])), 1.0, rtol=1e-15)


@given(a=hnp.arrays(np.float64, (2, 3), elements=st.floats(0.1, 100)), factor=st.floats(0.01, 100))
def test_the_relative_error_has_no_unit(a, factor):
    b = a[::-1] + 1

    assert_allclose(reference.relative_error(factor * a, factor * b), reference.relative_error(a, b), rtol=1e-12)


@given(a=hnp.arrays(np.float64, 4, elements=st.floats(-1e4, 1e4)), b=hnp.arrays(np.float64, 4, elements=st.floats(-1e4, 1e4)))
def test_the_relative_error_is_symmetric_and_at_most_one(a, b):
    error = reference.relative_error(a, b)

    assert error == reference.relative_error(b, a)
    assert 0 <= error <= 1


def test_two_zeros_agree_without_a_warning(module):
    with np.errstate(**STRICT):
        error = module.relative_error(np.zeros((2, 2)), np.zeros((2, 2)))

    assert error == 0


# ------------------------------------------------------------------------------------------------------------------ the small graphs


def chain_loss(w, x, y):
    h = x
    for weight in w:
        h = 1 / (1 + anp.exp(-weight * h))
    return (h - y) ** 2 / 2


def test_the_worked_example_of_the_chain(module):
    gradients = module.chain_gradients(np.array([0.0, 4.0]), 3.0, 0.0)

    h2 = special.expit(2.0)  # h1 = 1/2
    slope = h2 * (1 - h2)
    assert_allclose(gradients, [h2 * slope * 4 * 0.25 * 3, h2 * slope * 0.5], rtol=1e-13)


@pytest.mark.parametrize("n", [1, 2, 5, 9])
def test_the_chain_has_the_gradients_of_autograd(module, rng, n):
    w = rng.uniform(-2, 2, n)

    gradients = module.chain_gradients(w, 0.8, 0.3)

    assert len(gradients) == n
    assert_allclose(gradients, grad(chain_loss)(w, 0.8, 0.3), rtol=1e-10)


def test_a_chain_that_hits_its_target_has_no_gradient(module):
    w = np.array([0.7, -1.2, 0.4])
    h = functools.reduce(lambda h, weight: special.expit(weight * h), w, 1.5)

    assert_allclose(module.chain_gradients(w, 1.5, float(h)), 0, atol=1e-16)


def test_the_worked_example_of_the_composition(module):
    # tanh 0 = 0 and sigmoid 0 = 1/2: 2 * 1/2 * 1/4 * w2 * 1 * x
    assert_allclose(module.composed_gradients(0.0, 2.0, 3.0, 0.0), [1.5, 0], rtol=1e-14)


@pytest.mark.parametrize("given", [(0.4, 1.2, -0.7, 0.3), (-1.1, 0.6, 0.9, 1.0), (0.8, -2.0, 1.4, -0.5)])
def test_the_composition_has_the_gradients_of_autograd(module, given):
    w1, w2, x, y = given

    gradients = module.composed_gradients(*given)
    due = grad(lambda w: (1 / (1 + anp.exp(-w[1] * anp.tanh(w[0] * x))) - y) ** 2)(np.array([w1, w2]))

    assert_allclose(gradients, due, rtol=1e-12)


def test_the_neuron_of_the_slide(module):
    out, dw, dx = module.sigmoid_neuron(np.array([2.0, -3.0, -3.0]), np.array([-1.0, -2.0]))

    # 2 * -1 + -3 * -2 - 3 = 1; lecture note 002, slide 89, rounds to 0.73, -0.20, -0.39, 0.20, 0.39 and -0.59.
    assert_allclose(out, special.expit(1.0), rtol=1e-14)
    assert_allclose(np.concatenate([dw, dx]), [-0.20, -0.39, 0.20, 0.39, -0.59], atol=5e-3)


@pytest.mark.parametrize("n", [1, 2, 6])
def test_the_neuron_has_the_gradients_of_autograd(module, rng, n):
    w, x = rng.standard_normal(n + 1), rng.standard_normal(n)

    _, dw, dx = module.sigmoid_neuron(w, x)
    due = grad(lambda both: 1 / (1 + anp.exp(-(anp.sum(both[0][:-1] * both[1]) + both[0][-1]))))((w, x))

    assert_allclose(dw, due[0], rtol=1e-12)
    assert_allclose(dx, due[1], rtol=1e-12)


@given(w=hnp.arrays(np.float64, 4, elements=MODERATE), x=hnp.arrays(np.float64, 3, elements=MODERATE))
def test_weights_and_inputs_of_a_neuron_may_change_places(w, x):
    _, dw, dx = reference.sigmoid_neuron(w, x)
    _, exchanged_dw, exchanged_dx = reference.sigmoid_neuron(np.append(x, w[-1]), w[:-1])

    assert_allclose(dw[:-1], exchanged_dx, rtol=1e-12, atol=1e-300)
    assert_allclose(dx, exchanged_dw[:-1], rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("sign", [-1, 1])
def test_sums_far_from_zero_raise_no_floating_point_error(module, sign):
    big = 1e4 * sign

    with np.errstate(**STRICT):
        results = [
            *module.chain_gradients(np.array([big, 1.0, -big]), 1e4, 0.5),
            *module.composed_gradients(1.0, big, 2.0, 0.5),
            *module.composed_gradients(big, 1.0, 2.0, 0.5),
            *module.sigmoid_neuron(np.array([sign, 0.5]), np.array([1e4]))[1],
        ]

    assert np.isfinite(results).all()


# ---------------------------------------------------------------------------------------------------------------------- the network


def test_there_are_at_least_three_variants():
    assert len(variants("backprop")) >= 3


@pytest.mark.parametrize("name", FUNCTIONS)
def test_stub_and_reference_have_the_same_signature(stub, name):
    stubbed, ours = (inspect.signature(getattr(source, name)).parameters.values() for source in (stub, reference))

    assert [(p.name, p.kind, p.default) for p in stubbed] == [(p.name, p.kind, p.default) for p in ours]


def test_stub_and_reference_have_the_same_public_functions(stub):
    for source in (stub, reference):
        public = [name for name, value in vars(source).items() if inspect.isfunction(value) and not name.startswith("_")]
        assert public == list(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_stub_says_that_it_is_not_implemented(stub, name):
    function = getattr(stub, name)

    with pytest.raises(NotImplementedError):
        function(*[None] * len(inspect.signature(function).parameters))
