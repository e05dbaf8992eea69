"""Findings whose inputs are too large to be kept as files: each is made here of what made it slow or large."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable

from tests.fuzz.handed_in import CODE, Files
from tests.fuzz.submissions import Given

SHA = "ab" + "c" * 38


def zipped(entries: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of these entries."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries:
            file.writestr(name, data)
    return memory.getvalue()


def accents_in_a_wrong_order() -> Given:
    """Normalizing takes time that grows with the square of the length of a name, and a zip may have names of 64 KiB."""
    name = "a" + "\u0315\u0300" * 7000
    return Given(kind="zip", files={b"a.zip": zipped((f"{number}{name}.py", CODE) for number in range(20))})


def files_that_break_off_at_their_end() -> Given:
    """Every one is read and decoded to its last byte, and what was in vain did not count."""
    data = b"# coding: euc-jp\n" + b"a" * 250_000 + b"\xff\xff"
    return Given(kind="zip", files={b"a.zip": zipped((f"q{number}.py", data) for number in range(600))})


def entries_with_wrong_checksums() -> Given:
    """What fails its checksum was unpacked in vain, and did not count."""
    data = bytearray(zipped((f"q{number}.py", b"\n" * 262_000) for number in range(2000)))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 16] ^= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return Given(kind="zip", files={b"a.zip": bytes(data)})


def twins_in_twenty_zips() -> Given:
    """The same notebooks in many zips of one student were all unpacked, to be compared with each other."""
    book = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode() + b" " * 8_000_000
    one = zipped((f"n{number}.ipynb", book) for number in range(12))
    return Given(kind="class", files={b"ann/%d.zip" % number: one for number in range(19)} | {b"bob/a.py": CODE})


def deltas_that_copy_nothing() -> Given:
    """A chain of deltas of a MiB each, every byte of which is an instruction that does nothing."""
    delta = zlib.compress(b"\x10\x10" + b"\x80" * 1_000_000)
    body = b"PACK\0\0\0\2\0\0\0\1"
    first = len(body)
    body += b"\x90\x01" + zlib.compress(b"")
    before = first
    for _ in range(55):
        back, at = before, len(body)
        body += b"\xe0\x01" + _distance(at - back) + delta
        before = at
    fanout = b"".join((1 if number >= 0xAB else 0).to_bytes(4, "big") for number in range(256))
    index = b"\xfftOc\0\0\0\2" + fanout + bytes.fromhex(SHA) + b"\0" * 4 + before.to_bytes(4, "big")
    packs = b"ann/.git/objects/pack/p."
    files: Files = {b"ann/a.py": CODE, b"ann/.git/HEAD": SHA.encode(), packs + b"idx": index, packs + b"pack": body}
    return Given(kind="clone", files=files)


def _distance(back: int) -> bytes:
    out = [back & 0x7F]
    back >>= 7
    while back:
        back -= 1
        out.insert(0, 0x80 | (back & 0x7F))
        back >>= 7
    return bytes(out)


def a_hundred_thousand_headings() -> Given:
    """Every heading was looked for among all others."""
    return Given(kind="table", files={b"roster.csv": ",".join(map(str, range(100_000))).encode() + b"\n"})


GROWN: dict[str, Callable[[], Given]] = {
    make.__name__: make
    for make in (
        accents_in_a_wrong_order,
        files_that_break_off_at_their_end,
        entries_with_wrong_checksums,
        twins_in_twenty_zips,
        deltas_that_copy_nothing,
        a_hundred_thousand_headings,
    )
}
