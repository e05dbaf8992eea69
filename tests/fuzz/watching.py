"""What a fuzzed reader may do with one input, and what of it is a finding."""

from __future__ import annotations

import resource
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

MOST_S = 1.0
MOST_BYTES = 200 * 1024 * 1024
# ru_maxrss counts KiB on Linux and bytes on macOS.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class Broken(Exception):  # noqa: N818 - it is what a fuzzer looks for
    """A reader let something through that it promises to keep out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One reader under fuzz: ``draw`` makes an input of a source of chance, ``read`` has it read, and raises for a broken promise."""

    name: str
    draw: Callable[[Random], Any]
    read: Callable[[Any], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An input that broke something: ``number`` makes it again, ``place`` tells two findings apart."""

    number: int
    place: str
    what: str
    given: Any


def chance_of(seed: int, number: int) -> Random:
    """The source of chance of one input: any of them can be made again without those before it."""
    return Random(f"{seed}/{number}")


def try_one(target: Target, given: Any, number: int = 0, most_s: float = MOST_S) -> Found | None:
    """Have one input read; None if all promises were kept. What was slow is read again: a first import or a busy machine is no finding."""
    found = _try_once(target, given, number, most_s)
    return _try_once(target, given, number, most_s) if found is not None and found.place == "slow" else found


def _try_once(target: Target, given: Any, number: int, most_s: float) -> Found | None:
    before, clock = _most_bytes(), time.process_time()
    try:
        target.read(given)
    except Exception as error:  # noqa: BLE001 - that is the finding
        return Found(number=number, place=f"{type(error).__name__} {_place(error)}", what=str(error)[:300], given=given)
    spent, grown = time.process_time() - clock, _most_bytes() - before
    if spent > most_s:
        return Found(number=number, place="slow", what=f"{spent:.1f} s", given=given)
    if grown > MOST_BYTES:
        return Found(number=number, place="large", what=f"{grown >> 20} MiB", given=given)
    return None


def run(
    target: Target, numbers: range, seed: int, until: float = float("inf"), most_s: float = MOST_S
) -> tuple[int, list[Found]]:
    """Try the inputs of these numbers, one of each kind of finding kept, until the wall clock says `until`; give how many were tried."""
    kept: dict[str, Found] = {}
    tried = 0
    for number in numbers:
        if time.monotonic() > until:
            break
        found = try_one(target, target.draw(chance_of(seed, number)), number, most_s)
        tried += 1
        if found is not None:
            kept.setdefault(found.place, found)
    return tried, list(kept.values())


def _most_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT


def _place(error: BaseException) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
