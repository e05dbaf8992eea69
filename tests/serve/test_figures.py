"""The experiments of an upload: asked for by its student, drawn in another process behind everything else; and scorecards taken away."""

from __future__ import annotations

import contextlib
import dataclasses
import json

import pytest

from grader.report.page import Figure, Picture, Plate, Table
from grader.serve import figures
from grader.serve.figure_worker import decode, encode
from grader.serve.figures import MOST_KEPT, TRIES, claim, take_up
from grader.serve.limits import Limiter
from grader.serve.settings import Pace
from tests.pages import Reader
from tests.serve.by_word import hand_in, work
from tests.serve.conftest import RIGHT, form_of, send

pytest.importorskip("matplotlib", reason="pictures need Matplotlib")

PICTURE = Picture(svg="<svg/>", alternative='a <curve> "x"', width=3, height=2)
TABLE = Table(caption="numbers", columns=("x", "y"), rows=(("1", "2"),))
FIGURE = Figure(
    title="Cubes & more", question="Why?", expected="So.", sources=("a book",), notes=("one is missing",),
    plates=(Plate(title="p", told="t", pictures=(PICTURE, PICTURE), table=TABLE), Plate(title="q", told="u", pictures=(PICTURE,))),
)  # fmt: skip


class Line:
    """What a process says, in place of one."""

    def __init__(self, *words):
        self.words = list(words)

    def poll(self, _seconds):
        return bool(self.words)

    def recv_bytes(self, _most):
        return json.dumps(self.words.pop(0)).encode()

    def is_alive(self):
        return False


@pytest.fixture
def says(monkeypatch):
    """Have the drawing process say something else."""

    def set_words(*words):
        line = Line(*words)
        monkeypatch.setattr(figures, "_process", lambda wanted: contextlib.nullcontext((line, line)))

    return set_words


def ask(site, number, who="ada"):
    browser = site.browser(who)
    return browser.post(f"/uploads/{number}/figures", data={"form": form_of(browser)})


def shown(site, number, who="ada"):
    return site.browser(who).get(f"/uploads/{number}/figures").text


def test_a_figure_is_the_same_after_its_journey():
    assert decode(json.loads(json.dumps(encode(FIGURE)))) == FIGURE


def test_what_was_asked_for_waits_and_is_then_shown(site, says):
    says({"figure": encode(FIGURE)})
    (number,) = hand_in(site, "ada", work())
    pages = [shown(site, number)]

    assert ask(site, number).status_code == 303
    pages.append(shown(site, number))
    assert site.service.figures.draw_next()
    pages.append(shown(site, number))

    assert ["Draw the figures</button>" in page for page in pages] == [True, False, False]
    assert ["will be drawn" in page for page in pages] == [False, True, False]
    assert ["Cubes &amp; more" in page for page in pages] == [False, False, True]
    Reader(pages[2])
    assert 'alt="a &lt;curve&gt; &quot;x&quot;"' in pages[2]


def test_nothing_is_drawn_that_nobody_asked_for(site):
    hand_in(site, "ada", work())

    assert not site.service.figures.draw_next()


@pytest.mark.parametrize("words", [[], [{"problem": "no sandbox at /srv/secret"}]])
def test_a_drawing_that_fails_is_said_and_can_be_asked_for_again(words, site, says):
    says(*words)
    (number,) = hand_in(site, "ada", work())
    ask(site, number)

    site.service.figures.draw_next()

    text = shown(site, number)
    assert ("could not draw this" in text, "/srv/secret" in text, "Draw the figures" in text) == (True, False, True)
    ask(site, number)
    assert len(claim(site.service.database)) == 1


def test_what_a_dead_process_was_at_is_drawn_anew_but_not_for_ever(site):
    (number,) = hand_in(site, "ada", work())
    ask(site, number)
    claims = []

    for _ in range(TRIES + 1):
        claims.append(len(claim(site.service.database)))
        take_up(site.service.database)

    assert claims == [1] * TRIES + [0]
    assert "could not draw this" in shown(site, number)


def test_one_upload_of_a_student_waits_at_a_time(site):
    first, second = hand_in(site, "ada", work(note="1"), work(note="2"))
    ask(site, first)

    answer = ask(site, second)

    assert answer.status_code == 422
    assert "another of your uploads" in answer.text


def test_who_asks_too_often_is_told_when_to_come_back(site, says):
    site.service.figure_pace = Limiter("drawings", Pace(times=1, seconds=60))
    first, second = hand_in(site, "ada", work(note="1"), work(note="2"))
    says({"figure": encode(FIGURE)})
    ask(site, first)
    site.service.figures.draw_next()

    answer = ask(site, second)

    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 60


def test_the_figures_of_the_last_few_submissions_are_kept(site, says):
    numbers = hand_in(site, "ada", *(work(note=str(n)) for n in range(MOST_KEPT + 1)))
    for number in numbers:
        says({"figure": encode(FIGURE)})
        ask(site, number)
        site.service.figures.draw_next()

    assert ["Cubes &amp; more" in shown(site, number) for number in numbers] == [False] + [True] * MOST_KEPT


def test_figures_of_two_students_with_the_same_file_are_each_ones_own(site):
    (hers,) = hand_in(site, "ada", RIGHT)
    (his,) = hand_in(site, "bob", RIGHT)
    ask(site, hers)

    assert ["will be drawn" in shown(site, hers), "will be drawn" in shown(site, his, "bob")] == [True, False]


def test_staff_look_and_do_not_ask(site):
    (number,) = hand_in(site, "ada", work())

    assert ask(site, number, "tom").status_code == 403
    assert "The student has not asked for Cubes." in shown(site, number, "tom")


def test_students_uploads_come_before_figures(site, monkeypatch):
    (number,) = hand_in(site, "ada", work())
    ask(site, number)
    send(site.browser("bob"), work())
    drawn = []
    monkeypatch.setattr(site.service.figures, "draw_next", lambda: drawn.append(1) or True)
    # Who would wait is told to stop instead.
    monkeypatch.setattr(site.service.figures._wake, "wait", lambda _seconds: site.service.figures._stopping.set())

    site.service.figures.run()

    assert drawn == []


def test_a_course_without_experiments_offers_none(site):
    site.service.figures.experiments = ()
    (number,) = hand_in(site, "ada", work())

    assert "There are no experiments for this upload." in shown(site, number)
    assert f"/uploads/{number}/figures" not in site.browser("ada").get(f"/uploads/{number}").text


def test_another_process_draws_with_the_students_functions(site):
    (number,) = hand_in(site, "ada", RIGHT)
    ask(site, number)

    site.service.figures.draw_next()

    text = shown(site, number)
    assert "data:image/svg+xml;base64," in text
    assert "Which sign does a cube have?" in text
    Reader(text)


# -------------------------------------------------------------------------------------------------------------------- scorecard


def test_a_scorecard_is_taken_away_in_the_students_view_whoever_asks(site):
    (number,) = hand_in(site, "ada", work("scales_the_cube", mistake="scale_forgotten"))

    answers = [site.browser(who).get(f"/uploads/{number}/scorecard.{form}") for who in ("ada", "tom") for form in ("json", "html")]

    assert [answer.headers["content-disposition"] for answer in answers[:2]] == [
        'attachment; filename="scorecard-1.json"',
        'attachment; filename="scorecard-1.html"',
    ]
    assert answers[0].json()["view"] == answers[2].json()["view"] == "student"
    assert [answer.text for answer in answers if "4711" in answer.text] == []
    Reader(answers[1].text)


def test_a_page_to_take_away_has_the_figures_that_are_drawn(site, says):
    says({"figure": encode(dataclasses.replace(FIGURE, title="Only here"))})
    (number,) = hand_in(site, "ada", work())
    ask(site, number)
    site.service.figures.draw_next()

    assert "Only here" in site.browser("ada").get(f"/uploads/{number}/scorecard.html").text
