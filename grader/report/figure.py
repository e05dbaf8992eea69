"""Draw an experiment: each panel with the student's functions, and beside it, on the same axes, with the reference's.

Matplotlib is imported where something is drawn, and without pyplot: there is no display, no global figure and no setting that stays.
"""

from __future__ import annotations

import contextlib
import html
import importlib.util
import io
import textwrap
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import ExitCode, LayerwiseError
from grader.experiments.gaps import tell_panel
from grader.report.drawing import draw_panel
from grader.report.palette import LIGHT, SENTINELS, style_of
from grader.report.vector import compose, inlined
from grader.safe_text import safe_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from grader.experiments.model import ExperimentResult, Panel

POINTS_PER_INCH = 72
# One half of a panel. Text of 11 in a drawing of 360 is 10 px high on a phone that shows it 330 px wide.
WIDTH = 360
TEXT = 11
HEIGHT, TALL = 276, 348
HEAD_CHARACTERS = 42
DOTS_PER_INCH = 144
# In the first bytes of every file that is written here.
GENERATOR = "Layerwise"
YOURS, REFERENCE = "yours", "reference"
PAGE_STYLE = """
body { margin: 0 auto; padding: 1rem; max-width: 60rem; background: var(--lw-ground); color: var(--lw-ink);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.4rem; line-height: 1.25; }
figure { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 0.5rem 1.5rem; margin: 1.5rem 0;
  padding-top: 1rem; border-top: 1px solid var(--lw-line); }
figure svg { width: 100%; }
figcaption { grid-column: 1 / -1; }
footer { color: var(--lw-faint); font-size: 0.9rem; }
"""
# The names that Matplotlib knows differ from release to release.
SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "layerwise",
    "font.family": "sans-serif",
    "font.size": TEXT,
    "axes.formatter.useoffset": False,
    "axes.unicode_minus": True,
    "path.simplify": False,
}


class PicturesError(LayerwiseError):
    """Pictures are wanted where nothing can draw them."""

    exit_code = ExitCode.COURSE_BROKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One half of a panel as an SVG document of its own, which can also stand in a page; and what it shows, in words."""

    panel: str
    side: str
    svg: str
    alternative: str
    width: int
    height: int


def has_pictures() -> bool:
    """Whether Matplotlib is installed. It is not imported for that."""
    return importlib.util.find_spec("matplotlib") is not None


def require_pictures() -> None:
    """Raise PicturesError, with the remedy, where nothing can be drawn."""
    if not has_pictures():
        raise PicturesError("pictures need Matplotlib, which is not installed", remedy='Install it with pip install "layerwise[pictures]".')


def render_drawings(result: ExperimentResult) -> tuple[Drawing, ...]:
    """Draw every panel twice, the student's first: documents that a page can set beside or below each other, as its width allows."""
    require_pictures()
    drawings = []
    for number, panel in enumerate(result.experiment.panels):
        for side in (YOURS, REFERENCE):
            alternative = describe(result, panel, side)
            name = f"lw-{result.experiment.name}-{number}-{side}"
            height = _height(panel)
            with _drawn(result, panel, side) as figure:
                svg = inlined(_svg_of(figure), name=name, title=f"{panel.title}: {side}", description=alternative, size=(WIDTH, height))
            drawings.append(Drawing(panel=panel.title, side=side, svg=svg, alternative=alternative, width=WIDTH, height=height))
    return tuple(drawings)


def render_figure_svg(result: ExperimentResult, *, columns: int = 2) -> str:
    """All panels as one SVG: a file, an image of a page, or a part of one.

    Parameters
    ----------
    columns
        2 sets the reference beside the student's, for 720 px and more; 1 below it, for a phone.

    Raises
    ------
    PicturesError
        If Matplotlib is not installed.
    """
    experiment = result.experiment
    return compose(
        [(drawing.svg, drawing.width, drawing.height) for drawing in render_drawings(result)],
        columns=columns,
        name=f"lw-{experiment.name}",
        title=experiment.title,
        description=describe_all(result),
    )


def render_figure_html(result: ExperimentResult) -> str:
    """All panels as one page, two beside each other where there is room for it, with what to look at and what was not drawn.

    Raises
    ------
    PicturesError
        If Matplotlib is not installed.
    """
    experiment = result.experiment
    missing = [f"{sentence} ({'; '.join(part.title for part in parts)})" for sentence, parts in result.missing.items()]
    paragraphs = [experiment.question, f"Expected: {experiment.expected}", *missing]
    pairs: list[str] = []
    drawings = render_drawings(result)
    for panel, halves in zip(experiment.panels, zip(drawings[::2], drawings[1::2], strict=True), strict=True):
        told = f"<figcaption>Yours: {_text(tell_panel(result, panel))}.</figcaption>"
        pairs.append(f"<figure>{''.join(half.svg for half in halves)}{told}</figure>")
    sources = f"<footer>Source: {_text('; '.join(experiment.sources))}.</footer>" if experiment.sources else ""
    title, style = _text(experiment.title), style_of(":root") + PAGE_STYLE
    metas = {"generator": GENERATOR, "viewport": "width=device-width, initial-scale=1", "color-scheme": "light dark"}
    head = '<meta charset="utf-8">\n' + "".join(f'<meta name="{name}" content="{content}">\n' for name, content in metas.items())
    said = "".join(f"<p>{_text(paragraph)}</p>\n" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}<title>{title}</title>\n<style>{style}</style>\n</head>\n'
        f"<body>\n<main>\n<h1>{title}</h1>\n{said}{''.join(pairs)}\n{sources}</main>\n</body>\n</html>\n"
    )


def _text(value: str) -> str:
    return html.escape(safe_text(value))


def render_figure_png(result: ExperimentResult, path: Path) -> None:
    """Write all panels into one PNG, on white.

    Raises
    ------
    PicturesError
        If Matplotlib is not installed.
    """
    require_pictures()
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    panels = result.experiment.panels
    heights = [_height(panel) for panel in panels]
    with mpl.rc_context(SETTINGS), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph", UserWarning)
        size = (2 * WIDTH / POINTS_PER_INCH, sum(heights) / POINTS_PER_INCH)
        figure = Figure(figsize=size, facecolor=LIGHT["ground"], layout="constrained")
        FigureCanvasAgg(figure)
        # A plain list of subfigures even where there is one row.
        grid = figure.subfigures(len(panels), 2, squeeze=False, height_ratios=heights)
        for row, panel in zip(grid, panels, strict=True):
            for place, side in zip(row, (YOURS, REFERENCE), strict=True):
                draw_panel(place, result, panel, colors=LIGHT, yours=side == YOURS, heading=_heading(result, panel, side))
        figure.savefig(path, format="png", dpi=DOTS_PER_INCH, metadata={"Software": GENERATOR})


def describe(result: ExperimentResult, panel: Panel, side: str) -> str:
    """What one half of a panel shows, for who does not see it."""
    axes = f"{panel.y} over {panel.x}, for {', '.join(series.label for series in panel.series)}"
    if side == REFERENCE:
        return f"With the reference's functions: {axes}."
    return f"With your functions: {axes}; {tell_panel(result, panel)}."


def describe_all(result: ExperimentResult) -> str:
    """What the whole figure shows: what is expected, and how far each panel is from it."""
    told = " ".join(f"{panel.title}: {tell_panel(result, panel)}." for panel in result.experiment.panels)
    return f"{result.experiment.expected} With your functions: {told}"


def _height(panel: Panel) -> int:
    return TALL if panel.kind == "histogram" else HEIGHT


def _heading(result: ExperimentResult, panel: Panel, side: str) -> tuple[str, str]:
    absent = sum(isinstance(result.yours[series.part], str) for series in panel.series)
    note = f" ({absent} of {len(panel.series)} not drawn)" if side == YOURS and 0 < absent < len(panel.series) else ""
    return textwrap.fill(safe_text(panel.title), HEAD_CHARACTERS), f"{side}{note}"


@contextlib.contextmanager
def _drawn(result: ExperimentResult, panel: Panel, side: str) -> Iterator[Figure]:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(SETTINGS), warnings.catch_warnings():
        # A sign that the font does not have is drawn by the browser, and a box in a PNG; neither is worth a warning.
        warnings.filterwarnings("ignore", "Glyph", UserWarning)
        figure = Figure(figsize=(WIDTH / POINTS_PER_INCH, _height(panel) / POINTS_PER_INCH), layout="constrained")
        figure.patch.set_visible(False)
        draw_panel(figure, result, panel, colors=SENTINELS, yours=side == YOURS, heading=_heading(result, panel, side))
        yield figure


def _svg_of(figure: Figure) -> str:
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = io.StringIO()
    metadata: dict[str, Any] = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    FigureCanvasSVG(figure)
    figure.savefig(buffer, format="svg", metadata=metadata)
    return buffer.getvalue()
