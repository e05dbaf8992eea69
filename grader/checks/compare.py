"""The comparison ladder: returned, type, shape, dtype, finite, value. Each rung speaks only for itself.

Right values in the wrong shape lose the shape check alone, right values in another dtype the dtype check alone; a comparison of
values therefore looks past a size-1 axis and past the dtype, and nothing else.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.answers import OWN_CLASS, type_words
from grader.checks.model import Answers, Expectation, Frozen, Result, Rule
from grader.checks.record import Call, is_numeric
from grader.model import Finding, Rung
from grader.sandbox.inside import codec, request

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """``abs(a - b) <= rtol * abs(b) + scaled * max(abs(b)) + atol``.

    The middle term lets an element that cancels to nearly nothing be as wrong as its neighbours are allowed to be.
    """

    rtol: float
    scaled: float
    atol: float = 0.0


# No right answer of any exercise comes near; float32 cannot even hold it, and its square is still far from overflow in float64.
ABSURD = 1e100

# How far correct variants spread is measured by `grade verify --spread`; docs/tolerances.md has the rule and the table.
FLOAT64 = Tolerance(rtol=1e-7, scaled=1e-9, atol=1e-12)
FLOAT32 = Tolerance(rtol=1e-3, scaled=1e-4, atol=1e-6)


ORDINALS = ("first", "second", "third", "fourth", "fifth")

# Where the share of its tolerance that every comparison uses is written down while somebody measures; see ``grader.spread``.
GAUGE: ContextVar[list[tuple[Tolerance, float]] | None] = ContextVar("GAUGE", default=None)


def default_tolerance(dtype: np.dtype[Any] | None) -> Tolerance:
    """The tolerance for results computed from arguments of `dtype`."""
    return FLOAT32 if dtype == np.float32 else FLOAT64


def compare(
    result: Result | Call, *, to: Any = None, tolerance: Tolerance | None = None, dtype: type[np.float32] | None = None
) -> Expectation:
    """Expect the values of `result`, those of the reference unless `to` is given.

    Parameters
    ----------
    tolerance
        How far from them; by default that of `dtype`.
    dtype
        ``numpy.float32`` where the call was given float32 arrays.
    """
    one = _one(result)
    expected = one.expected if to is None else to
    allowed = tolerance or default_tolerance(None if dtype is None else np.dtype(dtype))

    return expect_values((one,), expected=(expected,), tolerance=dataclasses.astuple(allowed))


def expect_values(results: tuple[Result, ...], *, expected: tuple[Any, ...], tolerance: tuple[float, float, float]) -> Expectation:
    """Expect these values of these results, as near as ``Tolerance(rtol, scaled, atol)`` says; the first that is off is told of."""
    allowed = Tolerance(rtol=tolerance[0], scaled=tolerance[1], atol=tolerance[2])

    def judge(answers: Answers) -> Finding | None:
        for result, one in zip(results, expected, strict=True):
            finding = judge_values(answers.value(result), one, allowed, result.label)
            if finding is not None:
                return finding
        return None

    frozen = Frozen(rule=Rule.VALUES, results=results, look=judge, given={"expected": expected, "tolerance": tolerance})
    return Expectation(wants=results, judge=frozen, values=results)


def compare_shape(result: Result | Call) -> Expectation:
    """Expect the shape of the reference's result, entry by entry in a list or dict; a scalar may be any real scalar or 0-d array."""
    return expect_shape((_one(result),))


def expect_shape(results: tuple[Result, ...]) -> Expectation:
    """Expect the shape of one result's expected value."""
    (one,) = results

    def judge(answers: Answers) -> Finding | None:
        return judge_entries(answers.value(one), one.expected, one.label, _judge_shape)

    return Expectation(wants=results, judge=Frozen(rule=Rule.SHAPE, results=results, look=judge))


def _judge_shape(value: Any, expected: Any, label: str) -> Finding | None:
    required = np.shape(expected)
    shape = value.shape if isinstance(value, codec.Oversized) else np.shape(value) if is_numeric(value) else None
    if shape is None:
        return _wrong_type(value, label, required)
    return None if shape == required else wrong_shape(shape, required, label)


def compare_dtype(result: Result | Call, dtype: type[np.generic]) -> Expectation:
    """Expect the dtype that the arguments had (or the one that the result always has, such as bool).

    In a list or dict, expect it of every entry that is an array of the reference.
    """
    return expect_dtype((_one(result),), dtype=np.dtype(dtype).str)


def expect_dtype(results: tuple[Result, ...], *, dtype: str) -> Expectation:
    """Expect this dtype of one result, or of every array that it holds."""
    (one,) = results
    required = np.dtype(dtype)

    def judge_one(value: Any, expected: Any, label: str) -> Finding | None:
        if not is_numeric(value):
            return _wrong_type(value, label, np.shape(expected))
        found = np.asarray(value).dtype
        if found == required:
            return None
        return Finding(
            rung=Rung.DTYPE,
            message=f"{label} is {found} where {required} is required.",
            facts={"dtype": str(found), "required": str(required)},
        )

    def judge_entry(value: Any, expected: Any, label: str) -> Finding | None:
        return judge_one(value, expected, label) if np.ndim(expected) else None

    def judge(answers: Answers) -> Finding | None:
        look = judge_one if is_numeric(one.expected) else judge_entry
        return judge_entries(answers.value(one), one.expected, one.label, look)

    return Expectation(wants=results, judge=Frozen(rule=Rule.DTYPE, results=results, look=judge, given={"dtype": dtype}))


def compare_unchanged(call: Call, *, exempt: Sequence[int] = ()) -> Expectation:
    """Expect the arguments that the check itself made to be as they were, except those whose index is exempt."""
    spec = call.spec
    indices = [i for i, argument in enumerate(spec.passed) if i not in exempt and isinstance(argument, (np.ndarray, dict, list, tuple))]
    left = tuple(Result(spec.number, index, True, f"argument {index + 1}", spec.passed[index]) for index in indices)
    originals = tuple(spec.arguments[index] for index in indices)
    return expect_unchanged(left, function=spec.function, call=spec.number, originals=originals)


def expect_unchanged(results: tuple[Result, ...], *, function: str, call: int, originals: tuple[Any, ...]) -> Expectation:
    """Expect that a call leaves these of its arguments as they were."""

    def judge(answers: Answers) -> Finding | None:
        for result, original in zip(results, originals, strict=True):
            if not _identical(answers.value(result), original):
                which = ORDINALS[result.item] if result.item < len(ORDINALS) else f"number {result.item + 1}"
                message = f"{function} changes its {which} argument, which belongs to the caller: work on a copy."
                return Finding(rung=Rung.PURITY, message=message, code=f"argument_{result.item + 1}_modified")
        return None

    given = {"function": function, "call": call, "originals": originals}
    return Expectation(wants=results, judge=Frozen(rule=Rule.UNCHANGED, results=results, look=judge, given=given), calls=(call,))


def compare_quiet(call: Call, *results: Result, silent: bool = True) -> Expectation:
    """Expect finite values in `results` (all but the cache by default), and, if `silent`, no floating-point warning."""
    return expect_quiet(results or call.judged, call=call.spec.number, silent=silent)


def expect_quiet(results: tuple[Result, ...], *, call: int, silent: bool) -> Expectation:
    """Expect finite values in these results, and, if `silent`, no floating-point warning in the call."""

    def judge(answers: Answers) -> Finding | None:
        for result in results:
            wrong = judge_entries(answers.value(result), result.expected, result.label, _judge_finite)
            if wrong is not None:
                return wrong
        flags = answers.answer(call).flags
        if not flags or not silent:
            return None
        return Finding(rung=Rung.QUIET, message=f"NumPy warns: {' and '.join(flags)}.", facts={"warnings": list(flags)})

    frozen = Frozen(rule=Rule.QUIET, results=results, look=judge, given={"call": call, "silent": silent})
    return Expectation(wants=results, judge=frozen, calls=(call,))


def _judge_finite(value: Any, expected: Any, label: str) -> Finding | None:
    return _not_finite(np.asarray(value), label) if is_numeric(value) else _wrong_type(value, label, np.shape(expected))


def compare_law(law: Callable[..., Finding | str | None], *results: Result | Call) -> Expectation:
    """Expect `law` to hold: it gets the values of `results`, as float64 or bool arrays of the reference's shape, and says what is wrong.

    Values that are no numbers, have another shape (but for size-1 axes) or are not finite never reach the law.
    """
    wants = tuple(_one(result) for result in results)

    def judge(answers: Answers) -> Finding | None:
        values = []
        for result in wants:
            ready = ready_to_compare(answers.value(result), np.shape(result.expected), result.label)
            if isinstance(ready, Finding):
                return ready
            values.append(ready)
        said = law(*values)
        return Finding(rung=Rung.LAW, message=said) if isinstance(said, str) else said

    return Expectation(wants=wants, judge=Frozen(rule=Rule.FORM, results=wants, look=judge, whole=False))


def compare_form(*results: Result | Call) -> Expectation:
    """Expect finite numbers in the shape of the reference's, but for size-1 axes: all that a law takes for granted."""
    return expect_form(tuple(_one(result) for result in results))


def expect_form(results: tuple[Result, ...]) -> Expectation:
    """Expect finite numbers in these results, in the shapes of the expected ones."""
    lawless = compare_law(lambda *_values: None, *results)
    return dataclasses.replace(lawless, judge=Frozen(rule=Rule.FORM, results=results, look=lawless.judge))


# ----------------------------------------------------------------------------------------------------------------- the rungs


def judge_values(value: Any, expected: Any, tolerance: Tolerance, label: str) -> Finding | None:
    """Climb the ladder for one value, entry by entry in a list or dict. The finding names the first rung that breaks."""

    def judge_one(value: Any, expected: Any, label: str) -> Finding | None:
        if not is_numeric(expected):
            # A word such as bn_param["mode"], which is there or is not: nothing lies between.
            return None if _identical(value, expected) else Finding(rung=Rung.VALUE, message=f"{label} is not what is required.")
        target = np.asarray(expected, dtype=np.float64)
        ready = ready_to_compare(value, target.shape, label)
        return ready if isinstance(ready, Finding) else _off(ready, target, tolerance, label)

    return judge_entries(value, expected, label, judge_one)


def judge_entries(value: Any, expected: Any, label: str, judge_one: Callable[[Any, Any, str], Finding | None]) -> Finding | None:
    """Judge `value` against `expected`; in a dict, list or tuple every entry that is expected, until one is found wrong."""
    if isinstance(expected, dict):
        if not isinstance(value, dict):
            return _wrong_type(value, label, None, required="a dict")
        missing = next((key for key in expected if key not in value), None)
        if missing is not None:
            return Finding(rung=Rung.TYPE, message=f"{label} has no entry {missing!r}.")
        entries = [(value[key], item, f"{label}[{key!r}]") for key, item in expected.items()]
    elif isinstance(expected, (list, tuple)):
        if not isinstance(value, (list, tuple)):
            return _wrong_type(value, label, None, required=f"a list of {len(expected)}")
        if len(value) != len(expected):
            return Finding(rung=Rung.COUNT, message=f"{label} has {len(value)} entries where {len(expected)} are required.")
        entries = [(value[index], item, f"{label}[{index}]") for index, item in enumerate(expected)]
    else:
        return judge_one(value, expected, label)
    found = (judge_entries(one, item, name, judge_one) for one, item, name in entries)
    return next((finding for finding in found if finding is not None), None)


def ready_to_compare(value: Any, shape: tuple[int, ...], label: str) -> Floats | Finding:
    """Give `value` as a float64 array of `shape`, or the finding that says why it cannot be one."""
    if isinstance(value, codec.Oversized):
        return wrong_shape(value.shape, shape, label)
    if not is_numeric(value):
        return _wrong_type(value, label, shape)
    # Uninitialised memory may hold NaNs that signal when they are converted; what they are is said below.
    with np.errstate(invalid="ignore"):
        array: Floats = np.asarray(value).astype(np.float64)
    if array.shape != shape:
        if _without_ones(array.shape) != _without_ones(shape):
            return wrong_shape(array.shape, shape, label)
        array = array.reshape(shape)
    return _not_finite(array, label) or array


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(extent for extent in shape if extent != 1)


def _not_finite(array: np.ndarray[Any, Any], label: str) -> Finding | None:
    if array.dtype.kind != "f":
        return None
    # One comparison finds all three: NaN is not below anything. What is finite but absurd would overflow to infinity in a bound that
    # grows with it, and be within the bound.
    with np.errstate(invalid="ignore"):  # of a NaN that signals when it is converted
        sound = np.abs(np.asarray(array, np.float64)) < ABSURD
    if sound.all():
        return None
    bad = int(array.size - np.count_nonzero(sound))
    nan = int(np.count_nonzero(np.isnan(array)))
    infinite = int(np.count_nonzero(np.isinf(array)))
    what = (
        "NaN"
        if nan == bad
        else "infinite"
        if infinite == bad
        else "NaN or infinite"
        if nan + infinite == bad
        else "NaN, infinite or absurdly large"
    )
    message = f"{_share(bad, array.size)} of {label} {_are(bad)} {what}."
    return Finding(rung=Rung.FINITE, message=message, facts={"nan": nan, "infinite": infinite, "not_sound": bad})


def _off(array: Floats, target: Floats, tolerance: Tolerance, label: str) -> Finding | None:
    magnitude = np.abs(target)
    largest = magnitude.max(initial=0.0)
    error = np.abs(array - target)
    allowed = tolerance.rtol * magnitude + (tolerance.scaled * largest + tolerance.atol)
    gauge = GAUGE.get()
    if gauge is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            gauge.append((tolerance, float(np.max(np.where(error > 0, error / allowed, 0.0), initial=0.0))))
    wrong = error > allowed
    if not wrong.any():
        return None
    count = int(np.count_nonzero(wrong))
    # The worst among those that are over their own allowance, which need not be the largest error of all.
    worst = np.unravel_index(int(np.argmax(np.where(wrong, error, -1.0))), error.shape)
    at = [int(index) for index in worst]
    where = f" at {at}" if at else ""
    facts = {
        "off": count,
        "of": int(array.size),
        "largest_error": float(error[worst]),
        "at": at,
        "got": float(array[worst]),
        "expected": float(target[worst]),
        "rtol": tolerance.rtol,
    }
    message = f"{_share(count, array.size)} of {label} {_are(count)} off, by up to {float(error[worst]):.2g}{where}."
    return Finding(rung=Rung.VALUE, message=message, facts=facts)


def _share(count: int, size: int) -> str:
    return "The value" if size == 1 else f"{count} of {size} values"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def wrong_shape(shape: tuple[int, ...], required: tuple[int, ...], label: str) -> Finding:
    """Say that a shape is not the one required."""
    text = (
        f"{label} has shape {shape} where {required} is required." if required else f"{label} has shape {shape} where a scalar is required."
    )
    return Finding(rung=Rung.SHAPE, message=text, facts={"shape": list(shape), "required": list(required)})


def _wrong_type(value: Any, label: str, shape: tuple[int, ...] | None, required: str = "") -> Finding:
    if isinstance(value, codec.Opaque):
        what = type_words(value.type_name)
    elif value is None:
        what = "None"
    elif isinstance(value, np.ndarray):
        what = f"array of {value.dtype}"
    else:
        what = type(value).__name__
    needed = required or ("a number" if shape == () else "an array of real numbers")
    kind = "" if what == "None" else "an " if isinstance(value, np.ndarray) else "of " if what == OWN_CLASS else "of type "
    return Finding(rung=Rung.TYPE, message=f"{label} is {kind}{what} where {needed} is required.", facts={"type": what})


def _identical(value: Any, original: Any) -> bool:
    """Whether an argument came back with the same content; signed zeros and the order of a dict do not matter."""
    if isinstance(original, request.Reference | request.Generator | request.Recipe):
        return True
    if isinstance(original, np.ndarray):
        return (
            isinstance(value, np.ndarray)
            and value.shape == original.shape
            and value.dtype == original.dtype
            and bool(np.array_equal(value, original))
        )
    if isinstance(original, dict):
        return (
            isinstance(value, dict) and value.keys() == original.keys() and all(_identical(value[key], original[key]) for key in original)
        )
    if isinstance(original, (list, tuple)):
        return isinstance(value, (list, tuple)) and len(value) == len(original) and all(map(_identical, value, original))
    return type(value) is type(original) and bool(value == original)


def _one(result: Result | Call) -> Result:
    return result.result if isinstance(result, Call) else result
