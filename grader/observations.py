"""What was seen of one function, case by case: the value that came back beside the right one, and what the call was given.

This is what the search for a cause works on. It reads names, defaults and shape letters from the stub, which students have too, so that
a cause can speak of N, gamma or p as they do.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.checks.compare import FLOAT32, FLOAT64, Tolerance, judge_values
from grader.checks.model import Answers, Expectation, NoValue, PlannedCall, PlannedCheck, Result
from grader.checks.record import CACHE, is_numeric
from grader.judging import Seen
from grader.model import Finding, Kind
from grader.sandbox.inside import codec, request

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]

OF_VALUES = frozenset({Kind.VALUE, Kind.GRADIENT, Kind.STATISTICS})

# "``eps``: default 1e-5", of an entry of a dict.
DEFAULT_LINE = re.compile(r"``(\w+)``\W+default (\d[\d.e+-]*\d|\d)")
# "x : (N, T, D) array", "gamma, beta : (D,) array of float64": the names, and the letters of their axes.
SHAPE_LINE = re.compile(r"^\s*([A-Za-z_]\w*(?:, [A-Za-z_]\w*)*) : \(([A-Za-z_0-9, ]*)\)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One call: its arguments by name, those of the call whose cache it was handed included.

    ``arrays`` are in float64. ``numbers`` are sizes (``N``) and scalar parameters (``p``, ``eps``). ``settings`` are the parameters that
    may be compared with their defaults; one that was not given is None.
    """

    number: int
    function: str
    single: bool
    arrays: Mapping[str, Floats] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    content: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One value that came back, and the right one. ``found`` keeps its own shape; it is None if it is no sound array of numbers."""

    label: str
    case: Case
    found: Floats | None
    expected: Floats
    right: bool
    compared: bool

    @property
    def tolerance(self) -> Tolerance:
        """How near two computations of the same thing come."""
        return FLOAT32 if self.case.single else FLOAT64

    @property
    def fits(self) -> bool:
        """Whether the value has the right shape, so that it can be compared element by element."""
        return self.found is not None and self.found.shape == self.expected.shape

    def agrees(self, predicted: Floats) -> bool:
        """Whether `predicted` is what came back."""
        if self.found is None or predicted.shape != self.found.shape:
            return False
        return bool(near(predicted, self.found, self.tolerance).all())


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """All pairs of one function, in the order of the plan, and the findings of what failed.

    ``findings`` has one entry per expectation that failed: the finding, and the pairs that it speaks of. ``held`` and ``failed`` are the
    calls behind the expectations on values.
    """

    function: str
    pairs: tuple[Pair, ...]
    findings: tuple[tuple[Finding, tuple[Pair, ...]], ...]
    defaults: Mapping[str, Any]
    held: tuple[Case, ...]
    failed: tuple[Case, ...]


def near(one: Floats, other: Floats, tolerance: Tolerance) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where two arrays of one shape agree."""
    size = np.abs(other)
    close: np.ndarray[Any, np.dtype[np.bool_]] = np.abs(one - other) <= tolerance.rtol * size + (
        tolerance.scaled * size.max(initial=0.0) + tolerance.atol
    )
    return close


# -------------------------------------------------------------------------------------------------------------------- gathering


def observe(
    seen: Sequence[tuple[PlannedCheck, tuple[Seen, ...]]], answers: Answers, stub: str, calls: Mapping[int, PlannedCall]
) -> Observations:
    """Gather what was seen of the checks of one function.

    Parameters
    ----------
    stub
        The source of the exercise's stub.
    calls
        All calls of the plan, by number, so that the call behind a cache is found.
    """
    function = seen[0][0].check.function
    cases = _Cases(Signatures.of(stub), calls)
    pairs: list[Pair] = []
    findings: list[tuple[Finding, tuple[Pair, ...]]] = []
    held: dict[int, Case] = {}
    failed: dict[int, Case] = {}
    for planned, found in seen:
        if planned.check.by_outcome:
            # What several functions achieve together follows from the values, and has none of its own to compare.
            continue
        for expectation, one in zip(planned.expectations, found, strict=True):
            mine = tuple(_pairs(expectation, one, answers, cases))
            pairs += mine
            if planned.check.kind in OF_VALUES:
                behind = [cases.case(result.call) for result in expectation.wants]
                (held if one.finding is None else failed).update({case.number: case for case in behind if case.function == function})
            if one.finding is not None:
                findings.append((one.finding, mine))
    return Observations(
        function=function,
        pairs=tuple(pairs),
        findings=tuple(findings),
        defaults=cases.signatures.defaults(function),
        held=tuple(case for number, case in held.items() if number not in failed),
        failed=tuple(failed.values()),
    )


def _pairs(expectation: Expectation, seen: Seen, answers: Answers, cases: _Cases) -> Iterator[Pair]:
    compared = bool(expectation.values)
    for result in expectation.values or expectation.wants:
        try:
            value = answers.value(result)
        except NoValue:
            continue
        if result.label == CACHE:
            continue
        case = cases.case(result.call)
        for label, found, expected in entries(value, result.expected, _name(result)):
            tolerance = FLOAT32 if case.single else FLOAT64
            right = seen.finding is None or judge_values(found, expected, tolerance, label) is None
            yield Pair(
                label=label, case=case, found=_sound(found), expected=np.asarray(expected, np.float64), right=right, compared=compared
            )


def _name(result: Result) -> str:
    return f"{result.label}, as it is left," if result.after else result.label


def entries(value: Any, expected: Any, label: str) -> Iterator[tuple[str, Any, Any]]:
    """The numeric leaves of a result: what came back, the right value, and a name that all entries of one list share."""
    if isinstance(expected, dict):
        for key, item in expected.items():
            yield from entries(value.get(key) if isinstance(value, dict) else None, item, str(key))
    elif isinstance(expected, (list, tuple)):
        for index, item in enumerate(expected):
            there = isinstance(value, (list, tuple)) and len(value) == len(expected)
            yield from entries(value[index] if there else None, item, label)
    elif is_numeric(expected):
        yield label, value, expected


def _sound(value: Any) -> Floats | None:
    if isinstance(value, codec.Oversized) or not is_numeric(value):
        return None
    with np.errstate(invalid="ignore", over="ignore"):
        array: Floats = np.asarray(value).astype(np.float64)
    return array if bool(np.isfinite(array).all()) else None


# ------------------------------------------------------------------------------------------------------------------- the stub


@dataclass(frozen=True, slots=True)
class Signatures:
    """What the stub says of every function: the names of its arguments, their defaults, and the letters of their axes."""

    functions: Mapping[str, tuple[tuple[str, ...], Mapping[str, Any], Mapping[str, tuple[str, ...]]]]

    @classmethod
    def of(cls, stub: str) -> Signatures:
        """Read a stub."""
        found = {}
        for node in ast.parse(stub).body:
            if isinstance(node, ast.FunctionDef):
                names = tuple(argument.arg for argument in (*node.args.posonlyargs, *node.args.args))
                text = ast.get_docstring(node) or ""
                inner = {name: float(value) for name, value in DEFAULT_LINE.findall(text)}
                found[node.name] = (names, {**inner, **_defaults(node.args)}, _axes(text))
        return cls(found)

    def names(self, function: str) -> tuple[str, ...]:
        """The positional arguments of a function."""
        return self.functions.get(function, ((), {}, {}))[0]

    def defaults(self, function: str) -> Mapping[str, Any]:
        """The defaults of a function, by argument."""
        return self.functions.get(function, ((), {}, {}))[1]

    def axes(self, function: str) -> Mapping[str, tuple[str, ...]]:
        """The letters of the axes of every argument whose shape the docstring gives."""
        return self.functions.get(function, ((), {}, {}))[2]


def _defaults(arguments: ast.arguments) -> dict[str, Any]:
    positional = [*arguments.posonlyargs, *arguments.args]
    late = positional[len(positional) - len(arguments.defaults) :]
    pairs: list[tuple[ast.arg, ast.expr | None]] = [*zip(late, arguments.defaults, strict=True)]
    pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return {argument.arg: value.value for argument, value in pairs if isinstance(value, ast.Constant)}


def _axes(docstring: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for names, shape in SHAPE_LINE.findall(docstring):
        letters = tuple(part.strip() for part in shape.split(",") if part.strip())
        for name in names.split(", "):
            found.setdefault(name, letters)
    return found


# -------------------------------------------------------------------------------------------------------------------- the calls


class _Cases:
    """Reads every call once."""

    def __init__(self, signatures: Signatures, calls: Mapping[int, PlannedCall]) -> None:
        self.signatures = signatures
        self._calls = calls
        self._made: dict[int, Case] = {}

    def case(self, number: int) -> Case:
        if number not in self._made:
            self._made[number] = self._read(number)
        return self._made[number]

    def _read(self, number: int) -> Case:
        planned = self._calls[number]
        _number, called, _returns, arguments, options, *_rest = request.decode(planned.frame)
        arrays: dict[str, Floats] = {}
        sizes: dict[str, int] = {}
        numbers: dict[str, float] = {}
        settings: dict[str, Any] = {}
        single = False
        if not isinstance(called, bytes):
            for name, raw in (*zip(self.signatures.names(planned.function), arguments, strict=False), *options.items()):
                value = request.read(raw) if isinstance(raw, bytes) else raw
                if isinstance(value, request.Reference):
                    if value.call in self._calls and value.call != number:
                        behind = self.case(value.call)
                        single = single or behind.single
                        arrays = {**behind.arrays, **arrays}
                        sizes = {**behind.sizes, **sizes}
                        numbers = {**behind.numbers, **numbers}
                        settings = {**behind.settings, **settings}
                    continue
                single = self._take(name, value, self.signatures.axes(planned.function), arrays, sizes, numbers, settings) or single
        for name, default in self.signatures.defaults(planned.function).items():
            if isinstance(default, (int, float)) and not isinstance(default, bool):
                numbers.setdefault(name, float(default))
        content = repr((planned.function, arguments, options)).encode() if not isinstance(called, bytes) else b""
        return Case(
            number=number, function=planned.function, single=single, arrays=arrays, sizes=sizes, numbers=numbers, settings=settings,
            content=content,
        )  # fmt: skip

    def _take(
        self,
        name: str,
        value: Any,
        axes: Mapping[str, tuple[str, ...]],
        arrays: dict[str, Floats],
        sizes: dict[str, int],
        numbers: dict[str, float],
        settings: dict[str, Any],
    ) -> bool:
        """Sort one argument in; gives whether it is of single precision."""
        if isinstance(value, np.ndarray):
            if value.dtype.kind in "fiub":
                arrays[name] = value.astype(np.float64)
                letters = axes.get(name, ())
                if len(letters) == value.ndim:
                    sizes.update({letter: extent for letter, extent in zip(letters, value.shape, strict=True) if not letter.isdigit()})
                else:
                    sizes.update({f"the length of axis {axis} of {name}": extent for axis, extent in enumerate(value.shape)})
            return bool(value.dtype == np.float32)
        if isinstance(value, dict):
            inner = [(str(key), request.read(item) if isinstance(item, bytes) else item) for key, item in value.items()]
            return any([self._take(key, item, axes, arrays, sizes, numbers, settings) for key, item in inner])  # noqa: C419 - all are taken
        if isinstance(value, (bool, str)):
            settings[name] = value
        elif isinstance(value, (int, float)):
            numbers[name] = float(value)
            settings[name] = value
        return False
