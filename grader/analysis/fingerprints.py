"""What is left of a source when names, texts, comments and layout are taken away, as numbers that can be compared: winnowing [1]_.

It reads tokens by one expression instead of Python's tokenizer, which takes ten times as long and refuses what is no Python.

References
----------
.. [1] S. Schleimer, D. S. Wilkerson, A. Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003.
"""

from __future__ import annotations

import hashlib
import keyword
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

# A run of K tokens is the shortest that is noticed, and one of K + WINDOW - 1 is never missed [1].
K = 14
WINDOW = 6

# Names that mean something wherever they stand, and those that do as an attribute. All others are one and the same.
KEPT_NAMES = frozenset({*keyword.kwlist, *("abs", "enumerate", "len", "max", "min", "range", "sum", "zip")})
KEPT_ATTRIBUTES = frozenset(
    {
        *("sum", "mean", "var", "std", "exp", "log", "sqrt", "dot", "matmul", "maximum", "minimum", "where", "zeros", "ones"),
        *("random", "randn", "rand", "normal", "uniform", "reshape", "transpose", "T", "copy", "astype", "shape", "argmax"),
        *("abs", "max", "min", "clip", "tanh", "einsum", "newaxis", "zeros_like", "ones_like", "power", "square", "get", "pop"),
    }
)
# Nothing in it goes back over what it has taken (the plus after a star), so no text makes it slow.
LEXEME = re.compile(
    r"""
    \#[^\n]*+
    | [rRbBfFuU]{0,2}(?: \"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3})?+ | '{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?+
                       | "(?:[^"\\\n]|\\.)*+"?+ | '(?:[^'\\\n]|\\.)*+'?+ )
    | \.?\d(?:[eE][+-]\d|[\w.])*+
    | (?:\.[ \t]*+)?[^\W\d]\w*+
    | \*\*=? | //=? | >>=? | <<=? | -> | [-+*/%@&|^=!<>:]=
    | \S
    """,
    re.VERBOSE | re.DOTALL,
)
IGNORED = 0
Marks = NDArray[np.uint32]


@lru_cache(maxsize=50_000)
def _number(lexeme: str) -> int:
    """The number of a lexeme, by what it means. Python's own hash of a text differs from process to process."""
    meaning = _meaning(lexeme)
    if not meaning:
        return IGNORED
    return int.from_bytes(hashlib.blake2b(meaning.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") | 1


def _meaning(lexeme: str) -> str:
    """What a lexeme is taken for; empty for what does not count."""
    # Commas and semicolons come and go with the layout.
    if lexeme[0] == "#" or "'" in lexeme or '"' in lexeme or lexeme in ",;\\":
        return ""
    if lexeme[0] == "." and len(lexeme) > 1 and not lexeme[1].isdigit():
        name = lexeme[1:].strip()
        return f".{name}" if name in KEPT_ATTRIBUTES else ".N"
    if lexeme.isidentifier():
        return lexeme if lexeme in KEPT_NAMES else "N"
    if lexeme[-1].isalnum() or lexeme[0].isdigit():
        return _plain(lexeme)
    return lexeme


def _plain(lexeme: str) -> str:
    """A number, however it is written."""
    try:
        return repr(float(lexeme))
    except ValueError:
        return lexeme


def marks_of(text: str) -> Marks:
    """The winnowed fingerprints of a source, each once, in order."""
    grams = _grams(_numbers(LEXEME.findall(text))[0])
    return np.unique(grams[_chosen(grams)])


def all_marks(text: str) -> Marks:
    """Every fingerprint that a source can have in whatever surroundings: more than winnowing chooses."""
    return np.unique(_grams(_numbers(LEXEME.findall(text))[0]))


def located(text: str) -> list[tuple[int, int, int]]:
    """Every fingerprint in a source, in order, with the first and the last line of its tokens, counted from 1."""
    found = list(LEXEME.finditer(text))
    numbers, kept = _numbers([match.group() for match in found])
    newlines = np.array([at for at, character in enumerate(text) if character == "\n"], dtype=np.int64)
    starts = np.array([match.start() for match in found], dtype=np.int64)[kept]
    lines = (np.searchsorted(newlines, starts) + 1).tolist()
    return [(mark, lines[at], lines[at + K - 1]) for at, mark in enumerate(_grams(numbers).tolist())]


def _numbers(lexemes: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """The numbers of what counts, and which of the lexemes these are."""
    numbers = np.fromiter(map(_number, lexemes), dtype=np.uint64, count=len(lexemes))
    kept: NDArray[np.bool_] = numbers != IGNORED
    return numbers[kept], kept


def _grams(numbers: NDArray[np.uint64]) -> Marks:
    """A hash of each run of K tokens; 32 bits are enough for some millions, and halve what a class takes."""
    count = max(0, len(numbers) - K + 1)
    total = np.zeros(count, dtype=np.uint64)
    base = np.uint64(0x9E3779B97F4A7C15)
    for offset in range(K):
        # Arithmetic on 64 bits that wraps around.
        total = total * base + numbers[offset : offset + count]
    total ^= total >> np.uint64(32)
    total *= np.uint64(0xD6E8FEB86659FD93)
    return (total >> np.uint64(32)).astype(np.uint32)


def _chosen(grams: Marks) -> NDArray[np.int64]:
    """Where the smallest of each window stands, the rightmost of equal ones, each place once, as the paper says."""
    if len(grams) < WINDOW:
        return np.zeros(0, dtype=np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(grams, WINDOW)[:, ::-1]
    places = np.arange(len(windows)) + WINDOW - 1 - windows.argmin(axis=1)
    chosen: NDArray[np.int64] = np.unique(places)
    return chosen
