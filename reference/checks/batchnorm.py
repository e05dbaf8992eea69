"""Checks of the normalization layers.

One requirement at a time: features whose size runs to thousands hide where ``eps`` stands, and features of size 0.01 show it; the
statistics at test time are looked at with ``gamma = 1`` and ``beta = 0``, and the scale and shift by themselves. Batches have odd
sizes, some as many examples as features (where a wrong axis still broadcasts). The four layers share their checks; a ``Layer`` says
how they differ.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from grader.checks import (
    Call,
    Check,
    Expectation,
    Finding,
    Kind,
    Result,
    Rung,
    Student,
    check,
    compare,
    compare_dtype,
    compare_gradient,
    compare_law,
    contract,
)
from grader.checks.compare import wrong_shape
from grader.checks.model import Answers
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


def declare(layer: Layer, body: Body, kind: Kind, points: int, backward: str = "") -> Check:
    """Declare a check of the layer's forward function, or of a backward function; its docstring speaks of what the layer normalizes."""
    return Check(
        name=body.__name__,
        function=backward or layer.forward,
        kind=kind,
        points=points,
        requirement=inspect.cleandoc(body.__doc__ or "").format(own=layer.own, per="channel" if layer.of_maps else "feature"),
        visibility=Visibility.PUBLIC if kind is Kind.SMOKE else Visibility.HIDDEN,
        body=partial(body, backward, layer) if backward else partial(body, layer),
    )


# ------------------------------------------------------------------------------------------------------- every forward function


def returns_an_output_and_a_cache(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return a pair: the output, shaped like x, and a cache for the backward pass."""
    shape, groups = layer.cases[0]
    yield compare_law(lambda _out: None, layer.call(student, *layer.draw(rng, shape), layer.mode, groups)[0])


def standardizes_and_rescales(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Subtract the mean of every {own}, divide by its biased standard deviation, multiply by gamma and add beta. (In training.)"""
    for shape, groups in layer.cases:
        yield compare(layer.call(student, *layer.draw(rng, shape, LARGE), layer.mode | TINY, groups)[0])
    shape, groups = layer.cases[0]
    x, gamma, beta = (one.astype(np.float32) for one in layer.draw(rng, shape))
    yield compare(layer.call(student, x, gamma, beta, layer.mode, groups)[0], dtype=np.float32)


def adds_eps_to_the_variance(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Divide by the square root of (variance + eps), with the eps that you are given, or 1e-5. What is constant becomes beta."""
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


# -------------------------------------------------------------------------------------- batch norm: running statistics, test time


def averages_the_running_statistics(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """In training, let running_mean and running_var of bn_param be momentum times the old value plus (1 - momentum) times the mean and
    the biased variance (without eps) of every {own}. They live in bn_param, from call to call.
    """
    large, square = layer.shapes[:2]
    other: Any = layer.mode | drawn_statistics(rng, square)
    for more in ({}, {"momentum": 0.6}, {"momentum": 0.25, "eps": 0.1}):
        one: Any = layer.mode | more | drawn_statistics(rng, large)
        for _ in range(2):
            call = layer.call(student, *layer.draw(rng, large), one)
            yield compare_entries(call, RUNNING)
            one = call.after(3)
        call = layer.call(student, *layer.draw(rng, square), other)
        yield compare_entries(call, RUNNING)
        other = call.after(3)


def starts_the_running_statistics_at_zeros(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Where bn_param has no running statistics yet, both the mean and the variance start at zeros."""
    for more in ({}, {"momentum": 0.4}):
        yield compare_entries(layer.call(student, *layer.draw(rng, layer.shapes[0]), layer.mode | more), RUNNING)


def uses_the_running_statistics_at_test_time(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """In test mode, standardize every {own} with running_mean and running_var, whatever is in the batch."""
    for shape in (*layer.shapes[:2], (1, *layer.shapes[0][1:]), layer.shapes[-1]):
        yield at_test_time(layer, student, rng, shape, LARGE, TINY | {"momentum": 0.7}, plain=True)


def scales_and_shifts_at_test_time(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """In test mode, too, multiply by gamma and add beta."""
    for shape in (*layer.shapes[:2], (1, *layer.shapes[0][1:])):
        yield at_test_time(layer, student, rng, shape, LARGE, TINY)


def adds_eps_to_the_variance_at_test_time(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """In test mode, divide by the square root of (running variance + eps)."""
    for size, more in ((SMALL, {}), (1.0, {"eps": 0.1}), (1.0, {"eps": 1.5})):
        yield at_test_time(layer, student, rng, layer.shapes[0], size, more, plain=True)


def at_test_time(
    layer: Layer, student: Student, rng: Rng, shape: Shape, size: float, more: dict[str, Any], *, plain: bool = False
) -> Expectation:
    """Compare one call in test mode; `plain` leaves scale and shift out of it."""
    x, gamma, beta = layer.draw(rng, shape, size)
    if plain:
        gamma, beta = np.ones_like(gamma), np.zeros_like(beta)
    return compare(layer.call(student, x, gamma, beta, {"mode": "test", **more, **drawn_statistics(rng, shape, size)})[0])


def changes_nothing_else_in_bn_param(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Keep what else bn_param holds, and in test mode the running statistics too."""
    shape = layer.shapes[0]
    more = {"eps": 0.1, "momentum": 0.6, "layer": 3.5, "note": "third", **drawn_statistics(rng, shape)}
    trained = layer.call(student, *layer.draw(rng, shape), {"mode": "train", **more})
    yield compare_entries(trained, [key for key in ("mode", *more) if key not in RUNNING])
    yield compare_entries(layer.call(student, *layer.draw(rng, shape), {"mode": "test", **more}), ["mode", *more])


def keeps_the_shape_of_the_running_statistics(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Give running_mean and running_var one number per {own}: one axis, not two."""
    shape = layer.shapes[0]
    for more in ({}, drawn_statistics(rng, shape)):
        yield entries_of_shape(layer.call(student, *layer.draw(rng, shape), layer.mode | more), (shape[1],))


def keeps_the_dtype_in_both_modes(layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return the dtype that you are given, in training and in test mode: float32 in, float32 out; float64 in, float64 out."""
    shape = layer.shapes[0]
    for dtype in (np.float64, np.float32):
        for mode in ("train", "test"):
            arrays: list[Floats] = [one.astype(dtype) for one in layer.draw(rng, shape)]
            x, gamma, beta = arrays
            running = {key: value.astype(dtype) for key, value in drawn_statistics(rng, shape).items()}
            yield compare_dtype(layer.call(student, x, gamma, beta, {"mode": mode, **running})[0], dtype)


def drawn_statistics(rng: Rng, shape: Shape, size: float = 1.0) -> dict[str, Floats]:
    """Running statistics that are not those of any batch."""
    return {"running_mean": size * rng.uniform(-2, 2, shape[1]), "running_var": size**2 * rng.uniform(0.3, 4, shape[1])}


def compare_entries(call: Call, keys: Sequence[str]) -> Expectation:
    """Expect some entries of ``bn_param`` as the reference leaves them."""
    left = replace(call.after(3), label="bn_param")
    return compare(left, to={key: left.expected[key] for key in keys})


def entries_of_shape(call: Call, required: Shape) -> Expectation:
    """Expect running statistics of the shape `required`."""
    left = call.after(3)

    def judge(answers: Answers) -> Finding | None:
        param = answers.value(left)
        for key in RUNNING:
            if key not in param:
                return Finding(rung=Rung.TYPE, message=f"bn_param has no entry {key!r}.")
            shape = getattr(param[key], "shape", ())
            if shape != required:
                return wrong_shape(shape, required, f"bn_param[{key!r}]")
        return None

    return Expectation(wants=(left,), judge=judge)


# ------------------------------------------------------------------------------------------------------ every backward function


def returns_three_gradients(function: str, layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Return dx, dgamma and dbeta, in this order."""
    _, backward, _ = back_and_forth(function, layer, student, rng, layer.cases[0])
    yield compare_law(lambda *_gradients: None, *backward.results)


def gives_the_gradient_of_the_input(function: str, layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Send dout back to x along all three paths: directly, through the mean and through the variance. Each sees gamma first."""
    for case in layer.cases:
        yield compare_own(function, layer, student, rng, case, items=(0,))
    yield compare_own(function, layer, student, rng, layer.cases[0], items=(0,), dtype=np.float32)


def gives_the_gradients_of_gamma_and_beta(function: str, layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Sum dout * x_hat for dgamma, and dout for dbeta, over everything that shares a parameter: one number per {per}."""
    for case in layer.cases[:3]:
        yield compare_own(function, layer, student, rng, case, items=(1, 2))


def uses_the_eps_of_the_forward_pass(function: str, layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Use the standard deviation that the forward pass divided by: the square root of (variance + eps), with the eps that it was given."""
    for eps in (0.1, 1.5):
        yield compare_own(function, layer, student, rng, layer.cases[0], items=(0, 1, 2), more={"eps": eps})


def leaves_the_cache_as_it_is(function: str, layer: Layer, student: Student, rng: Rng) -> Iterator[Expectation]:
    """Keep all you need in the cache and change nothing in it: it gives the same gradients twice, and after another forward pass."""
    shape, groups = layer.cases[0]
    dout = rng.standard_normal(shape)
    kept = layer.call(student, *layer.draw(rng, shape), layer.mode, groups)
    layer.call(student, *layer.draw(rng, shape), layer.mode, groups)
    for _ in range(2):
        yield compare_gradient(getattr(student, function)(dout, kept[1]), of=kept, wrt=(0, 1, 2), upstream=dout, rng=rng)


def back_and_forth(
    function: str, layer: Layer, student: Student, rng: Rng, case: tuple[Shape, int], *, more: Any = None, dtype: Any = np.float64
) -> tuple[Call, Call, Floats]:
    """Call forward and backward; the upstream gradient is uneven, because one that is constant hides most mistakes."""
    shape, groups = case
    arrays: list[Floats] = [one.astype(dtype) for one in layer.draw(rng, shape)]
    x, gamma, beta = arrays
    dout: Floats = (rng.standard_normal(shape) * rng.uniform(0.5, 3, shape)).astype(dtype)
    forward = layer.call(student, x, gamma, beta, layer.mode | (more or {}), groups)
    return forward, getattr(student, function)(dout, forward[1]), dout


def compare_own(
    function: str, layer: Layer, student: Student, rng: Rng, case: tuple[Shape, int], *, items: Shape, more: Any = None, dtype: Any = None
) -> Expectation:
    """Expect some of the gradients of one call."""
    forward, backward, dout = back_and_forth(function, layer, student, rng, case, more=more, dtype=dtype or np.float64)
    return compare_gradient(backward, of=forward, wrt=items, items=items, upstream=dout, rng=rng, dtype=dtype)


def call_backward(function: str, layer: Layer, student: Student, rng: Rng, dtype: Any, _scale: float) -> Call:
    """Call forward and backward for the contract of backward."""
    return back_and_forth(function, layer, student, rng, layer.cases[0], dtype=dtype)[1]


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
    """G = 1 normalizes over a whole example, G = C over one channel at a time; G is no more than that."""
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


def backward_checks(layer: Layer, function: str) -> tuple[Check, ...]:
    """The checks of a backward function, which all share."""
    rows = (
        (returns_three_gradients, Kind.SMOKE, 0),
        (gives_the_gradient_of_the_input, Kind.GRADIENT, 2),
        (gives_the_gradients_of_gamma_and_beta, Kind.GRADIENT, 1),
        (uses_the_eps_of_the_forward_pass, Kind.GRADIENT, 1),
        (leaves_the_cache_as_it_is, Kind.GRADIENT, 1),
    )
    return (*(declare(layer, *row, backward=function) for row in rows), *contract(function, partial(call_backward, function, layer)))


OF_BATCHES: tuple[tuple[Body, Kind, int], ...] = (
    (averages_the_running_statistics, Kind.VALUE, 1),
    (uses_the_running_statistics_at_test_time, Kind.VALUE, 1),
    (scales_and_shifts_at_test_time, Kind.VALUE, 1),
    (adds_eps_to_the_variance_at_test_time, Kind.VALUE, 1),
    (keeps_the_shape_of_the_running_statistics, Kind.SHAPE, 1),
    (keeps_the_dtype_in_both_modes, Kind.DTYPE, 1),
)
# Asked of rows alone: most write the spatial form around this one, and would pay twice.
OF_ROWS: tuple[tuple[Body, Kind, int], ...] = (
    (starts_the_running_statistics_at_zeros, Kind.VALUE, 1),
    (changes_nothing_else_in_bn_param, Kind.PURITY, 1),
)

checks = (
    *forward_checks(BATCH, *OF_BATCHES, *OF_ROWS, points=1),
    *forward_checks(SPATIAL, *OF_BATCHES, points=1),
    *forward_checks(LAYER, points=2),
    *forward_checks(GROUP, points=2),
    *(entry for layer in (BATCH, SPATIAL, LAYER, GROUP) for function in layer.backward for entry in backward_checks(layer, function)),
    *contract("identity_parameters", call_identity, stability=1),
)
