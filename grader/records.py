"""Outcomes, runs, submissions and policies as JSON's own types, and back, so that what was found can be kept for ever.

Nothing is lost on the way: a scorecard of what comes back has the same bytes as one of what went in. The facts of a finding may hold
NumPy's values; they are kept as the scorecard shows them.

A class of 10,000 has 120,000 outcomes with 60 checks each, so what is empty by default is left out while it is empty, and that alone: any
other default is written, because an old record must not change its meaning with a new default. tests/test_records.py holds the list of
what may be left out; a field that is added to the model needs a default for the records that do not have it.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import types
import typing
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from grader.classwork import Policy
from grader.model import ExerciseOutcome, Finding, RunInfo, Submission
from grader.safe_text import safe_text
from grader.scorecard import plain

T = TypeVar("T")
Convert = Callable[[Any], Any]

ALWAYS_WRITTEN = object()
# Fraction reads more than it writes: of 1e999999999 it would make a number that fills the memory.
FRACTION = re.compile(r"-?[0-9]{1,400}(?:/[0-9]{1,400})?")
# What JSON may hold for a type. An int where a float is annotated stays one: it would be shown as 5 before, and as 5.0 after.
PLAIN_TYPES: dict[Any, Any] = {str: str, int: int, float: (int, float), bool: bool}


def encode_outcome(outcome: ExerciseOutcome) -> dict[str, Any]:
    """Put an outcome into JSON's own types."""
    return encode(outcome)


def decode_outcome(document: dict[str, Any]) -> ExerciseOutcome:
    """Read what `encode_outcome` wrote. Raises ValueError if it is something else."""
    return decode(ExerciseOutcome, document)


def encode_run(run: RunInfo) -> dict[str, Any]:
    """Put a run into JSON's own types."""
    return encode(run)


def decode_run(document: dict[str, Any]) -> RunInfo:
    """Read what `encode_run` wrote. Raises ValueError if it is something else."""
    return decode(RunInfo, document)


def encode_submission(submission: Submission) -> dict[str, Any]:
    """Put a submission, the texts of its files included, into JSON's own types."""
    return encode(submission)


def decode_submission(document: dict[str, Any]) -> Submission:
    """Read what `encode_submission` wrote. Raises ValueError if it is something else."""
    return decode(Submission, document)


def encode_policy(policy: Policy) -> dict[str, Any]:
    """Put a policy into JSON's own types: fractions as ``1/3``, times as ISO 8601 in UTC."""
    return encode(policy)


def decode_policy(document: dict[str, Any]) -> Policy:
    """Read what `encode_policy` wrote. Raises ValueError if it is something else."""
    return decode(Policy, document)


def to_bytes(value: Any) -> bytes:
    r"""Write JSON's own types as compact UTF-8.

    Code that was handed in may raise and print lone surrogates. They are kept as they are, and not as ``\uD83D\uDE00``, which two of them
    would come back from as one character.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def from_bytes(data: bytes) -> Any:
    """Read what `to_bytes` wrote. Raises ValueError if it is no JSON."""
    try:
        return json.loads(data.decode("utf-8", "surrogatepass"))
    except RecursionError as error:
        raise ValueError("this is nested too deeply") from error


# -------------------------------------------------------------------------------------------------------------- by their annotations


def encode(value: Any) -> dict[str, Any]:
    """Put one of the model's frozen dataclasses into JSON's own types, by the annotations of its fields."""
    kind: Any = type(value)
    document: dict[str, Any] = _coder(kind).encode(value)
    return document


def decode(kind: type[T], document: Any) -> T:
    """Make a `kind` of what `encode` gave.

    Raises
    ------
    ValueError
        If the document does not hold one: a field is missing or unknown, or has a value of another type.
    """
    try:
        value: T = _coder(typing.cast("Hashable", kind)).decode(document)
    except (TypeError, KeyError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ValueError(f"this is no {kind.__name__}: {error}") from error
    return value


@dataclasses.dataclass(frozen=True, slots=True)
class Coder:
    """Both directions of one type."""

    encode: Convert
    decode: Convert


@functools.cache
def _coder(annotation: Hashable) -> Coder:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return _optional(annotation, arguments)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        item = _coder(arguments[0])
        return Coder(lambda value: [item.encode(one) for one in value], lambda value: tuple([item.decode(one) for one in _a(list, value)]))
    if origin is dict and arguments[0] is str:
        item = _coder(arguments[1])
        return Coder(
            lambda value: {name: item.encode(one) for name, one in value.items()},
            lambda value: {name: item.decode(one) for name, one in _a(dict, value).items()},
        )
    if dataclasses.is_dataclass(annotation):
        return _dataclass(annotation)
    return _simple(annotation)


def _simple(annotation: Any) -> Coder:
    if annotation in PLAIN_TYPES:
        return Coder(_same, functools.partial(_a, PLAIN_TYPES[annotation]))
    if annotation is Fraction:
        return Coder(str, _decode_fraction)
    if annotation is datetime:
        return Coder(encode_time, decode_time)
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        members = {member.value: member for member in annotation}
        return Coder(lambda value: value._value_, members.__getitem__)
    raise TypeError(f"no way is known to write {annotation} as JSON")


def _optional(annotation: Any, arguments: tuple[Any, ...]) -> Coder:
    others = [one for one in arguments if one is not types.NoneType]
    if len(others) != 1 or len(arguments) == 1:
        raise TypeError(f"no way is known to write {annotation} as JSON")
    item = _coder(others[0])
    return Coder(lambda value: None if value is None else item.encode(value), lambda value: None if value is None else item.decode(value))


def _dataclass(kind: Any) -> Coder:
    hints = typing.get_type_hints(kind)
    coders = {field.name: _coder_of_field(kind, field.name, hints[field.name]) for field in dataclasses.fields(kind)}
    left_out = left_out_when_empty(kind)
    encoders = [(name, coder.encode, left_out.get(name, ALWAYS_WRITTEN)) for name, coder in coders.items()]
    decoders = {name: (hints[name], coder.decode) for name, coder in coders.items()}

    def write(value: Any) -> dict[str, Any]:
        document = {}
        for name, encoder, default in encoders:
            item = getattr(value, name)
            if item or default is ALWAYS_WRITTEN or (default is None and item is not None):
                document[name] = item if encoder is _same else encoder(item)
        return document

    def read(document: Any) -> Any:
        fields = {}
        for name, item in _a(dict, document).items():
            if name not in decoders:
                raise ValueError(f"{kind.__name__} has no field {name}; a newer Layerwise may have written it")
            hint, decoder = decoders[name]
            # Most are texts and numbers as they are: a call less for each halves the time.
            fields[name] = item if type(item) is hint else decoder(item)
        return kind(**fields)

    return Coder(write, read)


def left_out_when_empty(kind: Any) -> dict[str, Any]:
    """The fields that are empty by default, with that default: None, an empty text, tuple or dict, 0 or False."""
    found = {}
    for field in dataclasses.fields(kind):
        default = field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
        if default is None or (type(default) in (str, tuple, dict, int, bool) and not default):
            found[field.name] = default
    return found


def _coder_of_field(kind: Any, name: str, annotation: Any) -> Coder:
    if kind is Finding and name == "facts":
        return Coder(_plain_facts, functools.partial(_a, dict))
    return _coder(annotation)


def _plain_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """As the scorecard does, which changes nothing of what is plain already."""
    return {safe_text(str(name)): plain(value) for name, value in facts.items()}


def _same(value: Any) -> Any:
    return value


def encode_time(time: datetime) -> str:
    """ISO 8601 in UTC. Raises ValueError for a time without a zone, which says nothing."""
    if time.utcoffset() is None:
        raise ValueError(f"the time {time} has no zone")
    return time.astimezone(UTC).isoformat()


def decode_time(text: str) -> datetime:
    """Read what `encode_time` wrote. Raises ValueError if it is no time, or one without a zone."""
    time = datetime.fromisoformat(text)
    # It must be possible to write it again.
    encode_time(time)
    return time


def _decode_fraction(text: Any) -> Fraction:
    if FRACTION.fullmatch(_a(str, text)) is None:
        raise ValueError(f"{text!r:.80} is no fraction")
    return Fraction(text)


def _a(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r:.80} is of another type")
    return value
