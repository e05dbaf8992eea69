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
from scipy.optimize import brentq
from scipy.spatial.distance import cdist
from scipy.special import rel_entr, softmax
from scipy.stats import entropy

from reference import visualization as reference

ROOT = Path(__file__).parents[2]
VARIANTS = sorted((ROOT / "reference" / "variants").glob("visualization_*.py"))
FUNCTIONS = [
    "dead_filters",
    "filter_grid",
    "max_activating",
    "pairwise_affinities",
    "low_dim_affinities",
    "tsne_gradient",
    "kl_divergence",
]
STRICT = {"over": "raise", "invalid": "raise", "divide": "raise"}
DTYPES = [np.float64, np.float32]


def load(path):
    spec = importlib.util.spec_from_file_location(f"loaded_{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def draw(*shape, seed=0, dtype=np.float64):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def joint(n, seed=0, dtype=np.float64):
    P = np.triu(np.random.default_rng(seed).uniform(0.2, 2.0, (n, n)), 1)
    return ((P + P.T) / (2 * P.sum())).astype(dtype)


def closeness(y):
    """The numerators of Q, without its diagonal, in a form that autograd takes."""
    squares = anp.sum((anp.reshape(y, (len(y), 1, -1)) - y) ** 2, axis=2)
    return (1 / (1 + squares)) * (1 - anp.eye(len(y)))


def own_arguments(dtype=np.float64):
    """One right call of every function."""
    maps = np.maximum(draw(5, 4, 3, 2, dtype=dtype), 0)
    return {
        "dead_filters": (maps,),
        "filter_grid": (draw(5, 3, 4, 2, dtype=dtype),),
        "max_activating": (maps, 3),
        "pairwise_affinities": (draw(8, 3, dtype=dtype), 3.0),
        "low_dim_affinities": (draw(6, 2, dtype=dtype),),
        "tsne_gradient": (joint(6, dtype=dtype), draw(6, 2, dtype=dtype)),
        "kl_divergence": (joint(6, dtype=dtype), joint(6, seed=1, dtype=dtype)),
    }


@pytest.fixture(params=[ROOT / "reference" / "visualization.py", *VARIANTS], ids=lambda path: path.stem)
def module(request):
    return load(request.param)


@pytest.fixture
def stub():
    return load(ROOT / "exercises" / "visualization.py")


# --------------------------------------------------------------------------------------------------------------- dead filters


def test_a_filter_that_is_zero_everywhere_is_dead(module):
    maps = np.ones((3, 4, 2, 2))
    maps[:, 2] = 0.0

    assert_array_equal(module.dead_filters(maps), [False, False, True, False])


@pytest.mark.parametrize("value", [1e-300, -1e-300, -1.0, 5.0])
def test_one_value_at_one_position_of_one_input_keeps_a_filter_alive(module, value):
    maps = np.zeros((3, 2, 2, 2))
    maps[1, 0, 0, 1] = value

    assert_array_equal(module.dead_filters(maps), [False, True])


def test_values_that_cancel_keep_a_filter_alive(module):
    maps = np.zeros((2, 1, 1, 2))
    maps[:, 0, 0] = [[2.0, -2.0], [-3.0, 3.0]]

    assert_array_equal(module.dead_filters(maps), [False])


# ---------------------------------------------------------------------------------------------------------------- filter grid


def test_a_filter_is_scaled_by_its_own_least_and_largest_weight(module):
    # Worked by hand: (w - 1) / (5 - 1).
    W = np.array([[1.0, 3.0], [2.0, 5.0]]).reshape(1, 2, 2, 1)

    assert_allclose(module.filter_grid(W)[:, :, 0], [[0.0, 0.5], [0.25, 1.0]], rtol=1e-15)


def test_all_channels_of_a_filter_are_scaled_together(module):
    # Least and largest weight stand in different channels.
    W = np.array([[0.0, 8.0], [2.0, 4.0]]).reshape(1, 1, 2, 2)

    assert_allclose(module.filter_grid(W), W[0] / 8, rtol=1e-15)


def test_three_filters_make_two_columns_and_two_rows(module):
    # Drawn by hand: tiles of one row and two columns, weights 0 and 1, a line of 0 in between.
    W = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]).reshape(3, 1, 2, 1)

    image = module.filter_grid(W, pad=1)

    assert_array_equal(image[:, :, 0], [[0, 1, 0, 1, 0], [0, 0, 0, 0, 0], [0, 1, 0, 0, 0]])


@pytest.mark.parametrize(
    ("n_filters", "pad", "shape"),
    # The arithmetic of the formula: columns = ceil(sqrt(F)), rows = ceil(F / columns), tiles of 3 x 4.
    [(1, 2, (3, 4)), (2, 1, (3, 9)), (4, 0, (6, 8)), (5, 1, (7, 14)), (7, 2, (13, 16)), (10, 1, (11, 19)), (12, 1, (11, 19))],
)
def test_the_image_has_as_many_rows_as_are_needed_and_no_border(module, n_filters, pad, shape):
    assert module.filter_grid(draw(n_filters, 3, 4, 2), pad=pad).shape == (*shape, 2)


def test_padding_and_free_places_are_zero_and_tiles_are_where_they_belong(module):
    W = draw(5, 3, 2, 3) + 7.0

    image = module.filter_grid(W, pad=2)

    assert_array_equal(image[3:5], 0)
    assert_array_equal(image[:, 2:4], 0)
    assert_array_equal(image[5:, 8:], 0)
    # Scaling is affine, so what filter 4 (row 1, column 1) shows has a correlation of 1 with its weights.
    assert np.corrcoef(image[5:8, 4:6].ravel(), W[4].ravel())[0, 1] == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("value", [-2.0, 0.0, 0.1, 1e4])
def test_a_constant_filter_is_shown_as_zero_without_a_warning(module, value):
    W = draw(4, 3, 2, 2)
    W[1] = value

    with np.errstate(**STRICT):
        image = module.filter_grid(W, pad=1)

    assert_array_equal(image[:3, 3:], 0)
    assert image[:3, :2].max() == 1


@given(st.floats(0.01, 100), st.floats(-100, 100))
def test_neither_scale_nor_shift_of_the_weights_changes_the_image(scale, shift):
    W = draw(3, 3, 2, 2)

    assert_allclose(reference.filter_grid(scale * W + shift), reference.filter_grid(W), rtol=1e-8, atol=1e-9)


# -------------------------------------------------------------------------------------------------------- the best inputs


def test_inputs_are_ranked_by_their_largest_value_at_any_position(module):
    maps = np.zeros((3, 1, 1, 3))
    maps[:, 0, 0] = [[3.0, 3.0, 3.0], [5.0, -9.0, -9.0], [0.0, 4.0, 0.0]]

    assert_array_equal(module.max_activating(maps, 3), [[1, 2, 0]])


def test_each_filter_has_its_own_ranking(module):
    maps = np.array([[1.0, 6.0], [2.0, 5.0], [3.0, 4.0]]).reshape(3, 2, 1, 1)

    assert_array_equal(module.max_activating(maps, 2), [[2, 1], [0, 1]])


def test_negative_scores_are_ranked_too(module):
    maps = np.array([-3.0, -1.0, -2.0]).reshape(3, 1, 1, 1)

    assert_array_equal(module.max_activating(maps, 3), [[1, 2, 0]])


def test_equal_scores_are_ordered_by_index(module):
    # 60 inputs of three scores: more than NumPy's insertion sort would keep in order by chance.
    scores = np.tile([1.0, 2.0, 0.0], 20)

    indices = module.max_activating(scores.reshape(60, 1, 1, 1), 60)

    assert_array_equal(indices[0], [*range(1, 60, 3), *range(0, 60, 3), *range(2, 60, 3)])


def test_indices_are_integers(module):
    assert module.max_activating(draw(4, 2, 2, 2), 2).dtype.kind == "i"


# --------------------------------------------------------------------------------------------------- affinities of the data


def conditional(P_row_distances, target):
    """One row by SciPy's root finder, in log sigma."""

    def p(log_sigma):
        return softmax(-P_row_distances / (2 * np.exp(2 * log_sigma)))

    return p(brentq(lambda s: entropy(p(s)) - target, -20, 20, xtol=1e-14))


@pytest.mark.parametrize(("n", "d", "perplexity", "scale"), [(9, 3, 4.0, 1.0), (12, 2, 2.2, 1e-3), (7, 1, 3.5, 50.0), (15, 4, 9.7, 1e4)])
def test_affinities_agree_with_a_root_finder(n, d, perplexity, scale):
    x = scale * draw(n, d, seed=n)
    squares = cdist(x, x, "sqeuclidean")
    rows = np.zeros((n, n))
    for i in range(n):
        others = np.arange(n) != i
        rows[i, others] = conditional(squares[i, others], np.log(perplexity))

    assert_allclose(reference.pairwise_affinities(x, perplexity), (rows + rows.T) / (2 * n), rtol=1e-8, atol=1e-14)


def test_affinities_are_a_joint_distribution(module):
    P = module.pairwise_affinities(draw(9, 3), 4.0)

    assert P.sum() == pytest.approx(1.0, rel=1e-9)
    assert_allclose(P, P.T, rtol=1e-12)
    assert_allclose(np.diag(P), 0, atol=1e-11)


def test_two_near_neighbours_share_everything_at_a_perplexity_of_two(module):
    # Three points of an equilateral triangle and a copy of it far away: everyone has exactly two neighbours, each with 1/2.
    triangle = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])
    P = module.pairwise_affinities(np.concatenate([triangle, triangle + 1000.0]), 2.0)

    expected = np.kron(np.eye(2), (1 - np.eye(3)) / 12)
    assert_allclose(P, expected, rtol=5e-3, atol=1e-4)


@given(st.floats(0.1, 1000), st.floats(-100, 100))
def test_neither_scale_nor_shift_of_the_data_changes_the_affinities(scale, shift):
    x = draw(8, 2)

    assert_allclose(reference.pairwise_affinities(scale * x + shift, 3.0), reference.pairwise_affinities(x, 3.0), rtol=1e-6)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "x",
    [
        np.concatenate([draw(6, 2), [[1e4, -1e4]]]),
        1e4 * np.sign(draw(9, 3)) + draw(9, 3, seed=1),
        1e4 * np.eye(6)[:, :3],
        np.zeros((5, 2)),
    ],
    ids=["an outlier", "far apart", "at equal distances", "all at one place"],
)
def test_far_and_equal_points_give_finite_affinities_without_a_warning(x, dtype):
    with np.errstate(**STRICT):
        P = reference.pairwise_affinities(x.astype(dtype), 3.0)

    assert P.sum() == pytest.approx(1.0, rel=1e-5)


def test_an_outlier_has_the_perplexity_of_all_others(module):
    x = np.concatenate([draw(7, 2), [[500.0, 300.0]]])
    P = module.pairwise_affinities(x, 3.0)

    # The others have nothing for it: its row is half its own conditional distribution, whose perplexity is due.
    assert np.exp(entropy(P[7] / P[7].sum())) == pytest.approx(3.0, rel=1e-3)


def test_a_perplexity_beyond_reach_is_answered_finitely(module):
    assert np.isfinite(module.pairwise_affinities(draw(5, 2), 10.0)).all()


# -------------------------------------------------------------------------------------------- the map, gradient, divergence


def test_three_points_on_a_line_have_the_affinities_worked_out_by_hand(module):
    # 1/(1 + d^2) is 1/2, 1/10 and 1/5 for distances of 1, 3 and 2; both orders of all pairs sum to 1.6.
    Q = module.low_dim_affinities(np.array([[0.0], [1.0], [3.0]]))

    assert_allclose(Q, np.array([[0, 0.5, 0.1], [0.5, 0, 0.2], [0.1, 0.2, 0]]) / 1.6, rtol=1e-12, atol=1e-11)


def test_the_affinities_of_the_map_sum_to_one_and_are_those_of_scipys_distances(module):
    y = draw(7, 3)

    Q = module.low_dim_affinities(y)

    pairs = ~np.eye(7, dtype=bool)
    # Ratios of entries are free of the sum: Q_ij (1 + d_ij^2) is the same number for all pairs.
    constant = (Q * (1 + cdist(y, y) ** 2))[pairs]
    assert_allclose(constant, constant[0], rtol=1e-10)
    assert Q.sum() == pytest.approx(1.0, rel=1e-9)


@pytest.mark.parametrize(("n", "m", "size"), [(6, 2, 1.0), (5, 3, 4.0), (8, 1, 0.01)])
def test_the_gradient_is_that_of_the_divergence(module, n, m, size):
    P, y = joint(n), size * draw(n, m)
    weights = P + np.eye(n)

    def divergence(y):
        near = closeness(y)
        return -anp.sum(P * anp.log(near / anp.sum(near) + anp.eye(n))) + anp.sum(P * anp.log(weights))

    assert_allclose(module.tsne_gradient(P, y), grad(divergence)(y), rtol=1e-9, atol=1e-11)


def test_the_gradient_is_that_of_the_modules_own_divergence_by_central_differences(module):
    P, y, h = joint(6), draw(6, 2), 1e-5
    direction = draw(6, 2, seed=3)

    slope = (
        module.kl_divergence(P, module.low_dim_affinities(y + h * direction))
        - module.kl_divergence(P, module.low_dim_affinities(y - h * direction))
    ) / (2 * h)

    assert np.sum(module.tsne_gradient(P, y) * direction) == pytest.approx(slope, rel=1e-6)


def test_the_forces_on_all_points_cancel_and_moving_the_map_changes_none(module):
    P, y = joint(7), draw(7, 2)

    dy = module.tsne_gradient(P, y)

    assert_allclose(dy.sum(axis=0), 0, atol=1e-13)
    assert_allclose(module.tsne_gradient(P, y + 3.0), dy, rtol=1e-9, atol=1e-12)


def test_the_gradient_is_zero_where_the_map_has_the_affinities_of_the_data(module):
    y = draw(6, 2)

    assert_allclose(module.tsne_gradient(module.low_dim_affinities(y), y), 0, atol=1e-11)


def test_the_divergence_agrees_with_scipy(module):
    P, Q = (np.random.default_rng(seed).dirichlet(np.ones(25)).reshape(5, 5) for seed in (1, 2))

    assert_allclose(module.kl_divergence(P, Q), rel_entr(P, Q).sum(), rtol=1e-9)


def test_the_divergence_worked_out_by_hand(module):
    P, Q = np.array([[0, 0.5], [0.5, 0]]), np.array([[0, 0.25], [0.75, 0]])

    with np.errstate(**STRICT):
        found = module.kl_divergence(P, Q)

    assert_allclose(found, 0.5 * np.log(4 / 3), rtol=1e-9)


def test_the_divergence_counts_nothing_where_the_first_is_zero(module):
    # A point mass against anything: -log of what the other has there.
    P, Q = np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([[0.2, 0.5], [0.3, 0.0]])

    with np.errstate(**STRICT):
        found = module.kl_divergence(P, Q)

    assert_allclose(found, np.log(5), rtol=1e-9)


def test_the_divergence_from_itself_is_zero(module):
    P = joint(5)

    assert abs(module.kl_divergence(P, P)) < 1e-12


# ------------------------------------------------------------------------------------------------------------ what all share


@pytest.mark.parametrize("function", ["filter_grid", "pairwise_affinities", "low_dim_affinities", "tsne_gradient"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_the_dtype_that_comes_in_goes_out(module, function, dtype):
    assert getattr(module, function)(*own_arguments(dtype)[function]).dtype == dtype


@pytest.mark.parametrize("function", FUNCTIONS)
def test_arguments_stay_as_they_are(module, function):
    arguments = own_arguments()[function]
    before = [np.copy(argument) for argument in arguments]

    getattr(module, function)(*arguments)

    for argument, copy in zip(arguments, before, strict=True):
        assert_array_equal(argument, copy)


@pytest.mark.parametrize("function", ["filter_grid", "low_dim_affinities", "tsne_gradient"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_large_inputs_give_finite_results_without_a_warning(function, dtype):
    *others, last = own_arguments(dtype)[function]

    with np.errstate(**STRICT):
        found = getattr(reference, function)(*others, (last * (1e4 / np.abs(last).max())).astype(dtype))

    assert np.isfinite(found).all()


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("path", VARIANTS, ids=lambda path: path.stem)
def test_every_variant_agrees_with_the_reference(path, function):
    arguments = own_arguments()[function]
    # Variants may search as far as 1e-5 of the entropy.
    rtol = 1e-3 if function == "pairwise_affinities" else 1e-9

    found = getattr(load(path), function)(*arguments)

    assert_allclose(found, getattr(reference, function)(*arguments), rtol=rtol, atol=1e-11)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_stub_has_the_references_signature_and_is_not_implemented(stub, function):
    offered = inspect.signature(getattr(stub, function))
    required = inspect.signature(getattr(reference, function))

    assert [(p.name, p.default) for p in offered.parameters.values()] == [(p.name, p.default) for p in required.parameters.values()]
    with pytest.raises(NotImplementedError):
        getattr(stub, function)(*own_arguments()[function])


def test_the_stub_has_every_function_of_the_reference_and_no_other(stub):
    names = [name for name, value in vars(stub).items() if inspect.isfunction(value)]

    assert names == FUNCTIONS
