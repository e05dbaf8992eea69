"""Coming in from a learning platform, and who somebody is here."""

from __future__ import annotations

import re
from html import unescape

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import update

from grader.serve import tables
from grader.serve.accounts import Role, find_account, set_disabled
from grader.serve.lti.registrations import (
    all_contexts,
)
from tests.serve.conftest import PASSWORD, form_of
from tests.serve.lti.conftest import CROSS_SITE, TOOL, clean, register
from tests.serve.lti.platform import (
    ASSISTANT,
    INSTRUCTOR,
    LEARNER,
    LTI,
    signed,
)


def test_a_student_comes_in_by_a_link_and_stands_at_its_exercise(here):
    browser, answer = here.launch("u-ada")

    assert (answer.status_code, answer.headers["location"]) == (303, "/exercises/power")
    assert here.who(browser) == "ada@example.org"


def test_the_platform_is_asked_as_openid_connect_says(here):
    here.start("u-ada")

    asked = here.platform.asked[-1]
    # LTI 1.3, security framework 1.1, section 5.1.1.2.
    fixed = {"scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none"}
    assert asked.items() >= {**fixed, "redirect_uri": f"{TOOL}/lti/launch", "login_hint": "u-ada", "lti_message_hint": "link-1"}.items()


def test_a_login_may_come_as_a_form_of_the_platform(here):
    answer = here.browser().post("/lti/login", data=here.platform.login_fields(TOOL, "u-ada"), headers=CROSS_SITE)

    assert answer.headers["location"].startswith(f"{here.platform.url}/auth?")


def test_the_cookie_of_a_launch_comes_along_from_another_site_and_the_one_of_the_session_does_not(here):
    begun = here.browser().get(here.platform.login(TOOL, "u-ada"))
    _browser, entered = here.launch("u-ada")

    flow, session = begun.headers["set-cookie"], entered.headers["set-cookie"]
    assert re.match(r"__Host-lti_\w+=\S+; Max-Age=600; Path=/; HttpOnly; SameSite=None; Partitioned; Secure$", flow)
    assert session.startswith("__Host-layerwise_session=")
    assert "samesite=lax" in session.lower()


def test_who_was_linked_is_known_when_the_email_address_is_somebody_elses(here):
    here.platform.people["u-ada"]["email"] = "bob@example.org"

    browser, _answer = here.launch("u-ada")

    assert here.who(browser) == "ada@example.org"


def test_an_address_that_passes_to_another_person_does_not_open_the_old_account(here):
    here.platform.add("u-new", email="ada@example.org", name="Another Ada")

    _browser, answer = here.launch("u-new")

    assert answer.status_code == 403
    assert "is linked to somebody else on Moodle" in answer.text


def test_a_link_to_the_whole_course_leads_to_the_syllabus(here):
    here.platform.links["all"] = {"title": "All", "custom": {}, "lineitem": False}

    _browser, answer = here.launch("u-ada", "all")

    assert answer.headers["location"] == "/"


def test_nobody_comes_in_from_a_course_that_is_not_connected(opened, platform):
    here = register(opened, platform, connected=False)

    browser, answer = here.launch("u-ada")

    assert answer.status_code == 403
    assert "Deep Learning of Moodle is not connected here yet" in unescape(answer.text)
    assert here.who(browser) is None
    assert [one.connected for one in all_contexts(here.service.database)] == [False]
    clean(here)


def test_an_instructor_connects_a_course_in_the_page(here):
    here.connect(connected=False)
    ira = here.browser("ira")

    ira.post(f"/staff/lti/courses/{here.course}", data={"form": form_of(ira), "to": "connected"})

    assert here.who(here.launch("u-ada")[0]) == "ada@example.org"
    assert "course connected" in ira.get("/staff/log").text


def test_new_keys_of_the_platform_are_fetched(here):
    here.launch("u-ada")
    here.platform.keys["second"] = rsa.generate_private_key(65537, 2048)
    here.platform.kid = "second"
    # The keys were asked for a moment ago; a minute later they are asked for again.
    here.lti.platform_keys._asked.clear()

    browser, _answer = here.launch("u-ada")

    assert here.who(browser) == "ada@example.org"


def test_nobody_makes_us_ask_for_keys_again_and_again(here):
    before = here.platform.seen_keys
    unknown = rsa.generate_private_key(65537, 2048)

    for _ in range(4):
        browser, sent = here.start("u-ada")
        browser.post("/lti/launch", data={**sent, "id_token": signed({"sub": "u-ada"}, unknown, "unknown")})

    assert here.platform.seen_keys - before <= 1


def test_a_platform_that_does_not_answer_is_said_in_a_sentence(here):
    here.lti.platform_keys._known.clear()
    here.lti.platform_keys._asked.clear()
    database = here.service.database
    with database.writing() as connection:
        connection.execute(update(tables.lti_platforms).values(jwks_url="http://127.0.0.1:9/jwks"))

    _browser, answer = here.launch("u-ada")

    assert answer.status_code == 502
    assert "127.0.0.1 does not answer" in answer.text


def test_whoever_is_not_known_links_their_account_by_signing_in_once(here):
    here.registered(trusts_emails=False)
    here.platform.add("u-bob", email="bob@example.org", name="Bobby")

    browser, answer = here.launch("u-bob")
    asked = browser.get("/lti/link")
    browser.post("/sign-in", data={"email": "bob@example.org", "password": PASSWORD})
    page = browser.get("/lti/link").text
    browser.post("/lti/link", data={"form": form_of(browser)})
    again, _answer = here.launch("u-bob")

    assert (answer.headers["location"], asked.headers["location"]) == ("/lti/link", "/sign-in?next=/lti/link")
    assert "Bobby" in page
    assert here.who(again) == "bob@example.org"


def test_nobody_else_can_be_made_to_link(here):
    here.registered(trusts_emails=False)
    here.platform.add("u-mallory", name="Mallory")
    here.launch("u-mallory")

    bob = here.browser("bob")

    assert bob.get("/lti/link").status_code == 404
    assert bob.post("/lti/link", data={"form": form_of(bob)}).status_code == 404


def test_an_account_is_made_only_where_the_registration_says_so(here):
    here.platform.add("u-eve", email="eve@example.org", name="Eve", **{f"{LTI}lis": {}})

    _browser, before = here.launch("u-eve")
    here.registered(makes_accounts=True)
    browser, _after = here.launch("u-eve")

    assert before.headers["location"] == "/lti/link"
    assert here.who(browser) == "eve@example.org"
    assert find_account(here.service.database, email="eve@example.org").role is Role.STUDENT


@pytest.mark.parametrize(("roles", "role"), [([INSTRUCTOR], Role.INSTRUCTOR), ([INSTRUCTOR, ASSISTANT], Role.ASSISTANT)])
def test_staff_come_in_only_where_the_registration_says_so(roles, role, here):
    here.platform.add("u-kim", email="kim@example.org", name="Kim", roles=roles)

    _browser, before = here.launch("u-kim")
    here.registered(admits_staff=True)
    here.launch("u-kim")

    assert before.headers["location"] == "/lti/link"
    assert find_account(here.service.database, email="kim@example.org").role is role


def test_an_instructor_who_has_an_account_comes_in_only_where_the_registration_says_so(here):
    _browser, before = here.launch("u-ira")
    here.registered(admits_staff=True)
    browser, _after = here.launch("u-ira")
    here.registered(admits_staff=False)
    _browser, later = here.launch("u-ira")

    assert (before.status_code, later.status_code) == (403, 403)
    assert here.who(browser) == "ira@example.org"


# Roles at the institution, of the system, and in words of nobody's vocabulary.
@pytest.mark.parametrize(
    "role",
    [
        "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor",
        "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
        "Instructor",
        f"{INSTRUCTOR}x",
    ],
)
def test_a_role_that_is_none_of_this_course_makes_nobody_staff(role, here):
    here.registered(admits_staff=True, makes_accounts=True)
    here.platform.add("u-kim", email="kim@example.org", roles=[role, LEARNER])

    here.launch("u-kim")

    assert find_account(here.service.database, email="kim@example.org").role is Role.STUDENT


def test_a_student_who_claims_a_role_by_custom_parameter_stays_a_student(here):
    here.registered(admits_staff=True, makes_accounts=True)
    here.platform.links["link-1"]["custom"] |= {"role": "Instructor", "roles": INSTRUCTOR}

    browser, _answer = here.launch("u-ada")

    assert browser.get("/api/v1/me").json()["role"] == "student"
    assert browser.get("/staff/gradebook").status_code == 404


def test_a_student_there_with_the_address_of_an_instructor_here_is_not_that_instructor(here):
    here.registered(admits_staff=True)
    here.platform.add("u-mallory", email="ira@example.org", roles=[LEARNER])

    browser, _answer = here.launch("u-mallory")

    assert here.who(browser) is None


def test_a_closed_account_stays_closed(here):
    set_disabled(here.service.database, here.account("ada"), disabled=True)

    _browser, answer = here.launch("u-ada")

    assert answer.status_code == 403
    assert "Your account is closed" in answer.text
