import copy
import inspect

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from reference import batchnorm as reference
from tests.reference.feature_batches import draw
from tests.reference.implementations import ROOT, implementations, load, variants

VARIANTS = variants("batchnorm")
FUNCTIONS = [
    "batchnorm_forward",
    "batchnorm_backward",
    "batchnorm_backward_alt",
    "spatial_batchnorm_forward",
    "spatial_batchnorm_backward",
    "identity_parameters",
    "layernorm_forward",
    "layernorm_backward",
    "spatial_groupnorm_forward",
    "spatial_groupnorm_backward",
]
STRICT = {"over": "raise", "invalid": "raise", "divide": "raise"}


# One entry per function family: every result of a forward and its backward, as a list of arrays.
def run_batchnorm(module, dtype, size, eps):
    x, dout = draw((7, 5), (7, 5), dtype=dtype, size=size)
    gamma, beta = draw((5,), (5,), seed=1, dtype=dtype)
    bn_param = {"mode": "train", "eps": eps, "momentum": 0.7, "running_mean": beta * 2, "running_var": gamma**2}
    out, cache = module.batchnorm_forward(x, gamma, beta, bn_param)
    return [out, *module.batchnorm_backward(dout, cache), bn_param["running_mean"], bn_param["running_var"]]


def run_batchnorm_alt(module, dtype, size, eps):
    x, dout = draw((7, 5), (7, 5), dtype=dtype, size=size)
    gamma, beta = draw((5,), (5,), seed=1, dtype=dtype)
    bn_param = {"mode": "train", "eps": eps}
    _, cache = module.batchnorm_forward(x, gamma, beta, bn_param)
    return [*module.batchnorm_backward_alt(dout, cache), bn_param["running_mean"], bn_param["running_var"]]


def run_batchnorm_at_test_time(module, dtype, size, eps):
    (x,) = draw((7, 5), dtype=dtype, size=size)
    gamma, beta = draw((5,), (5,), seed=1, dtype=dtype)
    bn_param = {"mode": "test", "eps": eps, "running_mean": beta * 2, "running_var": gamma**2}
    return [module.batchnorm_forward(x, gamma, beta, bn_param)[0]]


def run_spatial_batchnorm(module, dtype, size, eps):
    x, dout = draw((2, 3, 4, 5), (2, 3, 4, 5), dtype=dtype, size=size)
    gamma, beta = draw((3,), (3,), seed=1, dtype=dtype)
    bn_param = {"mode": "train", "eps": eps, "momentum": 0.7, "running_mean": beta * 2, "running_var": gamma**2}
    out, cache = module.spatial_batchnorm_forward(x, gamma, beta, bn_param)
    return [out, *module.spatial_batchnorm_backward(dout, cache), bn_param["running_mean"], bn_param["running_var"]]


def run_spatial_batchnorm_at_test_time(module, dtype, size, eps):
    (x,) = draw((2, 3, 4, 5), dtype=dtype, size=size)
    gamma, beta = draw((3,), (3,), seed=1, dtype=dtype)
    bn_param = {"mode": "test", "eps": eps, "running_mean": beta * 2, "running_var": gamma**2}
    return [module.spatial_batchnorm_forward(x, gamma, beta, bn_param)[0]]


def run_identity_parameters(module, dtype, size, eps):
    (x,) = draw((7, 5), dtype=dtype, size=size)
    return list(module.identity_parameters(x, eps))


def run_layernorm(module, dtype, size, eps):
    x, dout = draw((4, 6), (4, 6), dtype=dtype, size=size)
    gamma, beta = draw((6,), (6,), seed=1, dtype=dtype)
    out, cache = module.layernorm_forward(x, gamma, beta, {"eps": eps})
    return [out, *module.layernorm_backward(dout, cache)]


def run_groupnorm(module, dtype, size, eps):
    x, dout = draw((2, 6, 4, 5), (2, 6, 4, 5), dtype=dtype, size=size)
    gamma, beta = draw((1, 6, 1, 1), (1, 6, 1, 1), seed=1, dtype=dtype)
    out, cache = module.spatial_groupnorm_forward(x, gamma, beta, 2, {"eps": eps})
    return [out, *module.spatial_groupnorm_backward(dout, cache)]


RUNS = [
    run_batchnorm,
    run_batchnorm_alt,
    run_batchnorm_at_test_time,
    run_spatial_batchnorm,
    run_spatial_batchnorm_at_test_time,
    run_identity_parameters,
    run_layernorm,
    run_groupnorm,
]


@pytest.fixture(params=implementations("batchnorm"), ids=lambda path: path.stem)
def module(request):
    return load(request.param)


@pytest.fixture
def stub():
    return load(ROOT / "exercises" / "batchnorm.py")


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("eps", [1e-5, 0.1])
def test_every_variant_agrees_with_the_reference(module, run, eps):
    results, expected = run(module, np.float64, 1.0, eps), run(reference, np.float64, 1.0, eps)

    for result, value in zip(results, expected, strict=True):
        assert result.shape == value.shape
        assert_allclose(result, value, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_passed_in_is_the_dtype_returned(module, run, dtype):
    results = run(module, dtype, 1.0, 1e-5)

    assert [result.dtype for result in results] == [dtype] * len(results)


@pytest.mark.parametrize("run", RUNS)
def test_float32_results_are_right_to_single_precision(module, run):
    results, expected = run(module, np.float32, 1.0, 0.1), run(reference, np.float64, 1.0, 0.1)

    for result, value in zip(results, expected, strict=True):
        assert_allclose(result, value, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_inputs_of_1e4_raise_no_floating_point_error(module, run, dtype):
    with np.errstate(**STRICT):
        results = run(module, dtype, 1e4, 1e-5)

    assert all(np.isfinite(result).all() for result in results)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_constant_feature_of_1e4_gives_beta(module, dtype):
    x = np.full((4, 3), 1e4, dtype=dtype)
    gamma, beta = np.ones(3, dtype=dtype), np.array([1, 2, 3], dtype=dtype)

    with np.errstate(**STRICT):
        out, cache = module.batchnorm_forward(x, gamma, beta, {"mode": "train"})
        dx, _, _ = module.batchnorm_backward(x, cache)

    assert_allclose(out, np.broadcast_to(beta, (4, 3)), rtol=1e-6)
    assert np.isfinite(dx).all()


@pytest.mark.parametrize(
    ("forward", "backward", "arguments"),
    [
        ("batchnorm_forward", "batchnorm_backward", [*draw((5, 3)), *draw((3,), (3,)), {"mode": "train", "eps": 0.1}]),
        ("batchnorm_forward", "batchnorm_backward_alt", [*draw((5, 3)), *draw((3,), (3,)), {"mode": "train"}]),
        ("spatial_batchnorm_forward", "spatial_batchnorm_backward", [*draw((2, 3, 2, 2)), *draw((3,), (3,)), {"mode": "train"}]),
        ("layernorm_forward", "layernorm_backward", [*draw((5, 3)), *draw((3,), (3,)), {"eps": 0.1}]),
        (
            "spatial_groupnorm_forward",
            "spatial_groupnorm_backward",
            [*draw((2, 4, 2, 2)), *draw((1, 4, 1, 1), (1, 4, 1, 1)), 2, {"eps": 0.1}],
        ),
    ],
)
def test_arrays_are_left_as_they_were_and_a_cache_serves_twice(module, forward, backward, arguments):
    passed = copy.deepcopy(arguments)
    dout = passed[0] * 2

    _, cache = getattr(module, forward)(*passed)
    first = getattr(module, backward)(dout, cache)
    second = getattr(module, backward)(dout, cache)

    for before, after in zip(arguments[:3], passed[:3], strict=True):
        assert_array_equal(after, before)
    assert_array_equal(dout, arguments[0] * 2)
    for a, b in zip(first, second, strict=True):
        assert_array_equal(a, b)


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
