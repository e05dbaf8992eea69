"""When the last commit of a clone was made, read from its files.

``git log`` in a folder from a student obeys that folder's configuration, and more of it runs programs than a list of ``-c`` options can
switch off for good: ``gpg.program`` with ``log.showSignature``, a promisor remote with an ``ext::`` URL that is asked for a missing object,
whatever the next release adds. A repository's ``.git`` may also be a file that points elsewhere, and its alternates may. So no git is run:
the few formats are simple and do not change, and ten thousand clones take seconds.
"""

from __future__ import annotations

import re
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from grader.intake.places import folder_below, open_below
from grader.submission.candidate import Unusable

SHA = re.compile(r"[0-9a-f]{40}")
REFERENCE = re.compile(r"refs/[^\x00-\x20\x7f~^:?*\[\\]{1,200}")
COMMITTER = re.compile(rb"\ncommitter [^\n]*> (-?\d{1,12}) [+-]\d{4}\n")
MOST_BYTES = 1024 * 1024
PACKED_REFERENCES_BYTES = 16 * 1024 * 1024
# Git's own deltas of a commit have some dozens of bytes. Sixty of a MiB that copy nothing took half a minute to follow.
MOST_DELTA_BYTES = 32 * 1024
MOST_PACKS = 1000
MOST_STEPS = 60
COMMIT, OFFSET_DELTA, REFERENCE_DELTA = 1, 6, 7


def read_commit_time(folder: Path) -> datetime:
    """Give the time (UTC) of the last commit of the branch that is checked out in `folder`.

    Raises
    ------
    Unusable
        If it is not there or not in a format that is known; the sentence begins after the name of the folder.
    """
    try:
        commit = _read_object(folder, _head(folder))
        found = COMMITTER.search(commit.split(b"\n\n", 1)[0] + b"\n")
        if found is None:
            raise Unusable("has a last commit that is not readable")
        return datetime.fromtimestamp(int(found.group(1)), UTC)
    except (OSError, ValueError, IndexError, OverflowError, struct.error, zlib.error) as error:
        raise Unusable("has no commit that can be read") from error


def _head(folder: Path) -> str:
    """The hash of the commit that HEAD names."""
    name = "HEAD"
    for _ in range(5):
        text = _reference(folder, name)
        if SHA.fullmatch(text):
            return text
        name = text.removeprefix("ref:").strip()
        if not REFERENCE.fullmatch(name) or any(part in ("", ".", "..") for part in name.split("/")):
            break
    raise Unusable("has a HEAD that names no commit")


def _reference(folder: Path, name: str) -> str:
    try:
        with open_below(folder, ".git", *name.split("/")) as file:
            return file.read(4096).decode("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        if name == "HEAD":
            raise
    with open_below(folder, ".git", "packed-refs") as file:
        lines = file.read(PACKED_REFERENCES_BYTES).decode("utf-8", "replace").splitlines()
    return next((line[:40] for line in lines if line[41:] == name), "")


def _read_object(folder: Path, sha: str, steps: int = MOST_STEPS) -> bytes:
    if steps <= 0:
        raise Unusable("has a last commit that is packed too deeply")
    try:
        with open_below(folder, ".git", "objects", sha[:2], sha[2:]) as file:
            data = _inflate(file.read(MOST_BYTES))
        return data.split(b"\0", 1)[1]
    except (FileNotFoundError, NotADirectoryError):
        return _read_packed(folder, sha, steps)


def _inflate(data: bytes, limit: int = MOST_BYTES) -> bytes:
    return zlib.decompressobj().decompress(data, limit)


def _read_packed(folder: Path, sha: str, steps: int) -> bytes:
    packs = folder_below(folder, ".git", "objects", "pack")
    names = sorted(path.name for path in packs.iterdir() if path.name.endswith(".idx"))[:MOST_PACKS]
    for name in names:
        with open_below(folder, ".git", "objects", "pack", name) as index:
            offset = _find(index, bytes.fromhex(sha))
        if offset is not None:
            with open_below(folder, ".git", "objects", "pack", f"{name[:-4]}.pack") as pack:
                return _read_entry(folder, pack, offset, steps)
    raise Unusable("has no object for its last commit (a partial clone, or one that borrows from another)")


def _find(index: BinaryIO, sha: bytes) -> int | None:
    """The offset of an object in the pack of `index`, an index of version 2 (gitformat-pack)."""
    header = index.read(8 + 1024)
    if header[:8] != b"\xfftOc\0\0\0\2":
        raise Unusable("has a pack of a version that is not supported")
    fanout = struct.unpack(">256I", header[8:])
    low, high, count = (fanout[sha[0] - 1] if sha[0] else 0), fanout[sha[0]], fanout[255]
    while low < high:
        middle = (low + high) // 2
        index.seek(1032 + 20 * middle)
        found = index.read(20)
        if found == sha:
            index.seek(1032 + 24 * count + 4 * middle)
            (offset,) = struct.unpack(">I", index.read(4))
            if offset & 0x8000_0000:
                index.seek(1032 + 28 * count + 8 * (offset & 0x7FFF_FFFF))
                (offset,) = struct.unpack(">Q", index.read(8))
            return int(offset)
        low, high = (middle + 1, high) if found < sha else (low, middle)
    return None


def _read_entry(folder: Path, pack: BinaryIO, offset: int, steps: int) -> bytes:
    if steps <= 0:
        raise Unusable("has a last commit that is packed too deeply")
    pack.seek(offset)
    data = pack.read(MOST_BYTES)
    kind, at = (data[0] >> 4) & 7, 1
    while data[at - 1] & 0x80:
        at += 1
    if kind == OFFSET_DELTA:
        back, at = _distance(data, at)
        delta = _inflate(data[at:], MOST_DELTA_BYTES)
        return _patch(_read_entry(folder, pack, offset - back, steps - 1), delta)
    if kind == REFERENCE_DELTA:
        return _patch(_read_object(folder, data[at : at + 20].hex(), steps - 1), _inflate(data[at + 20 :], MOST_DELTA_BYTES))
    if kind != COMMIT:
        raise Unusable("has a HEAD that names no commit")
    return _inflate(data[at:])


def _distance(data: bytes, at: int) -> tuple[int, int]:
    back = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        back = ((back + 1) << 7) | (data[at] & 0x7F)
    return back, at + 1


def _patch(base: bytes, delta: bytes) -> bytes:
    at = _skip_size(delta, _skip_size(delta, 0))
    out = bytearray()
    while at < len(delta) and len(out) <= MOST_BYTES:
        code = delta[at]
        at += 1
        if not code & 0x80:
            out += delta[at : at + code]
            at += code
            continue
        numbers = [0, 0]
        for bit in range(7):
            if code & (1 << bit):
                numbers[bit // 4] |= delta[at] << (8 * (bit % 4))
                at += 1
        start, size = numbers[0], numbers[1] or 0x10000
        out += base[start : start + size]
    return bytes(out)


def _skip_size(delta: bytes, at: int) -> int:
    while delta[at] & 0x80:
        at += 1
    return at + 1
