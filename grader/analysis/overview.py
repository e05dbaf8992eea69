"""What a class report says, as values: made by ``grader.analysis.gather``, shown by ``grader.report.class_page``."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from grader.analysis.items import Item, NamedMistake, Standing
from grader.analysis.passages import Agreement
from grader.analysis.similarity import Alike, Group, Pair

BINS = 10
FULL = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """Percentages of some students: how many there are, how many in each tenth (the last one with 100), and between which the quarters lie.

    ``quartiles`` are interpolated, both ends included (Hyndman and Fan's type 7); None for fewer than two students.
    """

    count: int
    bins: tuple[int, ...]
    full: int
    quartiles: tuple[Fraction, Fraction, Fraction] | None


def distribution_of(percents: Iterable[Fraction]) -> Distribution:
    """Count percentages from 0 to 100; what is above, by hand or by extra points, counts as 100."""
    values = sorted(percents)
    bins = [0] * BINS
    for value in values:
        bins[min(BINS - 1, max(0, int(value * BINS / FULL)))] += 1
    quartiles = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else None
    return Distribution(
        count=len(values),
        bins=tuple(bins),
        full=sum(value >= FULL for value in values),
        quartiles=(quartiles[0], quartiles[1], quartiles[2]) if quartiles else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Low:
    """One of the lowest totals, in percent, the functions that were begun and are not right, and how many were not begun."""

    student: str
    percent: Fraction
    stuck_on: tuple[str, ...] = ()
    not_begun: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A place where two works agree, with the lines of both."""

    place: Agreement
    first: tuple[str, ...]
    second: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """A group or a pair that is shown, and where its first two works agree most."""

    found: Group | Pair
    first: str
    second: str
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the marks come from."""

    course: str
    title: str
    version: str
    digest: str
    revision: int
    command: str
    made_at: datetime
    seed_fingerprint: str
    # Every sandbox that a counted work ran in, and the software; empty where nothing was run.
    sandboxes: tuple[str, ...] = ()
    software: tuple[str, ...] = ()
    first_run: str = ""
    last_run: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassOverview:
    """Everything on the page. Students are named by their ids; ``names`` has those that have a name besides.

    ``missing`` have handed nothing in; of ``unreadable`` nothing could be read, for the reason given; ``pending`` are those with marks that
    are not final, by student with the exercises. ``graded`` is how many are in ``totals``: all others. ``alike`` is None where works were
    not compared.
    """

    origin: Origin
    students: int
    names: Mapping[str, str]
    missing: tuple[str, ...]
    unreadable: tuple[tuple[str, str], ...]
    pending: tuple[tuple[str, tuple[str, ...]], ...]
    totals: Distribution
    exercises: Mapping[str, Distribution]
    standings: tuple[Standing, ...]
    mistakes: tuple[NamedMistake, ...]
    items: tuple[Item, ...]
    lowest: tuple[Low, ...]
    below_half: int
    alike: Alike | None = None
    likenesses: tuple[Likeness, ...] = ()
    requirements: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    @property
    def handed_in(self) -> int:
        """How many have handed something in."""
        return self.students - len(self.missing)
