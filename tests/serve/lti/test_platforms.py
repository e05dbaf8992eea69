"""Exercises chosen there, people read from there, and platforms registered here."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

import pytest

from grader.serve.accounts import find_account
from grader.serve.lti.registrations import (
    all_platforms,
)
from tests.serve.conftest import form_of
from tests.serve.lti.conftest import TOOL
from tests.serve.lti.platform import (
    CLIENT,
    DEPLOYMENT,
    DL,
    INSTRUCTOR,
    LTI,
)


def choose(here, **form):
    here.registered(admits_staff=True)
    browser, answer = here.launch("u-ira", "choose", target_link_uri=f"{TOOL}/lti/choose")
    page = browser.get(answer.headers["location"])
    return browser, answer.headers["location"], page, browser.post(answer.headers["location"], data=form)


def test_an_instructor_chooses_an_exercise_for_an_assignment(here):
    _browser, _place, _page, answer = choose(here, exercise="power")
    action, token = (unescape(re.search(pattern, answer.text)[1]) for pattern in (r'action="([^"]+)"', r'name="JWT" value="([^"]+)"'))

    here.platform.web.post(action, data={"JWT": token})

    claims = here.platform.returned[0]
    item = claims[f"{DL}content_items"][0]
    assert (claims["iss"], claims["aud"], claims[f"{LTI}message_type"]) == (CLIENT, here.platform.url, "LtiDeepLinkingResponse")
    assert (claims[f"{LTI}deployment_id"], claims[f"{DL}data"]) == (DEPLOYMENT, "the platform's own")
    assert (item["type"], item["custom"], item["lineItem"]["scoreMaximum"]) == ("ltiResourceLink", {"exercise": "power"}, 12)
    # The form may go to the platform, and nowhere else.
    assert f"form-action 'self' {here.platform.url};" in answer.headers["content-security-policy"]


def test_a_choice_opens_no_session_and_holds_once(here):
    browser, place, page, first = choose(here, exercise="power")

    second = browser.post(place, data={"exercise": "power"})

    assert here.who(browser) is None
    assert (page.status_code, first.status_code, second.status_code) == (200, 200, 404)


def test_an_exercise_that_is_none_is_not_chosen(here):
    assert choose(here, exercise="nonesuch")[3].status_code == 422


def test_a_student_chooses_nothing(here):
    _browser, answer = here.launch("u-ada", "choose", target_link_uri=f"{TOOL}/lti/choose")

    assert answer.status_code == 403
    assert "only instructors can choose" in answer.text.lower()


def read_roster(here):
    ira = here.browser("ira")
    return unescape(ira.post(f"/staff/lti/courses/{here.course}", data={"form": form_of(ira), "roster": "yes"}).text)


def test_the_roster_of_the_platform_links_who_is_known_page_by_page(here):
    here.platform.add("u-bob", email="bob@example.org", name="Bob")
    here.platform.add("u-eve", email="eve@example.org", name="Eve")
    here.set_mark("bob", 4)

    page = read_roster(here)
    here.round()

    assert "1 linked, 0 accounts made, 1 known before, 1 refused" in page
    assert "Eve: no account has this address" in page
    assert [score["userId"] for score in here.platform.scores] == ["u-bob"]


def test_the_roster_of_the_platform_makes_accounts_where_the_registration_says_so(here):
    here.registered(makes_accounts=True)
    here.platform.add("u-eve", email="eve@example.org", name="Eve", lis_person_sourcedid="s-77", roles=["Learner"])

    read_roster(here)

    assert find_account(here.service.database, student="s-77").email == "eve@example.org"
    assert "s-77" in [student.id for student in here.service.reader.students()]


def test_the_roster_makes_nobody_staff(here):
    here.registered(makes_accounts=True, admits_staff=True)
    here.platform.add("u-kim", email="kim@example.org", roles=[INSTRUCTOR])

    read_roster(here)

    assert find_account(here.service.database, email="kim@example.org") is None


def join(here, configuration=None, link=None):
    ira = here.browser("ira")
    page = ira.post("/staff/lti/joining", data={"form": form_of(ira)}).text
    link = link or re.search(r"/lti/register/[\w-]+", page)[0]
    address = configuration or f"{here.platform.url}/.well-known/openid-configuration"
    return link, here.browser().get(link, params={"openid_configuration": address, "registration_token": "once"})


def forget(here):
    ira = here.browser("ira")
    ira.post(f"/staff/lti/platforms/{here.number}", data={"form": form_of(ira), "remove": "yes", "sure": "yes"})


def test_a_platform_registers_by_a_link_and_may_nothing_yet(here):
    forget(here)

    _link, answer = join(here)

    found = all_platforms(here.service.database)[0]
    token, sent = here.platform.registered[0]
    assert answer.status_code == 200
    assert (found.issuer, found.client_id, found.deployments) == (here.platform.url, CLIENT, (DEPLOYMENT,))
    assert (found.admits_staff, found.trusts_emails, found.makes_accounts) == (False, False, False)
    assert token == "Bearer once"
    ours = {"initiate_login_uri": f"{TOOL}/lti/login", "redirect_uris": [f"{TOOL}/lti/launch"], "jwks_uri": f"{TOOL}/lti/keys"}
    assert sent.items() >= ours.items()


def test_a_registration_link_holds_once(here):
    forget(here)
    link, _answer = join(here)

    assert join(here, link=link)[1].status_code == 403


def test_a_configuration_about_another_platform_is_refused(here, monkeypatch):
    forget(here)
    port = urlsplit(here.platform.url).port

    _link, answer = join(here, configuration=f"http://localhost:{port}/.well-known/openid-configuration")

    assert "the configuration at localhost is for another platform, 127.0.0.1" in answer.text.lower()
    assert all_platforms(here.service.database) == []


@pytest.mark.parametrize("name", ["authorization_url", "token_url", "jwks_url"])
def test_a_registration_with_an_address_that_is_not_used_is_refused(name, here):
    ira = here.browser("ira")
    values = {"issuer": "https://x.example", "client_id": "c", "deployments": "1"}
    addresses = dict.fromkeys(("authorization_url", "token_url", "jwks_url"), "https://x.example/a")

    sent = {"form": form_of(ira), **values, **addresses, name: "http://169.254.169.254/latest"}
    answer = ira.post("/staff/lti/platforms", data=sent)

    assert answer.status_code == 422
    assert len(all_platforms(here.service.database)) == 1


def test_a_platform_that_is_removed_lets_nobody_in(here):
    forget(here)

    answer = here.browser().get(here.platform.login(TOOL, "u-ada"))

    assert answer.status_code == 403
    assert here.account("ada") is not None


def test_an_assistant_looks_and_does_not_touch(here):
    tom = here.browser("tom")
    form = form_of(tom)
    paths = ["platforms", "platforms/1", "joining", "courses/1", "scores", "people", "keys"]

    answers = [tom.post(f"/staff/lti/{path}", data={"form": form, "remove": "yes", "sure": "yes"}).status_code for path in paths]

    assert answers == [403] * len(paths)
    assert tom.get("/staff/lti").status_code == 200


def test_an_account_that_is_unlinked_is_asked_again_who_it_is(here):
    ira = here.browser("ira")
    ira.post("/staff/lti/people", data={"form": form_of(ira), "email": "ada@example.org"})
    here.registered(trusts_emails=False)

    _browser, answer = here.launch("u-ada")

    assert answer.headers["location"] == "/lti/link"
