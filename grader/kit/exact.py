"""Values of checks as JSON that people can read, and back, without losing a bit.

A number, a text, a truth value, a list and nothing are themselves. All else is a table whose first key says what it is::

    {"array": "<f8", "shape": [2], "values": [1.5, "nan"]}    zeros if there are no values; of complex numbers, both parts in turn
    {"tuple": [...]}   {"dict": [[key, value], ...]}   {"float": "inf"}   {"complex": [1.0, 2.0]}
    {"reference": [call, item, after]}   {"generator": seed}   {"recipe": source, "constants": [...]}   {"own": [name, alias, ...]}
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.sandbox.inside import codec, request

DTYPES = {dtype.str: dtype for dtype in codec.DTYPES.values()}
LARGEST_ELEMENTS = 1 << 24
COMPLEX_PARTS = {"<c8": "<f4", "<c16": "<f8"}
Table = dict[str, Any]


def to_json(value: Any) -> Any:
    """Write a value of a request or of the reference.

    Raises
    ------
    TypeError
        If it is of a kind that no check can send or compare.
    """
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        return value if math.isfinite(value) else {"float": str(value)}
    if kind is list:
        return [to_json(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return _array(np.asarray(value))
    for of, write in _WRITERS.items():
        if kind is of:
            return write(value)
    raise TypeError(f"a value of type {kind.__name__} cannot be written")


def _array(array: np.ndarray[Any, Any]) -> Table:
    array = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape)
    code = array.dtype.str
    if code not in DTYPES:
        raise TypeError(f"an array of {array.dtype} cannot be written")
    head = {"array": code, "shape": list(array.shape)}
    # Bytes, since a negative zero is equal to zero.
    if not any(array.tobytes()):
        return head
    parts = array.reshape(-1).view(COMPLEX_PARTS.get(code, code))
    values = [item if not isinstance(item, float) or math.isfinite(item) else str(item) for item in parts.tolist()]
    return {**head, "values": values}


_WRITERS: dict[type, Callable[[Any], Table]] = {
    tuple: lambda value: {"tuple": [to_json(item) for item in value]},
    dict: lambda value: {"dict": [[to_json(key), to_json(item)] for key, item in value.items()]},
    complex: lambda value: {"complex": [to_json(value.real), to_json(value.imag)]},
    request.Reference: lambda value: {"reference": [value.call, value.item, value.after]},
    request.Generator: lambda value: {"generator": value.seed},
    request.Recipe: lambda value: {"recipe": value.source, "constants": [to_json(one) for one in value.constants]},
    request.Own: lambda value: {"own": [value.name, *value.aliases]},
}


def from_json(found: Any) -> Any:
    """Read what ``to_json`` has written.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if found is None or type(found) in (bool, int, float, str):
        return found
    if type(found) is list:
        return [from_json(item) for item in found]
    if type(found) is not dict or not found:
        raise ValueError("a value of no known kind")
    kind = next(iter(found))
    if kind not in _READERS:
        raise ValueError(f"a value of the unknown kind {kind!r}")
    keys, read = _READERS[kind]
    if not {kind} <= found.keys() <= {kind, *keys}:
        raise ValueError(f"an entry that no {kind} has")
    return read(found)


def _read_array(found: Table) -> np.ndarray[Any, Any]:
    code, shape = found["array"], found["shape"]
    if code not in DTYPES or not all(type(extent) is int and 0 <= extent <= LARGEST_ELEMENTS for extent in shape):
        raise ValueError("an array of no known dtype or shape")
    if math.prod(shape) > LARGEST_ELEMENTS or len(shape) > codec.MAX_DIMENSIONS:
        raise ValueError("an array that is too large")
    if "values" not in found:
        return np.zeros(shape, code)
    part = COMPLEX_PARTS.get(code, code)
    wanted = {"b": (bool,), "i": (int,), "u": (int,)}.get(np.dtype(part).kind, (float, int, str))
    if not all(type(item) in wanted for item in found["values"]):
        raise ValueError(f"an array of {code} with values of another kind")
    array: np.ndarray[Any, Any] = np.array([float(item) if type(item) is str else item for item in found["values"]], part)
    return array.view(code).reshape(shape)


def _read_reference(found: Table) -> request.Reference:
    call, item, after = found["reference"]
    return request.Reference(_of(int, call), _of(int, item), _of(bool, after))


def _of(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise ValueError(f"a value that is no {kind.__name__}")
    return value


_READERS: dict[str, tuple[tuple[str, ...], Callable[[Table], Any]]] = {
    "array": (("shape", "values"), _read_array),
    "tuple": ((), lambda found: tuple(from_json(item) for item in _of(list, found["tuple"]))),
    "dict": ((), lambda found: {from_json(key): from_json(item) for key, item in found["dict"]}),
    "float": ((), lambda found: float(_of(str, found["float"]))),
    "complex": ((), lambda found: complex(*(from_json(part) for part in found["complex"]))),
    "reference": ((), _read_reference),
    "generator": ((), lambda found: request.Generator(_of(int, found["generator"]))),
    "recipe": (
        ("constants",),
        lambda found: request.Recipe(_of(str, found["recipe"]), tuple(from_json(one) for one in found["constants"])),
    ),
    "own": ((), lambda found: request.Own(found["own"][0], tuple(_of(str, name) for name in found["own"][1:]))),
}
