"""Two attempts side by side: what changed in the text, and which checks turned."""

from __future__ import annotations

import html
import re

import pytest

from grader.serve.comparison import MOST_LINES, compare_texts, compare_uploads, cut
from grader.serve.uploads import find_upload
from tests.pages import Reader
from tests.serve.by_word import hand_in, work
from tests.serve.conftest import RIGHT, WRONG, send

NAMES = {"one": "one", "uno": "one", "two": "two"}


def compared(site, *numbers):
    found = (find_upload(site.service.database, number) for number in numbers)
    (change,) = compare_uploads(site.service, *found)
    return change


def test_the_text_is_cut_at_the_margin():
    text = "import x\n\ndef one(a,\n    b\n):\n    return a\n\n# of two\n@cached\ndef two():\n\treturn 2\nA = 1\n"

    assert cut(text, NAMES) == {
        "": ["import x", "", "@cached", "A = 1"],
        "one": ["def one(a,", "    b", "):", "    return a", "", "# of two"],
        "two": ["def two():", "\treturn 2"],
    }


def test_a_function_under_another_name_is_still_the_same():
    assert cut("def uno():\r\n    return 1\r\n", NAMES)["one"] == ["def uno():", "    return 1"]


def test_only_what_changed_is_shown_with_lines_around_it(site):
    exercise = site.service.course.exercises[0]

    (part,), same = compare_texts(exercise, WRONG, RIGHT)

    changed = [(line.sign, line.text.strip()) for place in part.places for line in place if line.sign]
    assert (part.name, part.added, part.removed, same) == ("cube_forward", 1, 1, ("cube_backward",))
    assert [sign for sign, _text in changed] == ["-", "+"]
    assert ["scale * x**3" in text for _sign, text in changed] == [False, True]


def test_what_is_too_long_is_said_to_be(site):
    exercise = site.service.course.exercises[0]
    long = "\n".join(f"a{n} = {n}" for n in range(MOST_LINES + 1))

    parts, _same = compare_texts(exercise, RIGHT, RIGHT + long)

    assert [(part.name, part.places) for part in parts] == [("", ())]


def test_the_checks_that_turned_are_told_both_ways(site):
    first, second = hand_in(site, "ada", work("scales_the_cube"), work("returns_the_gradient"))

    change = compared(site, first, second)

    assert [one.title for one in change.green] == ["scales the cube"]
    assert [one.title for one in change.red] == ["returns the gradient"]
    # 12 points in all: 2 for the one, 3 for the other.
    assert change.points == (10, 9)


def test_the_same_text_is_said_to_be_the_same(site):
    first, second = hand_in(site, "ada", work(), work())

    assert "The code is the same." in site.browser("ada").get(f"/uploads/{second}/against/{first}").text


def test_the_page_goes_from_the_earlier_to_the_later_whichever_is_named_first(site):
    first, second = hand_in(site, "ada", work(note="old"), work(note="new"))
    ada = site.browser("ada")

    pages = [ada.get(path).text for path in (f"/uploads/{first}/against/{second}", f"/uploads/{second}/against/{first}")]

    texts = [re.findall(r"<(ins|del)><span class=\"sign\">.</span># (\w+)", text) for text in pages]
    assert texts == [[("del", "old"), ("ins", "new")]] * 2


def test_the_scorecard_leads_to_what_changed(site):
    first, second = hand_in(site, "ada", work("scales_the_cube"), work())

    assert f'href="/uploads/{second}/against/{first}"' in site.browser("ada").get(f"/uploads/{second}").text


def test_hostile_text_is_text(site):
    first, second = hand_in(site, "ada", work(note="x"), work(note="</pre><script>alert(1)</script>\u202e"))

    text = site.browser("ada").get(f"/uploads/{second}/against/{first}").text

    Reader(text)
    assert "<script>alert" not in text
    assert "\u202e" not in text
    assert "<script>alert(1)</script>" in html.unescape(text)


def test_what_waits_is_not_compared_yet(site):
    (first,) = hand_in(site, "ada", work())
    second = send(site.browser("ada"), work(note="waits"))

    assert "still being graded" in site.browser("ada").get(f"/uploads/{second}/against/{first}").text


@pytest.mark.parametrize(("who", "status"), [("ada", 404), ("bob", 404), ("tom", 404), ("ira", 404)])
def test_works_of_two_students_are_not_set_side_by_side(who, status, site):
    (hers,) = hand_in(site, "ada", work())
    (his,) = hand_in(site, "bob", work())

    assert site.browser(who).get(f"/uploads/{hers}/against/{his}").status_code == status


def test_a_student_sees_nothing_hidden_in_a_comparison(site):
    first, second = hand_in(site, "ada", work(), work("scales_the_cube"))

    assert "4711" not in site.browser("ada").get(f"/uploads/{second}/against/{first}").text
