"""Checks of the views of single filters: which are dead, what they look like, and which inputs excite them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from grader.checks import (
    FLOAT32,
    Call,
    Check,
    Expectation,
    Finding,
    Kind,
    Result,
    Rung,
    Student,
    Tolerance,
    check,
    compare,
    compare_dtype,
    compare_quiet,
    contract,
)
from grader.checks.compare import judge_values, ready_to_compare, wrong_shape
from grader.checks.model import Answers

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Rng = np.random.Generator

# --------------------------------------------------------------------------------------------------------------- dead filters


def between(rng: Rng, n: int) -> int:
    """An input that is neither the first nor the last, if there is one: whoever looks at one of those alone has to be found out."""
    return int(rng.integers(1, n - 1)) if n > 2 else 0


def draw_maps(rng: Rng, n: int, n_filters: int, height: int, width: int) -> Floats:
    """Maps as after a ReLU: every third filter is dead, and the next one alive at one position of one input, filter 4 on the first."""
    shape = (n, n_filters, height, width)
    maps = rng.uniform(0.5, 2.0, shape) * (rng.random(shape) < 0.5)
    maps[:, 2::3, 0, 0] += 0.25
    maps[:, ::3] = 0.0
    maps[:, 1::3] = 0.0
    for alive in range(1, n_filters, 3):
        example = 0 if alive == 4 else between(rng, n)
        maps[example, alive, rng.integers(height), rng.integers(width)] = rng.uniform(0.5, 2.0)
    return maps


def draw_deceptive(rng: Rng) -> Floats:
    """Maps that look dead to somebody: values that cancel, over all, by inputs or by positions; negative values; a tiny one."""
    maps = np.zeros((4, 7, 2, 4))
    one = rng.uniform(0.5, 2.0, (2, 4))
    maps[0, 1], maps[3, 1] = one, -one
    maps[:, 2, 0], maps[:, 2, 1] = 1.5, -1.5
    maps[:, 3] = -rng.uniform(0.5, 2.0, (4, 2, 4))
    maps[between(rng, 4), 4, rng.integers(2), rng.integers(4)] = -rng.uniform(0.5, 2.0)
    maps[between(rng, 4), 5, rng.integers(2), rng.integers(4)] = 1e-9
    order: Floats = maps[:, rng.permutation(7)]
    return order


@check("dead_filters", Kind.SMOKE, points=0, public=True)
def names_the_filter_that_is_always_zero(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one boolean per filter. Of two filters, the first 0 everywhere and the second 1 at one position, only the first is dead."""
    maps = np.zeros((1, 2, 2, 2))
    maps[0, 1, 1, 0] = 1.0
    yield compare(student.dead_filters(maps))


@check("dead_filters", Kind.VALUE, points=2)
def calls_a_filter_dead_that_is_zero_on_every_input(student: Student, rng: Rng) -> Iterator[Expectation]:
    """A filter is dead if it is 0 at every position for every input; one value at one position of one input keeps it alive."""
    for shape in ((4, 5, 2, 3), (1, 7, 3, 2), (6, 4, 1, 1), (5, 5, 5, 5)):
        yield compare(student.dead_filters(draw_maps(rng, *shape)))
    yield compare(student.dead_filters(draw_maps(rng, 3, 6, 2, 2).astype(np.float32)))


@check("dead_filters", Kind.VALUE, points=1)
def takes_nothing_but_zero_for_zero(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Only exactly 0 counts: a filter with negative values is alive, so is one with tiny values, and so is one whose values cancel."""
    yield compare(student.dead_filters(draw_deceptive(rng)))


@check("dead_filters", Kind.DTYPE, points=1, cases="contract")
def answers_in_booleans(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return an array of dtype bool."""
    yield compare_dtype(call_dead(student, rng, np.float64, 1.0).result, np.bool_)


def call_dead(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.dead_filters(draw_maps(rng, 4, 5, 3, 2).astype(dtype))


dead_contract = contract("dead_filters", call_dead, dtype=0)


# ---------------------------------------------------------------------------------------------------------------- filter grid

# Room for a small number in the divisor, such as 1e-8, against a division by 0.
SCALED = Tolerance(rtol=1e-6, scaled=1e-6, atol=1e-9)
# Weights of 0 and 1 are told apart by less.
LAID_OUT = Tolerance(rtol=0.01, scaled=0.01)


def draw_filters(rng: Rng, *shape: int) -> Floats:
    """Filters that differ in their mean and in their spread, which is 0.5 at least."""
    filters: Floats = rng.uniform(1.0, 3.0, shape) + rng.uniform(-6.0, 6.0, (shape[0], 1, 1, 1))
    filters[:, 0, 0, 0] = filters.max(axis=(1, 2, 3)) + rng.uniform(0.5, 2.0, shape[0])
    order: Floats = rng.permuted(filters.reshape(shape[0], -1), axis=1).reshape(shape)
    return order


def tiles_of(W: Floats) -> list[Floats]:
    """The filters as they have to look."""
    return [(one - one.min()) / (one.max() - one.min()) for one in W.astype(np.float64) if one.max() > one.min()]


def picture(value: Any, W: Floats, label: str) -> Floats | Finding:
    """Give an image of any size, as long as its last axis is that of the channels, with the axis that may have been lost for one."""
    ready = ready_to_compare(value, value.shape if isinstance(value, np.ndarray) else (), label)
    if isinstance(ready, Finding):
        return ready
    channels = W.shape[3]
    image = np.squeeze(ready)
    image = image[..., np.newaxis] if channels == 1 else image
    if image.ndim != 3 or image.shape[2] != channels or image.shape[0] < W.shape[1] or image.shape[1] < W.shape[2]:
        text = f"{label} has shape {ready.shape}, where (height, width, {channels}) is required, with room for every filter."
        return Finding(rung=Rung.SHAPE, message=text)
    return image


def shows_all(image: Result, W: Floats, tolerance: Tolerance = SCALED) -> Expectation:
    """Expect every filter somewhere in the image; where, is another check's business."""

    def judge(answers: Answers) -> Finding | None:
        found = picture(answers.value(image), W, image.label)
        if isinstance(found, Finding):
            return found
        windows = sliding_window_view(found, W.shape[1:])
        tiles = tiles_of(W)
        missing = sum(not np.any(np.all(np.abs(windows - tile) <= tolerance.rtol, axis=(-3, -2, -1))) for tile in tiles)
        if not missing:
            return None
        return Finding(rung=Rung.VALUE, message=f"{missing} of {len(tiles)} filters are nowhere in the image as they should look.")

    return Expectation(wants=(image,), judge=judge, values=(image,))


def is_blank(image: Result, W: Floats) -> Expectation:
    """Expect 0 in all of an image, whatever its size."""

    def judge(answers: Answers) -> Finding | None:
        found = picture(answers.value(image), W, image.label)
        if isinstance(found, Finding):
            return found
        finding = judge_values(found, np.zeros(found.shape), SCALED, image.label)
        return finding and dataclasses.replace(finding, code="white" if np.all(found == 1) else "")

    return Expectation(wants=(image,), judge=judge)


def lies_as(image: Result) -> Expectation:
    """Expect the reference's image, however bright."""

    def judge(answers: Answers) -> Finding | None:
        found = ready_to_compare(answers.value(image), image.expected.shape, image.label)
        if isinstance(found, Finding):
            return found
        return judge_values(found / max(float(found.max()), 1e-300), image.expected, LAID_OUT, image.label)

    return Expectation(wants=(image,), judge=judge, values=(image,))


@check("filter_grid", Kind.SMOKE, points=0, public=True)
def returns_one_image(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one array, the image. One filter of weights [[1, 3], [2, 5]] becomes [[0, 0.5], [0.25, 1]]."""
    W = np.array([[1.0, 3.0], [2.0, 5.0]]).reshape(1, 2, 2, 1)
    yield shows_all(student.filter_grid(W).result, W)


@check("filter_grid", Kind.VALUE, points=2)
def scales_each_filter_by_its_own_weights(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Scale each filter to [0, 1] by its own least and largest weight, over all its pixels and channels together. Where in the image it
    is does not matter to this check.
    """
    # Trained weights are small, so that a divisor of 1 at least would show.
    for shape, size in (((1, 3, 4, 2), 1.0), ((4, 3, 2, 3), 0.2), ((5, 2, 3, 1), 30.0)):
        W = size * draw_filters(rng, *shape)
        yield shows_all(student.filter_grid(W).result, W)
    W = draw_filters(rng, 3, 4, 3, 2).astype(np.float32)
    yield shows_all(student.filter_grid(W, pad=2).result, W, FLOAT32)


@check("filter_grid", Kind.VALUE, points=2)
def lays_the_tiles_out_row_by_row(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Use ceil(sqrt(F)) columns, as many rows as are needed, row by row; `pad` lines of 0 (by default 1) between tiles only."""
    # Weights of 0 and 1 in every channel look the same however they are scaled, so that only the layout counts.
    for n_filters, options in ((4, {}), (3, {"pad": 2}), (7, {"pad": 0}), (2, {}), (5, {"pad": 3}), (10, {"pad": 1}), (1, {"pad": 2})):
        W = rng.integers(0, 2, (n_filters, 4, 3, 2)).astype(np.float64)
        W[:, 0, 1], W[:, 2, 0] = 0.0, 1.0
        yield lies_as(student.filter_grid(W, **options).result)


@check("filter_grid", Kind.STABILITY, points=1)
def shows_a_constant_filter_as_zero(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Show a filter whose weights are all equal as 0: no NaN, and no NumPy warning about a division by 0."""
    for value in (-2.5, 3.0):
        W = np.full((1, 3, 2, 2), value)
        call = student.filter_grid(W)
        yield is_blank(call.result, W)
        yield compare_quiet(call)
    W = draw_filters(rng, 4, 3, 2, 2)
    W[rng.integers(4)] = rng.uniform(0.5, 2.0)
    yield compare_quiet(student.filter_grid(W))


@check("filter_grid", Kind.SHAPE, points=1)
def keeps_the_channel_axis(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return an array of three axes: height, width and channels, also if there is only one channel."""
    for channels, dtype in ((1, np.float64), (3, np.float32), (2, np.float64)):
        yield three_axes(student.filter_grid(draw_filters(rng, 4, 3, 2, channels).astype(dtype)).result)


def three_axes(image: Result) -> Expectation:
    required = image.expected.shape

    def judge(answers: Answers) -> Finding | None:
        shape: tuple[int, ...] = getattr(answers.value(image), "shape", ())
        right = len(shape) == 3 and shape[2] == required[2]
        return None if right else wrong_shape(shape, required, image.label)

    return Expectation(wants=(image,), judge=judge)


def call_grid(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.filter_grid(draw_filters(rng, 5, 3, 4, 2).astype(dtype))


grid_contract = contract("filter_grid", call_grid, shape=0)


# ------------------------------------------------------------------------------------------------- the inputs that excite most


@check("max_activating", Kind.SMOKE, points=0, public=True)
def names_the_two_best_inputs(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return one row of indices per filter. One filter with the scores [0.5, 3, 2] and k = 2 gives [[1, 2]]."""
    yield compare(student.max_activating(np.array([0.5, 3.0, 2.0]).reshape(3, 1, 1, 1), 2))


@check("max_activating", Kind.VALUE, points=2)
def ranks_inputs_by_their_largest_activation(student: Student, rng: Rng) -> Iterator[Expectation]:
    """For each filter, give the k inputs whose activation map has the largest maximum, the largest first. All values may be negative."""
    for shape, k in (((6, 3, 2, 4), 2), ((5, 4, 3, 3), 5), ((1, 3, 2, 2), 1), ((8, 1, 4, 1), 3), ((4, 4, 4, 4), 4), ((9, 5, 1, 2), 1)):
        yield compare(student.max_activating(rng.standard_normal(shape), k))
    yield compare(student.max_activating(-rng.uniform(0.5, 3.0, (7, 2, 2, 3)), 4))
    yield compare(student.max_activating(rng.standard_normal((7, 3, 2, 2)).astype(np.float32), 3))


@check("max_activating", Kind.VALUE, points=1)
def puts_the_lowest_index_first_among_equals(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Of inputs with equal scores, the one with the lowest index comes first; so a dead filter gets 0, 1, 2, ..."""
    # More inputs than the 16 up to which NumPy's quick sort happens to be stable.
    maps = rng.integers(1, 5, (50, 3, 1, 1)).astype(np.float64)
    maps[:, 1] = 0.0
    yield compare(student.max_activating(maps, 30))
    yield compare(student.max_activating(maps[:6], 4))


@check("max_activating", Kind.DTYPE, points=1, cases="contract")
def answers_in_integers(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return an array of integers, which can be used as indices."""
    yield integers(call_max(student, rng, np.float64, 1.0).result)


def integers(indices: Result) -> Expectation:
    def judge(answers: Answers) -> Finding | None:
        found = getattr(answers.value(indices), "dtype", None)
        if isinstance(found, np.dtype) and found.kind in "iu":
            return None
        return Finding(rung=Rung.DTYPE, message=f"{indices.label} is not an array of integers.", facts={"dtype": str(found)})

    return Expectation(wants=(indices,), judge=judge)


def call_max(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    return student.max_activating(rng.standard_normal((7, 3, 2, 3)).astype(dtype), 4)


max_contract: tuple[Check, ...] = contract("max_activating", call_max, dtype=0)
