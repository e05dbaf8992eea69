"""Record the calls that a check makes, with the reference answering in the student's place.

A check looks as if it called the student's functions. What it really calls is this recorder: the body of a check runs once per
course and seed, and what remains is a list of calls that can be sent to any number of students as they are. Inputs and expected
results are therefore computed once, not once per submission, and the reference's own results through the same calls are what a
comparison expects unless it is told otherwise.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.checks.model import CallSpec, Result
from grader.errors import CourseError
from grader.sandbox.inside import child, codec, request

# The label that a spec gives to the value that only travels from a forward function to its backward function.
CACHE = "cache"


class Call:
    """A call as a check sees it: unpack it, index it, or use it as the single result that it gives."""

    def __init__(self, spec: CallSpec, recorder: Recorder) -> None:
        self.spec = spec
        self._recorder = recorder

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)

    def __getitem__(self, item: int) -> Result:
        return self.results[item]

    @property
    def results(self) -> tuple[Result, ...]:
        """All results of the call, in order."""
        spec = self.spec
        if not spec.returns:
            return (Result(spec.number, -1, False, spec.labels[0], spec.expected[0]),)
        return tuple(Result(spec.number, item, False, spec.labels[item], spec.expected[item]) for item in range(spec.returns))

    @property
    def judged(self) -> tuple[Result, ...]:
        """The results that are numbers, or lists or dicts of them: all but the cache, which is the student's own business."""
        return tuple(result for result in self.results if result.label != CACHE and holds_numbers(result.expected))

    @property
    def result(self) -> Result:
        """The only result of the call."""
        return self.results[0]

    def after(self, argument: int) -> Result:
        """Give the argument with this index as the call leaves it."""
        left = self._recorder.session.arguments[self.spec.number][argument]
        return Result(self.spec.number, argument, True, f"argument {argument + 1}", _detached(left))


class StudentFunction:
    """Stands for one function of the student."""

    def __init__(self, name: str, recorder: Recorder) -> None:
        self.name = name
        self._recorder = recorder

    def __call__(self, *arguments: Any, **options: Any) -> Call:
        """Record one call."""
        return self._recorder.record(self.name, arguments, options)


class Student:
    """Stands for the student's module: ``student.relu_forward(x)`` records a call."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def __call__(self, recipe: request.Recipe, *arguments: Any) -> Call:
        """Record one call of a callable that is made of the student's functions, each named by an :class:`~request.Own`."""
        return self._recorder.record(recipe, arguments, {})

    def __getattr__(self, name: str) -> StudentFunction:
        if name.startswith("__"):
            raise AttributeError(name)
        return StudentFunction(name, self._recorder)


class NotMadeBeforeError(Exception):
    """A check that was to look at another one's calls makes a call that the other one does not make."""


@dataclass(slots=True)
class Recorder:
    """Collects calls, with the reference answering them; or, with ``earlier``, finds them among those of another recorder."""

    module: types.ModuleType
    labels: dict[str, tuple[str, ...]]
    first: int = 0
    under_test: str = ""
    check: str = ""
    earlier: Recorder | None = None
    calls: list[CallSpec] = field(default_factory=list)
    session: child.Session = field(init=False)
    _unseen: list[CallSpec] = field(init=False)

    def __post_init__(self) -> None:
        self.session = child.session_of(self.module) if self.earlier is None else self.earlier.session
        self._unseen = [] if self.earlier is None else list(self.earlier.calls)

    def record(self, callee: str | request.Recipe, arguments: Sequence[Any], options: dict[str, Any]) -> Call:
        """Record one call and let the reference answer it.

        Raises
        ------
        CourseError
            If an argument cannot be sent to a submission, or if the reference has no such function.
        """
        try:
            return self._record(callee, arguments, options)
        except TypeError:
            # The reference raises them too, so the arguments are looked at one by one.
            self._refuse_unsendable(callee, arguments, options)
            raise

    def _record(self, callee: str | request.Recipe, arguments: Sequence[Any], options: dict[str, Any]) -> Call:
        name = callee if isinstance(callee, str) else self.under_test
        sent = tuple(_sendable(argument) for argument in arguments)
        sent_options = {key: _sendable(option) for key, option in options.items()}
        if self.earlier is not None:
            return Call(self._made_before(name, sent, sent_options), self)
        function = self._reference(callee)
        number = self.first + len(self.calls)
        passed = self._as_the_reference_gets(sent)
        result = function(*passed, **self._as_the_reference_gets(sent_options))
        returns = len(result) if isinstance(result, tuple) else 0
        items = result if returns else (result,)
        self.session.results[number] = items
        self.session.arguments[number] = passed
        labels = self.labels.get(name, ()) if isinstance(callee, str) else ()
        if len(labels) != len(items):
            labels = ("the result",) if not returns else tuple(f"result {item + 1}" for item in range(returns))
        spec = CallSpec(
            number=number, function=name, returns=returns, arguments=sent, options=sent_options, expected=tuple(items),
            labels=labels, dtype=_floating_dtype((*sent, *sent_options.values())), passed=tuple(arguments),
            recipe=None if isinstance(callee, str) else callee,
        )  # fmt: skip
        self.calls.append(spec)
        return Call(spec, self)

    def _refuse_unsendable(self, callee: str | request.Recipe, arguments: Sequence[Any], options: dict[str, Any]) -> None:
        places = {f"argument {number}": argument for number, argument in enumerate(arguments, 1)}
        what = f"{callee}()"
        if isinstance(callee, request.Recipe):
            what = f"the recipe {callee.source!r}"
            places["one of its constants"] = callee.constants
        for place, argument in {**places, **options}.items():
            try:
                request.encode(_exact(_sendable(argument)))
            except TypeError as error:
                raise CourseError(
                    f"{self.check or 'a check'} calls {what}, but {place} cannot be sent: {error}",
                    remedy="Send numbers, text, arrays, and lists, tuples or dicts of them; a Recipe stands for a callable.",
                ) from error

    def _made_before(self, name: str, sent: tuple[Any, ...], options: dict[str, Any]) -> CallSpec:
        """Find an equal call. Each is found once: who calls twice wants two calls."""
        wanted = request.encode((name, sent, options))
        for index, spec in enumerate(self._unseen):
            if spec.recipe is None and request.encode((spec.function, spec.arguments, spec.options)) == wanted:
                return self._unseen.pop(index)
        raise NotMadeBeforeError(name)

    def _reference(self, callee: str | request.Recipe) -> Callable[..., Any]:
        try:
            found = self._as_the_reference_gets(request.Own(callee) if isinstance(callee, str) else callee)
        except child.NotThere as error:
            raise CourseError(f"a check calls {error.args[0]}(), which the reference {self.module.__name__} does not have") from error
        function: Callable[..., Any] = found
        return function

    def _as_the_reference_gets(self, sent: Any) -> Any:
        """What the reference gets where a student gets `sent`: by the same road, but in float64, as it is the exact side."""
        return self.session.resolve(request.decode(request.encode(_exact(sent))))


def is_numeric(value: Any) -> bool:
    """Whether `value` is a real number or an array of them."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biuf"
    return isinstance(value, (bool, int, float, np.generic))


def holds_numbers(value: Any) -> bool:
    """Whether `value` is numeric, or a list, tuple or dict of nothing else."""
    if isinstance(value, dict):
        return bool(value) and all(map(holds_numbers, value.values()))
    if isinstance(value, (list, tuple)):
        return bool(value) and all(map(holds_numbers, value))
    return is_numeric(value)


def _sendable(value: Any) -> Any:
    if isinstance(value, Call):
        return value.result.reference
    if isinstance(value, Result):
        return value.reference
    if isinstance(value, dict):
        return {key: _sendable(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(_sendable(item) for item in value)
    return value


def _detached(value: Any) -> Any:
    """A deep copy, as the codec gives it."""
    if isinstance(value, np.ndarray) and value.dtype == object:
        return value
    return codec.decode(codec.encode(value))


def _exact(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype == np.float32:
        return value.astype(np.float64)
    if isinstance(value, request.Recipe):
        return request.Recipe(value.source, _exact(value.constants))
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(_exact(item) for item in value)
    return value


def _floating_dtype(values: Any) -> np.dtype[Any] | None:
    """The dtype of the first floating array found, since within one call all arrays share one."""
    for value in values:
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            dtype: np.dtype[Any] = value.dtype
            return dtype
        nested = value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else ()
        found = _floating_dtype(nested)
        if found is not None:
            return found
    return None
