"""The scorecard as HTML: nothing of a student's becomes markup, and whoever does not see it can read it all the same."""

from __future__ import annotations

import dataclasses
import re

import pytest

from grader.model import Diagnosis, Evidence, Layers, Verdict, View, Visibility
from grader.report import render
from grader.report.html import STYLE, render_html
from tests.cards import RAISED, card_with, make_card, make_check, make_exercise, make_function
from tests.pages import HOSTILE, Reader, hostile_card, luminance, words_of

ALLOWED_TAGS = {"style", "section", "div", "span", "p", "details", "summary", "ul", "li", "code"}
ALLOWED_ATTRIBUTES = {"class", "lang", "aria-label", "aria-hidden", "aria-level", "role", "open", "style"}


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_students_becomes_markup(text, view):
    harmless = Reader(render_html(hostile_card("harmless"), view=view, verbose=True))

    page = render_html(hostile_card(text), view=view, verbose=True)
    read = Reader(page)

    assert read.tags == harmless.tags
    assert [name for name, _value in read.attributes] == [name for name, _value in harmless.attributes]
    assert read.open == []
    assert set(read.tags) <= ALLOWED_TAGS
    assert {name for name, _value in read.attributes} <= ALLOWED_ATTRIBUTES
    page.encode()


@pytest.mark.parametrize("text", HOSTILE)
def test_no_character_that_a_reader_would_act_on_is_left(text):
    page = render_html(hostile_card(text), view=View.INSTRUCTOR, verbose=True)

    assert all(character.isprintable() or character == "\n" for character in page)


def test_it_needs_nothing_from_elsewhere():
    page = render_html(make_card(), view=View.INSTRUCTOR)

    assert "<script" not in page
    assert not re.search(r"url\(|@import|https?:|src=|href=", page)


def test_a_student_sees_points_the_mistake_and_what_to_do():
    words = words_of(render_html(make_card(), view=View.STUDENT))

    assert "0/6" in words
    assert "First: cube_forward (power.py) fails the check “" in words
    assert "This is what you get when x is squared, not cubed." in words
    assert "There is no root.py" in words or "The submission has no root.py." in words


def test_what_is_no_known_mistake_is_said_as_it_stands():
    cause = Diagnosis(mistake="shifted", explanation="out is too large by 1 everywhere.", evidence=Evidence.GENERAL_CAUSE)
    words = words_of(render_html(make_card(make_exercise(make_function(make_check(), diagnoses=(cause,)))), view=View.STUDENT))

    assert "out is too large by 1 everywhere." in words
    assert "This is what you get when" not in words


def test_two_mistakes_at_once_are_told_as_two():
    pair = Diagnosis(mistake="a + b", explanation="x is squared, and the sign is lost.", evidence=Evidence.TWO_MISTAKES)
    words = words_of(render_html(make_card(make_exercise(make_function(make_check(), diagnoses=(pair,)))), view=View.STUDENT))

    assert "This is what you get with two mistakes at once: x is squared, and the sign is lost." in words


def test_facts_are_not_told_as_an_explanation():
    facts = Diagnosis(mistake="", explanation="The first row is right.", evidence=Evidence.NOT_RECOGNISED)
    words = words_of(render_html(make_card(make_exercise(make_function(make_check(), diagnoses=(facts,)))), view=View.STUDENT))

    assert "The grader does not know the cause. The first row is right." in words
    assert "This is what you get" not in words


def test_points_are_read_aloud_as_points_and_not_as_a_fraction():
    aloud = "".join(Reader(render_html(make_card(), view=View.STUDENT)).read_aloud)

    assert "0 of 6 points" in aloud
    assert "0/6" not in aloud


def test_of_a_hidden_check_a_student_sees_no_number_of_the_case():
    card = card_with(dataclasses.replace(RAISED, facts={"at": [1], "got": 1.25, "expected": 2.5}))

    assert "too many indices" not in words_of(render_html(card, view=View.STUDENT))
    assert "1.25" not in words_of(render_html(card, view=View.STUDENT))
    assert "too many indices" in words_of(render_html(card, view=View.INSTRUCTOR))


def test_of_a_public_check_a_student_sees_everything():
    card = card_with(dataclasses.replace(RAISED, facts={"at": [1], "got": 1.25, "expected": 2.5}), visibility=Visibility.PUBLIC)

    assert "too many indices" in words_of(render_html(card, view=View.STUDENT))
    assert "1.25" in words_of(render_html(card, view=View.STUDENT))


def test_a_verdict_is_said_in_words_and_not_by_a_sign_or_a_colour_alone():
    aloud = "".join(Reader(render_html(make_card(), view=View.STUDENT)).read_aloud)

    assert "wrong answer" in aloud
    assert "runtime error" in aloud
    assert "✗" not in aloud


def test_it_has_a_name_for_a_screen_reader_and_a_heading_that_is_no_entry_of_a_table_of_contents():
    read = Reader(render_html(make_card(), view=View.STUDENT))

    assert ("aria-label", "Scorecard of ada: 0 of 8 points") in read.attributes
    assert ("role", "heading") in read.attributes
    assert not {"h1", "h2", "h3", "h4", "h5", "h6"} & set(read.tags)


def test_a_page_of_many_takes_the_style_once():
    card = make_card()

    assert render_html(card, view=View.STUDENT) == STYLE + "\n" + render_html(card, view=View.STUDENT, style=False)


def test_a_check_that_only_informs_says_that_it_is_worth_no_points():
    card = make_card(make_exercise(make_function(make_check(max_points=0), make_check(title="keeps the sign"))))

    assert "cubes every elementwrong answerno points" in words_of(render_html(card, view=View.STUDENT))


def test_passed_checks_are_shown_where_they_are_asked_for():
    card = make_card(make_exercise(make_function(make_check(verdict=Verdict.ACCEPTED, points=2, finding=None), verdict=Verdict.ACCEPTED)))

    assert "cubes every element" not in words_of(render_html(card, view=View.STUDENT))
    assert "cubes every element" in words_of(render_html(card, view=View.STUDENT, verbose=True))


def test_a_run_without_a_sandbox_says_so():
    card = make_card()
    card = dataclasses.replace(card, run=dataclasses.replace(card.run, layers=Layers(sandbox="plain")))

    assert "This ran without a sandbox" in words_of(render_html(card, view=View.STUDENT))


@pytest.mark.parametrize("palette", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["ground", "soft"])
@pytest.mark.parametrize("name", ["text", "faint", "good", "bad", "open", "hint"])
def test_every_text_can_be_read_on_its_ground(name, ground, palette):
    colors = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", part)) for part in STYLE.split("@media (prefers-color-scheme: dark)")]
    bright, dark = sorted((luminance(colors[palette][name]), luminance(colors[palette][ground])), reverse=True)

    # WCAG 2.2, success criterion 1.4.3.
    assert (bright + 0.05) / (dark + 0.05) >= 4.5


def test_html_is_one_of_the_formats():
    assert render(make_card(), "html", view=View.STUDENT).startswith("<style>")
