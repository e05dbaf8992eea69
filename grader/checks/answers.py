"""Read what came back for a planned call: values, or the finding that stands in their place."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from grader.checks.model import Answer, PlannedCall
from grader.model import Finding, Raised, Rung, Verdict
from grader.sandbox.inside import child, codec

# NumPy's own words for floating-point errors; whatever else a reply claims to be one is not repeated to anybody.
FLAGS = frozenset({"overflow", "divide by zero", "invalid value", "underflow"})
# A type is named only if its name cannot have been made up on the spot to carry an input out.
TYPE_NAMES = frozenset(
    [
        *("list", "tuple", "dict", "str", "set", "frozenset", "bytes", "complex", "int", "float", "bool", "object", "type", "range"),
        *("ndarray", "matrix", "array of object", "generator", "function", "method", "map", "zip", "NoneType"),
        *("filter", "enumerate", "reversed", "deque", "array", "bytearray", "dict_keys", "dict_values", "dict_items", "module"),
        *(f"{kind}{bits}" for kind in ("int", "uint", "float") for bits in (8, 16, 32, 64)),
        *("complex64", "complex128", "longdouble", "bool_", "str_", "Poly1d", "poly1d"),
    ]
)

# All that taking a forged reply apart can raise, which must not end the grader: int(inf) is an OverflowError, {}[0] a KeyError.
UNREADABLE = (codec.CodecError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

OWN_CLASS = "a class of its own"
LIBRARY_MISSING = frozenset({"NotAvailable", "ModuleNotFoundError"})

Believe = Callable[[Raised], Raised]


def type_words(name: str) -> str:
    """How a type is spoken of in a message that a student reads."""
    return name if name in TYPE_NAMES else OWN_CLASS


def parse_answer(call: PlannedCall, raw: bytes, believe: Believe) -> Answer:
    """Read the reply to `call`. A reply that no worker of ours writes is the worker's fault, so of its code."""
    try:
        status, *rest = codec.decode(raw)
        if status == "raised":
            return _read_raised(call, believe, *rest)
        return _READERS[status](call, *rest)
    except UNREADABLE:
        return _forged(call)


def _forged(call: PlannedCall) -> Answer:
    text = "The result could not be read: it is far too large, or the code wrote where only results are written. Return what is asked for."
    return _missing(call, Verdict.SECURITY_VIOLATION, text)


def _read_returned(call: PlannedCall, wanted: tuple[Any, ...], changed: tuple[Any, ...], flags: tuple[str, ...], empty: bool) -> Answer:
    if empty is True:
        return _missing(call, Verdict.NOT_IMPLEMENTED, f"{call.function} returns nothing yet.", Rung.COUNT)
    if type(wanted) is not tuple or type(changed) is not tuple or len(wanted) + len(changed) != len(call.wants):
        raise ValueError("a reply with another number of values")
    values = dict(zip(call.wants, (*wanted, *changed), strict=True))
    # Each once: a forger may send thousands of them.
    return Answer(function=call.function, values=values, flags=tuple(dict.fromkeys(flag for flag in flags if flag in FLAGS)))


def _read_count(call: PlannedCall, container: str, count: int, empty: bool) -> Answer:
    if empty is True:
        return _missing(call, Verdict.NOT_IMPLEMENTED, f"{call.function} returns nothing yet.", Rung.COUNT)
    if type(container) is not str or type(count) is not int:
        raise ValueError("a number of results that is none")
    what = f"{count} results" if count >= 0 else f"one result ({type_words(container)})"
    return _missing(call, Verdict.WRONG_ANSWER, f"{call.function} returns {what}, where {call.returns} are required.", Rung.COUNT)


def _read_raised(call: PlannedCall, believe: Believe, *description: Any) -> Answer:
    raised = believe(read_description(*description))
    return Answer(function=call.function, missing=finding_of(raised, call.function, description[-1]))


def read_description(name: Any, message: Any, path: Any, line: Any, function: Any, errno: Any) -> Raised:
    """Read what ``child.describe`` has made of an exception.

    Raises
    ------
    ValueError
        If a forger has put anything else in its place. It is never made text of: NumPy takes minutes to print a million small arrays.
    """
    if not all(type(text) is str for text in (name, message, path, function)) or type(line) is not int or type(errno) is not int:
        raise ValueError("a description of another form")
    # The worker cuts the message too; a forged one is as long as a reply may be, and would stand in every check's finding.
    words = message[: child.MESSAGE_CHARACTERS]
    return Raised(type_name=name, message=words, path=path, line=line, function=function)


def finding_of(raised: Raised, function: str, errno: int = 0) -> Finding:
    """Say what an exception of a student's code means."""
    where = f" at {raised.path}, line {raised.line}" if raised.line else ""
    verdict, text = Verdict.RUNTIME_ERROR, f"{function} raised {raised.type_name}{where}."
    if raised.type_name == "MemoryError":
        verdict = Verdict.MEMORY_LIMIT_EXCEEDED
        text = f"{function} asked for more memory than graded code may have{where}: look at the shapes of the arrays that it makes."
    elif raised.type_name in LIBRARY_MISSING:
        text = f"{function} uses a library that is not there when work is graded{where}: do it with NumPy or the standard library."
    elif raised.type_name == "PermissionError" or errno in (1, 13):
        verdict, text = (
            Verdict.SECURITY_VIOLATION,
            f"{function} asked for a file, a process or the network{where}. Graded code may only compute: take that out.",
        )
    return Finding(rung=Rung.RETURNED, verdict=verdict, message=text, raised=raised)


def _missing(call: PlannedCall, verdict: Verdict, message: str, rung: Rung = Rung.RETURNED) -> Answer:
    return Answer(function=call.function, missing=Finding(rung=rung, verdict=verdict, message=message))


_READERS: dict[str, Callable[..., Answer]] = {
    "returned": _read_returned,
    "count": _read_count,
    "missing": lambda call: _missing(call, Verdict.NOT_IMPLEMENTED, f"{call.function} is not defined."),
    "not_implemented": lambda call: _missing(call, Verdict.NOT_IMPLEMENTED, f"{call.function} is not implemented yet."),
    "blocked": lambda call, number: Answer(function=call.function, blocked_on=operator.index(number)),
}


def collect(
    calls: Sequence[PlannedCall],
    replies: Sequence[bytes],
    instead: Answer | None = None,
    believe: Believe = lambda raised: raised,
    *,
    into: dict[int, Answer],
) -> None:
    """Read the replies to `calls` in order; `instead` stands for every reply that never came.

    `believe` makes of the description of an exception what may be repeated of it. `into` holds the answers to earlier calls, and
    gets these.
    """
    for index, call in enumerate(calls):
        if index < len(replies):
            answer = parse_answer(call, replies[index], believe)
        elif instead is not None:
            answer = instead
        else:
            continue
        if answer.blocked_on is not None:
            cause = into.get(answer.blocked_on)
            answer = cause if cause is not None and cause.missing is not None else _forged(call)
        into[call.number] = answer
