"""Checks of the normalization layers.

One requirement at a time: features whose size runs to thousands hide where ``eps`` stands, and features of size 0.01 show it; the
statistics at test time are looked at with ``gamma = 1`` and ``beta = 0``, and the scale and shift by themselves. Batches have odd
sizes, some as many examples as features (where a wrong axis still broadcasts). The four layers share their checks; a ``Layer`` says
how they differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from grader.checks import Call, Check, Expectation, Kind, Result, Student, check, compare, compare_form, contract
from grader.model import Visibility

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Rng = np.random.Generator
Shape = tuple[int, ...]

# So large that TINY, wherever it is put, is below the tolerance.
LARGE = 1500.0
TINY = {"eps": 1e-8}
# So small that an eps of 1e-5 counts as much as a tenth of the variance, and its place matters.
SMALL = 0.01
RUNNING = ("running_mean", "running_var")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One normalization layer. ``groups`` has G for each of `shapes`, for group norm alone; `own` is what has a mean of its own."""

    forward: str
    backward: tuple[str, ...]
    own: str
    shapes: tuple[Shape, ...]
    constant: Shape
    stable: Shape
    groups: tuple[int, ...] = ()
    of_batch: bool = True

    @property
    def of_maps(self) -> bool:
        """Whether it takes feature maps, (N, C, H, W), rather than rows."""
        return len(self.constant) == 4

    @property
    def exempt(self) -> tuple[int, ...]:
        """The argument that the forward function may change: bn_param."""
        return (3,) if self.of_batch else ()

    @property
    def mode(self) -> dict[str, Any]:
        """What the parameter dict says of the mode: nothing where a layer has none."""
        return {"mode": "train"} if self.of_batch else {}

    def draw(self, rng: Rng, shape: Shape, size: float = 1.0) -> tuple[Floats, Floats, Floats]:
        """Draw ``x, gamma, beta``: every feature with its own offset and scale, every example too where it is what is normalized."""
        along = _along(shape, 1 if self.of_batch else 0)
        x = rng.uniform(-3, 3, along) + rng.uniform(0.5, 2, along) * rng.standard_normal(shape)
        gamma = rng.uniform(0.4, 2.5, shape[1]) * rng.choice([-1.0, 1.0], shape[1])
        beta = rng.normal(0, 2, shape[1])
        per_channel = (1, -1, 1, 1) if self.groups else (-1,)
        return size * x, gamma.reshape(per_channel), beta.reshape(per_channel)

    def call(self, student: Student, x: Floats, gamma: Floats, beta: Floats, param: dict[str, Any] | Result, groups: int = 0) -> Call:
        """Call the forward function."""
        more = (groups, param) if self.groups else (param,)
        call: Call = getattr(student, self.forward)(x, gamma, beta, *more)
        return call

    @property
    def cases(self) -> tuple[tuple[Shape, int], ...]:
        """Each shape, with its number of groups."""
        return tuple(zip(self.shapes, self.groups or (0,) * len(self.shapes), strict=True))


BATCH = Layer(
    forward="batchnorm_forward", backward=("batchnorm_backward", "batchnorm_backward_alt"), own="feature",
    shapes=((7, 3), (4, 4), (13, 5), (9, 1)), constant=(5, 3), stable=(7, 32),
)  # fmt: skip
SPATIAL = Layer(
    forward="spatial_batchnorm_forward", backward=("spatial_batchnorm_backward",), own="channel",
    shapes=((3, 4, 2, 5), (3, 3, 3, 3), (2, 5, 3, 1), (3, 1, 3, 2)), constant=(2, 3, 3, 2), stable=(3, 32, 3, 1),
)  # fmt: skip
LAYER = Layer(
    forward="layernorm_forward", backward=("layernorm_backward",), own="example",
    shapes=((3, 7), (4, 4), (5, 12), (1, 6)), constant=(5, 3), stable=(32, 7), of_batch=False,
)  # fmt: skip
GROUP = Layer(
    forward="spatial_groupnorm_forward", backward=("spatial_groupnorm_backward",), own="group of channels",
    shapes=((2, 6, 3, 2), (3, 6, 2, 1), (1, 8, 2, 3), (4, 4, 4, 4)), groups=(2, 3, 4, 2),
    constant=(3, 6, 2, 2), stable=(32, 6, 1, 3), of_batch=False,
)  # fmt: skip


def _along(shape: Shape, axis: int) -> Shape:
    return tuple(extent if index == axis else 1 for index, extent in enumerate(shape))


# Takes the layer (and before it the name of the function, where it is a backward function), then what the body of any check takes.
Body = Callable[..., Iterator[Expectation]]


def declare(layer: Layer, body: Body, kind: Kind, points: int, backward: str = "", cases: str = "") -> Check:
    """Declare a check of the layer's forward function, or of a backward function; its docstring speaks of what the layer normalizes."""
    return Check(
        name=body.__name__,
        function=backward or layer.forward,
        kind=kind,
        points=points,
        requirement=" ".join((body.__doc__ or "").split()).format(
            own=layer.own,
            per="channel" if layer.of_maps else "feature",
            subtract="In training, subtract" if layer.of_batch else "Subtract",
        ),
        visibility=Visibility.PUBLIC if kind is Kind.SMOKE else Visibility.HIDDEN,
        body=partial(body, backward, layer) if backward else partial(body, layer),
        cases=cases,
    )


# ------------------------------------------------------------------------------------------------------- every forward function


def returns_an_output_and_a_cache(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a pair: the output, shaped like x, and a cache for the backward pass."""
    shape, groups = layer.cases[0]
    yield compare_form(layer.call(student, *layer.draw(rng, shape), layer.mode, groups)[0])


def standardizes_and_rescales(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """{subtract} the mean of every {own}, divide by the square root of (biased variance + eps), multiply by gamma and add beta."""
    for shape, groups in layer.cases:
        yield compare(layer.call(student, *layer.draw(rng, shape, LARGE), layer.mode | TINY, groups)[0])
    shape, groups = layer.cases[0]
    x, gamma, beta = (one.astype(np.float32) for one in layer.draw(rng, shape))
    yield compare(layer.call(student, x, gamma, beta, layer.mode, groups)[0], dtype=np.float32)


def adds_eps_to_the_variance(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Divide by the square root of (variance + eps), with the given eps, or 1e-5 by default. Where all values of one
    {own} are equal, out is beta.
    """
    shape, groups = layer.cases[0]
    for size, more in ((SMALL, {}), (1.0, {"eps": 0.1}), (SMALL, {"eps": 1e-3}), (1.0, {"eps": 2.0})):
        yield compare(layer.call(student, *layer.draw(rng, shape, size), layer.mode | more, groups)[0])
    x, gamma, beta = layer.draw(rng, layer.constant)
    # Whole numbers, whose mean is exact: ten times 0.1 has a standard deviation that is not 0.
    x[(slice(None), 1) if layer.of_batch else 1] = 3.0
    # Without eps this is NaN, by whose numbers no mistake is told from another.
    yield replace(compare(layer.call(student, x, gamma, beta, layer.mode, 2)[0]), values=())


def call_forward(layer: Layer, student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    """Call the forward function for its contract."""
    shape, groups = layer.cases[0]
    x, gamma, beta = layer.draw(rng, shape)
    if scale > 1:
        x, gamma, beta = layer.draw(rng, layer.stable)
        # Nearly constant but for the first few: mean(x^2) - mean(x)^2 of large numbers that are nearly equal is below 0 as often as not.
        x = rng.uniform(0.3, 1, _along(layer.stable, 1 if layer.of_batch else 0)) * rng.normal(1, 1e-6, layer.stable)
        first = (slice(None), slice(4)) if layer.of_batch else slice(4)
        x[first] = rng.uniform(-1, 1, x[first].shape)
    x, gamma, beta = ((one * size).astype(dtype) for one, size in ((x, scale), (gamma, 1), (beta, 1)))
    return layer.call(student, x, gamma, beta, layer.mode, groups)


# ---------------------------------------------------------------------------------------------------------- identity_parameters


@check("identity_parameters", Kind.SMOKE, points=0, public=True)
def returns_gamma_and_beta(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a pair, gamma and beta. The column [1, 3] with eps = 0.44 gives 1.2 and 2."""
    gamma, beta = student.identity_parameters(np.array([[1.0], [3.0]]), 0.44)
    yield compare(gamma)
    yield compare(beta)


@check("identity_parameters", Kind.VALUE, points=2)
def undoes_the_division(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Let gamma be what the normalization divides by: the square root of (biased variance + eps)."""
    for shape, size, eps in (((7, 3), SMALL, 1e-5), ((4, 4), 1.0, 0.1), ((11, 1), 1.0, 1.5), ((6, 5), LARGE, 1e-5)):
        yield compare(student.identity_parameters(BATCH.draw(rng, shape, size)[0], eps)[0])
    x = BATCH.draw(rng, (5, 3))[0]
    x[:, 1] = 3.0
    yield compare(student.identity_parameters(x, 1e-5)[0])
    yield compare(student.identity_parameters(x.astype(np.float32), 0.2)[0], dtype=np.float32)


@check("identity_parameters", Kind.VALUE, points=1)
def undoes_the_subtraction(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Let beta be what the normalization subtracts: the mean of every feature."""
    for shape in ((7, 3), (4, 4), (1, 5), (11, 1)):
        yield compare(student.identity_parameters(BATCH.draw(rng, shape)[0], 0.1)[1])


def call_identity(student: Student, rng: Rng, dtype: Any, scale: float) -> Call:
    """Call identity_parameters for its contract."""
    x = BATCH.draw(rng, (7, 32))[0]
    if scale > 1:
        x = rng.uniform(0.3 * scale, scale, 32) * rng.normal(1, 1e-6, (7, 32))
    return student.identity_parameters(x.astype(dtype), 1e-5)


# ------------------------------------------------------------------------------------------- what only layer and group norm have


@check("layernorm_forward", Kind.VALUE, points=1)
def needs_no_mode_and_no_batch(student: Student, rng: Rng) -> Iterator[Expectation]:
    """Use the statistics of the example itself, whatever else ln_param holds, and however many examples there are."""
    for shape, param in (((1, 5), {}), ((3, 6), {"mode": "train"}), ((2, 7), {"mode": "train", "momentum": 0.3})):
        yield compare(LAYER.call(student, *LAYER.draw(rng, shape, LARGE), TINY | param)[0])


@check("spatial_groupnorm_forward", Kind.VALUE, points=1)
def takes_one_group_or_as_many_as_channels(student: Student, rng: Rng) -> Iterator[Expectation]:
    """With G = 1 each whole example is one group; with G = C each channel of each example is a group of its own."""
    for shape, groups in (((2, 5, 3, 2), 1), ((3, 4, 3, 2), 4), ((1, 3, 2, 4), 3), ((2, 1, 3, 3), 1)):
        yield compare(GROUP.call(student, *GROUP.draw(rng, shape, LARGE), TINY, groups)[0])


# ------------------------------------------------------------------------------------------------------------ which check is whose


def forward_checks(layer: Layer, *more: tuple[Body, Kind, int], points: int) -> tuple[Check, ...]:
    """The checks of a forward function: those that all share, then `more`."""
    rows = (
        (returns_an_output_and_a_cache, Kind.SMOKE, 0),
        (standardizes_and_rescales, Kind.VALUE, points),
        (adds_eps_to_the_variance, Kind.VALUE, 1),
        *more,
    )
    standing = contract(layer.forward, partial(call_forward, layer), dtype=int(not layer.of_batch), stability=1, exempt=layer.exempt)
    return (*(declare(layer, *row) for row in rows), *standing)


checks = (
    *forward_checks(LAYER, points=2),
    *forward_checks(GROUP, points=2),
    *contract("identity_parameters", call_identity, stability=1),
)
