"""Bend bytes and values: what a hand that knows the format does, and what bad luck does."""

from __future__ import annotations

import math
import struct
from random import Random
from typing import Any

import numpy as np

from grader.sandbox.inside import codec

NUMBERS = (
    0,
    1,
    2,
    3,
    4,
    7,
    8,
    31,
    32,
    33,
    127,
    128,
    255,
    256,
    4095,
    4096,
    4097,
    2**16,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**40,
    2**63 - 1,
    2**64 - 1,
)
FLOATS = (0.0, -0.0, 1.0, -1.0, 1e-310, 1e-100, 1e99, 1e100, 1e154, 1e200, 1.7e308, math.inf, -math.inf, math.nan)
WORDS = (
    "",
    "returned",
    "raised",
    "count",
    "missing",
    "not_implemented",
    "blocked",
    "loaded",
    "list",
    "ndarray",
    "overflow",
    "a.py",
    "\ud7ff\x00\x1b[2J",
    "٣",
    "9" * 5000,
)
PACKINGS = ("<B", "<H", "<I", "<Q", ">H", ">I", ">Q")


def bend_bytes(rng: Random, data: bytes, tokens: tuple[bytes, ...] = (), most: int = 4) -> bytes:
    """Change bytes in up to `most` places: flips, cuts, doublings, numbers at the edge of their range, words of the format."""
    out = bytearray(data)
    for _ in range(rng.randint(1, most)):
        at, kind = rng.randint(0, len(out)), rng.randrange(7)
        if kind == 0 and at < len(out):
            out[at] ^= 1 << rng.randrange(8)
        elif kind == 1 and at < len(out):
            out[at] = rng.randrange(256)
        elif kind == 2:
            del out[at : at + rng.choice((1, 2, 4, 8, rng.randint(1, 64)))]
        elif kind == 3:
            piece = out[at : at + rng.randint(1, 64)]
            out[at:at] = piece * rng.choice((1, 1, 2, 20))
        elif kind == 4:
            packing = rng.choice(PACKINGS)
            number = struct.pack(packing, rng.choice(NUMBERS) % (1 << 8 * struct.calcsize(packing)))
            out[at : at + len(number)] = number
        elif kind == 5 and tokens:
            token = rng.choice(tokens)
            out[at : at + rng.choice((0, len(token)))] = token
        else:
            del out[at:]
    return bytes(out)


def odd_value(rng: Random, depth: int = 0) -> Any:
    """Any value that crosses, the odd ones more often."""
    kind = rng.randrange(12 if depth < 4 else 9)
    if kind < 4:
        return odd_array(rng)
    if kind == 4:
        return rng.choice((None, True, False, rng.choice(NUMBERS) - 2**63 if rng.random() < 0.5 else rng.randint(-9, 9)))
    if kind == 5:
        return rng.choice(FLOATS)
    if kind == 6:
        return rng.choice((complex(rng.choice(FLOATS), rng.choice(FLOATS)), codec.Opaque(rng.choice(WORDS))))
    if kind == 7:
        return rng.choice(WORDS) * rng.choice((1, 1, 1, 1000))
    if kind == 8:
        return codec.Oversized(rng.choice(("<f8", "<f4", "?")), tuple(rng.choice(NUMBERS) for _ in range(rng.choice((0, 1, 2, 32)))))
    many = rng.choice((0, 1, 2, 3, 5)) if rng.random() < 0.98 else 300
    items = [odd_value(rng, depth + 1 + many // 100 * 4) for _ in range(many)]
    if kind == 9:
        return {rng.choice(WORDS) + str(index): item for index, item in enumerate(items)}
    return items if kind == 10 else tuple(items)


def odd_array(rng: Random, shape: tuple[int, ...] | None = None) -> Any:
    """An array of any dtype that crosses, of ordinary or extreme content; its raw bytes may be signalling NaNs."""
    if shape is None:
        shape = tuple(rng.choice((0, 1, 1, 2, 3, 4, 5)) for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4))))
        if rng.random() < 0.02:
            shape = rng.choice(((1,) * 32, (0,) * 32, (0, 2**30), (3000,)))
    dtype = codec.DTYPES[rng.choice("?bBhHiIqQefdFDdddff")]
    size = math.prod(shape)
    kind = rng.randrange(4)
    with np.errstate(all="ignore"):
        if kind == 0:
            raw = rng.randbytes(size * dtype.itemsize)
            return np.frombuffer(raw, dtype).reshape(shape) if dtype.kind != "b" else np.zeros(shape, dtype)
        if kind == 1:
            return np.full(shape, rng.choice(FLOATS), np.float64).astype(dtype)
        values = [rng.choice(FLOATS) if kind == 2 else rng.gauss(0, 1) for _ in range(size)]
        return np.array(values, np.float64).reshape(shape).astype(dtype)


def bend_value(rng: Random, value: Any, rate: float = 0.3) -> Any:
    """The value with some of its parts exchanged; arrays keep their shape more often than not, so that they come far."""
    if rng.random() < rate / 3:
        return odd_value(rng)
    if isinstance(value, (list, tuple)):
        items = [bend_value(rng, item, rate) for item in value]
        if rng.random() < rate / 6:
            items = rng.choice((items[1:], items * 2, [*items, odd_value(rng)]))
        return type(value)(items)
    if isinstance(value, dict):
        return {key: bend_value(rng, item, rate) for key, item in value.items() if rng.random() > rate / 10}
    if isinstance(value, np.ndarray) and rng.random() < rate:
        return _bent_array(rng, value)
    return odd_value(rng) if rng.random() < rate / 2 else value


def _bent_array(rng: Random, value: np.ndarray[Any, Any]) -> Any:
    kind = rng.randrange(4)
    if kind == 0:
        return odd_array(rng, value.shape)
    if kind == 1:
        return rng.choice((value[None], value.ravel(), value.T, value.ravel()[:0], value.ravel()[:1]))
    with np.errstate(all="ignore"):
        if kind == 2:
            return value.astype(codec.DTYPES[rng.choice("?bBhHiIqQefdFD")])
        changed = value.copy()
        if changed.size:
            changed.flat[rng.randrange(changed.size)] = np.float64(rng.choice(FLOATS)).astype(changed.dtype)
        return changed
