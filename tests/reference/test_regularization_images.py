import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import ndimage, stats

from reference.checks import regularization_augmentation as augmentation_checks
from reference.checks import regularization_random as random_checks
from tests.reference.implementations import implementations, load

# Below this a statistic of a fixed seed would be taken for a fault.
RARE = 1e-6


@pytest.fixture(params=implementations("regularization"), ids=lambda path: path.stem)
def module(request):
    return load(request.param)


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def images(*shape):
    """No two pixels are equal."""
    return np.random.default_rng(1).permutation(int(np.prod(shape))).reshape(shape) + 1.0


# -------------------------------------------------------------------------------------------------------- bootstrap_indices


def test_a_bootstrap_has_every_example_equally_often(module, rng):
    indices = module.bootstrap_indices(8, 300, rng)

    assert indices.shape == (300, 8)
    assert indices.dtype.kind in "iu"
    assert stats.chisquare(np.bincount(indices.ravel(), minlength=8)).pvalue > RARE


def test_a_bootstrap_set_lacks_about_a_share_of_one_in_e(module, rng):
    indices = module.bootstrap_indices(200, 20, rng)

    missing = [1 - np.unique(row).size / 200 for row in indices]

    # (1 - 1/200)^200 = 0.3670. The share has a standard deviation below sqrt(0.097 / 200) = 0.022 (that of independent
    # examples is sqrt(0.37 * 0.63 / 200)), its mean over 20 sets one below 0.008: five of them are allowed.
    assert abs(np.mean(missing) - 0.3670) < 0.04


def test_bootstrap_sets_differ_from_each_other(module, rng):
    assert np.unique(np.sort(module.bootstrap_indices(20, 10, rng), axis=1), axis=0).shape == (10, 20)


@pytest.mark.parametrize("name", ["bootstrap_indices", "random_crop", "random_flip"])
def test_draws_come_from_rng_alone(module, name):
    arguments = {"bootstrap_indices": (20, 5), "random_crop": (images(40, 4, 4, 1), 2), "random_flip": (images(64, 1, 2, 1),)}[name]

    first, again, other = (getattr(module, name)(*arguments, np.random.default_rng(seed)) for seed in (1, 1, 2))

    assert_array_equal(first, again)
    assert not np.array_equal(first, other)


# ---------------------------------------------------------------------------------------------------- random_crop, random_flip


def test_every_window_is_as_likely_as_any_other_and_images_draw_their_own(module, rng):
    x = np.tile(np.arange(12.0).reshape(1, 3, 4, 1), (1200, 1, 1, 1))

    places = module.random_crop(x, 2, rng)[:, 0, 0, 0].astype(int)

    counts = np.bincount(places, minlength=12)
    assert_array_equal(np.flatnonzero(counts), [0, 1, 2, 4, 5, 6])  # rows 0 and 1, columns 0 to 2
    assert stats.chisquare(counts[counts > 0]).pvalue > RARE
    # A window and the one of the next image: six times six equally likely pairs.
    pairs = np.unique(places[::2] * 12 + places[1::2], return_counts=True)[1]
    assert pairs.size == 36
    assert stats.chisquare(pairs).pvalue > RARE


def test_a_window_is_a_part_of_its_own_image(module, rng):
    x = images(6, 7, 5, 3)

    for image, window in zip(x, module.random_crop(x, 4, rng), strict=True):
        top, left, _ = np.argwhere(image == window[0, 0, 0])[0]
        assert_array_equal(window, image[top : top + 4, left : left + 4])


def test_a_window_may_be_the_whole_image_and_not_more(module, rng):
    x = images(3, 4, 4, 2)

    assert_array_equal(module.random_crop(x, 4, rng), x)
    with pytest.raises((ValueError, AssertionError)):
        module.random_crop(images(2, 4, 6, 1), 5, rng)


def test_an_image_is_mirrored_from_left_to_right_or_left_alone(module, rng):
    x = images(40, 3, 4, 2)

    out = module.random_flip(x, rng)

    mirrored = [np.array_equal(new, np.fliplr(old)) for old, new in zip(x, out, strict=True)]
    same = [np.array_equal(new, old) for old, new in zip(x, out, strict=True)]
    assert np.all(np.array(mirrored) ^ np.array(same))
    assert 0 < sum(mirrored) < 40


def test_coins_are_fair_and_independent(module, rng):
    out = module.random_flip(np.tile([[[1.0], [2.0]]], (2000, 1, 1, 1)), rng)

    coins = out[:, 0, 0, 0] == 2
    assert stats.binomtest(int(coins.sum()), 2000, 0.5).pvalue > RARE
    assert stats.binomtest(int(np.sum(coins[::2] == coins[1::2])), 1000, 0.5).pvalue > RARE


# ------------------------------------------------------------------------------------------- ten_crop and resize_short_side


def test_ten_crops_of_one_pixel_by_hand(module):
    image = np.arange(15.0).reshape(3, 5, 1)  # rows 0-4, 5-9, 10-14

    crops = module.ten_crop(image, 1)

    assert crops.shape == (10, 1, 1, 1)
    assert crops.ravel().tolist() == [0, 4, 10, 14, 7] * 2


def test_the_second_five_crops_are_those_of_the_mirrored_image(module):
    image = images(8, 6, 3)

    crops, of_the_mirrored = (module.ten_crop(one, 4) for one in (image, np.fliplr(image)))

    # In the mirrored image, left and right corners have changed places.
    assert_array_equal(of_the_mirrored[:5], crops[[6, 5, 8, 7, 9]])


def test_two_pixels_become_four_by_hand(module):
    out = module.resize_short_side(np.array([[[0.0], [4.0]]]), 2)

    assert_allclose(out[:, :, 0], [[0, 1, 3, 4]] * 2, atol=1e-14)  # places -1/4, 1/4, 3/4, 5/4


# Without those whose longer side ends in exactly one half, where any rounding is right.
SIZES = [
    (shape, side)
    for shape in ((4, 7, 2), (7, 4, 1), (5, 5, 3), (1, 6, 1), (9, 2, 2))
    for side in (1, 2, 3, 5, 8)
    if 2 * max(shape[:2]) * side % (2 * min(shape[:2])) != min(shape[:2])
]


@pytest.mark.parametrize(("shape", "side"), SIZES)
def test_resizing_agrees_with_scipy(module, shape, side):
    image = np.random.default_rng(2).normal(size=shape)

    out = module.resize_short_side(image, side)

    expected = np.array([round(old * side / min(shape[:2])) for old in shape[:2]])
    assert out.shape == (*expected, shape[2])
    # SciPy's grid_mode lets the edges of the images meet, and scales each axis by its own lengths.
    zoom = (*(expected / shape[:2]), 1)
    assert_allclose(out, ndimage.zoom(image, zoom, order=1, mode="nearest", grid_mode=True), rtol=1e-9, atol=1e-9)


def test_an_image_of_the_right_size_stays_as_it_is(module):
    image = images(4, 6, 2)

    assert_allclose(module.resize_short_side(image, 4), image, rtol=1e-12)


def test_a_slope_stays_a_slope_within_the_centres(module):
    image = np.broadcast_to(np.arange(8.0)[:, None, None], (8, 8, 1)).copy()

    out = module.resize_short_side(image, 20)[:, 0, 0]

    places = (np.arange(20) + 0.5) * 8 / 20 - 0.5
    assert_allclose(out, np.clip(places, 0, 7), atol=1e-12)


# ------------------------------------------------------------------------------- what the checks call a rare coincidence


def test_stated_probabilities_of_coincidences_are_bounds():
    n, k = random_checks.EXAMPLES, random_checks.SETS
    all_counts_equal = stats.multinomial.pmf([k] * n, k * n, [1 / n] * n)
    one_set = stats.multinomial.pmf([1] * n, n, [1 / n] * n)
    most_likely_count = stats.binom.pmf(200, 401, 0.5)

    assert all_counts_equal < 6e-15
    assert one_set < 0.0004
    assert most_likely_count < 0.0398
    assert 0.0398**9 < 3e-13


def test_the_laws_of_the_checks_accept_plain_draws(rng):

    # Draws of NumPy, which share no code with the implementations.
    indices = rng.integers(10, size=(300, 10)).astype(float)
    windows = rng.integers(1, 13, size=(1500, 1, 1, 1)).astype(float)

    assert random_checks.evenly_drawn(indices) is random_checks.repeats(indices) is random_checks.sets_of_their_own(indices) is None
    assert augmentation_checks.even_starts(windows) is augmentation_checks.windows_of_their_own(windows) is None
