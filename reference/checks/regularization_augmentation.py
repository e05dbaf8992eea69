"""Checks of the random windows and mirror images. The images of the large cases are codes, from which the draw is read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from grader.checks import (
    Call,
    Expectation,
    Finding,
    Generator,
    Kind,
    Own,
    Recipe,
    Student,
    check,
    compare,
    compare_law,
    compare_shape,
    contract,
)
from grader.checks.statistics import ALPHA, share_bounds

from .regularization import Floats, Rng
from .regularization_random import Array, draws_from_rng, law, one_sided, seed_of, states, uneven

# Results of several calls that share one generator, which the worker makes anew for each recorded call.
REPEATED = "lambda f: lambda x, rng: np.concatenate([f(x.copy(), rng) for _ in range(30)])"

# ------------------------------------------------------------------------------------------------------------------ random_crop


def pixels(rng: Rng, *shape: int, dtype: type[np.floating[Any]] = np.float64) -> Floats:
    """Images in which no two pixels have the same value, and none is 0."""
    images: Floats = (1 + rng.permutation(int(np.prod(shape)))).reshape(shape).astype(dtype)
    return images


@check("random_crop", Kind.SMOKE, points=0, public=True)
def returns_square_images(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array of shape (N, size, size, C)."""
    yield compare_shape(student.random_crop(np.arange(60.0).reshape(2, 5, 3, 2), 3, Generator(1)))


@check("random_crop", Kind.VALUE, points=2)
def cuts_a_window_out_of_every_image(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return size neighbouring rows and columns of the image itself, with all of its channels, in the order of the images."""
    for shape, size in (((6, 7, 5, 3), 4), ((4, 3, 9, 1), 2), ((3, 5, 5, 2), 1), ((2, 4, 6, 2), 4)):
        x = pixels(rng, *shape)
        yield compare_law(partial(windows_of, x), student.random_crop(x, size, seed_of(rng)))
    x = pixels(rng, 5, 6, 4, 2, dtype=np.float32)
    yield compare_law(partial(windows_of, x), student.random_crop(x, 3, seed_of(rng)))


def windows_of(x: Floats, out: Floats) -> Finding | None:
    size = out.shape[1]
    for image, window in zip(x, out, strict=True):
        place = np.argwhere(image[..., 0] == window[0, 0, 0])
        if not place.size:
            elsewhere = bool(np.isin(window, x).all())
            code, words = (
                ("another_image", "pixels of another place or image") if elsewhere else ("other_values", "values not in the image")
            )
            return law(code, f"A window holds {words}.")
        top, left = place[0]
        due = image[top : top + size, left : left + size]
        if due.shape != window.shape or np.any(due != window):
            return law("not_a_window", "What is returned is not a window of neighbouring rows and columns.")
    return None


@check("random_crop", Kind.VALUE, points=1)
def returns_the_whole_image_if_the_window_is_as_large(student: Student, rng: Rng) -> Iterator[Expectation]:
    """A window may be as large as the image, which then comes back whole."""
    for shape in ((3, 4, 4, 2), (1, 5, 5, 1)):
        yield compare(student.random_crop(pixels(rng, *shape), shape[1], seed_of(rng)))


# Rows, columns and images of the large case: each image is the codes 1 to 12, and a window is one of them.
ROWS, COLUMNS, IMAGES = 3, 4, 1500


def large_crop(student: Student, rng: Rng) -> Call:
    codes = np.arange(1, ROWS * COLUMNS + 1, dtype=np.float32).reshape(1, ROWS, COLUMNS, 1)
    return student.random_crop(np.repeat(codes, IMAGES, axis=0), 1, seed_of(rng))


def starts(out: Floats) -> tuple[Floats, Floats]:
    return np.divmod(out.ravel() - 1, COLUMNS)


@check("random_crop", Kind.STATISTICS, points=3, cases="crop")
def may_start_at_every_place(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Start in every row from 0 to H - size and in every column from 0 to W - size, both ends included, with the same probability."""
    yield compare_law(even_starts, large_crop(student, rng))


def even_starts(out: Floats) -> Finding | None:
    for axis, values, count in zip(("rows", "columns"), starts(out), (ROWS, COLUMNS), strict=True):
        found = uneven(values, count, ALPHA / 2)
        if found:
            return law(f"{axis}_{found[0]}", f"Among the {axis} in which a window may start, {found[1]}.")
    return None


@check("random_crop", Kind.STATISTICS, points=2, cases="crop")
def draws_a_window_for_every_image(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Draw a window of its own for every image, and its row independently of its column."""
    yield compare_law(windows_of_their_own, large_crop(student, rng))


def windows_of_their_own(out: Floats) -> Finding | None:
    """Differences of two images, which have either sign with equal probability; every image is used once in each product.

    By chance all of 1500 images start in one row with probability 3^-1499.
    """
    rows, columns = starts(out)
    if not np.ptp(rows) and not np.ptp(columns):
        return law("one_window", "The windows of all images are at the same place.")
    for axis, values in (("row", rows), ("column", columns)):
        if not np.ptp(values):
            return law(f"one_{axis}", f"All windows start in the same {axis}.")
    down, along = (np.sign(values[::2] - values[1::2]) for values in (rows, columns))
    products = {
        "row_is_column": (down * along, "The row in which a window starts depends on the column."),
        "one_after_the_other": (down, "The windows depend on the order of the images."),
        "rows_in_turn": (down[::2] * down[1::2], "The rows depend on those of the images before."),
        "columns_in_turn": (along[::2] * along[1::2], "The columns depend on those of the images before."),
        "rows_alike": (alike(rows), "The rows of neighbouring images are alike more often than those of others."),
        "columns_alike": (alike(columns), "The columns of neighbouring images are alike more often than those of others."),
    }
    return one_sided(products)


def alike(values: Floats) -> Array:
    """1 where two neighbours of the first half are equal and two distant values of the second are not, -1 the other way round.

    Whatever law the values have, both are equally likely if they are independent.
    """
    near, far = values[: IMAGES // 2], values[IMAGES // 2 :]
    quarter = IMAGES // 4
    neighbours, distant = near[: 2 * quarter : 2] == near[1 : 2 * quarter : 2], far[:quarter] == far[quarter : 2 * quarter]
    difference: Array = np.subtract(neighbours, distant, dtype=np.int64)
    return difference


@check("random_crop", Kind.STATISTICS, points=1)
def draws_windows_from_the_given_generator(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Draw from rng alone: the same state gives the same windows, another state other windows."""
    repeated = Recipe(REPEATED.replace("x.copy()", "x.copy(), 1"), (Own("random_crop"),))
    x = pixels(rng, 2, 3, 4, 1)
    yield compare_law(draws_from_rng, *(student(repeated, x, state) for state in states(rng)))


def call_crop(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    # Of so many images some window is not in the corner, so that one that is written into them shows.
    shape, size = ((8, 4, 5, 1), 2) if dtype is np.float64 else ((3, 6, 4, 1), 3)
    return student.random_crop(pixels(rng, *shape, dtype=dtype), size, seed_of(rng))


crop_contract = contract("random_crop", call_crop)

# ------------------------------------------------------------------------------------------------------------------ random_flip


@check("random_flip", Kind.SMOKE, points=0, public=True)
def returns_as_many_images(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array, shaped like x."""
    yield compare_shape(student.random_flip(np.arange(24.0).reshape(2, 2, 3, 2), Generator(1)))


@check("random_flip", Kind.VALUE, points=2)
def mirrors_left_to_right(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return every image as it is, or with left and right swapped: the axis of the columns is reversed, and no other."""
    repeated = Recipe(REPEATED, (Own("random_flip"),))
    for x in (pixels(rng, 2, 3, 4, 2), pixels(rng, 3, 4, 3, 1, dtype=np.float32)):
        # In one call alone, nobody could tell a mirror that all images share from none.
        yield compare_law(partial(mirrored_or_not, np.tile(x, (30, 1, 1, 1))), student(repeated, x, seed_of(rng)))


WRONG_MIRRORS: dict[str, tuple[Any, str]] = {
    "upside_down": (np.s_[:, ::-1], "Images are turned upside down: the axis of the rows is reversed, not that of the columns."),
    "half_turn": (np.s_[:, ::-1, ::-1], "Images are rotated by 180 degrees: rows and columns are reversed."),
    "channels_reversed": (np.s_[:, :, :, ::-1], "The channels are reversed, not the columns."),
    "columns_and_channels": (np.s_[:, :, ::-1, ::-1], "The channels are reversed together with the columns."),
    "images_reversed": (np.s_[::-1], "The order of the images is reversed."),
}


def equal_images(out: Floats, x: Floats) -> Array:
    equal: Array = np.all(out == x, axis=(1, 2, 3))
    return equal


def mirrored_or_not(x: Floats, out: Floats) -> Finding | None:
    """That no image of n is mirrored has the probability 2^-n, with n = 60 below 1e-18."""
    same = equal_images(out, x)
    if np.all(same):
        return law("never_mirrored", "No image is ever mirrored.")
    if np.all(same | equal_images(out, x[:, :, ::-1])):
        return None
    if not np.all(np.any(out, axis=(1, 2, 3))):
        return law("zeros", "Some images are 0 everywhere.")
    for code, (index, message) in WRONG_MIRRORS.items():
        if np.any(equal_images(out, x[index]) & ~same):
            return law(code, message)
    return law("another_image", "Some images are neither as they were nor mirrored from left to right.")


FLIPPED = 1500


def large_flip(student: Student, rng: Rng) -> Call:
    """Images that every mirror changes, the wrong ones too, so that a slip in the axis costs nothing here."""
    return student.random_flip(np.arange(FLIPPED * 8, dtype=np.float32).reshape(FLIPPED, 2, 2, 2), seed_of(rng))


def tossed(out: Floats) -> Array:
    """The coins, as far as a pixel shows them."""
    return np.where(out[:, 0, 0, 0] == 8 * np.arange(FLIPPED), 0, 1)


@check("random_flip", Kind.STATISTICS, points=2, cases="flip")
def mirrors_half_of_the_images(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Mirror an image with probability 1/2."""
    yield compare_law(half, large_flip(student, rng))


def half(out: Floats) -> Finding | None:
    share = float(np.mean(tossed(out)))
    low, high = share_bounds(FLIPPED, 0.5)
    if low <= share <= high:
        return None
    if share in (0, 1):
        return law("together", "Either all images are mirrored or none is.")
    return law("too_few" if share < low else "too_many", f"Too {'few' if share < low else 'many'} images are mirrored.")


@check("random_flip", Kind.STATISTICS, points=1, cases="flip")
def tosses_a_coin_for_every_image(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Decide for every image on its own, independently of the others: not for all at once, not in turn, and not exactly half of them."""
    yield compare_law(own_coins, large_flip(student, rng))
    # No number of mirrored images among 401 is likelier than 0.0398, so 10 calls agree with probability below 0.0398^9 < 3e-13.
    x = np.tile(np.array([1.0, 2.0], np.float32).reshape(1, 1, 2, 1), (401, 1, 1, 1))
    yield compare_law(exact_count, *(student.random_flip(x, seed_of(rng)) for _ in range(10)))


def own_coins(out: Floats) -> Finding | None:
    """Two fair coins are equal with probability 1/2, and pairs that share none are independent."""
    coins = tossed(out)
    if not np.ptp(coins):
        return law("together", "Either all images are mirrored or none is.")
    found = []
    for one, other in ((coins[::2], coins[1::2]), (coins[1:-1:2], coins[2::2]), (coins[: FLIPPED // 2], coins[FLIPPED // 2 :])):
        low, high = share_bounds(one.size, 0.5, ALPHA / 3)
        share = float(np.mean(one == other))
        found.append("unlike" if share < low else "alike" if share > high else "free")
    if set(found) == {"free"}:
        return None
    return law("_".join(found), "Whether an image is mirrored depends on the others.")


def exact_count(*outs: Floats) -> Finding | None:
    counts = {int(np.count_nonzero(out[:, 0, 0, 0] == 2)) for out in outs}
    # All or none is another check's business, or another axis.
    if len(counts) == 1 and not counts <= {0, len(outs[0])}:
        return law("exact_count", "Every call mirrors exactly the same number of images.")
    return None


@check("random_flip", Kind.STATISTICS, points=1)
def draws_coins_from_the_given_generator(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Draw from rng alone: the same state mirrors the same images, another state other images."""
    repeated = Recipe(REPEATED, (Own("random_flip"),))
    x = pixels(rng, 3, 2, 2, 2)
    yield compare_law(draws_from_rng, *(student(repeated, x, state) for state in states(rng)))


def call_flip(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    shape = (1, 3, 2, 4) if dtype is np.float64 else (12, 2, 3, 1)
    return student.random_flip(pixels(rng, *shape, dtype=dtype), seed_of(rng))


def call_flip_of_many(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    """An image that is not mirrored stays as it is, so purity shows where many are asked for."""
    return student.random_flip(pixels(rng, 50, 2, 3, 1, dtype=dtype), seed_of(rng))


flip_contract = (*contract("random_flip", call_flip, purity=0), *contract("random_flip", call_flip_of_many, shape=0, dtype=0))
