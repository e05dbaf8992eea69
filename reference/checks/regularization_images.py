"""Checks of the ten crops and of resizing, which draw nothing.

What is cut out, which way it is mirrored and in which order it comes are requirements of their own, so crops are looked for among all
ten. No case of resizing has a length that ends in exactly one half, and shrinking is never by 2, where smoothing would make no
difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from grader.checks import Call, Expectation, Finding, Kind, Student, check, compare, compare_law, compare_shape, contract

from .regularization import Floats, Rng
from .regularization_augmentation import pixels
from .regularization_random import law

# ---------------------------------------------------------------------------------------------------------------------- ten_crop

PLACES = ("upper left corner", "upper right corner", "lower left corner", "lower right corner", "centre")
CROPS: tuple[tuple[tuple[int, int, int], int], ...] = (((5, 7, 3), 3), ((8, 6, 1), 2), ((4, 8, 2), 4), ((7, 3, 2), 1), ((3, 3, 2), 3))


def ten_crops(student: Student, rng: Rng) -> Iterator[tuple[Floats, int, Call]]:
    for shape, size in CROPS:
        image = pixels(rng, *shape)
        yield image, size, student.ten_crop(image, size)
    image = pixels(rng, 8, 6, 3, dtype=np.float32)
    yield image, 4, student.ten_crop(image, 4)


def five_crops(image: Floats, size: int) -> list[Floats]:
    """The corners and the centre, by their names above."""
    below, beside = image.shape[0] - size, image.shape[1] - size
    places = ((0, 0), (0, beside), (below, 0), (below, beside), (below // 2, beside // 2))
    return [image[top : top + size, left : left + size] for top, left in places]


@check("ten_crop", Kind.SMOKE, points=0, public=True)
def returns_ten_crops(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array of shape (10, size, size, C)."""
    yield compare_shape(student.ten_crop(np.arange(30.0).reshape(3, 5, 2), 1))


@check("ten_crop", Kind.VALUE, points=2, cases="crops")
def cuts_out_the_corners(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Include the four corners, as they are in the image."""
    for image, size, call in ten_crops(student, rng):
        yield compare_law(partial(holds, five_crops(image, size)[:4], PLACES[:4]), call)


@check("ten_crop", Kind.VALUE, points=1, cases="crops")
def cuts_out_the_centre(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Include the centre crop: as many rows above as below it, and as many columns to its left as to its right."""
    for image, size, call in ten_crops(student, rng):
        yield compare_law(partial(holds, five_crops(image, size)[4:], PLACES[4:]), call)


@check("ten_crop", Kind.VALUE, points=1, cases="crops")
def has_the_mirror_image_of_each(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Include the mirror image of each crop: left and right swapped, top and bottom not."""
    for _image, _size, call in ten_crops(student, rng):
        yield compare_law(mirrored_in_pairs, call)


@check("ten_crop", Kind.VALUE, points=1, cases="crops")
def keeps_the_order(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Put them in this order: upper left, upper right, lower left, lower right, centre, then their mirror images in the same order."""
    yield from (compare(call) for _image, _size, call in ten_crops(student, rng))


def holds(due: Sequence[Floats], names: Sequence[str], crops: Floats) -> Finding | None:
    for crop, name in zip(due, names, strict=True):
        if not np.any(np.all(crops == crop, axis=(1, 2, 3))):
            return law(f"no_{name.replace(' ', '_')}", f"The {name} is not among the ten.")
    return None


def mirrored_in_pairs(crops: Floats) -> Finding | None:
    """Whatever has been cut out. No image has two equal pixels, so no part of one does."""
    if any(np.unique(crop).size < crop.size for crop in crops):
        return law("no_crops", "Some of them are not cut out of the image.")
    for index, crop in enumerate(crops):
        others = np.delete(crops, index, axis=0)
        if not np.any(np.all(others == crop[:, ::-1], axis=(1, 2, 3))):
            return law("not_mirrored", "Not every crop has its mirror image among the others.")
    return None


def call_ten_crop(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    shape, size = ((5, 7, 1), 3) if dtype is np.float64 else ((4, 6, 3), 2)
    return student.ten_crop(pixels(rng, *shape, dtype=dtype), size)


ten_crop_contract = contract("ten_crop", call_ten_crop)

# ------------------------------------------------------------------------------------------------------------- resize_short_side

Sizes = tuple[tuple[int, int, int], int]
# Here the longer side comes out whole, so that rounding has nothing to do.
LARGER: tuple[Sizes, ...] = (((3, 6, 2), 7), ((4, 2, 3), 5), ((1, 3, 1), 4), ((4, 4, 1), 6), ((6, 9, 1), 8))
SMALLER: tuple[Sizes, ...] = (((10, 5, 2), 2), ((7, 14, 1), 3), ((9, 6, 1), 4), ((8, 8, 2), 3))
ROUNDED: tuple[Sizes, ...] = (((4, 7, 2), 3), ((7, 5, 1), 4), ((3, 8, 1), 2), ((5, 8, 2), 7), ((8, 3, 1), 4))


def image_of(rng: Rng, shape: tuple[int, ...]) -> Floats:
    image: Floats = rng.uniform(-2.0, 2.0, shape)
    return image


def resized(student: Student, rng: Rng, cases: Sequence[Sizes]) -> Iterator[Expectation]:
    yield from (compare(student.resize_short_side(image_of(rng, shape), side)) for shape, side in cases)


@check("resize_short_side", Kind.SMOKE, points=0, public=True)
def returns_an_image_of_the_new_size(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array, here of shape (2, 4, 1); the rows are 0, 1, 3, 4."""
    yield compare(student.resize_short_side(np.array([[[0.0], [4.0]]]), 2))


@check("resize_short_side", Kind.VALUE, points=1)
def keeps_the_colour_of_an_image_of_one_colour(student: Student, rng: Rng) -> Iterator[Expectation]:
    """The shorter side becomes `side`, the longer one grows or shrinks by the same factor; an image of one colour keeps it."""
    for shape, side in (*LARGER[:2], *SMALLER[:2]):
        colour = rng.uniform(0.2, 0.7, shape[2])
        yield compare(student.resize_short_side(np.tile(colour, (*shape[:2], 1)), side))


@check("resize_short_side", Kind.VALUE, points=3)
def interpolates_between_pixel_centres(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Enlarge: new pixel i of m lies at (i + 1/2) n / m - 1/2 among n old ones. Beyond the first or last centre, take that pixel."""
    yield from resized(student, rng, LARGER)
    image = image_of(rng, (3, 6, 2)).astype(np.float32)
    yield compare(student.resize_short_side(image, 5), dtype=np.float32)


@check("resize_short_side", Kind.VALUE, points=2)
def shrinks_without_smoothing(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Shrink by the same rule: only the two nearest pixels on each axis count, without any smoothing before."""
    yield from resized(student, rng, SMALLER)


@check("resize_short_side", Kind.SHAPE, points=1, cases="rounded")
def rounds_the_longer_side(student: Student, rng: Rng) -> Iterator[Expectation]:
    """The shorter side becomes `side`, and the longer one its old length times the same factor, rounded to the nearest whole number."""
    for shape, side in ROUNDED:
        yield compare_shape(student.resize_short_side(image_of(rng, shape), side))


@check("resize_short_side", Kind.VALUE, points=1, cases="rounded")
def gives_each_axis_its_own_ratio(student: Student, rng: Rng) -> Iterator[Expectation]:
    """If the longer side is rounded, n / m is the ratio of its old to its rounded length: the edges still meet."""
    yield from resized(student, rng, ROUNDED)


def call_resize(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.resize_short_side(image_of(rng, (2, 4, 1) if dtype is np.float64 else (6, 3, 2)).astype(dtype), 3)


resize_contract = contract("resize_short_side", call_resize)
