"""What a request holds that is no data: values that stayed in the child, generators, callables. And how requests are written.

Requests go one way, from the trusted side to the child, so what reads them need not expect an enemy: they are marshalled, which
costs a third of what reading a reply costs, and there are hundreds of small ones for every submission. Replies never are.

Everything that marshal does not know, arrays among it, travels as bytes that begin with a tag; no value is bytes by itself::

    a array, as the codec writes it   r reference to an earlier result   g generator seeded with an integer
    k recipe of a callable: its source and its constants   w the student's own function of this name
"""

from __future__ import annotations

import marshal
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

# Inside a worker the folder of this file is on the path; on the trusted side it is a package.
if TYPE_CHECKING or __package__:
    from . import codec
else:
    import codec

# The newest format that all supported Pythons read, since the grader and the image of a container may differ.
FORMAT = 4
_REFERENCE = struct.Struct("<cBii")
_GENERATOR = struct.Struct("<cQ")


@dataclass(frozen=True, slots=True)
class Reference:
    """Stands for a value that stayed in the child.

    ``item`` is the index of a result of call ``call`` (-1: the single result), or, with ``after``, the index of one of its
    arguments as it was when the call had returned.
    """

    call: int
    item: int
    after: bool = False


@dataclass(frozen=True, slots=True)
class Generator:
    """Stands for ``numpy.random.default_rng(seed)``, made anew on the side of the child."""

    seed: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """Stands for a callable, which never crosses itself: it is made on the side of the child.

    ``source`` is a Python expression in which ``np`` is NumPy; called with ``constants``, its value gives the callable.
    """

    source: str
    constants: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Own:
    """Stands for the student's own function, under its name or else an alias: for the constants of a recipe."""

    name: str
    aliases: tuple[str, ...] = ()


def encode(value: Any) -> bytes:
    """Encode a request.

    Raises
    ------
    TypeError
        If it holds something that cannot be sent.
    """
    return marshal.dumps(_skeleton(value), FORMAT)


def decode(data: bytes) -> Any:
    """Decode a request as far as marshal does: what is left as bytes is for :func:`read`."""
    return marshal.loads(data)  # noqa: S302 - written by encode on the trusted side; see above


def _skeleton(value: Any) -> Any:
    """`value` with everything in the form of bytes that marshal does not know."""
    kind = type(value)
    if value is None or kind in (bool, int, float, complex, str):
        return value
    if kind in (tuple, list):
        return kind(map(_skeleton, value))
    if kind is dict:
        return {key: _skeleton(item) for key, item in value.items()}
    if isinstance(value, (np.ndarray, np.generic)):
        return _array(value)
    return _stand_in(value)


def _array(value: Any) -> bytes:
    data = codec.encode(value)
    if data[:1] != b"a":
        raise TypeError(f"an array of {value.dtype} cannot be sent to a submission")
    return data


def _stand_in(value: Any) -> bytes:
    kind = type(value)
    if kind is Reference:
        return _REFERENCE.pack(b"r", value.after, value.call, value.item)
    if kind is Generator:
        return _GENERATOR.pack(b"g", value.seed)
    if kind is Recipe:
        return b"k" + encode((value.source, value.constants))
    if kind is Own:
        return b"w" + encode((value.name, *value.aliases))
    raise TypeError(f"a value of type {kind.__name__} cannot be sent to a submission")


def read(data: bytes) -> Any:
    """Read what travelled as bytes: an array, or one of the classes above."""
    tag = data[0]
    if tag == 97:  # "a"; the commonest by far, so it is asked for first
        return codec.decode_array(data, 1)[0]
    if tag == 114:  # "r"
        _tag, after, call, item = _REFERENCE.unpack(data)
        return Reference(call, item, bool(after))
    if tag == 103:  # "g"
        return Generator(_GENERATOR.unpack(data)[1])
    if tag == 107:  # "k"
        return Recipe(*decode(data[1:]))
    name, *aliases = decode(data[1:])
    return Own(name, tuple(aliases))
