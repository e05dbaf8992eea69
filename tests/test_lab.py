"""``grade lab``, as a student types it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from grader.cli import run
from grader.report.figure import has_pictures

TINY = Path(__file__).parent / "courses" / "tiny"
RIGHT = (TINY / "reference" / "power.py").read_text()
STUB = (TINY / "exercises" / "power.py").read_text()
COURSE = ["--course", str(TINY)]

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the process sandbox needs Linux"),
    pytest.mark.skipif(not has_pictures(), reason="Matplotlib is not installed"),
]


def test_without_a_name_the_experiments_are_listed_with_what_they_need(capsys):
    assert run(["lab", *COURSE]) == 0

    assert "cubes: Cubes\n  power: cube_forward, cube_backward\n" in capsys.readouterr().out


def test_a_figure_of_the_current_folder_is_saved_under_the_name(work, capsys):
    (work / "power.py").write_text(RIGHT)

    assert run(["lab", "cubes", *COURSE]) == 0

    out = capsys.readouterr().out
    assert "- Cube: the same as the reference" in out
    assert out.endswith("→ cubes.html\n")
    assert (work / "cubes.html").read_text().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(("name", "begins"), [("a.svg", b"<svg "), ("a.png", b"\x89PNG"), ("a.HTML", b"<!DOCTYPE")])
def test_the_name_of_the_file_says_the_format(work, name, begins):
    (work / "power.py").write_text(RIGHT)

    assert run(["lab", "cubes", ".", "--out", name, *COURSE]) == 0

    assert (work / name).read_bytes().startswith(begins)


def test_what_is_missing_is_said_once_with_its_parts(work, capsys):
    (work / "power.py").write_text(STUB)

    assert run(["lab", "cubes", *COURSE]) == 0

    out = capsys.readouterr().out
    assert "○ Not drawn: cube_forward is not written yet. (The curve; The slope; Where cubes lie)" in " ".join(out.split())
    assert "- Spread: not drawn" in out


def test_a_wrong_name_gets_a_near_one(capsys):
    assert run(["lab", "cube", *COURSE]) == 2

    assert "There is no experiment 'cube'; did you mean cubes?" in capsys.readouterr().err


def test_a_format_that_no_figure_has_is_refused_before_anything_runs(work, capsys):
    assert run(["lab", "cubes", "--out", "a.gif", *COURSE]) == 2

    assert "end it in .svg, .png or .html" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["cubes.html", "notes.svg", "photo.png"])
def test_a_file_that_is_no_figure_of_ours_is_left_alone(work, capsys, name):
    (work / "power.py").write_text(RIGHT)
    (work / name).write_text("mine")

    assert run(["lab", "cubes", "--out", name, *COURSE]) == 4

    assert (work / name).read_text() == "mine"
    assert f"{name} was not written by Layerwise" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["cubes.html", "cubes.svg", "cubes.png"])
def test_a_figure_of_ours_is_written_anew(work, name):
    (work / "power.py").write_text(STUB)
    assert run(["lab", "cubes", "--out", name, *COURSE]) == 0
    before = (work / name).read_bytes()
    (work / "power.py").write_text(RIGHT)

    assert run(["lab", "cubes", "--out", name, *COURSE]) == 0

    assert (work / name).read_bytes() != before


def test_a_submission_that_is_not_there_is_a_sentence(work, capsys):
    assert run(["lab", "cubes", "nowhere", *COURSE]) == 4

    assert capsys.readouterr().err.startswith("grade: ")


def test_the_figure_is_opened_on_demand(work, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    (work / "power.py").write_text(RIGHT)

    assert run(["lab", "cubes", "--open", *COURSE]) == 0

    assert opened == [(work / "cubes.html").as_uri()]


def test_without_matplotlib_nothing_is_run(work, monkeypatch, capsys):
    monkeypatch.setattr("grader.report.figure.has_pictures", lambda: False)

    assert run(["lab", "cubes", *COURSE]) == 5

    assert 'pip install "layerwise[pictures]"' in capsys.readouterr().err
    assert list(work.iterdir()) == []
