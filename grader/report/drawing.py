"""One half of a panel on a Matplotlib figure: lines, bars, or a histogram for each row."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.experiments.model import Array, ExperimentResult, Kind, Panel, Series, array_of, places_of, rows_of
from grader.report.palette import SERIES
from grader.safe_text import safe_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.4)), (0, (6, 2, 1, 2)), (0, (9, 3)), (0, (3, 1, 1, 1, 1, 1)))
MARKERS = ("o", "s", "^", "D", "v", "P")
HATCHES = ("", "///", "...", "\\\\\\", "xxx", "---")
# Of numbers far beyond the reference's the frame shows the beginning: with all of them, the reference would be a flat line.
BEYOND = 1.0
DECADES_BEYOND = 2.0
LEAST_SHARE = 0.1
LEAST_DECADES = 1.0
MARGIN = 0.06
ROW_HEIGHT = 0.92
SENTENCE_CHARACTERS = 38
MANY_MARKERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What both halves of a panel show."""

    low: float
    high: float


def draw_panel(
    place: Any, result: ExperimentResult, panel: Panel, *, colors: dict[str, str], yours: bool, heading: tuple[str, str]
) -> None:
    """Draw one half of `panel` on `place`, a figure or a part of one.

    Parameters
    ----------
    colors
        The values of the names in ``palette``.
    yours
        Whether with the student's functions, or with the reference's.
    heading
        What stands above it: the title, and whose it is.
    """
    axes = place.subplots()
    title, whose = heading
    place.suptitle(_literal(title), fontsize=11, fontweight="bold", color=colors["ink"], x=0.015, ha="left", linespacing=1.3)
    axes.set_title(whose, loc="left", fontsize=11, color=colors["ink"])
    drawn = result.yours if yours else result.reference
    {Kind.LINES: _lines, Kind.BARS: _bars, Kind.HISTOGRAM: _histogram}[panel.kind](axes, result, panel, drawn, colors)
    _plain(axes, panel, colors)
    if panel.kind is not Kind.HISTOGRAM:
        columns = 1 if max(len(series.label) for series in panel.series) > 22 else min(3, len(panel.series))
        place.legend(
            *_handles(panel, colors), loc="outside lower center", ncols=columns, frameon=False, labelcolor=colors["ink"], fontsize=10
        )
    reasons = dict.fromkeys(value for value in (drawn[series.part] for series in panel.series) if isinstance(value, str))
    if reasons and all(isinstance(drawn[series.part], str) for series in panel.series):
        text = "\n\n".join(textwrap.fill(reason, SENTENCE_CHARACTERS) for reason in list(reasons)[:3])
        axes.text(0.5, 0.5, _literal(text), transform=axes.transAxes, ha="center", va="center", color=colors["ink"], fontsize=10)


def _literal(text: str) -> str:
    """A text that can be drawn, without the sign that begins a formula."""
    return safe_text(text, keep_newlines=True).replace("$", r"\$")


def _plain(axes: Axes, panel: Panel, colors: dict[str, str]) -> None:
    """A quiet frame: two thin lines, a faint grid, small words."""
    axes.patch.set_visible(False)
    axes.set_xlabel(_literal(panel.x), color=colors["ink"])
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(colors["faint"])
    axes.tick_params(colors=colors["faint"], labelcolor=colors["ink"], labelsize=10)
    axes.tick_params(which="minor", length=0)
    if panel.kind is not Kind.HISTOGRAM:
        axes.set_ylabel("\n".join(textwrap.wrap(_literal(panel.y), 34)), color=colors["ink"])
        axes.grid(visible=True, axis="y", color=colors["line"], linewidth=0.8)
        axes.set_axisbelow(True)


def _handles(panel: Panel, colors: dict[str, str]) -> tuple[list[Any], list[str]]:
    """The legend, which is the same for both halves, so that their axes are of the same size."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = []
    for number, _series in enumerate(panel.series):
        color = _color(number, colors)
        if panel.kind is Kind.BARS:
            handles.append(Patch(facecolor=color, edgecolor=colors["ground"], hatch=HATCHES[number % SERIES]))
        else:
            handles.append(Line2D([], [], color=color, linestyle=DASHES[number % SERIES], marker=MARKERS[number % SERIES], markersize=4.5))
    return handles, [_literal(series.label) for series in panel.series]


def _color(number: int, colors: dict[str, str]) -> str:
    return colors[f"series-{number % SERIES + 1}"]


# ----------------------------------------------------------------------------------------------------------------- lines and bars


def _frame(result: ExperimentResult, panel: Panel) -> Frame:
    """The reference's range, and of the student's what lies at most as much again beyond it, on the axis as it is."""
    theirs = _finite([array_of(result.reference[series.part], series) for series in panel.series], panel)
    mine = _finite([array_of(result.yours[series.part], series) for series in panel.series], panel)
    low, high = (float(theirs.min()), float(theirs.max())) if theirs.size else (0.0, 1.0)
    if panel.kind is Kind.BARS:
        low, high = min(low, 0.0), max(high, 0.0)
    # A frame no lower than this, or what varies in the fifth digit alone would look wild.
    least = LEAST_DECADES if panel.log_y else LEAST_SHARE * max(abs(low), abs(high)) or 1.0
    span = high - low
    reach = max(span * BEYOND, DECADES_BEYOND) if panel.log_y else span * BEYOND if span > least else max(abs(low), abs(high))
    if span < least:
        low, high = low - (least - span) / 2, high + (least - span) / 2
    if mine.size:
        low, high = min(low, max(float(mine.min()), low - reach)), max(high, min(float(mine.max()), high + reach))
    room = MARGIN * (high - low)
    return Frame(low=low if panel.kind is Kind.BARS and low == 0 else low - room, high=high + room)


def _finite(arrays: list[Array | None], panel: Panel) -> Array:
    numbers = np.concatenate([np.zeros(0), *(array.ravel() for array in arrays if array is not None)])
    numbers = numbers[np.isfinite(numbers)]
    return np.asarray(np.log10(numbers[numbers > 0])) if panel.log_y else numbers


def _within(values: Array, frame: Frame, panel: Panel) -> Array:
    """The numbers as they are drawn: those out of the frame just outside of it, because a renderer cannot count to 1e300."""
    room = frame.high - frame.low
    low, high = frame.low - room, frame.high + room
    if panel.log_y:
        with np.errstate(all="ignore"):
            values = np.where(values > 0, np.log10(np.where(values > 0, values, 1.0)), np.where(values == 0, low, np.nan))
        return np.asarray(10.0 ** np.clip(values, low, high))
    return np.asarray(np.clip(values, low, high))


def _lines(axes: Axes, result: ExperimentResult, panel: Panel, drawn: dict[str, Any], colors: dict[str, str]) -> None:
    frame = _frame(result, panel)
    for number, series in enumerate(panel.series):
        values, x = array_of(drawn[series.part], series), places_of(result.reference[series.part], series)
        if values is None:
            continue
        axes.plot(
            x,
            _within(values, frame, panel),
            color=_color(number, colors),
            linestyle=DASHES[number % SERIES],
            linewidth=1.8,
            marker=MARKERS[number % SERIES],
            markersize=4.5,
            markevery=max(1, len(x) // MANY_MARKERS),
        )
    _set_x(axes, result, panel)
    _set_y(axes, frame, panel)


def _set_x(axes: Axes, result: ExperimentResult, panel: Panel) -> None:
    from matplotlib.ticker import MaxNLocator

    x = np.concatenate([places_of(result.reference[series.part], series) for series in panel.series])
    room = 0.03 * (float(np.ptp(x)) or 1.0)
    axes.set_xlim(float(x.min()) - room, float(x.max()) + room)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10], integer=bool(np.all(x == np.round(x)))))


def _set_y(axes: Axes, frame: Frame, panel: Panel) -> None:
    from matplotlib.ticker import LogLocator, MaxNLocator

    if not panel.log_y:
        axes.yaxis.set_major_locator(MaxNLocator(nbins=6))
        axes.set_ylim(frame.low, frame.high)
        return
    axes.set_yscale("log")
    axes.set_ylim(10.0**frame.low, 10.0**frame.high)
    axes.yaxis.set_major_locator(LogLocator(numticks=6))


def _bars(axes: Axes, result: ExperimentResult, panel: Panel, drawn: dict[str, Any], colors: dict[str, str]) -> None:
    frame = _frame(result, panel)
    width = 0.8 / len(panel.series)
    names = places_of(result.reference[panel.series[0].part], panel.series[0])
    for number, series in enumerate(panel.series):
        values = array_of(drawn[series.part], series)
        if values is None:
            continue
        middle = np.arange(len(values)) + (number - (len(panel.series) - 1) / 2) * width
        heights = np.nan_to_num(_within(values, frame, panel), nan=0.0)
        style: dict[str, Any] = {"color": _color(number, colors), "hatch": HATCHES[number % SERIES], "edgecolor": colors["ground"]}
        axes.bar(middle, heights, width * 0.92, **style)
    axes.set_xlim(-0.6, len(names) - 0.4)
    axes.set_xticks(range(len(names)), [f"{name:g}" for name in names])
    _set_y(axes, frame, panel)


# --------------------------------------------------------------------------------------------------------------------- histograms


def _histogram(axes: Axes, result: ExperimentResult, panel: Panel, drawn: dict[str, Any], colors: dict[str, str]) -> None:
    """A stack of histograms, the first row on top. Each row has a scale of its own, which is the same in both halves."""
    first = panel.series[0]
    names = rows_of(result.reference[first.part], first)
    for number, series in enumerate(panel.series):
        values = array_of(drawn[series.part], series)
        if values is not None:
            _ridges(axes, values / _row_scales(result, series), places_of(result.reference[series.part], series), number, colors)
    edges = places_of(result.reference[first.part], first)
    room = 0.02 * float(np.ptp(edges))
    axes.set_xlim(float(edges[0]) - room, float(edges[-1]) + room)
    axes.set_ylim(len(names) - 0.98, -1.05)
    axes.set_yticks(range(len(names)), [f"{name:g}" for name in names])
    axes.set_ylabel(f"{_literal(panel.rows)} ({_literal(panel.y)})" if len(panel.y) < 26 else _literal(panel.rows), color=colors["ink"])
    axes.tick_params(axis="y", length=0)


def _row_scales(result: ExperimentResult, series: Series) -> Array:
    """What fills a row: the largest share of it in either half, as far as the student's is not beyond reason."""
    theirs = np.nan_to_num(np.asarray(array_of(result.reference[series.part], series))).max(axis=1)
    values = array_of(result.yours[series.part], series)
    mine = np.zeros_like(theirs) if values is None else np.nan_to_num(values, posinf=0.0, neginf=0.0).max(axis=1)
    scale = np.maximum(theirs, np.minimum(mine, np.where(theirs > 0, 3 * theirs, 1.0)))
    return np.asarray(np.where(scale > 0, scale, 1.0)[:, np.newaxis])


def _ridges(axes: Axes, heights: Array, edges: Array, number: int, colors: dict[str, str]) -> None:
    heights = np.clip(np.nan_to_num(heights, posinf=1.0, neginf=0.0), 0.0, 1.0) * ROW_HEIGHT
    for row, bars in enumerate(heights):
        color = _color(number, colors)
        axes.stairs(row - bars, edges, baseline=row, fill=number == 0, color=color, alpha=0.85 if number == 0 else 1.0, linewidth=1.2)
        axes.plot(edges[[0, -1]], [row, row], color=colors["line"], linewidth=0.8, zorder=0)
