"""Suppose that an argument is not used as it should be: left at its default, squared, swapped with another, taken for 1.

What the reference gives when its arguments are changed so is a wrong implementation that nobody had to write. It is compared with what
was seen as a known mistake is. For a backward function the arguments of the call that filled its cache are changed too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.model import PlannedCall
from grader.observations import Observations, Signatures
from grader.sandbox.inside import request

Change = Callable[[Any, Mapping[str, Any]], Any]
LARGEST = 4096


@dataclass(frozen=True, slots=True)
class Supposition:
    """One way in which an argument may be misused. ``change`` gives what stands in place of each of ``names``."""

    name: str
    words: str
    names: tuple[str, ...]
    change: Change

    def frame(self, planned: PlannedCall, signatures: Signatures) -> bytes:
        """The call as it would be made, or as it is if it has no such argument."""
        number, called, returns, arguments, options, *rest = request.decode(planned.frame)
        if isinstance(called, bytes):
            return planned.frame
        names = signatures.names(planned.function)
        known = dict(zip(names, map(_read, arguments), strict=False)) | {key: _read(value) for key, value in options.items()}
        changed = {key: self._changed(key, value, known) for key, value in known.items()}
        positional = tuple(changed[name] for name in names[: len(arguments)])
        if len(positional) < len(arguments) or not _sendable((positional, changed)):
            return planned.frame
        return request.encode((number, called, returns, positional, {key: changed[key] for key in options}, *rest))

    def _changed(self, name: str, value: Any, known: Mapping[str, Any]) -> Any:
        if isinstance(value, dict):
            return {key: self._changed(key, item, value) for key, item in value.items()}
        return self.change(value, {**known, "": name}) if name in self.names else value


def _read(value: Any) -> Any:
    """A part of a decoded call, as it was before it was encoded."""
    if isinstance(value, bytes):
        return request.read(value)
    if isinstance(value, dict):
        return {key: _read(item) for key, item in value.items()}
    return type(value)(map(_read, value)) if isinstance(value, (list, tuple)) else value


def _sendable(value: Any) -> bool:
    """Whether a part can be encoded again; a callable's recipe cannot be changed, and has nothing in it to change."""
    if isinstance(value, request.Recipe):
        return False
    return all(map(_sendable, value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()))


def suppositions(seen: Observations, own: Sequence[str]) -> Iterator[Supposition]:
    """Everything that may be supposed of the arguments of a function, judging from its cases.

    Of arrays, only the function's `own` arguments: what a backward function makes of an array in its cache is not the array as it was.
    """
    cases = [pair.case for pair in seen.pairs] + list(seen.failed)
    numbers = dict.fromkeys(name for case in cases for name in case.settings if _is_number(case.settings[name]))
    words = {name: {case.settings.get(name) for case in cases} for case in cases for name in case.settings}
    arrays = dict.fromkeys(name for case in cases for name in case.arrays if name in own)
    for name in numbers:
        yield from _of_a_number(name, seen.defaults)
    for name, values in words.items():
        for value in sorted(value for value in values if isinstance(value, str)):
            if len(values) > 1:
                yield _always(name, value)
    for name in arrays:
        yield from _of_an_array(name)
    yield from _exchanges(list(arrays), cases)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _number(change: Callable[[Any], Any]) -> Change:
    """A change of a parameter that is a number in some cases and may be an array in others."""

    def changed(value: Any, _known: Mapping[str, Any]) -> Any:
        if not (_is_number(value) or _is_floats(value)):
            return value
        new = change(value)
        # It may be the size of something, of which there is not room for more.
        return value if isinstance(new, int) and abs(new) > max(LARGEST, abs(value)) else new

    return changed


def _is_floats(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _of_a_number(name: str, defaults: Mapping[str, Any]) -> Iterator[Supposition]:
    if _is_number(defaults.get(name)):
        default = defaults[name]
        words = f"{name} always has its default value: the value that the caller gives is not used."
        yield Supposition("parameter_ignored", words, (name,), _number(lambda _value: default))
    kinds: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
        ("parameter_complemented", "1 - {0} is used instead of {0}.", lambda value: 1 - value),
        ("parameter_squared", "{0} is squared, or applied twice.", lambda value: value * value),
        ("parameter_rooted", "the square root of {0} is used instead of {0}.", lambda value: abs(value) ** 0.5),
        ("parameter_negated", "{0} has the wrong sign.", lambda value: -value),
        ("parameter_zero", "{0} is left out, as if it were 0.", lambda value: value * 0),
        ("parameter_one", "{0} is left out, as if it were 1.", lambda value: value * 0 + 1),
        ("parameter_doubled", "2 * {0} is used instead of {0}.", lambda value: 2 * value),
        ("parameter_halved", "{0} / 2 is used instead of {0}.", lambda value: value / 2),
        ("parameter_inverted", "1 / {0} is used instead of {0}.", lambda value: 1 / value if np.all(value) else value),
    )
    for key, words, change in kinds:
        yield Supposition(key, words.format(name), (name,), _number(change))


def _always(name: str, value: str) -> Supposition:
    return Supposition("always_one_mode", f"{name} is always treated as {value!r}.", (name,), lambda _old, _known: value)


def _array(change: Callable[[Any], Any]) -> Change:
    return lambda value, _known: change(value) if _is_floats(value) else value


def _of_an_array(name: str) -> Iterator[Supposition]:
    kinds: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
        ("argument_as_ones", "{0} is left out, as if it were all ones.", np.ones_like),
        ("argument_as_zeros", "{0} is left out, as if it were all zeros.", np.zeros_like),
        ("argument_negated", "{0} has the wrong sign.", np.negative),
        ("argument_transposed", "there is an extra transpose of {0}, or one is missing.", _transposed),
        ("argument_magnitude", "the absolute value of {0} is used.", np.abs),
        ("argument_squared", "{0} is squared before it is used.", np.square),
    )
    for key, words, change in kinds:
        yield Supposition(key, words.format(name), (name,), _array(change))


def _transposed(array: Any) -> Any:
    return array.T.copy() if array.ndim == 2 and array.shape[0] == array.shape[1] else array


def _exchanges(arrays: Sequence[str], cases: Sequence[Any]) -> Iterator[Supposition]:
    for index, one in enumerate(arrays):
        for other in arrays[index + 1 :]:
            both = [case for case in cases if one in case.arrays and other in case.arrays]
            if both and all(case.arrays[one].shape == case.arrays[other].shape for case in both):
                change = _exchanged(one, other)
                yield Supposition("arguments_exchanged", f"{one} and {other} are swapped.", (one, other), change)


def _exchanged(one: str, other: str) -> Change:
    def change(value: Any, known: Mapping[str, Any]) -> Any:
        swapped = known.get(other if known[""] == one else one)
        return swapped if isinstance(swapped, np.ndarray) else value

    return change
