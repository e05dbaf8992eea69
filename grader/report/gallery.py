"""From the result of an experiment to the figure that a page shows: its pictures, what they say, and their numbers where they are few."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grader.experiments.gaps import tell_panel
from grader.experiments.model import Array, ExperimentResult, Kind, Panel, Part, array_of, places_of
from grader.report.figure import YOURS, render_drawings
from grader.report.page import Figure, Picture, Plate, Table

# A table that is longer than this is read by nobody, aloud or not.
MOST_ROWS = 24
MOST_NAMED = 4


def figure_of(result: ExperimentResult) -> Figure:
    """Draw an experiment for a page. A panel of which the submission has nothing shows the reference alone.

    Raises
    ------
    PicturesError
        If Matplotlib is not installed.
    """
    experiment = result.experiment
    drawings = iter(render_drawings(result))
    plates = []
    for panel in experiment.panels:
        both = [next(drawings), next(drawings)]
        is_drawn = any(not isinstance(result.yours[series.part], str) for series in panel.series)
        pictures = tuple(
            Picture(svg=one.svg, alternative=one.alternative, width=one.width, height=one.height)
            for one in both
            if is_drawn or one.side != YOURS
        )
        told = tell_panel(result, panel) if is_drawn else "the reference alone"
        plates.append(Plate(title=panel.title, told=f"{told}.", pictures=pictures, table=table_of(result, panel)))
    return Figure(
        title=experiment.title,
        question=experiment.question,
        expected=experiment.expected,
        sources=experiment.sources,
        notes=tuple(notes_of(result)),
        plates=tuple(plates),
    )


def notes_of(result: ExperimentResult) -> Iterator[str]:
    """Why parts of it were not drawn: each reason once, with its parts unless nothing was drawn."""
    nothing_is_drawn = all(isinstance(arrays, str) for arrays in result.yours.values())
    for sentence, parts in result.missing.items():
        yield sentence if nothing_is_drawn else f"{sentence} Parts: {_named(parts)}."


def _named(parts: tuple[Part, ...]) -> str:
    more = len(parts) - MOST_NAMED
    return f"{'; '.join(part.title for part in parts[:MOST_NAMED])}{f'; and {more} more' if more > 0 else ''}"


def table_of(result: ExperimentResult, panel: Panel) -> Table | None:
    """The numbers of a panel, the submission's beside the reference's; None for histograms, and where they are many."""
    places = [places_of(result.reference[series.part], series) for series in panel.series]
    if panel.kind is Kind.HISTOGRAM or len(places[0]) > MOST_ROWS or any(not np.array_equal(places[0], one) for one in places):
        return None
    names, columns = [panel.x or "place"], [places[0]]
    for series in panel.series:
        for side, arrays in (("yours", result.yours[series.part]), ("reference", result.reference[series.part])):
            array = array_of(arrays, series)
            if array is not None:
                names.append(f"{series.label}, {side}")
                columns.append(array)
    return Table(caption=f"{panel.title}: {panel.y}" if panel.y else panel.title, columns=tuple(names), rows=tuple(_rows(columns)))


def _rows(columns: list[Array]) -> Iterator[tuple[str, ...]]:
    return (tuple(f"{number:.4g}" for number in row) for row in zip(*columns, strict=True))
