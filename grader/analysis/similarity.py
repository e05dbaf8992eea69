"""Works that are more alike than others of the class: evidence to be looked at by a person, never a verdict.

Names, comments, texts and layout do not count (see ``grader.analysis.fingerprints``), so that renaming and reformatting hide nothing; what
stands in the stub does not count either, nor what many of the class share, since a formula has few right forms. What is left and shared
by two works is rare; how much of it two works share is what is shown.

Works that are nearly the same are put together first, and count as one when it is asked what is common: else a work that a third of the
class has copied would look like how one writes it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from grader.analysis.fingerprints import Marks, all_marks, marks_of

# What more than this share of the class has, and more than FEW, is how one writes it; so is what more than MANY have, in a large one.
COMMON_SHARE = 0.1
FEW = 5
MANY = 30
# What most of the class has says nothing about who belongs together: a file that came with the exercise, a formula with one form.
MOST_SHARE = 0.5
# Works with fewer rare fingerprints than this are too short to compare.
ENOUGH = 8
SHOWN_FROM = 0.5
MOST_PAIRS = 1000
# Of two works, the share of all fingerprints of either from which they are nearly the same. Independent right answers to the exercises of
# the default course come to 0.15 at most.
NEAR = 0.7
# By 24 times 5 minima, two works of that share meet with a probability of 0.988 (A. Broder, "On the resemblance and containment of
# documents", 1997; the bands are those of J. Leskovec et al., "Mining of Massive Datasets", section 3.4).
BANDS, ROWS = 24, 5
MOST_CANDIDATES = 16
# Bounds the memory for what pairs of works share: 8 bytes each, a few times over.
MOST_SHARED = 5_000_000


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
    """Works that are the same, or nearly so, but for names, comments and layout.

    ``share`` is the least part of the smaller one that any of them shares with the first, 1 where all are the same; ``fingerprints`` is how
    many rare ones the first has.
    """

    names: tuple[str, ...]
    share: float
    fingerprints: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """What was found: groups, the largest first, and pairs that are in no group together, the most alike first."""

    works: int
    groups: tuple[Group, ...] = ()
    pairs: tuple[Pair, ...] = ()


@dataclass(slots=True)
class _Cluster:
    """Works that are nearly the same as one of them, the leader: forms by number, and the least share with it."""

    leader: int
    members: list[int]
    share: float = 1.0


class Similarity:
    """Takes one work after another, and keeps of each a few kilobytes of fingerprints."""

    def __init__(self, stubs: Iterable[str] = ()) -> None:
        given = [all_marks(stub) for stub in stubs]
        self.given: Marks = np.unique(np.concatenate(given)) if given else np.zeros(0, dtype=np.uint32)
        # Works that are the same are one form.
        self._names: dict[bytes, list[str]] = {}
        self._forms: list[Marks] = []

    def add(self, names: Iterable[str], files: Mapping[str, str]) -> None:
        """Take one work, its files by path, and those whose it is: several where they have handed in the same files."""
        found = [marks_of(text) for text in files.values()]
        marks = np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.uint32)
        marks = marks[~np.isin(marks, self.given, assume_unique=True)]
        same = hashlib.sha256(marks.tobytes()).digest()
        if same not in self._names:
            self._names[same] = []
            self._forms.append(marks)
        self._names[same].extend(names)

    def find(self) -> Alike:
        """Compare all with all."""
        names = list(self._names.values())
        works = sum(map(len, names))
        if not works:
            return Alike(works=0)
        clusters = _clustered(_without_most(self._forms))
        leaders = [self._forms[cluster.leader] for cluster in clusters]
        rare, shared = _compared(leaders)
        groups = [
            Group(names=members, share=cluster.share, fingerprints=int(size))
            for cluster, size in zip(clusters, rare, strict=True)
            if size >= ENOUGH and len(members := tuple(name for form in cluster.members for name in names[form])) > 1
        ]
        pairs = [
            Pair(first=names[clusters[one].leader][0], second=names[clusters[other].leader][0], share=share, fingerprints=count)
            for one, other, share, count in shared
        ]
        groups.sort(key=lambda group: (-len(group.names), -group.fingerprints, group.names))
        pairs.sort(key=lambda pair: (-pair.share, -pair.fingerprints, pair.first, pair.second))
        return Alike(works=works, groups=tuple(groups), pairs=tuple(pairs[:MOST_PAIRS]))


def _without_most(forms: Sequence[Marks]) -> list[Marks]:
    """The fingerprints that tell works apart: those that most of them share left out."""
    marks, counts = np.unique(np.concatenate(forms), return_counts=True)
    most = marks[counts > max(FEW, MOST_SHARE * len(forms))]
    return [form[~np.isin(form, most, assume_unique=True)] for form in forms]


def _clustered(forms: Sequence[Marks]) -> list[_Cluster]:
    """Put each form to the leader that it is nearly the same as, or make it one: a chain of likenesses never makes a group."""
    clusters: list[_Cluster] = []
    by_band: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    factors = np.random.default_rng(0).integers(0, 2**64, BANDS * ROWS, dtype=np.uint64) | np.uint64(1)
    for number, form in enumerate(forms):
        bands = _bands(form, factors) if len(form) >= ENOUGH else []
        candidates = dict.fromkeys(cluster for band in bands for cluster in by_band.get(band, ()))
        near = [(_resemblance(form, forms[clusters[one].leader]), one) for one in candidates]
        resemblance, best = max(near, default=(0.0, 0))
        if resemblance >= NEAR:
            cluster = clusters[best]
            cluster.members.append(number)
            cluster.share = min(cluster.share, _contained(form, forms[cluster.leader]))
            continue
        clusters.append(_Cluster(number, [number]))
        for band in bands:
            if len(by_band[band]) < MOST_CANDIDATES:
                by_band[band].append(len(clusters) - 1)
    return clusters


def _bands(form: Marks, factors: NDArray[np.uint64]) -> list[tuple[int, bytes]]:
    """The minima of a set under some orders, a few at a time: the more two sets share, the more often they agree in all of a few."""
    minima = ((form[:, None].astype(np.uint64) * factors) >> np.uint64(32)).min(axis=0).astype(np.uint32)
    return [(band, minima[band * ROWS : (band + 1) * ROWS].tobytes()) for band in range(BANDS)]


def _resemblance(one: Marks, other: Marks) -> float:
    both = _in_both(one, other)
    return both / (len(one) + len(other) - both)


def _contained(one: Marks, other: Marks) -> float:
    return _in_both(one, other) / min(len(one), len(other))


def _in_both(one: Marks, other: Marks) -> int:
    return len(np.intersect1d(one, other, assume_unique=True))


def _compared(forms: Sequence[Marks]) -> tuple[NDArray[np.int64], list[tuple[int, int, float, int]]]:
    """How many rare fingerprints each form has, and who shares enough of them: both numbers, the share, how many."""
    marks = np.concatenate(forms)
    owners = np.repeat(np.arange(len(forms), dtype=np.int32), [len(form) for form in forms])
    # A stable order keeps the owners of one mark in theirs.
    order = np.argsort(marks, kind="stable")
    marks, owners = marks[order], owners[order]
    starts = np.flatnonzero(np.r_[True, marks[1:] != marks[:-1]]) if len(marks) else np.zeros(0, dtype=np.int64)
    counts = np.diff(np.r_[starts, len(marks)])
    bound = int(min(MANY, max(FEW, COMMON_SHARE * len(forms))))
    bound, both = _pairs_by_mark(owners, starts, counts, bound, len(forms))
    sizes = np.bincount(owners[np.repeat(counts <= bound, counts)], minlength=len(forms))
    encoded, shared = np.unique(both, return_counts=True)
    one, other = np.divmod(encoded, len(forms))
    smaller = np.minimum(sizes[one], sizes[other])
    enough = (smaller >= ENOUGH) & (shared >= SHOWN_FROM * smaller)
    columns = (one[enough], other[enough], shared[enough] / smaller[enough], shared[enough])
    return sizes, list(zip(*(column.tolist() for column in columns), strict=True))


def _pairs_by_mark(
    owners: NDArray[np.int32], starts: NDArray[np.int64], counts: NDArray[np.int64], bound: int, forms: int
) -> tuple[int, NDArray[np.int64]]:
    """Each pair of owners of each mark that at most `bound` have, as one number; the rarest first, and no more than memory is for."""
    found: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    total = 0
    for count in range(2, bound + 1):
        firsts = starts[counts == count]
        total += len(firsts) * count * (count - 1) // 2
        if total > MOST_SHARED and count > FEW:
            return count - 1, np.concatenate(found)
        for one, other in combinations(range(count), 2):
            found.append(owners[firsts + one].astype(np.int64) * forms + owners[firsts + other])
    return bound, np.concatenate(found)
