"""The experiments of a course in a report: the submission's pictures beside the reference's, their numbers, and what is not drawn."""

from __future__ import annotations

import shutil
import sys

import numpy as np
import pytest

from grader.cli import run
from grader.experiments import Experiment, ExperimentResult, Kind, Panel, Part, Series
from grader.report.gallery import figure_of, notes_of, table_of
from tests.loop import TINY, WRONG, make_course, make_work
from tests.pages import words_of

PROGRAM = """import numpy as np


def run(part, functions, data):
    return {"y": np.array(functions.cube_forward(np.arange(4.0))[0])}
"""
SPEC = """title = "Cubes"
question = "How fast does it grow?"
expected = "Faster than a square."

[[parts]]
name = "cube"
needs = ["cube_forward"]

[[panels]]
title = "The cube"
kind = "lines"
x = "x"
y = "y"
series = [{part = "cube", key = "y", label = "cube"}]
"""
needs_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the process sandbox needs Linux")


@pytest.fixture
def work(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return make_work(tmp_path / "work", power=WRONG)


@pytest.fixture
def lines():
    """An experiment of two curves over three places."""
    series = tuple(Series(part=name, key="y", label=name) for name in ("a", "b"))
    panel = Panel(title="Size", kind=Kind.LINES, x="layer", y="size", log_y=False, rows="layer", series=series)
    parts = tuple(Part(name=name, title=f"Part {name}", needs=("cube_forward",)) for name in ("a", "b"))
    named = {"name": "sizes", "title": "Sizes", "question": "What grows?", "expected": "Both grow.", "text": "", "data": ""}
    return Experiment(**named, sources=("000 slide 1",), parts=parts, panels=(panel,))


def result_of(experiment, **yours) -> ExperimentResult:
    reference = {part.name: {"y": np.array([1.0, 2.0, 3.0])} for part in experiment.parts}
    return ExperimentResult(experiment=experiment, yours={**reference, **yours}, reference=reference)


def test_a_table_sets_the_numbers_of_the_submission_beside_those_of_the_reference(lines):
    table = table_of(result_of(lines, b={"y": np.array([1.0, np.nan, 4.0])}), lines.panels[0])

    assert table.columns == ("layer", "a, yours", "a, reference", "b, yours", "b, reference")
    assert table.rows[1] == ("2", "2", "2", "nan", "2")


def test_a_long_table_is_left_out(lines):
    reference = {part.name: {"y": np.arange(100.0)} for part in lines.parts}

    assert table_of(ExperimentResult(experiment=lines, yours=dict(reference), reference=reference), lines.panels[0]) is None


def test_a_reason_is_given_once_with_the_parts_that_it_concerns(lines):
    assert list(notes_of(result_of(lines, b="Not drawn: no."))) == ["Not drawn: no. Parts: Part b."]
    assert list(notes_of(result_of(lines, a="Not drawn: no.", b="Not drawn: no."))) == ["Not drawn: no."]


def test_the_submissions_picture_stands_beside_the_references(lines):
    pytest.importorskip("matplotlib")

    plate = figure_of(result_of(lines, b="Not drawn: no.")).plates[0]

    assert [picture.alternative.split(":")[0] for picture in plate.pictures] == ["With your functions", "With the reference's functions"]
    assert "1 of 2 not drawn" in plate.told


def test_what_has_nothing_of_the_submissions_shows_the_reference_alone(lines):
    pytest.importorskip("matplotlib")

    plate = figure_of(result_of(lines, a="Not drawn: no.", b="Not drawn: no.")).plates[0]

    assert [picture.alternative.split(":")[0] for picture in plate.pictures] == ["With the reference's functions"]
    assert plate.told == "the reference alone."


@needs_linux
def test_the_experiments_of_a_course_are_in_its_report(work, tmp_path, capsys):
    pytest.importorskip("matplotlib")

    assert run(["report", str(work), "--course", str(course_with_experiment(tmp_path))]) == 3

    page = (tmp_path / "report.html").read_text()
    assert "1 figure)" in capsys.readouterr().out
    assert page.count("data:image/svg+xml;base64,") == 2
    assert "“cube” is up to" in words_of(page)


@needs_linux
def test_without_matplotlib_the_report_says_how_to_get_pictures(work, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("grader.report.figure.has_pictures", lambda: False)

    assert run(["report", str(work), "--course", str(course_with_experiment(tmp_path))]) == 3

    assert 'pip install "layerwise[pictures]"' in words_of((tmp_path / "report.html").read_text())
    assert 'pip install "layerwise[pictures]"' in capsys.readouterr().err


@needs_linux
def test_only_experiments_of_what_was_graded_are_drawn(work, tmp_path, capsys):
    course = make_course(tmp_path / "two")
    shutil.rmtree(course / "experiments", ignore_errors=True)
    shutil.copytree(course_with_experiment(tmp_path) / "experiments", course / "experiments")

    run(["report", str(work), "root", "--course", str(course)])

    assert "no figures)" in capsys.readouterr().out


def course_with_experiment(tmp_path):
    course = tmp_path / "course"
    shutil.copytree(TINY, course, ignore=shutil.ignore_patterns("__pycache__", "experiments"))
    (course / "experiments").mkdir()
    (course / "experiments" / "cubes.py").write_text(PROGRAM)
    (course / "experiments" / "cubes.toml").write_text(SPEC)
    return course
