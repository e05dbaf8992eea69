"""Where two works agree, so that a person can look at both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.analysis.fingerprints import K, Marks, located

Located = list[tuple[int, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Lines of one file, counted from 1, both included."""

    path: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A place where two works are the same but for names, comments and layout, in either; ``tokens`` is how long it is."""

    first: Passage
    second: Passage
    tokens: int


def agreements(one: Mapping[str, str], other: Mapping[str, str], given: Marks, *, most: int = 3) -> tuple[Agreement, ...]:
    """The longest places where two works agree. `given` are the fingerprints of the stubs, which do not count.

    What occurs more than once in the second work is found at its first place alone.
    """
    not_counted = frozenset(given.tolist())
    theirs = {path: located(text) for path, text in other.items()}
    places: dict[int, tuple[str, int]] = {}
    for path, marks in theirs.items():
        for at, (mark, _first, _last) in enumerate(marks):
            places.setdefault(mark, (path, at))
    found = [agreement for path, text in one.items() for agreement in _in_file(path, located(text), places, theirs, not_counted)]
    return tuple(sorted(found, key=lambda place: (-place.tokens, place.first.path, place.first.first))[:most])


def _in_file(
    path: str, mine: Located, places: Mapping[int, tuple[str, int]], theirs: Mapping[str, Located], given: frozenset[int]
) -> Iterator[Agreement]:
    """Runs of one file that stand in the other work too, each as long as it goes."""
    at = 0
    while at < len(mine):
        mark = mine[at][0]
        if mark in given or mark not in places:
            at += 1
            continue
        their_path, their_at = places[mark]
        run = _run(mine, at, theirs[their_path], their_at, given)
        yield Agreement(
            first=Passage(path=path, first=mine[at][1], last=mine[at + run - 1][2]),
            second=Passage(path=their_path, first=theirs[their_path][their_at][1], last=theirs[their_path][their_at + run - 1][2]),
            tokens=run + K - 1,
        )
        at += run


def _run(mine: Located, at: int, theirs: Located, their_at: int, given: frozenset[int]) -> int:
    """How far two works go on together from two places; the end of it is the students' own."""
    length = 0
    for offset in range(min(len(mine) - at, len(theirs) - their_at)):
        mark = mine[at + offset][0]
        if mark != theirs[their_at + offset][0]:
            break
        if mark not in given:
            length = offset + 1
    return length
