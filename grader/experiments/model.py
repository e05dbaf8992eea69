"""What an experiment is, and what came of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

# Real numbers, float64 or int64, a few thousand of them.
Array: TypeAlias = npt.NDArray[Any]
Arrays: TypeAlias = dict[str, Array]


class Kind(StrEnum):
    """How a panel is drawn."""

    LINES = "lines"
    BARS = "bars"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is run at once, with the names of the functions that it cannot do without."""

    name: str
    title: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One curve, one set of bars, or one stack of histograms: the array `key` of a part.

    ``x_key`` is the array along the axis: places (n,) of lines, names (n,) of groups of bars, edges (bins + 1,) of a histogram, whose own
    array is (rows, bins). ``row_key`` names the rows of a histogram. Where they are empty, places and rows count from 1.
    """

    part: str
    key: str
    label: str
    x_key: str = ""
    row_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One picture of an experiment. ``rows`` is what the rows of a histogram are."""

    title: str
    kind: Kind
    x: str
    y: str
    log_y: bool
    rows: str
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """One experiment of a course. ``text`` is its program, ``data`` the name of a file beside it, empty if it needs none."""

    name: str
    title: str
    sources: tuple[str, ...]
    question: str
    expected: str
    data: str
    parts: tuple[Part, ...]
    panels: tuple[Panel, ...]
    text: str

    @property
    def needs(self) -> tuple[str, ...]:
        """All functions that a part of it needs."""
        return tuple(dict.fromkeys(function for part in self.parts for function in part.needs))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentResult:
    """What came of every part: with the student's functions the arrays, or the sentence that says why there are none; with the
    reference's always the arrays. The keys and shapes of both are the same.
    """

    experiment: Experiment
    yours: dict[str, Arrays | str]
    reference: dict[str, Arrays]

    @property
    def missing(self) -> dict[str, tuple[Part, ...]]:
        """The parts that were not drawn, by the sentence that says why."""
        found: dict[str, tuple[Part, ...]] = {}
        for part in self.experiment.parts:
            sentence = self.yours[part.name]
            if isinstance(sentence, str):
                found[sentence] = (*found.get(sentence, ()), part)
        return found


def array_of(values: Arrays | str, series: Series) -> Array | None:
    """The array of a series as float64; None where its part has no result."""
    return None if isinstance(values, str) else np.asarray(values[series.key], dtype=np.float64)


def places_of(values: Arrays, series: Series) -> Array:
    """Where along the axis the numbers of a series stand."""
    if series.x_key:
        return np.asarray(values[series.x_key], dtype=np.float64)
    return np.arange(1, values[series.key].shape[-1] + 1, dtype=np.float64)


def rows_of(values: Arrays, series: Series) -> Array:
    """The names of the rows of a histogram."""
    if series.row_key:
        return np.asarray(values[series.row_key], dtype=np.float64)
    return np.arange(1, values[series.key].shape[0] + 1, dtype=np.float64)
