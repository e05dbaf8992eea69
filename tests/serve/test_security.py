"""What every answer carries, what is too much, and what comes of texts that want to be more than text."""

from __future__ import annotations

import pytest

from grader.serve.accounts import Role, accept_invitation, invite, make_account
from grader.serve.app import create_app
from grader.serve.limits import Limiter, TooOften
from grader.serve.passwords import hasher, is_password, password_problem
from grader.serve.service import open_service
from grader.serve.settings import Pace
from tests.pages import HOSTILE, Reader
from tests.serve.conftest import PASSWORD, RIGHT, WRONG, Site, add_people, form_of, send, settings_for, wait_for

PAGES = ("/", "/sign-in", "/exercises/power", "/uploads", "/nowhere", "/api/v1/me", "/static/service.css")


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_forbids_what_no_page_needs(path, site):
    headers = site.browser("ada").get(path).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
    assert ("no-store" in headers.get("cache-control", "")) is not path.startswith("/static/")


@pytest.mark.parametrize("path", ["/", "/exercises/power", "/uploads"])
def test_a_page_holds_no_script_and_no_style_of_its_own(path, site):
    read = Reader(site.browser("ada").get(path).text.replace("<!DOCTYPE html>", ""))

    assert "style" not in read.tags
    assert [name for name, _value in read.attributes if name == "style" or name.startswith("on")] == []
    assert read.tags.count("script") == [name for name, _value in read.attributes].count("src") - read.tags.count("img")


def test_over_https_the_cookie_never_travels_otherwise(tmp_path):
    service = open_service(settings_for(tmp_path, public_url="https://testserver"))
    add_people(service.database)
    browser = Site(service, create_app(service)).browser()

    answer = browser.post("/sign-in", data={"email": "ada@example.org", "password": PASSWORD})

    service.close()
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-layerwise_session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    assert answer.headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_is_never_more_than_text(text, running):
    word = "".join(f"{ord(sign):x}" for sign in text)[:30]
    eve = {"name": f"Eve {text}", "email": f"{word}@example.org", "student": f"eve {text.strip()}"}
    account = make_account(running.service.database, role=Role.STUDENT, **eve)
    accept_invitation(running.service.database, invite(running.service.database, account, days=1), PASSWORD)
    eve = running.browser()
    eve.post("/sign-in", data={"email": account.email, "password": PASSWORD})
    # A browser cannot send half of a character.
    number = send(eve, RIGHT, name=f"{text}.py".encode("utf-8", "replace").decode())
    wait_for(eve, number)

    pages = [eve.get(path).text for path in ("/", "/exercises/power", "/uploads", f"/uploads/{number}")]

    for page in pages:
        read = Reader(page.replace("<!DOCTYPE html>", ""))
        assert "alert(1)" not in "".join(value or "" for name, value in read.attributes if name != "value")
        assert {tag for tag in read.tags if tag in ("img", "iframe", "svg")} == set()
        assert "\u202e" not in page
        assert "\x1b" not in page


def test_more_than_the_bound_is_refused_whether_it_says_so_or_not(site):
    ada = site.browser("ada")
    form = form_of(ada)
    large = b"#" * (10 * 2**20)

    said = ada.post("/uploads", data={"form": form, "exercise": "power"}, files={"file": ("power.py", large)})
    unsaid = ada.post("/api/v1/uploads?name=power.py", content=(large[:65536] for _ in range(160)), headers={"x-csrf-token": form})

    assert (said.status_code, unsaid.status_code) == (413, 413)


def test_a_file_of_another_kind_is_refused_with_the_kinds_that_are_read(site):
    ada = site.browser("ada")

    answer = ada.post("/uploads", data={"form": form_of(ada), "exercise": "power"}, files={"file": ("work.docx", b"1")})

    assert answer.status_code == 422
    assert "neither a .py file nor a notebook" in answer.text


def test_who_has_three_waiting_must_wait(site):
    ada = site.browser("ada")
    for number in range(3):
        send(ada, f"{RIGHT}\n# {number}\n")

    answer = ada.post("/uploads", data={"form": form_of(ada), "exercise": "power", "text": RIGHT})

    assert answer.status_code == 429
    assert "3 of your uploads are waiting" in answer.text


def test_who_guesses_passwords_is_told_when_to_come_back(tmp_path):
    service = open_service(settings_for(tmp_path, sign_ins=Pace(times=3, seconds=60)))
    add_people(service.database)
    browser = Site(service, create_app(service)).browser()

    answers = [browser.post("/sign-in", data={"email": "ada@example.org", "password": "guess"}) for _ in range(4)]

    service.close()
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    # One of three in a minute comes back every twenty seconds.
    assert int(answers[-1].headers["retry-after"]) == 20


def test_a_limiter_allows_a_burst_and_then_its_pace():
    time = [0.0]
    limiter = Limiter("tries", Pace(times=2, seconds=10), clock=lambda: time[0])

    limiter.use("ada")
    limiter.use("ada")
    with pytest.raises(TooOften) as refused:
        limiter.use("ada")
    time[0] = 5.0
    limiter.use("ada")

    assert refused.value.after_s == 5


def test_passwords_are_hashed_as_rfc_9106_recommends(monkeypatch):
    monkeypatch.undo()

    # RFC 9106, section 4: argon2id with t=3, p=4 and 64 MiB.
    assert hasher().hash("six wooden spoons").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_nobody_has_no_password():
    assert not is_password("", "")
    assert not is_password("", "six wooden spoons")


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaa", "ada@example.org", "x" * 201])
def test_a_password_that_would_be_guessed_is_refused(password):
    assert password_problem(password, "ada@example.org")


def test_a_hidden_check_shows_a_student_no_number_of_its_case(running):
    ada = running.browser("ada")
    number = send(ada, WRONG + "\n# hidden\n")
    wait_for(ada, number)

    card = ada.get(f"/api/v1/uploads/{number}/scorecard").json()

    checks = [check for exercise in card["exercises"] for function in exercise["functions"] for check in function["checks"]]
    hidden = [check for check in checks if check["visibility"] == "hidden"]
    assert card["view"] == "student"
    assert any(check["finding"] for check in hidden)
    assert {name for check in hidden if check["finding"] for name in check["finding"]} == {"rung", "message", "raised"}
