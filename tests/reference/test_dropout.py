import importlib.util
import inspect
from pathlib import Path

import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from reference import dropout as reference

ROOT = Path(__file__).parents[2]
VARIANTS = sorted((ROOT / "reference" / "variants").glob("dropout_*.py"))
FUNCTIONS = ["dropout_forward", "dropout_backward", "dropout_forward_unscaled", "ensemble_average"]
FORWARDS = ["dropout_forward", "dropout_forward_unscaled"]
STRICT = {"over": "raise", "invalid": "raise", "divide": "raise"}
SEEDS = range(1, 9)  # seeds of the statistical tests: fixed, so that a test either always passes or always fails


def load(path):
    spec = importlib.util.spec_from_file_location(f"loaded_{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def draw(*shape, seed=0, dtype=np.float64):
    """Values between 1 and 2, of either sign: none is 0, so that a 0 in an output is a dropped unit."""
    rng = np.random.default_rng(seed)
    return (rng.uniform(1, 2, shape) * rng.choice([-1, 1], shape)).astype(dtype)


@pytest.fixture(params=[ROOT / "reference" / "dropout.py", *VARIANTS], ids=lambda path: path.stem)
def module(request):
    return load(request.param)


@pytest.fixture
def stub():
    return load(ROOT / "exercises" / "dropout.py")


@pytest.mark.parametrize("p", [0.2, 0.5, 0.8])
def test_a_unit_is_either_dropped_or_divided_by_p(module, p):
    x = draw(20, 30)

    out, _ = module.dropout_forward(x, {"p": p, "mode": "train", "seed": 1})

    assert 0 < np.count_nonzero(out) < out.size
    assert_allclose(out[out != 0] * p, x[out != 0], rtol=1e-14)


@pytest.mark.parametrize("p", [0.2, 0.5, 0.8])
def test_a_unit_is_either_dropped_or_left_alone_without_scaling(module, p):
    x = draw(20, 30)

    out, _ = module.dropout_forward_unscaled(x, {"p": p, "mode": "train", "seed": 1})

    assert 0 < np.count_nonzero(out) < out.size
    assert_allclose(out[out != 0], x[out != 0], rtol=1e-14)


@pytest.mark.parametrize("forward", FORWARDS)
@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_p_is_the_probability_of_keeping_a_unit(module, forward, p):
    x = draw(100, 50)

    out, _ = getattr(module, forward)(x, {"p": p, "mode": "train", "seed": 2})

    assert stats.binomtest(np.count_nonzero(out), x.size, p).pvalue > 1e-6


def test_units_are_dropped_independently_of_each_other(module):
    x = draw(200, 50)

    out, _ = module.dropout_forward(x, {"p": 0.3, "mode": "train", "seed": 3})
    kept = out != 0

    # Sums of independent draws vary as a binomial: 200 rows of 50, then 50 columns of 200. A mask shared by all rows gives
    # rows that do not vary at all and columns that vary 200 times too much.
    for counts, size in ((kept.sum(axis=1), 50), (kept.sum(axis=0), 200)):
        dispersion = np.sum((counts - size * 0.3) ** 2) / (size * 0.3 * 0.7)
        assert 1e-6 < stats.chi2.cdf(dispersion, len(counts)) < 1 - 1e-6


def test_the_expected_output_is_the_input(module):
    x = np.array([[1.0, -2.0, 4.0]])

    outs = [module.dropout_forward(np.repeat(x, 1000, axis=0), {"p": 0.8, "mode": "train", "seed": seed})[0] for seed in SEEDS]

    # The mean of 8000 draws has the standard deviation |x| * sqrt((1 - p) / p / 8000) = 0.0056 |x|; five of them are allowed.
    assert_allclose(np.concatenate(outs).mean(axis=0, keepdims=True), x, rtol=0.028)


@pytest.mark.parametrize("forward", FORWARDS)
def test_the_same_seed_gives_the_same_mask_and_another_seed_another(module, forward):
    x = draw(10, 10)

    first, again, other = (getattr(module, forward)(x, {"p": 0.6, "mode": "train", "seed": seed})[0] for seed in (5, 5, 6))

    assert_array_equal(first, again)
    assert not np.array_equal(first != 0, other != 0)


@pytest.mark.parametrize("forward", FORWARDS)
def test_without_a_seed_every_call_draws_anew(module, forward):
    x = draw(20, 20)

    first, second = (getattr(module, forward)(x, {"p": 0.5, "mode": "train"})[0] for _ in range(2))

    assert not np.array_equal(first, second)  # 400 fair coins agree with probability 2^-400


@pytest.mark.parametrize("forward", FORWARDS)
def test_the_reference_draws_from_numpys_global_state(forward):
    x = draw(6, 7)

    np.random.seed(11)
    first, _ = getattr(reference, forward)(x, {"p": 0.5, "mode": "train"})
    np.random.seed(11)
    again, _ = getattr(reference, forward)(x, {"p": 0.5, "mode": "train"})

    assert_array_equal(first, again)


@pytest.mark.parametrize("forward", FORWARDS)
def test_p_of_one_keeps_everything(module, forward):
    x = draw(10, 10)

    out, _ = getattr(module, forward)(x, {"p": 1.0, "mode": "train", "seed": 1})

    assert_array_equal(out, x)


def test_inverted_dropout_does_nothing_at_inference(module):
    x, dout = draw(4, 5), draw(4, 5, seed=1)

    out, cache = module.dropout_forward(x, {"p": 0.3, "mode": "test"})
    dx = module.dropout_backward(dout, cache)

    assert_array_equal(out, x)
    assert_array_equal(dx, dout)


def test_unscaled_dropout_multiplies_by_p_at_inference(module):
    x = np.array([[2.0, 4.0, -6.0]])

    out, _ = module.dropout_forward_unscaled(x, {"p": 0.8, "mode": "test"})

    assert_allclose(out, [[1.6, 3.2, -4.8]], rtol=1e-14)


def test_the_two_kinds_of_dropout_differ_by_the_factor_p(module):
    x = draw(8, 9)
    param = {"p": 0.3, "mode": "train", "seed": 4}

    inverted, _ = module.dropout_forward(x, param)
    unscaled, _ = module.dropout_forward_unscaled(x, param)

    assert_allclose(unscaled, 0.3 * inverted, rtol=1e-13)


@pytest.mark.parametrize("forward", FORWARDS)
def test_an_unknown_mode_is_an_error(module, forward):
    with pytest.raises(ValueError):  # noqa: PT011  (only the type is common to all variants)
        getattr(module, forward)(draw(2, 2), {"p": 0.5, "mode": "predict"})


def test_a_dropped_unit_passes_no_gradient_and_a_kept_one_passes_it_divided_by_p(module):
    x, dout = draw(20, 30), draw(20, 30, seed=1)

    out, cache = module.dropout_forward(x, {"p": 0.7, "mode": "train", "seed": 1})
    dx = module.dropout_backward(dout, cache)

    assert_array_equal(dx[out == 0], 0)
    assert_allclose(0.7 * dx[out != 0], dout[out != 0], rtol=1e-14)


@given(dout=hnp.arrays(np.float64, (3, 4), elements=st.floats(-10, 10)), seed=st.integers(0, 1000), p=st.floats(0.05, 1))
def test_backward_is_the_adjoint_of_forward(dout, seed, p):
    x = draw(3, 4)

    out, cache = reference.dropout_forward(x, {"p": p, "mode": "train", "seed": seed})
    dx = reference.dropout_backward(dout, cache)

    # With the mask held, dropout is linear and diagonal: x_i dx_i = out_i dout_i for every i.
    assert_allclose(x * dx, out * dout, rtol=1e-12, atol=1e-13)


def test_backward_is_the_gradient_of_autograd_for_the_mask_drawn():
    x, dout = draw(5, 6), draw(5, 6, seed=1)
    param = {"p": 0.6, "mode": "train", "seed": 9}

    out, cache = reference.dropout_forward(x, param)
    kept = np.flatnonzero(out)
    gradient = grad(lambda x: (x.reshape(-1)[kept] * dout.reshape(-1)[kept]).sum() / 0.6)(x)

    assert_allclose(reference.dropout_backward(dout, cache), gradient, rtol=1e-12)


def test_backward_is_the_slope_of_the_forward_pass(module):
    x, dout, direction = draw(5, 6), draw(5, 6, seed=1), draw(5, 6, seed=2)
    param = {"p": 0.6, "mode": "train", "seed": 9}

    def loss(x):
        return np.sum(dout * module.dropout_forward(x, param)[0])

    _, cache = module.dropout_forward(x, param)
    slope = np.sum(module.dropout_backward(dout, cache) * direction)

    # The loss is linear in x for a fixed mask, so that a difference over a whole step has no truncation error.
    assert_allclose(slope, loss(x + direction) - loss(x), rtol=1e-11)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("mode", ["train", "test"])
def test_the_dtype_and_shape_passed_in_are_those_returned(module, dtype, mode):
    x = draw(2, 3, 4, 5, dtype=dtype)
    param = {"p": 0.3, "mode": mode, "seed": 1}

    out, cache = module.dropout_forward(x, param)
    dx = module.dropout_backward(x, cache)
    unscaled, _ = module.dropout_forward_unscaled(x, param)

    assert [result.dtype for result in (out, dx, unscaled)] == [dtype] * 3
    assert [result.shape for result in (out, dx, unscaled)] == [(2, 3, 4, 5)] * 3


@pytest.mark.parametrize("mode", ["train", "test"])
def test_arguments_are_left_as_they_were_and_a_cache_serves_twice(module, mode):
    x, dout = draw(6, 7), draw(6, 7, seed=1)
    param = {"p": 0.3, "mode": mode, "seed": 1}

    _, cache = module.dropout_forward(x, param)
    first = np.copy(module.dropout_backward(dout, cache))
    module.dropout_forward_unscaled(x, param)
    second = module.dropout_backward(dout, cache)

    assert_array_equal(x, draw(6, 7))
    assert_array_equal(dout, draw(6, 7, seed=1))
    assert_array_equal(first, second)
    assert param == {"p": 0.3, "mode": mode, "seed": 1}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("p", [0.01, 1.0])
def test_inputs_of_1e4_raise_no_floating_point_error(module, dtype, p):
    x = np.full((50, 20), 1e4, dtype=dtype)
    few = np.full(6, 1e4, dtype=dtype)

    with np.errstate(**STRICT):
        out, cache = module.dropout_forward(x, {"p": p, "mode": "train", "seed": 1})
        dx = module.dropout_backward(x, cache)
        average = module.ensemble_average(few, few, p)

    assert np.isfinite(out).all()
    assert np.isfinite(dx).all()
    assert_allclose(average, 6e8 * p, rtol=1e-5)


def test_the_average_over_two_inputs_is_that_of_the_lecture(module):
    theta, x = np.array([1.0, 2.0]), np.array([3.0, 4.0])

    average = module.ensemble_average(theta, x, 0.5)

    assert isinstance(average, float)
    assert_allclose(average, 5.5, rtol=1e-14)  # (0 + 3 + 8 + 11) / 4


def test_masks_are_weighted_by_their_probability(module):
    theta, x = np.array([1.0, 2.0]), np.array([3.0, 4.0])

    average = module.ensemble_average(theta, x, 0.8)

    # 0.2 * 0.2 * 0 + 0.8 * 0.2 * 3 + 0.2 * 0.8 * 8 + 0.8 * 0.8 * 11 = 0.48 + 1.28 + 7.04
    assert_allclose(average, 8.8, rtol=1e-13)


@given(
    pairs=hnp.arrays(np.float64, st.tuples(st.just(2), st.integers(1, 8)), elements=st.floats(-10, 10)),
    p=st.floats(0.01, 1),
)
def test_the_average_of_a_linear_unit_is_the_unit_with_its_weights_scaled(pairs, p):
    theta, x = pairs

    average = reference.ensemble_average(theta, x, p)

    assert_allclose(average, p * np.dot(theta, x), rtol=1e-12, atol=1e-10)


def test_the_average_is_what_unscaled_dropout_gives_at_inference():
    theta, x = draw(16), draw(16, seed=1)
    at_inference, _ = reference.dropout_forward_unscaled(x, {"p": 0.35, "mode": "test"})

    average = reference.ensemble_average(theta, x, 0.35)

    assert_allclose(average, at_inference @ theta, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_variant_averages_as_the_reference(module, dtype):
    theta, x = draw(9, dtype=dtype), draw(9, seed=1, dtype=dtype)

    average = module.ensemble_average(theta, x, 0.35)

    assert_allclose(average, reference.ensemble_average(theta, x, 0.35), rtol=1e-12 if dtype is np.float64 else 1e-6)


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
