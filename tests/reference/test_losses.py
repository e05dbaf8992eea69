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
from scipy import optimize, special, stats

from reference import losses as reference

ROOT = Path(__file__).parents[2]
VARIANTS = sorted((ROOT / "reference" / "variants").glob("losses_*.py"))
FUNCTIONS = ["softmax", "softmax_loss", "svm_loss", "binary_cross_entropy", "mse_loss"]
STRICT = {"over": "raise", "invalid": "raise", "divide": "raise"}
SCORES = hnp.arrays(np.float64, (4, 3), elements=st.floats(-30, 30))


def load(path):
    spec = importlib.util.spec_from_file_location(f"loaded_{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def arguments(function, seed=0, dtype=np.float64, scale=1.0):
    """Arguments of one loss; with the scale 1e4 many probabilities are 0 or 1."""
    rng = np.random.default_rng(seed)
    x = (scale * rng.uniform(-2, 2, (6, 4))).astype(dtype)
    return {
        "softmax": (x,),
        "softmax_loss": (x, np.arange(6) % 4),
        "svm_loss": (x, np.arange(6) % 4),
        "binary_cross_entropy": (x[:, :1], (np.arange(6) % 2)[:, np.newaxis]),
        "mse_loss": (x, (scale * rng.uniform(-2, 2, (6, 4))).astype(dtype)),
    }[function]


@pytest.fixture(params=[ROOT / "reference" / "losses.py", *VARIANTS], ids=lambda path: path.stem)
def module(request):
    return load(request.param)


@pytest.fixture
def stub():
    return load(ROOT / "exercises" / "losses.py")


def test_softmax_agrees_with_scipy(module):
    (x,) = arguments("softmax")

    assert_allclose(module.softmax(x), special.softmax(x, axis=1), rtol=1e-13)


@given(x=SCORES)
def test_every_row_of_a_softmax_sums_to_one(x):
    assert_allclose(reference.softmax(x).sum(axis=1), 1, rtol=1e-14)


@given(x=SCORES, shift=hnp.arrays(np.float64, (4, 1), elements=st.floats(-1000, 1000)))
def test_a_shift_of_a_row_changes_no_probability(x, shift):
    # The sum of a score and a shift of 1000 is rounded by up to 6e-14, and the exponential by as much relative to itself.
    assert_allclose(reference.softmax(x + shift), reference.softmax(x), rtol=1e-12)


def test_softmax_of_two_classes_is_a_sigmoid(module):
    scores = np.linspace(-9, 9, 7)

    p = module.softmax(np.stack([np.zeros(7), scores], axis=1))

    assert_allclose(p[:, 1], special.expit(scores), rtol=1e-13)


def test_softmax_loss_is_the_log_likelihood_of_scipy(module):
    x, y = arguments("softmax_loss")

    loss, _ = module.softmax_loss(x, y)

    assert_allclose(loss, -np.mean(special.log_softmax(x, axis=1)[np.arange(6), y]), rtol=1e-13)


def test_the_worked_example_of_softmax_loss(module):
    loss, dx = module.softmax_loss(np.array([[0.0, np.log(3)]]), np.array([0]))

    assert_allclose(loss, np.log(4), rtol=1e-14)
    assert_allclose(dx, [[-0.75, 0.75]], rtol=1e-14)


def test_equal_scores_lose_the_logarithm_of_the_number_of_classes(module):
    loss, _ = module.softmax_loss(np.full((3, 10), 7.0), np.array([0, 4, 9]))

    assert_allclose(loss, np.log(10), rtol=1e-14)


@pytest.mark.parametrize("gap", [50.0, 1000.0, 10_000.0])
def test_a_right_class_far_below_the_winner_loses_the_whole_gap(module, gap):
    loss, dx = module.softmax_loss(np.array([[gap, 0.0, 0.0]]), np.array([2]))

    # log(e^gap + 2) = gap + log(1 + 2 e^-gap), which rounds to the gap.
    assert_allclose(loss, gap, rtol=1e-15)
    assert_allclose(dx, [[1, 0, -1]], atol=1e-20)


def test_softmax_loss_has_the_gradient_of_autograd(module):
    x, y = arguments("softmax_loss")

    _, dx = module.softmax_loss(x, y)
    due = grad(lambda x: -anp.mean(x[np.arange(6), y] - anp.log(anp.sum(anp.exp(x), axis=1))))(x)

    assert_allclose(dx, due, rtol=1e-12, atol=1e-16)


@given(x=SCORES)
def test_the_gradient_of_softmax_loss_sums_to_zero_in_every_row(x):
    _, dx = reference.softmax_loss(x, np.array([0, 1, 2, 0]))

    assert_allclose(dx.sum(axis=1), 0, atol=1e-15)  # a shift of a row changes nothing


def test_the_worked_example_of_svm_loss(module):
    loss, dx = module.svm_loss(np.array([[1.0, 3.0, 1.5, -2.0]]), np.array([0]))

    assert_allclose(loss, 4.5, rtol=1e-14)  # 3 - 1 + 1 and 1.5 - 1 + 1; -2 - 1 + 1 is negative
    assert_allclose(dx, [[-2, 1, 1, 0]], rtol=1e-14)


def test_svm_loss_has_the_gradient_of_autograd(module):
    x, y = arguments("svm_loss")
    wrong = np.arange(4) != y[:, np.newaxis]

    loss, dx = module.svm_loss(x, y)

    def mean_hinge(x):
        gaps = x - anp.reshape(x[np.arange(6), y], (6, 1)) + 1
        return anp.sum(anp.maximum(gaps, 0) * wrong) / 6

    assert_allclose(loss, mean_hinge(x), rtol=1e-14)
    assert_allclose(dx, grad(mean_hinge)(x), rtol=1e-13, atol=1e-16)


def test_classes_that_win_by_more_than_the_margin_lose_nothing(module):
    x, y = 1.5 * np.eye(4), np.arange(4)

    loss, dx = module.svm_loss(x, y)

    assert loss == 0
    assert_array_equal(dx, np.zeros((4, 4)))


@pytest.mark.parametrize("shape", [(7,), (7, 1)])
def test_binary_cross_entropy_agrees_with_the_bernoulli_likelihood_of_scipy(module, shape):
    scores, y = np.linspace(-5, 6, 7).reshape(shape), np.array([1, 0, 0, 1, 1, 0, 1]).reshape(shape)

    loss, _ = module.binary_cross_entropy(scores, y)

    assert_allclose(loss, -stats.bernoulli.logpmf(y, special.expit(scores)).mean(), rtol=1e-12)


def test_the_worked_example_of_binary_cross_entropy(module):
    loss, dscores = module.binary_cross_entropy(np.log([3.0, 3.0]), np.array([1, 0]))

    assert_allclose(loss, (np.log(4 / 3) + np.log(4)) / 2, rtol=1e-14)  # p = 3 / 4
    assert_allclose(dscores, [-0.125, 0.375], rtol=1e-14)


@pytest.mark.parametrize("score", [50.0, 1000.0, 10_000.0])
def test_a_sure_and_wrong_score_loses_its_size(module, score):
    loss, dscores = module.binary_cross_entropy(np.array([score, -score]), np.array([0, 1]))

    assert_allclose(loss, score, rtol=1e-15)
    assert_allclose(dscores, [0.5, -0.5], rtol=1e-15)


def test_binary_cross_entropy_has_the_gradient_of_autograd(module):
    scores, y = arguments("binary_cross_entropy")

    _, dscores = module.binary_cross_entropy(scores, y)
    due = grad(lambda s: anp.mean(anp.log(1 + anp.exp(s)) - y * s))(scores)

    assert_allclose(dscores, due, rtol=1e-12)


def test_binary_cross_entropy_is_the_softmax_loss_of_two_classes():
    scores, y = arguments("binary_cross_entropy", scale=20)

    loss, dscores = reference.binary_cross_entropy(scores, y)
    two, gradient = reference.softmax_loss(np.hstack([np.zeros_like(scores), scores]), y[:, 0])

    assert_allclose(loss, two, rtol=1e-14)
    assert_allclose(dscores, gradient[:, 1:], rtol=1e-12, atol=1e-16)


def test_labels_may_be_integers_or_floats(module):
    scores, y = arguments("binary_cross_entropy")

    of_integers = module.binary_cross_entropy(scores, y)
    of_floats = module.binary_cross_entropy(scores, y.astype(np.float64))

    assert_array_equal(of_integers[0], of_floats[0])
    assert_array_equal(of_integers[1], of_floats[1])


def test_the_worked_example_of_mse_loss(module):
    loss, dpred = module.mse_loss(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [0.0, 4.0]]))

    assert_allclose(loss, 6.5, rtol=1e-14)  # (4 + 9) / 2
    assert_allclose(dpred, [[0, 2], [3, 0]], rtol=1e-14)


def test_mse_loss_has_the_gradient_of_autograd(module):
    pred, target = arguments("mse_loss")

    loss, dpred = module.mse_loss(pred, target)

    def mean_square(pred):
        return anp.mean(anp.sum((pred - target) ** 2, axis=1))

    assert_allclose(loss, mean_square(pred), rtol=1e-13)
    assert_allclose(dpred, grad(mean_square)(pred), rtol=1e-13)


@pytest.mark.parametrize("function", FUNCTIONS[1:])
def test_the_gradient_is_the_slope_of_the_loss(module, function):
    x, y = arguments(function, seed=3)
    loss = getattr(module, function)

    slopes = optimize.approx_fprime(x.ravel(), lambda flat: float(loss(flat.reshape(x.shape), y)[0]), 1e-6)

    # One-sided differences with a step of 1e-6 are good to half a second derivative times the step.
    assert_allclose(loss(x, y)[1].ravel(), slopes, atol=3e-6)


@pytest.mark.parametrize("function", FUNCTIONS[1:])
def test_a_loss_is_a_mean_so_that_the_same_examples_twice_lose_the_same(module, function):
    x, y = arguments(function)

    loss, gradient = getattr(module, function)(x, y)
    twice, gradient_twice = getattr(module, function)(np.concatenate([x, x]), np.concatenate([y, y]))

    assert_allclose(twice, loss, rtol=1e-13)
    assert_allclose(gradient_twice, np.concatenate([gradient, gradient]) / 2, rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_variant_agrees_with_the_reference(module, function):
    for scale in (1, 30, 1000):
        given = arguments(function, seed=5, scale=scale)

        ours, theirs = getattr(reference, function)(*given), getattr(module, function)(*given)

        for expected, found in zip(ours, theirs, strict=True):
            assert_allclose(found, expected, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_single_example_is_enough(module, function):
    given = [argument[:1] for argument in arguments(function)]

    ours, theirs = getattr(reference, function)(*given), getattr(module, function)(*given)

    for expected, found in zip(ours, theirs, strict=True):
        assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_shape_and_dtype_of_the_scores_are_those_of_the_gradient(module, function, dtype):
    given = arguments(function, dtype=dtype)

    results = getattr(module, function)(*given)
    gradient = results if function == "softmax" else results[1]

    assert gradient.shape == given[0].shape
    assert gradient.dtype == dtype
    if function != "softmax":
        assert len(results) == 2
        assert np.ndim(results[0]) == 0


@pytest.mark.parametrize("function", FUNCTIONS)
def test_arguments_are_left_as_they_were(module, function):
    given = arguments(function)

    getattr(module, function)(*given)

    for argument, before in zip(given, arguments(function), strict=True):
        assert_array_equal(argument, before)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_scores_of_1e4_raise_no_floating_point_error(module, function, dtype):
    given = arguments(function, dtype=dtype, scale=5e3)

    with np.errstate(**STRICT):
        results = getattr(module, function)(*given)

    for result in results:
        assert np.isfinite(result).all()


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
