"""Whose work it is: what a layout says of it, looked up in the roster. Nothing is guessed where two students fit."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from grader.classwork import Student
from grader.intake.places import Claim, KeyKind
from grader.intake.roster import identities

# What a folder may be named after, the surest first.
NAMED_AFTER = (KeyKind.ID, KeyKind.LOGIN, KeyKind.EMAIL, KeyKind.NAME, KeyKind.WORDS)
# What may be a part of the name of a folder, as in `hw1-ann`, which a full name in ten words would be by chance.
PART_OF_A_NAME = (KeyKind.ID, KeyKind.LOGIN, KeyKind.EMAIL)
SEPARATOR = re.compile(r"[-_ .()]+")
MOST_WORDS = 12
# A one-letter login would be a part of half of all names.
SHORTEST_PART = 3


@dataclass(slots=True)
class RosterIndex:
    """The students of a roster by all that they can be recognised by."""

    students: dict[str, Student] = field(default_factory=dict)
    ids: dict[tuple[KeyKind, str], set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Who a work belongs to: no student, one, or several, and the sentence about what is odd."""

    students: tuple[str, ...]
    doubt: str = ""


def index_roster(roster: Sequence[Student]) -> RosterIndex:
    """Index `roster`. Where it has no numbers of a platform, plain ids may be them: Canvas's and Moodle's are matched with those too."""
    index = RosterIndex(students={student.id: student for student in roster})
    for student in roster:
        for kind, value in identities(student):
            for key in _keys(kind, value):
                index.ids[key].add(student.id)
    kinds = {kind for kind, _ in index.ids}
    for kind in (KeyKind.CANVAS, KeyKind.PARTICIPANT):
        if kind not in kinds:
            for student in roster:
                index.ids[kind, _plain(student.id)].add(student.id)
    return index


def match(claim: Claim, index: RosterIndex) -> Match:
    """Say who of the roster the work of `claim` belongs to.

    The first key that anybody has decides. A number of a platform must not contradict the name beside it: a team's number can be that of
    a student who has nothing to do with it.
    """
    doubt = ""
    for kind, value in claim.keys:
        found = _fitting(kind, value, index)
        if len(found) == 1 and kind in (KeyKind.CANVAS, KeyKind.PARTICIPANT) and _contradicts(claim, index.students[found[0]]):
            doubt = f"has the number of {found[0]} but another name; it may be the work of a team"
        elif found:
            return Match(students=found)
    return Match(students=(), doubt=doubt)


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, without case and accents, the last name first if a comma says which it is."""
    flat = "".join(one for one in unicodedata.normalize("NFKD", name).casefold() if not unicodedata.combining(one))
    return tuple(re.findall(r"[^\W_]+", flat))


def _fitting(kind: KeyKind, value: str, index: RosterIndex) -> tuple[str, ...]:
    if kind is not KeyKind.ANY:
        return tuple(sorted(_look_up((kind,), value, index)))
    whole = _look_up(NAMED_AFTER, value, index)
    if whole:
        return tuple(sorted(whole))
    parts: set[str] = set()
    taken: list[tuple[int, int]] = []
    for start, end in _parts(value):
        # The login ann-lee in hw1-ann-lee is not also ann's.
        if not any(first <= start and end <= last for first, last in taken):
            here = _look_up(PART_OF_A_NAME, value[start:end], index)
            parts |= here
            taken += [(start, end)] if here else []
    return tuple(sorted(parts))


def _look_up(kinds: tuple[KeyKind, ...], value: str, index: RosterIndex) -> set[str]:
    for kind in kinds:
        for key in _keys(kind, value, lookup=True):
            if found := index.ids.get(key):
                return found
    return set()


def _keys(kind: KeyKind, value: str, *, lookup: bool = False) -> Iterator[tuple[KeyKind, str]]:
    if kind is KeyKind.NAME:
        words = words_of(value)
        if not words:
            return
        yield KeyKind.NAME, " ".join(sorted(words))
        if not lookup:
            # "Doe, Jane" is janedoe and doejane; of more words, any may be the first of the last name.
            for turn in range(min(len(words), MOST_WORDS)):
                yield KeyKind.WORDS, "".join(words[turn:] + words[:turn])
    elif kind is KeyKind.WORDS:
        if letters := "".join(words_of(value)):
            yield KeyKind.WORDS, letters
    elif plain := _plain(value):
        yield kind, plain
        if kind is KeyKind.EMAIL and not lookup and "@" in plain:
            yield kind, plain.split("@")[0]


def _parts(value: str) -> list[tuple[int, int]]:
    """Where a login could stand in the name of a folder: every run of whole words of it, the longest first."""
    bounds = [found.span() for found in SEPARATOR.finditer(value)][:MOST_WORDS]
    starts = [0, *(end for _, end in bounds)]
    ends = [*(start for start, _ in bounds), len(value)]
    runs = [(start, end) for start in starts for end in ends if end - start >= SHORTEST_PART]
    return sorted(runs, key=lambda run: (run[0] - run[1], run))


def _contradicts(claim: Claim, student: Student) -> bool:
    if not claim.name or not student.name:
        return False
    claimed, known = "".join(words_of(claim.name)), words_of(student.name)
    return bool(claimed and known) and not any(word in claimed for word in known)


def _plain(value: str) -> str:
    return unicodedata.normalize("NFC", value).strip().casefold()
