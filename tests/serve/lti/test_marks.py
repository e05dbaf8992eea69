"""Marks go to the platform: each once, the newest last, and none is lost."""

from __future__ import annotations

import dataclasses
import time
from datetime import timedelta
from fractions import Fraction
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from grader.classwork import Mark
from grader.serve import tables
from grader.serve.app import create_app
from grader.serve.lti import keys as keys_module
from grader.serve.lti import scores
from grader.serve.lti.registrations import (
    all_links,
)
from grader.serve.service import open_service
from tests.serve.conftest import RIGHT, form_of, send, settings_for, wait_for
from tests.serve.lti.conftest import TOOL, Here, open_here, register
from tests.store.conftest import make_database, server  # noqa: F401 - fixtures


def test_a_mark_goes_to_the_column_of_its_exercise(here):
    here.set_mark("ada", "7.5")

    here.round()

    score = here.platform.scores[0]
    # The tiny course's exercise has 12 points.
    expected = {"userId": "u-ada", "scoreGiven": 7.5, "scoreMaximum": 12, "activityProgress": "Completed", "gradingProgress": "FullyGraded"}
    assert score.items() >= {**expected, "column": "link-1"}.items()
    assert f"{TOOL}/exercises/power" in score["comment"]


def test_a_mark_that_is_not_known_is_not_sent(here):
    assert here.round() == 0
    assert here.platform.scores == []


def test_what_was_graded_reaches_the_platform(own, platform):
    with TestClient(own.app, base_url=TOOL):
        ada = own.launch("u-ada")[0]
        wait_for(ada, send(ada, RIGHT))
        until = time.monotonic() + 20
        while not platform.scores and time.monotonic() < until:
            own.lti.sending.nudge()
            time.sleep(0.1)

    assert [(score["scoreGiven"], score["gradingProgress"]) for score in platform.scores] == [(12.0, "FullyGraded")]


def test_a_mark_is_sent_once(here):
    here.set_mark("ada", 3)

    rounds = [here.round() for _ in range(3)]

    assert rounds == [1, 0, 0]


def test_only_the_newest_mark_is_sent_and_later_ones_have_later_times(here):
    here.platform.fails = [503]
    for points in (3, 4):
        here.set_mark("ada", points)
        here.round()
    here.set_mark("ada", 5)
    here.later()
    here.round()
    here.set_mark("ada", 6)
    here.round()

    assert [score["scoreGiven"] for score in here.platform.scores] == [4.0, 5.0, 6.0]
    times = [score["timestamp"] for score in here.platform.scores]
    assert times == sorted(set(times))


def test_a_mark_that_is_withdrawn_is_cleared(here):
    here.set_mark("ada", 3)
    here.round()

    here.set_mark("ada", None)
    here.round()

    assert "scoreGiven" not in here.platform.scores[-1]
    assert here.platform.scores[-1]["activityProgress"] == "Initialized"


def marked(**values):
    return Mark(**{"student": "ada", "exercise": "power", "points": 0, "max_points": 12, "final": Fraction(0), **values})


def give(here, monkeypatch, mark):
    row = SimpleNamespace(account=here.account("ada").id, marks={"power": mark})
    monkeypatch.setattr("grader.serve.lti.sending.rows_of", lambda _service: (row,))


def test_where_the_machinery_failed_the_mark_is_pending_and_the_one_before_stands(here, monkeypatch):
    give(here, monkeypatch, marked(pending=True, handin=1))
    here.round()
    give(here, monkeypatch, marked(final=Fraction(9), handin=1))
    here.round()
    give(here, monkeypatch, marked(pending=True, handin=2))
    here.round()

    sent = [(score.get("scoreGiven"), score["gradingProgress"], score["activityProgress"]) for score in here.platform.scores]
    assert sent == [(None, "Pending", "Submitted"), (9.0, "FullyGraded", "Completed"), (9.0, "Pending", "Submitted")]


def test_a_third_of_a_point_is_sent_with_two_decimals(here, monkeypatch):
    give(here, monkeypatch, marked(final=Fraction(10, 3), handin=1))

    here.round()

    assert here.platform.scores[0]["scoreGiven"] == 3.33


@pytest.mark.parametrize("status", [401, 409, 429, 500, 503])
def test_what_a_platform_refuses_for_now_is_sent_later(status, here):
    here.platform.fails = [status, status]
    here.set_mark("ada", 3)

    here.round()
    for _ in range(2):
        here.later()
        here.round()

    assert [score["scoreGiven"] for score in here.platform.scores] == [3.0]
    assert scores.counts(here.service.database) == {"waiting": 0, "sent": 1, "failed": 0}


def test_a_platform_that_says_when_is_not_asked_before(here):
    here.platform.fails = [429]
    here.set_mark("ada", 3)

    here.round()

    wait = scores.troubles(here.service.database)[0].next_at - keys_module.now()
    assert timedelta(seconds=100) < wait <= timedelta(seconds=120)


def test_what_a_platform_refuses_for_good_is_given_up_shown_to_staff_and_sent_again_by_hand(here):
    here.platform.fails = [422] * 3
    here.set_mark("ada", 3)
    for _ in range(4):
        here.round()
        here.later()
    ira = here.browser("ira")

    page = ira.get("/staff/lti").text
    ira.post("/staff/lti/scores", data={"form": form_of(ira)})
    here.round()

    assert "answered 422: not now" in page
    assert [score["scoreGiven"] for score in here.platform.scores] == [3.0]


def test_a_platform_that_is_away_costs_no_tries_of_the_others(here, monkeypatch):
    here.platform.add("u-bob", email="bob@example.org")
    here.launch("u-bob")
    rows = [SimpleNamespace(account=here.account(name).id, marks={"power": marked(handin=1)}) for name in ("ada", "bob")]
    monkeypatch.setattr("grader.serve.lti.sending.rows_of", lambda _service: tuple(rows))
    here.platform.fails = [503]

    here.round()

    with here.service.database.reading() as connection:
        tries = connection.execute(select(tables.lti_scores.c.tries).order_by(tables.lti_scores.c.tries)).scalars().all()
    assert tries == [0, 1]
    assert here.platform.scores == []


def test_what_waits_survives_the_service(own, platform, tmp_path):
    platform.fails = [503]
    own.set_mark("ada", 3)
    own.round()
    own.service.close()

    service = open_service(settings_for(tmp_path, public_url=TOOL))
    again = Here(service, create_app(service))
    tool = TestClient(again.app, base_url=TOOL)
    platform.tool_keys = lambda: tool.get("/lti/keys").json()
    again.later()
    again.round()
    again.service.close()

    assert [score["scoreGiven"] for score in platform.scores] == [3.0]


def test_a_service_that_dies_between_the_platforms_yes_and_its_own_note_sends_the_same_mark_again(here, monkeypatch):
    def die(*_):
        raise KeyboardInterrupt

    here.set_mark("ada", 3)
    with monkeypatch.context() as patch:
        patch.setattr("grader.serve.lti.sending.scores.was_sent", die)
        with pytest.raises(KeyboardInterrupt):
            here.round()
    here.lti.sending._seen = ()

    for _ in range(3):
        here.later()
        here.round()

    # The platform refuses what has the time of what it has, so the second one has a later time, and the same points.
    assert [score["scoreGiven"] for score in here.platform.scores] == [3.0, 3.0]
    assert scores.counts(here.service.database) == {"waiting": 0, "sent": 1, "failed": 0}


def test_a_mark_that_was_set_while_the_service_was_down_is_found(here):
    here.set_mark("ada", 4)
    # As a new start has it: nothing is remembered.
    here.lti.sending._seen = ()

    here.round()

    assert [score["scoreGiven"] for score in here.platform.scores] == [4.0]


def test_a_mark_that_changed_while_the_last_one_was_on_its_way_still_waits(here):
    here.set_mark("ada", 3)
    here.platform.fails = [503]
    here.round()
    here.later()
    old = scores.due(here.service.database)[0]
    newer = dataclasses.replace(old, wanted={"state": "graded", "points": "5", "max": 12})
    here.set_mark("ada", 5)
    here.platform.fails = [503]
    here.round()

    scores.was_sent(here.service.database, old)

    here.later()
    assert [one.wanted for one in scores.due(here.service.database)] == [newer.wanted]


def test_a_platform_without_a_column_gets_one(here):
    here.platform.links["link-2"] = {"title": "Powers again", "custom": {"exercise": "power"}, "lineitem": False}
    here.launch("u-ada", "link-2")
    here.set_mark("ada", 3)

    here.round()
    here.launch("u-ada", "link-2")

    made = here.platform.columns["link-2"]
    assert (made["scoreMaximum"], made["resourceId"]) == (12, "power")
    assert sorted(score["column"] for score in here.platform.scores) == ["link-1", "link-2"]
    assert [link.line_item for link in all_links(here.service.database) if link.resource_link == "link-2"] == [made["id"]]


def test_no_mark_goes_to_a_course_that_is_not_connected_any_more(here):
    here.connect(connected=False)
    here.set_mark("ada", 3)

    here.round()

    assert here.platform.scores == []


def test_no_mark_goes_of_an_exercise_that_students_do_not_see(here, monkeypatch):
    monkeypatch.setattr(here.service.rules, "closed", lambda: frozenset({"power"}))
    here.set_mark("ada", 3)

    here.round()

    assert here.platform.scores == []


def test_the_same_on_postgresql(make_database, tmp_path, platform, key_file):  # noqa: F811 - pytest gives the fixture by its name
    here = register(open_here(tmp_path, platform, key_file, place=make_database()), platform)
    here.set_mark("ada", 3)

    here.round()
    here.set_mark("ada", 4)
    here.round()

    assert [score["scoreGiven"] for score in platform.scores] == [3.0, 4.0]
    assert scores.counts(here.service.database) == {"waiting": 0, "sent": 1, "failed": 0}
    here.service.close()
