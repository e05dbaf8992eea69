"""The wire codec: a small, bounded, self-describing encoding of the values that cross the trust boundary.

It runs on both sides, so it imports the standard library and NumPy alone. No pickle and no ``np.load``: a reply is hostile
input, and every length in it is checked against what is really there before anything is allocated for it.

A value is one tag byte and its payload, little-endian::

    N None   T True   F False   i int64   f float64   c complex128   s text   l list   t tuple   d dict with text keys
    a array (also a NumPy scalar, as a 0-d array)      A array too large to send: dtype and shape alone
    o opaque: the name of a type that does not cross
"""

from __future__ import annotations

import numbers
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_DEPTH = 8
MAX_ITEMS = 4096
# What a number takes: its tag and eight bytes.
ITEM_BYTES = 9
# A reply is a tuple, and in it are the tuples of its results, changed arguments and flags.
REPLY_DEPTH = 2
MAX_DIMENSIONS = 32
MAX_EXTENT = 1 << 40
MAX_TEXT_BYTES = 4 * 1024 * 1024
MAX_NAME = 200

_U32 = struct.Struct("<I")
_I64 = struct.Struct("<q")
_F64 = struct.Struct("<d")
_C128 = struct.Struct("<dd")

# Kept as one character each; what is not in this table (object, structured, datetime, longdouble, text) never crosses.
DTYPES: dict[str, np.dtype[Any]] = {
    code: np.dtype(name)
    for code, name in zip(
        "?bBhHiIqQefdFD",
        ("?", "<i1", "<u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"),
        strict=True,
    )
}
_CODES: dict[np.dtype[Any], bytes] = {dtype: code.encode() for code, dtype in DTYPES.items()}
# Of another width on every machine, so it travels as float64 and arrives as what it was: its values are compared, its dtype is wrong.
WIDE, _WIDE = np.dtype(np.longdouble), b"g"


class CodecError(ValueError):
    """The bytes are not an encoding that this codec accepts."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value that does not cross, known only by the name of its type."""

    type_name: str


@dataclass(frozen=True, slots=True)
class Oversized:
    """An array that was larger than the reply may be."""

    dtype: str
    shape: tuple[int, ...]


def encode(value: Any, budget: int = 1 << 62) -> bytes:
    """Encode `value`; arrays that would take more than `budget` bytes in all are sent as :class:`Oversized`."""
    out: list[bytes] = []
    _encode(value, out, 0, [budget])
    return b"".join(out)


def encode_reply(values: tuple[Any, ...], changed: tuple[Any, ...], flags: tuple[str, ...], empty: bool, budget: int) -> bytes:
    """Encode what a call has returned, as ``encode`` does ``("returned", values, changed, flags, empty)``.

    All else comes out of the budget first: a result that takes the whole of it must not make the arguments look changed.
    """
    before, after, left = [b"t" + _U32.pack(5)], list[bytes](), [budget]
    _encode("returned", before, 1, left)
    for part in (changed, flags, empty):
        _encode(part, after, 1, left)
    _encode(values, before, 1, left)
    return b"".join(before + after)


def _encode(value: Any, out: list[bytes], depth: int, budget: list[int]) -> None:
    kind = type(value)
    if kind is np.ndarray:
        _encode_array(value, out, budget)
    elif value is None:
        out.append(b"N")
    elif kind is bool:
        out.append(b"T" if value else b"F")
    elif kind is int and -(2**63) <= value < 2**63:
        out.append(b"i" + _I64.pack(value))
    elif kind is float:
        out.append(b"f" + _F64.pack(value))
    elif kind is str:
        _encode_text(value, b"s", out, budget)
    elif kind is tuple or kind is list:
        _encode_items(value, b"t" if kind is tuple else b"l", out, depth, budget)
    elif kind is dict:
        _encode_dict(value, out, depth, budget)
    else:
        _encode_rare(value, out, depth, budget)


def _encode_rare(value: Any, out: list[bytes], depth: int, budget: list[int]) -> None:
    kind = type(value)
    if isinstance(value, np.ndarray):
        _encode_array(value.view(np.ndarray), out, budget)
    elif isinstance(value, np.generic) and not isinstance(value, (str, bytes)):
        _encode_array(np.asarray(value), out, budget)
    elif kind is complex:
        out.append(b"c" + _C128.pack(value.real, value.imag))
    elif (plain := as_plain(value)) is not value:
        _encode(plain, out, depth, budget)
    else:
        name = value.type_name if kind is Opaque else kind.__name__
        _encode_text(str(name)[:MAX_NAME], b"o", out, budget)


def as_plain(value: Any) -> Any:
    """A value of a class that somebody has derived from a plain one, as that: a namedtuple is a tuple, an OrderedDict is a dict.

    Any other real number, such as a Fraction or a Decimal, is a float. What is none of these is given back as it is.
    """
    for kind, copied in _COPIED.items():
        if isinstance(value, kind):
            return value if type(value) is kind else copied(value)
    is_real = isinstance(value, numbers.Real) or (isinstance(value, numbers.Number) and not isinstance(value, numbers.Complex))
    return float(value) if is_real else value


# By the plain class's own methods, since those of a derived one may give anything.
_COPIED: dict[type, Callable[[Any], Any]] = {
    tuple: lambda value: tuple(tuple.__iter__(value)),
    list: lambda value: list(list.__iter__(value)),
    dict: lambda value: dict(dict.items(value)),
    str: str.__str__,
    int: int.__int__,
    float: float.__float__,
    complex: complex.__pos__,
}


def _encode_text(text: str, tag: bytes, out: list[bytes], budget: list[int]) -> None:
    raw = text.encode("utf-8", "backslashreplace")
    budget[0] -= len(raw)
    if len(raw) > MAX_TEXT_BYTES or budget[0] < 0:
        tag, raw = b"o", b"str"
    out.append(tag + _U32.pack(len(raw)) + raw)


def _encode_items(value: tuple[Any, ...] | list[Any], tag: bytes, out: list[bytes], depth: int, budget: list[int]) -> None:
    if not value:
        out.append(tag + b"\0\0\0\0")
        return
    if _is_too_much(value, out, depth, budget):
        return
    out.append(tag + _U32.pack(len(value)))
    for item in value:
        _encode(item, out, depth + 1, budget)


def _encode_dict(value: dict[Any, Any], out: list[bytes], depth: int, budget: list[int]) -> None:
    if _is_too_much(value, out, depth, budget):
        return
    if not all(isinstance(key, str) for key in value):
        _encode_text("dict with keys that are not text", b"o", out, [MAX_NAME])
        return
    out.append(b"d" + _U32.pack(len(value)))
    for key, item in value.items():
        _encode_text(str.__str__(key), b"s", out, budget)
        _encode(item, out, depth + 1, budget)


def _is_too_much(value: Any, out: list[bytes], depth: int, budget: list[int]) -> bool:
    """Whether a container goes beyond a bound; then its type alone is sent."""
    budget[0] -= ITEM_BYTES * len(value)
    # The containers of a reply itself are ours, and are sent whatever a result before them has taken: without them nothing is readable.
    if depth < MAX_DEPTH and len(value) <= MAX_ITEMS and (budget[0] >= 0 or depth < REPLY_DEPTH):
        return False
    _encode_text(type(value).__name__, b"o", out, [MAX_NAME])
    return True


def _encode_array(array: np.ndarray[Any, Any], out: list[bytes], budget: list[int]) -> None:
    dtype = array.dtype.newbyteorder("<") if array.dtype.byteorder == ">" else array.dtype
    code, wire = _CODES.get(dtype), dtype
    if code is None and dtype == WIDE:
        code, wire = _WIDE, DTYPES["d"]
    if code is None or array.ndim > MAX_DIMENSIONS:
        _encode_text(f"array of {array.dtype}"[:MAX_NAME], b"o", out, [4 * MAX_NAME])
        return
    head = code + bytes([array.ndim]) + struct.pack(f"<{array.ndim}Q", *array.shape)
    # The size is known from the header: a broadcast view of 10^12 elements is refused before it is made contiguous.
    if array.size * wire.itemsize > budget[0]:
        out.append(b"A" + head)
        return
    budget[0] -= array.size * wire.itemsize
    out.append(b"a" + head)
    out.append(array.astype(wire, copy=False).tobytes())


def decode(data: bytes) -> Any:
    """Decode one frame to plain values, with arrays as fresh, writable, C-ordered copies.

    Parameters
    ----------
    data
        The whole frame.

    Raises
    ------
    CodecError
        If the bytes are not exactly one value within the bounds of this module.
    """
    try:
        value, end = _DECODERS[data[0]](data, 1, 0)
    except (struct.error, IndexError) as error:
        raise CodecError("the frame ends inside a value") from error
    except KeyError as error:
        raise CodecError(f"an unknown tag {error.args[0]}") from error
    if end != len(data):
        raise CodecError("bytes are left after the value")
    return value


# Plain functions over (bytes, position behind the tag, depth), found by the tag: this is the hottest code on the trusted side, and a
# cursor object, or a chain of comparisons, costs twice as much.
def _length(data: bytes, at: int, limit: int) -> int:
    count: int = _U32.unpack_from(data, at)[0]
    if count > limit:
        raise CodecError(f"a length of {count} where at most {limit} is allowed")
    return count


def _decode_text(data: bytes, at: int, _depth: int, limit: int = MAX_TEXT_BYTES) -> tuple[str, int]:
    count = _length(data, at, limit)
    end = at + 4 + count
    if end > len(data):
        raise CodecError("the frame ends inside a text")
    try:
        return data[at + 4 : end].decode("utf-8"), end
    except UnicodeDecodeError as error:
        raise CodecError("text that is not UTF-8") from error


def _decode_list(data: bytes, at: int, depth: int) -> tuple[list[Any], int]:
    if depth >= MAX_DEPTH:
        raise CodecError(f"containers nested deeper than {MAX_DEPTH}")
    count = _length(data, at, MAX_ITEMS)
    at += 4
    items = []
    for _ in range(count):
        item, at = _DECODERS[data[at]](data, at + 1, depth + 1)
        items.append(item)
    return items, at


def _decode_tuple(data: bytes, at: int, depth: int) -> tuple[tuple[Any, ...], int]:
    items, at = _decode_list(data, at, depth)
    return tuple(items), at


def _decode_dict(data: bytes, at: int, depth: int) -> tuple[dict[str, Any], int]:
    if depth >= MAX_DEPTH:
        raise CodecError(f"containers nested deeper than {MAX_DEPTH}")
    count = _length(data, at, MAX_ITEMS)
    at += 4
    table: dict[str, Any] = {}
    for _ in range(count):
        if data[at : at + 1] != b"s":
            raise CodecError("a dict key that is not text")
        key, at = _decode_text(data, at + 1, depth)
        table[key], at = _DECODERS[data[at]](data, at + 1, depth + 1)
    return table, at


def _decode_opaque(data: bytes, at: int, depth: int) -> tuple[Opaque, int]:
    text, at = _decode_text(data, at, depth, 4 * MAX_NAME)
    return Opaque(text), at


def _decode_oversized(data: bytes, at: int, _depth: int) -> tuple[Oversized, int]:
    dtype, shape, at = _decode_head(data, at)
    return Oversized(str(dtype), shape), at


def _decode_head(data: bytes, at: int) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    dtype = _BY_BYTE.get(data[at])
    dimensions = data[at + 1]
    if dtype is None or dimensions > MAX_DIMENSIONS:
        raise CodecError("an array of a dtype or a number of dimensions that does not cross")
    shape = struct.unpack_from(f"<{dimensions}Q", data, at + 2)
    return dtype, shape, at + 2 + 8 * dimensions


_BY_BYTE = {**{ord(code): dtype for code, dtype in DTYPES.items()}, ord(_WIDE): WIDE}


def decode_array(data: bytes, at: int, _depth: int = 0) -> tuple[np.ndarray[Any, Any], int]:
    """Decode what follows the tag of an array at position `at`, to an array of its own memory; and say where it ends."""
    dtype, shape, at = _decode_head(data, at)
    # Python integers: the product of hostile dimensions cannot wrap around.
    size = 1
    for extent in shape:
        if extent > MAX_EXTENT:
            raise CodecError("an array dimension beyond any that can be sent")
        size *= extent
    wire = DTYPES["d"] if dtype is WIDE else dtype
    end = at + size * wire.itemsize
    if end > len(data):
        raise CodecError("the frame ends inside an array")
    if dtype.kind == "b":
        # A boolean byte of 2 to 255 is undefined behaviour inside NumPy.
        flags: np.ndarray[Any, Any] = np.frombuffer(data, np.uint8, size, at).reshape(shape).astype(np.bool_)
        return flags, end
    values = np.frombuffer(data, wire, size, at).reshape(shape)
    return values.copy() if wire is dtype else values.astype(dtype), end


_DECODERS: dict[int, Callable[[bytes, int, int], tuple[Any, int]]] = {
    ord("N"): lambda _data, at, _depth: (None, at),
    ord("T"): lambda _data, at, _depth: (True, at),
    ord("F"): lambda _data, at, _depth: (False, at),
    ord("i"): lambda data, at, _depth: (_I64.unpack_from(data, at)[0], at + 8),
    ord("f"): lambda data, at, _depth: (_F64.unpack_from(data, at)[0], at + 8),
    ord("c"): lambda data, at, _depth: (complex(*_C128.unpack_from(data, at)), at + 16),
    ord("s"): _decode_text,
    ord("l"): _decode_list,
    ord("t"): _decode_tuple,
    ord("d"): _decode_dict,
    ord("a"): decode_array,
    ord("A"): _decode_oversized,
    ord("o"): _decode_opaque,
}
