"""Relations of whole arrays: the right values in other places, or summed over another axis."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import numpy as np

from grader.observations import Floats, Pair, near
from grader.relations.relation import Others, Relation, using

MEANS_SOMETHING = 1e-3


def indexed(pair: Pair, others: Others, mask: np.ndarray | None) -> Iterator[Relation]:
    """The places of what is true, where a truth value is needed for every place."""
    if pair.found is not None and not pair.fits and pair.expected.ndim == 1:
        yield Relation(
            name="indices", says="the indices at which it should be True",
            means="return the condition itself, not np.where or np.nonzero of it",
            predict=using(_indices), elementwise=False,
        )  # fmt: skip


def _indices(pair: Pair) -> Floats | None:
    if not np.isin(pair.expected, (0.0, 1.0)).all() or not pair.expected.any():
        return None
    return np.flatnonzero(pair.expected).astype(np.float64)


def repeated(pair: Pair, others: Others, mask: np.ndarray | None) -> Iterator[Relation]:
    """One slice of the right values in the place of all: of arrays that are kept without a copy, each becomes what the last one is."""
    for axis in range(pair.expected.ndim):
        for index, word, means in (
            (-1, "last", "every round of a loop changes one and the same array, or writes over all of it: keep a copy in each round"),
            (0, "first", "every round of a loop starts from the initial value, or its index stays the same"),
        ):
            yield Relation(
                name="view_kept" if index else "never_moved_on",
                says=f"the same at every index of axis {axis}, namely what it should be at the {word}", means=means,
                predict=using(_everywhere, axis, index), elementwise=False,
            )  # fmt: skip


def _everywhere(pair: Pair, axis: int, index: int) -> Floats | None:
    """One slice of the right values along an axis, at every index of it."""
    if axis >= pair.expected.ndim or not pair.expected.shape[axis]:
        return None
    return np.broadcast_to(np.take(pair.expected, [index], axis), pair.expected.shape)


def rearranged(pair: Pair, others: Others, mask: np.ndarray | None) -> Iterator[Relation]:
    """The right values in other places."""
    axes = range(pair.expected.ndim)
    if pair.found is None or pair.found.size != pair.expected.size:
        return
    for order in itertools.permutations(axes):
        if order != tuple(axes):
            words = "transposed" if len(order) == 2 else f"what it should be with its axes in the order {order}"
            yield Relation(
                name="transposed", says=words, means="there is an extra transpose, or one is missing", elementwise=False,
                predict=using(_transposed, order),
            )  # fmt: skip
    for axis in axes:
        yield Relation(
            name="reversed", says=f"what it should be, in reverse order along axis {axis}", means="", elementwise=False,
            predict=using(_flipped, axis),
        )  # fmt: skip
        for by, word in ((1, "late"), (-1, "early")):
            yield Relation(
                name="moved_by_one", says=f"what it should be, one place too {word} along axis {axis}", means="an index is off by one",
                elementwise=False, predict=using(_rolled, axis, by),
            )  # fmt: skip
    yield Relation(
        name="reshaped", says="right but in the wrong shape", means="a ravel, flatten or reshape is missing, or there is an extra one",
        predict=using(_in_its_shape), elementwise=False,
    )  # fmt: skip
    yield Relation(
        name="reordered", says="made of the right values in the wrong places",
        means="look at the order of the axes: in a reshape where a transpose is needed, a flip or a sort",
        predict=using(_same_values_elsewhere), elementwise=False,
    )  # fmt: skip


def _in_its_shape(pair: Pair) -> Floats | None:
    """The right values, in their order, in the shape of what came back."""
    return None if pair.found is None or pair.found.size != pair.expected.size else pair.expected.reshape(pair.found.shape)


def _transposed(pair: Pair, order: tuple[int, ...]) -> Floats | None:
    return pair.expected.transpose(order) if pair.expected.ndim == len(order) else None


def _flipped(pair: Pair, axis: int) -> Floats | None:
    return np.flip(pair.expected, axis) if axis < pair.expected.ndim else None


def _rolled(pair: Pair, axis: int, by: int) -> Floats | None:
    """The right values one place on; what comes in at the end is anybody's."""
    if not pair.fits or pair.found is None or axis >= pair.expected.ndim or pair.expected.shape[axis] < 3:
        return None
    rolled = np.roll(pair.expected, by, axis)
    end = [slice(None)] * rolled.ndim
    end[axis] = slice(0, 1) if by > 0 else slice(-1, None)
    rolled[tuple(end)] = pair.found[tuple(end)]
    return rolled


def _same_values_elsewhere(pair: Pair) -> Floats | None:
    found, expected = pair.found, pair.expected
    if found is None or found.size != expected.size or len(np.unique(expected)) < 4:
        return None
    alike = near(np.sort(found, axis=None), np.sort(expected, axis=None), pair.tolerance).all()
    return found if alike else None


def _choices(ndim: int) -> Iterator[tuple[int, ...]]:
    """Every choice of one axis or more."""
    for count in range(1, ndim + 1):
        yield from itertools.combinations(range(ndim), count)


def spread(pair: Pair, others: Others, mask: np.ndarray | None) -> Iterator[Relation]:
    """The right value, repeated along axes that it should not have."""
    ndim = 0 if pair.found is None else pair.found.ndim
    for axes in _choices(ndim):
        along = f"axis {axes[0]}" if len(axes) == 1 else f"the axes {axes}"
        yield Relation(
            name="spread", says=f"what it should be, repeated along {along}", means="NumPy has broadcast it to that shape",
            predict=using(_spread, axes), elementwise=False,
        )  # fmt: skip


def _spread(pair: Pair, axes: tuple[int, ...]) -> Floats | None:
    """What came back, if it is the right value again and again along these axes."""
    found = pair.found
    if found is None or max(axes) >= found.ndim or found.size <= pair.expected.size:
        return None
    once = found[tuple(slice(0, 1) if axis in axes else slice(None) for axis in range(found.ndim))]
    if once.size != pair.expected.size or _long_axes(once) != _long_axes(pair.expected):
        return None
    return np.broadcast_to(once, found.shape) if near(once.reshape(pair.expected.shape), pair.expected, pair.tolerance).all() else None


def _long_axes(array: Floats) -> list[int]:
    return [extent for extent in array.shape if extent > 1]


def reduced(pair: Pair, others: Others, mask: np.ndarray | None) -> Iterator[Relation]:
    """Summed or averaged over an axis too many, too few, or another one."""
    for ndim in (pair.expected.ndim, pair.found.ndim if pair.found is not None else 0):
        for axes in _choices(ndim):
            over = "all axes" if len(axes) == ndim > 1 else f"axis {axes[0]}" if len(axes) == 1 else f"the axes {axes}"
            for word, function in (("summed", np.sum), ("averaged", np.mean)):
                yield Relation(
                    name="summed_too_far", says=f"{word} over {over}, which should be kept",
                    means="the axis of a sum or mean is missing or wrong",
                    predict=using(_over, axes, function), elementwise=False,
                )  # fmt: skip
                yield Relation(
                    name="not_summed", says=f"still to be {word} over {over}", means="the sum or mean over that axis is missing",
                    predict=using(_still, axes, function), elementwise=False,
                )  # fmt: skip
    if pair.found is not None and pair.found.shape != pair.expected.shape:
        yield Relation(
            name="wrong_axis", says="summed or averaged over the wrong axis", means="the axis of a sum or mean is wrong",
            predict=using(_same_total), elementwise=False,
        )  # fmt: skip


def _over(pair: Pair, axes: tuple[int, ...], function: Callable[..., Floats]) -> Floats | None:
    """The right value, summed too far: as the smaller array, or spread over the right shape."""
    if pair.found is None or max(axes) >= pair.expected.ndim:
        return None
    kept = function(pair.expected, axis=axes, keepdims=True)
    if pair.found.shape == pair.expected.shape:
        return np.broadcast_to(kept, pair.expected.shape)
    return kept.reshape(pair.found.shape) if kept.size == pair.found.size else None


def _still(pair: Pair, axes: tuple[int, ...], function: Callable[..., Floats]) -> Floats | None:
    """What came back, if the sum over some of its axes is the right value."""
    found = pair.found
    if found is None or max(axes) >= found.ndim or found.size <= pair.expected.size:
        return None
    summed = function(found, axis=axes)
    if summed.size != pair.expected.size or _long_axes(summed) != _long_axes(pair.expected):
        return None
    return found if near(summed.reshape(pair.expected.shape), pair.expected, pair.tolerance).all() else None


def _same_total(pair: Pair) -> Floats | None:
    """What came back, if its sum or its mean is the right one's, which is no matter of chance unless the sum is nothing."""
    found, expected = pair.found, pair.expected
    if found is None or found.ndim != expected.ndim or not found.size or not expected.size:
        return None
    if any(_spread(pair, axes) is not None for axes in _choices(found.ndim)):
        # The same value again and again has the right mean, and nothing has been summed.
        return None
    total, scale = float(expected.sum()), float(np.abs(expected).sum())
    if abs(total) < MEANS_SOMETHING * scale:
        return None
    allowed = (1e-4 if pair.case.single else 1e-9) * scale
    same = abs(float(found.sum()) - total) <= allowed or abs(float(found.mean()) * expected.size - total) <= allowed
    return found if same else None
