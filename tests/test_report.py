"""`grade report`: one file for everybody to read, that runs nothing, asks nobody, and takes nobody's place on the disk."""

from __future__ import annotations

import dataclasses
import os
import re
import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.cli import run
from grader.model import Layers, Verdict, View
from grader.report.html import STYLE
from grader.report.page import PAGE_STYLE, Figure, Picture, Plate, Table, render_page
from tests.cards import make_card, make_check, make_exercise, make_function, make_submission
from tests.loop import RIGHT, TINY, WRONG, make_course, make_work
from tests.pages import HOSTILE, Reader, hostile_card, words_of

COURSE = ["--course", str(TINY)]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0L2 1"/></svg>'
needs_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the process sandbox needs Linux")


def make_figure(text: str = "Activations", *, sides: int = 2, **changes) -> Figure:
    table = Table(caption=text, columns=("layer", text), rows=((text, "0.5"), ("2", text)))
    picture = Picture(svg=SVG, alternative=text, width=360, height=276)
    plate = Plate(title=text, told=text, pictures=(picture,) * sides, table=table)
    words = dict.fromkeys(("title", "question", "expected"), text)
    return Figure(**{**words, "notes": (text,), "sources": (text,), "plates": (plate,), **changes})


def page_of(text: str, view: View = View.INSTRUCTOR) -> str:
    return render_page(hostile_card(text), view=view, figures=[make_figure(text)])


@pytest.fixture
def work(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return make_work(tmp_path / "work", power=WRONG)


# ------------------------------------------------------------------------------------------------------------- hostile text


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_students_becomes_markup(text, view):
    harmless = Reader(page_of("harmless", view))

    read = Reader(page_of(text, view))

    assert read.tags == harmless.tags
    assert [name for name, _value in read.attributes] == [name for name, _value in harmless.attributes]
    assert read.open == []


@settings(max_examples=100, deadline=None)
@given(text=st.text(st.characters(codec=None), min_size=1, max_size=40))
def test_no_text_at_all_becomes_a_tag_an_attribute_or_a_character_that_acts(text):
    harmless = Reader(page_of("harmless"))

    page = page_of(text)
    read = Reader(page)

    assert read.tags == harmless.tags
    assert [name for name, _value in read.attributes] == [name for name, _value in harmless.attributes]
    assert all(character == "\n" or unicodedata.category(character)[0] != "C" for character in page)
    assert not {"\u2028", "\u2029"} & set(page)
    page.encode()


def test_the_browser_is_told_to_run_nothing_and_to_ask_nobody():
    attributes = Reader(page_of("anything")).attributes

    policy = next(value for name, value in attributes if name == "content" and "default-src" in value)

    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert "script" not in policy


def test_it_needs_nothing_from_elsewhere():
    page = page_of("anything")

    sources = re.findall(r"(?:src|href)=\"([^\"]*)", page)

    assert all(source.startswith(("#", "data:image/svg+xml;base64,")) for source in sources)
    assert not re.search(r"<script|url\(|@import|https?:", page)


def test_every_address_in_the_page_leads_somewhere():
    attributes = Reader(page_of("anything")).attributes

    ids = [value for name, value in attributes if name == "id"]

    assert len(ids) == len(set(ids))
    assert {value[1:] for name, value in attributes if name == "href"} <= set(ids)
    assert {value for name, value in attributes if name == "aria-labelledby"} <= set(ids)


# --------------------------------------------------------------------------------------------------------- for whom it is


def test_what_a_student_prints_is_for_the_instructor_alone():
    # A print is the easiest way to carry an input out of a hidden check.
    card = make_card(make_exercise(make_function(make_check()), printed="x is 1.0899269\n"))

    assert "1.0899269" in words_of(render_page(card, view=View.INSTRUCTOR))
    assert "1.0899269" not in words_of(render_page(card, view=View.STUDENT))


def test_an_instructors_page_says_that_it_is_not_for_students():
    assert "do not hand it to students" in words_of(render_page(make_card(), view=View.INSTRUCTOR))
    assert "do not hand it to students" not in words_of(render_page(make_card(), view=View.STUDENT))


def test_the_fingerprint_of_the_seed_is_for_the_instructor_alone():
    card = make_card()

    assert card.course.seed_fingerprint in render_page(card, view=View.INSTRUCTOR)
    assert card.course.seed_fingerprint not in render_page(card, view=View.STUDENT)


def test_it_says_what_to_mend_first_and_where_the_marks_come_from():
    words = words_of(render_page(make_card(), view=View.STUDENT))

    assert "First: cube_forward (power.py) fails the check “" in words
    assert "This is what you get when x is squared, not cubed." in words
    assert "sha256:" + "a" * 64 in words
    assert "Python 3.13.5, NumPy 2.3.1" in words


def test_a_run_without_a_sandbox_says_so():
    card = make_card()
    card = dataclasses.replace(card, run=dataclasses.replace(card.run, layers=Layers(sandbox="plain")))

    assert "This ran without a sandbox" in words_of(render_page(card, view=View.STUDENT))


# ------------------------------------------------------------------------------------------------------------ for everybody


def test_it_has_one_title_and_its_headings_skip_no_level():
    read = Reader(page_of("anything"))

    levels = [int(tag[1]) for tag in read.tags if re.fullmatch("h[1-6]", tag)]

    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_it_has_landmarks_and_a_way_past_the_navigation():
    read = Reader(page_of("anything"))

    assert {"header", "nav", "main", "footer"} <= set(read.tags)
    assert ("lang", "en") in read.attributes
    assert ("href", "#main") in read.attributes
    assert next(value for name, value in read.attributes if name == "href") == "#main"


def test_a_figure_is_told_to_who_does_not_see_it():
    read = Reader(render_page(make_card(), view=View.STUDENT, figures=[make_figure("It stays near 1.")]))

    assert ("alt", "It stays near 1.") in read.attributes
    assert {"figure", "figcaption", "caption"} <= set(read.tags)
    assert ("scope", "col") in read.attributes
    assert ("scope", "row") in read.attributes


def test_a_picture_of_the_reference_alone_is_folded_and_the_reason_is_not():
    figure = make_figure(sides=1, notes=("relu_forward is not implemented yet.",))
    page = render_page(make_card(), view=View.STUDENT, figures=[figure])

    before, _, folded = page.partition("<details><summary>The reference alone (1 picture)</summary>")

    assert "relu_forward is not implemented yet." in before
    assert "<img" not in before
    assert folded.count("<img") == 1


def test_a_verdict_is_not_told_by_a_sign_or_a_colour_alone():
    accepted = make_function(make_check(verdict=Verdict.ACCEPTED, points=2, finding=None), verdict=Verdict.ACCEPTED)
    card = make_card(make_exercise(accepted, verdict=Verdict.ACCEPTED))

    aloud = "".join(Reader(render_page(card, view=View.STUDENT)).read_aloud)

    assert "power, accepted" in aloud
    assert "✓" not in aloud


def test_what_is_complete_or_not_there_takes_one_line():
    page = render_page(make_card(), view=View.STUDENT)

    assert '<details id="exercise-1" open>' in page  # power lost points
    assert '<details id="exercise-2">' in page  # root is not in the submission
    assert "not in the submission" in words_of(page)


def test_the_page_has_no_colour_that_the_scorecard_has_not():
    # So what tests/test_html.py says of contrast holds for the page.
    assert set(re.findall(r"#[0-9a-f]{6}", PAGE_STYLE.read_text())) <= set(re.findall(r"#[0-9a-f]{6}", STYLE))


# ---------------------------------------------------------------------------------------------------------------- the command


@needs_linux
def test_the_report_lies_in_the_current_folder(work, tmp_path, capsys):
    assert run(["report", str(work), "--no-pictures", *COURSE]) == 3

    assert words_of((tmp_path / "report.html").read_text()).startswith("work: ")
    assert "wrote report.html" in capsys.readouterr().out


@needs_linux
def test_full_marks_exit_with_0_as_in_grade_check(work, capsys):
    (work / "power.py").write_text(RIGHT)

    assert run(["report", str(work), "--no-pictures", *COURSE]) == 0


@needs_linux
def test_it_takes_the_names_of_exercises(work, tmp_path, capsys):
    course = make_course(tmp_path / "course")

    run(["report", str(work), "power", "--no-pictures", "--out", "one.html", "--course", str(course)])

    page = (tmp_path / "one.html").read_text()
    assert 'id="exercise-1"' in page
    assert 'id="exercise-2"' not in page


@needs_linux
def test_a_report_is_replaced_by_the_next_one(work, tmp_path, capsys):
    run(["report", str(work), "--no-pictures", *COURSE])
    before = (tmp_path / "report.html").read_text()
    (work / "power.py").write_text(RIGHT)

    assert run(["report", str(work), "--no-pictures", *COURSE]) == 0

    assert (tmp_path / "report.html").read_text() != before


def test_a_file_of_somebody_elses_is_left_alone(work, tmp_path, capsys):
    (tmp_path / "report.html").write_text("<h1>My summer</h1>")

    assert run(["report", str(work), "--no-pictures", *COURSE]) == 4

    assert (tmp_path / "report.html").read_text() == "<h1>My summer</h1>"
    assert "report.html was not written by Layerwise, so it was not overwritten" in capsys.readouterr().err


@needs_linux
def test_force_writes_over_it(work, tmp_path, capsys):
    (tmp_path / "report.html").write_text("<h1>My summer</h1>")

    run(["report", str(work), "--no-pictures", "--force", *COURSE])

    assert "My summer" not in (tmp_path / "report.html").read_text()


@needs_linux
def test_a_link_is_never_written_through(work, tmp_path, capsys):
    # A submission may hold a link called report.html, and an instructor may stand in its folder.
    (tmp_path / "precious.txt").write_text("precious")
    (tmp_path / "report.html").symlink_to(tmp_path / "precious.txt")

    assert run(["report", str(work), "--no-pictures", *COURSE]) == 4
    assert run(["report", str(work), "--no-pictures", "--force", *COURSE]) == 3

    assert (tmp_path / "precious.txt").read_text() == "precious"
    assert not (tmp_path / "report.html").is_symlink()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_its_place_is_not_waited_for(work, tmp_path, capsys):
    os.mkfifo(tmp_path / "report.html")

    assert run(["report", str(work), "--no-pictures", *COURSE]) == 4


@pytest.mark.parametrize("place", ["", "nowhere/report.html"])
def test_where_it_cannot_be_written_is_one_sentence(place, work, tmp_path, capsys):
    code = run(["report", str(work), "--no-pictures", "--out", str(tmp_path / place), *COURSE])

    assert code == 4
    assert capsys.readouterr().err.count("\n") == 2


@needs_linux
def test_open_shows_the_file_in_a_browser(work, tmp_path, capsys, monkeypatch):
    shown = []
    monkeypatch.setattr("webbrowser.open", shown.append)

    run(["report", str(work), "--no-pictures", "--open", *COURSE])

    assert shown == [(tmp_path / "report.html").as_uri()]


@needs_linux
def test_the_name_of_a_submission_is_text(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    work = make_work(tmp_path / "<img src=x onerror=alert(1)>", power=WRONG)

    run(["report", str(work), "--no-pictures", *COURSE])

    page = (tmp_path / "report.html").read_text()
    assert "<img" not in page
    assert "<img src=x onerror=alert(1)>" in words_of(page)


def test_the_card_of_a_hostile_submission_keeps_its_words_readable():
    card = make_card(submission=make_submission(name='Ada "the first" <ada@example.org>'))

    assert 'Ada "the first" <ada@example.org>' in words_of(render_page(card, view=View.STUDENT))
