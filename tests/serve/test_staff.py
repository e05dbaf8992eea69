"""What those who teach see and change; and that assistants look and do not touch."""

from __future__ import annotations

import csv
import io
import re

import pytest

from grader.serve.accounts import find_account
from grader.serve.gradebook import rows_now, rows_of
from grader.serve.marks import Marking
from grader.serve.uploads import State, find_upload, finish
from tests.serve import by_word
from tests.serve.conftest import RIGHT, WRONG, form_of, send, wait_for

ROSTER = "id,name,email\neve,Eve Adams,eve@example.org\nada,Ada,ada@example.org\nmax,Max,\n"


def points_in_gradebook(client, student):
    rows = list(csv.DictReader(io.StringIO(client.get("/staff/gradebook.csv").text.lstrip("\ufeff"))))
    return next(row["power"] for row in rows if row["student"] == student)


def set_mark(client, account, **fields):
    return client.post(f"/staff/people/{account.id}/marks", data={"form": form_of(client), "exercise": "power", **fields})


def test_a_roster_makes_accounts_for_who_has_an_address(site):
    ira = site.browser("ira")

    answer = ira.post("/staff/people", data={"form": form_of(ira)}, files={"file": ("roster.csv", ROSTER)})

    assert "1 account made, 1 known before, 1 not made" in answer.text
    assert find_account(site.service.database, student="eve").email == "eve@example.org"


def test_a_roster_that_is_none_is_refused_in_a_sentence(site):
    ira = site.browser("ira")

    answer = ira.post("/staff/people", data={"form": form_of(ira)}, files={"file": ("roster.csv", b"\x00\x01")})

    assert answer.status_code == 422
    assert 'class="problem"' in answer.text


def test_an_invitation_of_the_page_lets_somebody_in(site):
    ira = site.browser("ira")
    ira.post("/staff/people", data={"form": form_of(ira)}, files={"file": ("roster.csv", ROSTER)})

    page = ira.post("/staff/invitations", data={"form": form_of(ira)}).text

    link = re.search(r"http://testserver(/invitations/[\w-]+)", page)[1]
    entered = site.browser().post(link, data={"password": "ten green bottles", "again": "ten green bottles"})
    assert entered.status_code == 303


def test_the_gradebook_has_what_the_student_sees(running):
    bob, tom = running.browser("bob"), running.browser("tom")
    done = wait_for(bob, send(bob, WRONG + "\n# gradebook\n"))

    seen = bob.get("/api/v1/syllabus").json()["exercises"][0]["mark"]

    assert float(points_in_gradebook(tom, "bob")) == float(seen) == done["points"]


def test_a_mark_set_by_hand_counts_for_the_student_until_it_is_withdrawn(running):
    ada, ira = running.browser("ada"), running.browser("ira")
    wait_for(ada, send(ada, RIGHT + "\n# by hand\n"))
    account = running.account("ada")

    set_mark(ira, account, points="3,5", reason="shown in the oral exam")
    by_hand = ada.get("/api/v1/syllabus").json()["exercises"][0]
    held = running.service.reader.overrides()[-1]
    set_mark(ira, account, withdraw=str(held.id))
    after = ada.get("/api/v1/syllabus").json()["exercises"][0]

    assert (by_hand["mark"], by_hand["by_hand"]) == ("3.5", True)
    assert (after["mark"], after["by_hand"]) == ("12", False)
    assert "shown in the oral exam" in ira.get("/staff/log").text


# The exercise has 12 points.
@pytest.mark.parametrize(("points", "reason"), [("13", "x"), ("-1", "x"), ("1e3", "x"), ("3", " ")])
def test_a_mark_that_cannot_be_is_refused(points, reason, site):
    answer = set_mark(site.browser("ira"), site.account("ada"), points=points, reason=reason)

    assert answer.status_code == 422
    assert site.service.reader.overrides() == ()


def test_an_assistant_looks_and_does_not_touch(site):
    tom, ada = site.browser("tom"), site.account("ada")
    form = form_of(tom)

    answers = [
        set_mark(tom, ada, points="1", reason="because"),
        tom.post("/staff/people", data={"form": form}, files={"file": ("roster.csv", ROSTER)}),
        tom.post("/staff/invitations", data={"form": form}),
        tom.post(f"/staff/people/{ada.id}/access", data={"form": form, "to": "closed"}),
        tom.post("/staff/revisions", data={"form": form}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert find_account(site.service.database, student="eve") is None
    assert not site.account("ada").disabled


def test_a_closed_account_is_out_at_once(site):
    ada, ira = site.browser("ada"), site.browser("ira")

    ira.post(f"/staff/people/{site.account('ada').id}/access", data={"form": form_of(ira), "to": "closed"})

    again = site.browser().post("/sign-in", data={"email": "ada@example.org", "password": "six wooden spoons"})
    assert (ada.get("/").status_code, again.status_code) == (303, 401)


def test_nobody_closes_their_own_account(site):
    ira = site.browser("ira")

    answer = ira.post(f"/staff/people/{site.account('ira').id}/access", data={"form": form_of(ira), "to": "closed"})

    assert answer.status_code == 422
    assert not site.account("ira").disabled


def test_what_was_set_aside_is_graded_when_an_instructor_says_so(site):
    ira, number = site.browser("ira"), send(site.browser("ada"), RIGHT)
    finish(site.service.database, number, State.LOST, sentence="It broke down.")

    ira.post(f"/staff/uploads/{number}/again", data={"form": form_of(ira)})

    assert find_upload(site.service.database, number).state is State.QUEUED


def test_a_story_tells_what_lost_points(running):
    bob, tom = running.browser("bob"), running.browser("tom")
    wait_for(bob, send(bob, WRONG + "\n# story\n"))

    page = tom.get(f"/staff/people/{running.account('bob').id}").text

    assert "points lost" in page
    assert "Multiply the cube by scale." in page


def test_marks_that_were_kept_are_a_revision_of_the_store(running):
    ada, ira = running.browser("ada"), running.browser("ira")
    wait_for(ada, send(ada, RIGHT + "\n# kept\n"))

    ira.post("/staff/revisions", data={"form": form_of(ira)})

    kept = {mark.student: mark.final for mark in running.service.reader.revision().marks}
    assert kept["ada"] == 12


def test_the_gradebook_sorts_and_searches(running):
    tom = running.browser("tom")

    pages = [tom.get(f"/staff/gradebook?{query}").text for query in ("sort=student&order=down", "search=BOB")]

    names = [re.findall(r'scope="row"><a [^>]+>(\w+)<', page) for page in pages]

    assert names[0][-2:] == ["bob", "ada"]
    assert names[1] == ["bob"]


def test_the_gradebook_marks_again_only_those_of_whom_something_has_changed(site, monkeypatch):
    marked = []
    real = Marking._mark

    def spy(self, store, students, *rest):
        marked.append([student.id for student in students])
        return real(self, store, students, *rest)

    monkeypatch.setattr(Marking, "_mark", spy)
    by_word.hand_in(site, "ada", by_word.work())
    by_word.hand_in(site, "bob", by_word.work(note="bob's"))

    def points():
        return {row.student.id: row.total.points for row in rows_of(site.service)}

    before = points()
    marked.clear()
    assert points() == before
    by_word.hand_in(site, "bob", by_word.work("scales_the_cube", note="bob's second"))
    after = points()

    assert after["ada"] == before["ada"] == before["bob"] > after["bob"]
    assert marked == [["bob"]]
    assert rows_of(site.service) == rows_now(site.service)
