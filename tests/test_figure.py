"""Figures: the same every time, at home in any page, and readable by who does not see them."""

from __future__ import annotations

import dataclasses
import os
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from grader.catalog import load_course
from grader.experiments import ExperimentResult, load_experiments
from grader.experiments.run import run_reference
from grader.report.figure import PicturesError, has_pictures, render_drawings, render_figure_html, render_figure_png, render_figure_svg
from grader.report.palette import DARK, LIGHT, SENTINELS

TINY = Path(__file__).parent / "courses" / "tiny"
SVG = "{http://www.w3.org/2000/svg}"
needs_pictures = pytest.mark.skipif(not has_pictures(), reason="Matplotlib is not installed")


def make_result(**changed) -> ExperimentResult:
    """The result of right functions, with some parts changed."""
    course = load_course(TINY)
    experiment = load_experiments(course)[0]
    reference = {part.name: run_reference(course, experiment, part) for part in experiment.parts}
    return ExperimentResult(experiment=experiment, yours={**reference, **changed}, reference=reference)


def curve(*values: float) -> dict[str, np.ndarray]:
    return {"x": np.linspace(-1, 1, 5), "out": np.array(values)}


def words_of(svg: str) -> str:
    return " ".join("".join(ElementTree.fromstring(svg).itertext()).split())


@needs_pictures
def test_a_figure_is_drawn_alike_every_time():
    assert render_figure_svg(make_result()) == render_figure_svg(make_result())


@needs_pictures
def test_a_figure_refers_to_nothing_outside_of_itself():
    svg = render_figure_svg(make_result())

    identifiers = re.findall(r'\bid="([^"]+)"', svg)
    assert len(identifiers) == len(set(identifiers))
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', svg)) <= set(identifiers)
    assert re.findall(r'href="(?!#)', svg) == []
    assert set(re.findall(r"https?://[^\"]+", svg)) == {"http://www.w3.org/2000/svg"}
    assert "<script" not in svg
    assert "<!" not in svg


@needs_pictures
def test_two_figures_of_a_page_share_no_id():
    first = make_result()
    second = dataclasses.replace(first, experiment=dataclasses.replace(first.experiment, name="others"))

    identifiers = [re.findall(r'\bid="([^"]+)"', render_figure_svg(result)) for result in (first, second)]

    assert set(identifiers[0]) & set(identifiers[1]) == set()


@needs_pictures
def test_every_colour_follows_the_page():
    svg = render_figure_svg(make_result(slope="Not drawn: cube_backward is not written yet."))

    assert not [value for value in SENTINELS.values() if value in svg]
    assert set(re.findall(r"(?<!,)(?<!:)#[0-9a-f]{6}\b", re.sub(r"<style>.*?</style>", "", svg))) == set()
    assert "prefers-color-scheme:dark" in svg


@needs_pictures
def test_nothing_in_a_figure_styles_the_page():
    selectors = re.findall(r"([^{}]+)\{--", "".join(re.findall(r"<style[^>]*>(.*?)</style>", render_figure_svg(make_result()), re.DOTALL)))

    assert set(selectors) == {":where(.lw-drawing)"}


@needs_pictures
def test_a_figure_says_what_it_shows():
    root = ElementTree.fromstring(render_figure_svg(make_result(curve=curve(1, 0.25, 0, 0.25, 1))))

    assert (root.get("role"), root.get("aria-label")) == ("img", "Cubes")
    assert root.find(f"{SVG}title").text == "Cubes"
    description = root.find(f"{SVG}desc").text
    assert description.startswith("That of the number. With your functions: Cube: “cube” is up to 29 % of the scale away")


@needs_pictures
def test_each_panel_is_drawn_twice_on_the_same_axes():
    drawings = render_drawings(make_result(curve=curve(-1, -0.5, 0, 0.5, 1)))

    assert [(drawing.panel, drawing.side) for drawing in drawings[:2]] == [("Cube", "yours"), ("Cube", "reference")]
    ticks = [re.findall(r"<text[^>]*>([−0-9.]+)</text>", drawing.svg) for drawing in drawings[:2]]
    assert ticks[0] == ticks[1] != []


@needs_pictures
def test_a_part_that_is_missing_is_said_in_its_place():
    drawings = render_drawings(make_result(slope="Not drawn: cube_backward is not written yet."))

    assert "yours (1 of 2 not drawn)" in words_of(drawings[0].svg)
    assert "Not drawn: cube_backward is not" in words_of(drawings[2].svg)
    assert "Not drawn" not in words_of(drawings[3].svg)


@needs_pictures
@pytest.mark.parametrize(
    "values",
    [
        (np.nan,) * 5,
        (np.inf, -np.inf, np.nan, 0, 0),
        (1e300, -1e300, 1e-300, 0, 1),
        (sys.float_info.max,) * 5,
        (0,) * 5,
    ],
    ids=["nan", "infinity", "huge", "largest", "zero"],
)
@pytest.mark.parametrize("log_y", [False, True])
def test_any_numbers_can_be_drawn(values, log_y, tmp_path):
    result = make_result(curve=curve(*values), slope={"x": np.linspace(-1, 1, 5), "dx": np.array(values, dtype=float)})
    spread = {"edges": np.linspace(-1, 1, 5), "share": np.array([values[:4], values[1:]], dtype=float)}
    panels = tuple(dataclasses.replace(panel, log_y=log_y and panel.kind == "lines") for panel in result.experiment.panels)
    result = dataclasses.replace(
        result, experiment=dataclasses.replace(result.experiment, panels=panels), yours={**result.yours, "spread": spread}
    )

    svg = "".join(drawing.svg for drawing in render_drawings(result))
    if log_y:
        render_figure_png(result, tmp_path / "figure.png")

    numbers = [float(number) for path in re.findall(r' d="([^"]*)"', svg) for number in re.findall(r"-?\d+\.?\d*(?:e[+-]?\d+)?", path)]
    assert max(map(abs, numbers)) < 10_000


@needs_pictures
@pytest.mark.parametrize("text", ["</text><script>alert(1)</script>", "$\\frac{1}{0$", "$x$ & <b>", "\x1b[2J", "-->", "a" * 500])
def test_no_text_becomes_markup_or_a_formula(text):
    result = make_result(curve=text, slope=text)
    experiment = dataclasses.replace(result.experiment, title=text, expected=text, question=text)

    page = render_figure_html(dataclasses.replace(result, experiment=experiment))

    for svg in re.findall(r"<svg .*?</svg>", page, re.DOTALL):
        ElementTree.fromstring(svg)
    assert "<script" not in page
    assert "<b>" not in page
    assert "\x1b" not in page


@needs_pictures
def test_a_page_needs_nothing_but_itself():
    page = render_figure_html(make_result(curve="Not drawn: cube_forward is not written yet."))

    assert "Not drawn: cube_forward is not written yet. (The curve)" in page
    assert "<script" not in page
    assert set(re.findall(r"https?://[^\"]+", page)) == {"http://www.w3.org/2000/svg"}
    identifiers = re.findall(r'\bid="([^"]+)"', page)
    assert len(identifiers) == len(set(identifiers))


@needs_pictures
def test_a_png_is_as_wide_as_two_drawings(tmp_path):
    render_figure_png(make_result(), tmp_path / "cubes.png")

    head = (tmp_path / "cubes.png").read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    # 720 points at two pixels for each.
    assert int.from_bytes(head[16:20], "big") == 1440


@needs_pictures
def test_drawing_leaves_the_settings_of_matplotlib_alone():
    import matplotlib as mpl

    before = dict(mpl.rcParams)

    render_drawings(make_result())

    assert dict(mpl.rcParams) == before


@needs_pictures
def test_nothing_is_drawn_through_pyplot():
    import subprocess

    script = """
import sys
from pathlib import Path
from tests.test_figure import make_result
from grader.report.figure import render_figure_html, render_figure_png
assert not [name for name in sys.modules if name.startswith("matplotlib")]
render_figure_html(make_result())
render_figure_png(make_result(), Path(sys.argv[1]))
print("matplotlib.pyplot" in sys.modules)
"""
    root = Path(__file__).parent.parent

    done = subprocess.run([sys.executable, "-c", script, os.devnull], capture_output=True, text=True, cwd=root, check=True)

    assert done.stdout == "False\n"


def test_without_matplotlib_the_remedy_is_named(monkeypatch):
    monkeypatch.setattr("grader.report.figure.has_pictures", lambda: False)

    with pytest.raises(PicturesError) as caught:
        render_figure_svg(make_result())

    assert 'pip install "layerwise[pictures]"' in caught.value.remedy


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", [name for name in LIGHT if name not in ("ground", "line")])
def test_every_colour_stands_out_from_its_ground(palette, name):
    dark, light = sorted((luminance(palette["ground"]), luminance(palette[name])))

    assert (light + 0.05) / (dark + 0.05) >= 4.5
