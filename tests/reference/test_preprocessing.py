import importlib.util
import inspect
import statistics
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal
from scipy import ndimage, stats

from reference import preprocessing as reference

ROOT = Path(__file__).parents[2]
VARIANTS = sorted((ROOT / "reference" / "variants").glob("preprocessing_*.py"))
FUNCTIONS = ["standardize_fit", "standardize", "min_max_fit", "min_max", "subtract_mean_image", "subtract_channel_mean"]
PAIRS = [("standardize_fit", "standardize"), ("min_max_fit", "min_max")]
STRICT = {"over": "raise", "invalid": "raise", "divide": "raise"}
# A guard of 1e-8 in a divisor of 0.5 or more, as some variants have it, is 2e-8 of it.
GUARDED = 1e-7


def load(path):
    spec = importlib.util.spec_from_file_location(f"loaded_{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def draw(*shape, seed=0, dtype=np.float64):
    """Values of which every feature, which is the last axis, has a level and a size of its own."""
    rng = np.random.default_rng(seed)
    return (rng.standard_normal(shape) * np.linspace(1, 4, shape[-1]) + np.linspace(-7, 8, shape[-1])).astype(dtype)


def arguments(function, dtype=np.float64):
    x = draw(9, 4, dtype=dtype)
    return {
        "standardize_fit": (x,),
        "standardize": (draw(3, 4, seed=1, dtype=dtype), x.mean(axis=0), x.std(axis=0)),
        "min_max_fit": (x,),
        "min_max": (draw(3, 4, seed=1, dtype=dtype), x.min(axis=0), x.max(axis=0)),
        "subtract_mean_image": (draw(5, 4, 3, 2, dtype=dtype), draw(2, 4, 3, 2, seed=1, dtype=dtype)),
        "subtract_channel_mean": (draw(5, 4, 3, 2, dtype=dtype), draw(2, 4, 3, 2, seed=1, dtype=dtype)),
    }[function]


def as_tuple(result):
    return tuple(result) if isinstance(result, (tuple, list)) else (result,)


@pytest.fixture(params=[ROOT / "reference" / "preprocessing.py", *VARIANTS], ids=lambda path: path.stem)
def module(request):
    return load(request.param)


@pytest.fixture
def stub():
    return load(ROOT / "exercises" / "preprocessing.py")


def test_the_statistics_are_those_of_the_standard_library(module):
    x = draw(9, 4)

    mean, std = module.standardize_fit(x)

    assert_allclose(mean, [statistics.fmean(column) for column in x.T.tolist()], rtol=1e-12)
    assert_allclose(std, [statistics.pstdev(column) for column in x.T.tolist()], rtol=GUARDED)


def test_the_worked_examples_of_the_features(module):
    x = np.array([[1.0, 10.0], [3.0, 30.0]])

    mean, std = module.standardize_fit(x)
    lo, hi = module.min_max_fit(x)

    assert_allclose(mean, [2, 20])
    assert_allclose(std, [1, 10])
    assert_allclose(lo, [1, 10])
    assert_allclose(hi, [3, 30])
    assert_allclose(module.standardize(np.array([[4.0, 10.0]]), mean, std), [[2, -1]], rtol=GUARDED)
    assert_allclose(module.min_max(np.array([[1.5, 40.0]]), lo, hi), [[0.25, 1.5]], rtol=GUARDED)


def test_the_reference_guards_no_statistic():
    x = draw(9, 4)

    _, std = reference.standardize_fit(x)

    assert_allclose(std, [statistics.pstdev(column) for column in x.T.tolist()], rtol=1e-12)


def test_a_standardized_training_set_is_the_z_score_of_scipy(module):
    x = draw(9, 4)

    z = module.standardize(x, *module.standardize_fit(x))

    assert_allclose(z, stats.zscore(x, axis=0), rtol=GUARDED, atol=1e-13)


@given(
    x=hnp.arrays(np.float64, (6, 3), elements=st.integers(-50, 50)),
    scale=hnp.arrays(np.float64, 3, elements=st.sampled_from([0.5, 2.0, 8.0])),
    shift=hnp.arrays(np.float64, 3, elements=st.integers(-50, 50)),
)
@pytest.mark.parametrize("pair", PAIRS)
def test_units_and_origin_of_a_feature_do_not_matter(pair, x, scale, shift):
    fit, use = (getattr(reference, name) for name in pair)

    other = x * scale + shift

    assert_allclose(use(other, *fit(other)), use(x, *fit(x)), rtol=1e-12, atol=1e-12)


@given(x=hnp.arrays(np.float64, (6, 3), elements=st.integers(-50, 50)))
def test_a_mapped_training_set_fills_the_unit_interval(x):
    lo, hi = reference.min_max_fit(x)

    z = reference.min_max(x, lo, hi)

    assert_array_equal(z.min(axis=0), 0)
    assert_array_equal(z.max(axis=0), np.where(hi > lo, 1, 0))


def test_the_range_is_that_of_the_order_statistics(module):
    x = -np.abs(draw(9, 4))

    lo, hi = module.min_max_fit(x)

    assert_array_equal(lo, ndimage.minimum(x, labels=np.tile(np.arange(4), (9, 1)), index=np.arange(4)))
    assert_array_equal(hi, ndimage.maximum(x, labels=np.tile(np.arange(4), (9, 1)), index=np.arange(4)))


def test_values_beyond_the_range_of_the_training_set_are_not_clipped(module):
    z = module.min_max(np.array([[-1.0], [5.0]]), np.array([1.0]), np.array([3.0]))

    assert_allclose(z, [[-1], [2]], rtol=GUARDED)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_constant_feature_becomes_zero_without_a_warning(module, pair, dtype):
    fit, use = (getattr(module, name) for name in pair)
    x = draw(6, 3, dtype=dtype)
    x[:, 1] = 7

    with np.errstate(**STRICT):
        z = use(x, *fit(x))

    assert_array_equal(z[:, 1], 0)
    assert np.ptp(z[:, [0, 2]], axis=0).min() > 0.9


@pytest.mark.parametrize("pair", PAIRS)
def test_a_training_set_of_one_example_becomes_zero(module, pair):
    fit, use = (getattr(module, name) for name in pair)
    x = np.array([[3.0, -2.0, 0.0]])

    with np.errstate(**STRICT):
        z = use(x, *fit(x))

    assert_array_equal(z, np.zeros((1, 3)))


def test_the_mean_image_has_a_mean_for_every_pixel(module):
    train = np.array([2.0, 6.0, 10.0, 30.0]).reshape(2, 1, 2, 1)
    x = np.array([5.0, 5.0]).reshape(1, 1, 2, 1)

    out = module.subtract_mean_image(train, x)

    assert_allclose(out.ravel(), [5 - 6, 5 - 18], rtol=1e-14)  # (2 + 10) / 2 and (6 + 30) / 2


def test_the_channel_means_are_the_same_for_all_pixels(module):
    train = np.array([[1.0, 10.0], [3.0, 30.0]]).reshape(1, 1, 2, 2)

    out = module.subtract_channel_mean(train, train.copy())

    assert_allclose(out.reshape(2, 2), [[-1, -10], [1, 10]], rtol=1e-14)


@pytest.mark.parametrize("function", FUNCTIONS[4:])
def test_other_images_are_moved_by_what_the_training_images_say(module, function):
    centre = getattr(module, function)
    train, x = arguments(function)

    # Linear in x with the slope 1, and moved against the training images.
    assert_allclose(centre(train, x + 2), centre(train, x) + 2, rtol=1e-12, atol=1e-12)
    assert_allclose(centre(train + 2, x), centre(train, x) - 2, rtol=1e-12, atol=1e-12)
    assert_allclose(centre(train, train.copy()).mean(axis=(0, 1, 2)), 0, atol=1e-13)


def test_the_mean_image_of_the_centred_training_images_is_black(module):
    train, _ = arguments("subtract_mean_image")

    assert_allclose(module.subtract_mean_image(train, train.copy()).mean(axis=0), 0, atol=1e-14)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, GUARDED), (np.float32, 1e-5)])
def test_every_variant_agrees_with_the_reference(module, function, dtype, tolerance):
    ours = as_tuple(getattr(reference, function)(*arguments(function)))
    theirs = as_tuple(getattr(module, function)(*arguments(function, dtype)))

    for expected, found in zip(ours, theirs, strict=True):
        assert found.shape == expected.shape
        assert found.dtype == dtype
        assert_allclose(found, expected, rtol=tolerance, atol=10 * tolerance * (dtype == np.float32))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_arguments_are_left_as_they_were(module, function):
    given = arguments(function)

    getattr(module, function)(*given)

    for argument, before in zip(given, arguments(function), strict=True):
        assert_array_equal(argument, before)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_values_of_1e4_raise_no_floating_point_error(module, function, dtype):
    first, *others = arguments(function, dtype)
    # Deviations that are small beside the mean, where a difference of squares would be noise.
    given = [dtype(1e4) + np.abs(first) / 100, *([dtype(1e4) + others[0]] if function.startswith("subtract") else others)]

    with np.errstate(**STRICT):
        results = as_tuple(getattr(module, function)(*given))

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
