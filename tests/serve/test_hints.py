"""One more hint at a time, for whose work it is, and no more than was asked for."""

from __future__ import annotations

import dataclasses

import pytest

from grader.serve.hints import give, given_to
from tests.serve.by_word import hand_in, work
from tests.serve.conftest import form_of

HINTS = ("What is the exponent?", "Look at <scale>.", "Nearly the line: multiply by scale.")


@pytest.fixture
def hinted(site):
    """The tiny course, whose forward pass has three hints."""
    (exercise,) = site.service.course.exercises
    forward, backward = exercise.functions
    changed = dataclasses.replace(exercise, functions=(dataclasses.replace(forward, hints=HINTS), backward))
    site.service.course = dataclasses.replace(site.service.course, exercises=(changed,))
    return site


def ask(browser, number, *, function="cube_forward", seen=0):
    data = {"form": form_of(browser), "exercise": "power", "function": function, "seen": str(seen)}
    return browser.post(f"/uploads/{number}/hints", data=data)


def test_hints_come_one_at_a_time_until_there_are_no_more(hinted):
    (number,) = hand_in(hinted, "ada", work("scales_the_cube"))
    ada = hinted.browser("ada")

    pages = [ada.get(f"/uploads/{number}").text]
    for seen in range(3):
        assert ask(ada, number, seen=seen).status_code == 303
        pages.append(ada.get(f"/uploads/{number}").text)

    assert [sum(text in page for text in ("exponent?", "&lt;scale&gt;", "Nearly the line")) for page in pages] == [0, 1, 2, 3]
    assert ["hint about cube_forward</button>" in page for page in pages] == [True, True, True, False]


def test_a_form_that_is_sent_twice_gives_one_hint(hinted):
    (number,) = hand_in(hinted, "ada", work("scales_the_cube"))
    ada = hinted.browser("ada")

    for _ in range(2):
        ask(ada, number, seen=0)

    assert given_to(hinted.service.database, "ada") == {("power", "cube_forward"): 1}


def test_what_was_given_is_there_with_the_next_attempt_too(hinted):
    (first,) = hand_in(hinted, "ada", work("scales_the_cube"))
    ask(hinted.browser("ada"), first)
    (second,) = hand_in(hinted, "ada", work("scales_the_cube", note="again"))

    assert "exponent?" in hinted.browser("ada").get(f"/uploads/{second}").text


def test_there_is_no_hint_about_what_is_right_or_has_none(hinted):
    (right,) = hand_in(hinted, "ada", work())
    (wrong,) = hand_in(hinted, "ada", work("returns_the_gradient"))
    ada = hinted.browser("ada")

    assert [ask(ada, right).status_code, ask(ada, wrong, function="cube_backward").status_code] == [404, 404]
    assert "hint about" not in ada.get(f"/uploads/{right}").text


def test_staff_see_what_was_given_and_cannot_ask(hinted):
    (number,) = hand_in(hinted, "ada", work("scales_the_cube"))
    ask(hinted.browser("ada"), number)
    tom = hinted.browser("tom")

    page = tom.get(f"/uploads/{number}").text

    assert ("exponent?" in page, "One more hint" in page) == (True, False)
    assert ask(tom, number, seen=1).status_code == 403


def test_nobody_asks_with_somebody_elses_scorecard(hinted):
    (number,) = hand_in(hinted, "ada", work("scales_the_cube"))

    assert ask(hinted.browser("bob"), number).status_code == 404
    assert given_to(hinted.service.database, "bob") == {}


def test_the_count_goes_on_only_from_where_it_stands(site):
    give(site.service.database, "ada", "power", "cube_forward", seen=2)
    give(site.service.database, "ada", "power", "cube_forward", seen=0)
    give(site.service.database, "ada", "power", "cube_forward", seen=0)
    give(site.service.database, "ada", "power", "cube_forward", seen=1)

    assert given_to(site.service.database, "ada") == {("power", "cube_forward"): 2}
