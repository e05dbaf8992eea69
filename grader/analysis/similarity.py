"""Works that are more alike than others of the class: evidence to be looked at by a person, never a verdict.

Fingerprints of the token stream, chosen by winnowing [1]_: names, comments, docstrings and layout do not count, so that renaming and
reformatting hide nothing; what stands in the stub does not count either, nor what many of the class share, since a formula has few
right forms. What is left and shared by two works is rare; how much of it two works share is what is shown.

References
----------
.. [1] S. Schleimer, D. S. Wilkerson, A. Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import keyword
import tokenize
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

# A run of K tokens is the shortest that is noticed, and one of K + WINDOW - 1 is never missed [1].
K = 14
WINDOW = 6
# What more than this share of the class has, and more than FEW, is how one writes it.
COMMON_SHARE = 0.1
FEW = 5
# Works with fewer rare fingerprints than this are too short to compare.
ENOUGH = 8
SHOWN_FROM = 0.5
MOST_PAIRS = 100

# Names that mean something by themselves; all others are one and the same.
KEPT_NAMES = frozenset(
    {
        *("sum", "mean", "var", "std", "exp", "log", "sqrt", "dot", "matmul", "maximum", "minimum", "where", "zeros", "ones"),
        *("random", "randn", "rand", "normal", "uniform", "reshape", "transpose", "T", "axis", "keepdims", "range", "len", "zip"),
        *("enumerate", "abs", "max", "min", "copy", "astype", "shape", "argmax", "clip", "tanh", "einsum", "newaxis"),
    }
)
IGNORED = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Lines of one file, counted from 1, both included."""

    path: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two works that share what few others have.

    ``share`` is the part of the smaller one's rare fingerprints that the other has; ``fingerprints`` is how many that is.
    """

    first: str
    second: str
    share: float
    fingerprints: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Works that are the same but for names, comments and layout."""

    names: tuple[str, ...]
    fingerprints: int


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    line: int


class Similarity:
    """Takes one work after another, and keeps of each a few kilobytes of fingerprints."""

    def __init__(self, stubs: Iterable[str] = ()) -> None:
        self.given = frozenset(mark for stub in stubs for mark, _first, _last in fingerprints(stub))
        # Works that are the same are one, so that copying by many does not make what was copied look common.
        self._names: dict[bytes, list[str]] = {}
        self._marks: list[array[int]] = []

    def add(self, name: str, files: Mapping[str, str]) -> None:
        """Take one work: its files by path."""
        marks = array("Q", sorted({mark for text in files.values() for mark, _first, _last in fingerprints(text)} - self.given))
        same = hashlib.sha256(marks.tobytes()).digest()
        if same not in self._names:
            self._names[same] = []
            self._marks.append(marks)
        self._names[same].append(name)

    def groups(self) -> tuple[Group, ...]:
        """Works that are the same, the largest groups first; what is too short to say anything is left out."""
        same = [
            Group(names=tuple(names), fingerprints=len(marks))
            for names, marks in zip(self._names.values(), self._marks, strict=True)
            if len(names) > 1 and len(marks) >= ENOUGH
        ]
        return tuple(sorted(same, key=lambda group: (-len(group.names), group.names)))

    def pairs(self) -> tuple[Pair, ...]:
        """The pairs that share at least half of what is rare in the smaller one, the most alike first.

        Of works that are the same, the first stands for all.
        """
        owners: dict[int, list[int]] = defaultdict(list)
        for work, marks in enumerate(self._marks):
            for mark in marks:
                owners[mark].append(work)
        bound = max(FEW, COMMON_SHARE * len(self._marks))
        shared: Counter[tuple[int, int]] = Counter()
        sizes: Counter[int] = Counter()
        for works in owners.values():
            if len(works) <= bound:
                sizes.update(works)
                shared.update(itertools.combinations(works, 2))
        names = [own[0] for own in self._names.values()]
        found = [
            Pair(first=names[one], second=names[other], share=count / min(sizes[one], sizes[other]), fingerprints=count)
            for (one, other), count in shared.items()
            if min(sizes[one], sizes[other]) >= ENOUGH and count >= SHOWN_FROM * min(sizes[one], sizes[other])
        ]
        found.sort(key=lambda pair: (-pair.share, -pair.fingerprints, pair.first, pair.second))
        return tuple(found[:MOST_PAIRS])


def passages(one: Mapping[str, str], other: Mapping[str, str], given: frozenset[int] = frozenset()) -> tuple[tuple[Passage, Passage], ...]:
    """The longest places where two works agree, in the first and in the second; `given` are the fingerprints of the stubs."""
    mine, theirs = _places(one), _places(other)
    return tuple(_joined([(mine[mark], theirs[mark]) for mark in mine if mark in theirs and mark not in given]))


def _places(files: Mapping[str, str]) -> dict[int, Passage]:
    """Where each fingerprint stands first."""
    places: dict[int, Passage] = {}
    for path, text in files.items():
        for mark, first, last in fingerprints(text):
            places.setdefault(mark, Passage(path=path, first=first, last=last))
    return places


def fingerprints(text: str) -> Iterator[tuple[int, int, int]]:
    """The winnowed fingerprints of a source, each with the first and last line of the tokens that it stands for."""
    tokens = list(_tokens(text))
    grams = [_hash(tokens[at : at + K]) for at in range(len(tokens) - K + 1)]
    chosen = -1
    for start in range(len(grams) - WINDOW + 1):
        window = grams[start : start + WINDOW]
        least = min(window)
        # The rightmost of the smallest, and each place once, as the paper says.
        at = start + WINDOW - 1 - window[::-1].index(least)
        if at != chosen:
            chosen = at
            yield grams[at], tokens[at].line, tokens[at + K - 1].line


def _tokens(text: str) -> Iterator[_Token]:
    """What a program does, token by token, as far as it can be read."""
    begins_statement = True
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in IGNORED:
                begins_statement = begins_statement or token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
                continue
            # A statement that begins with a text is a docstring, or as good as a comment.
            is_comment = token.type == tokenize.STRING and begins_statement
            begins_statement = False
            if not is_comment:
                yield _Token(_normal(token), token.start[0])
    except (tokenize.TokenError, SyntaxError):
        # What cannot be read as Python any more is left out: a crashed file has no more to compare.
        return


def _normal(token: tokenize.TokenInfo) -> str:
    if token.type == tokenize.NAME and not keyword.iskeyword(token.string) and token.string not in KEPT_NAMES:
        return "N"
    return "S" if token.type == tokenize.STRING else token.string


def _hash(tokens: list[_Token]) -> int:
    # Python's own hash of a text differs from process to process.
    data = "\0".join(token.text for token in tokens).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def _joined(both: list[tuple[Passage, Passage]], most: int = 3) -> list[tuple[Passage, Passage]]:
    """Neighbouring places put together; the longest few."""
    joined: list[tuple[Passage, Passage]] = []
    for mine, theirs in sorted(both, key=lambda pair: (pair[0].path, pair[0].first, pair[1].first)):
        if joined and _touches(joined[-1][0], mine) and _touches(joined[-1][1], theirs):
            joined[-1] = (_union(joined[-1][0], mine), _union(joined[-1][1], theirs))
        else:
            joined.append((mine, theirs))
    return sorted(joined, key=lambda pair: (pair[0].first - pair[0].last, pair[0].path, pair[0].first))[:most]


def _touches(before: Passage, after: Passage) -> bool:
    return before.path == after.path and before.first <= after.first <= before.last + 2


def _union(before: Passage, after: Passage) -> Passage:
    return Passage(path=before.path, first=before.first, last=max(before.last, after.last))
