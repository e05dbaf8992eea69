"""Nobody sees what is not theirs: every route is tried by everybody."""

from __future__ import annotations

import re

import pytest

from grader.serve.accounts import find_account, invite
from grader.serve.uploads import find_upload
from tests.serve.conftest import RIGHT, send, wait_for

# Who is nobody, bob is another student, ada is whose upload it is, tom is an assistant, ira is an instructor.
WHO = ("", "bob", "ada", "tom", "ira")
IN = (303, 200, 200, 200, 200)
STAFF = (303, 404, 404, 200, 200)
CHANGE = (401, 404, 404, 403, 403)
API = (401, 200, 200, 200, 200)
PLACES = {"name": "power", "table": "items.csv"}
# What each may expect of each route: of a form, 403 where it has no word of the session's own.
ROUTES = {
    "GET /": IN,
    "GET /sign-in": (200, 303, 303, 303, 303),
    "POST /sign-in": (401, 401, 401, 401, 401),
    "POST /sign-out": (401, 403, 403, 403, 403),
    "GET /invitations/{token}": (404, 404, 404, 404, 404),
    "POST /invitations/{token}": (404, 404, 404, 404, 404),
    "GET /sessions": IN,
    "POST /sessions/end": (401, 403, 403, 403, 403),
    "GET /terminal": IN,
    "POST /terminal": (401, 403, 403, 403, 403),
    # This service has none: tests/serve/test_single_sign_on.py has one.
    "GET /single-sign-on": (404, 404, 404, 404, 404),
    "GET /single-sign-on/back": (404, 404, 404, 404, 404),
    "GET /staff/identities": STAFF,
    "POST /staff/identities/{number}/unlink": CHANGE,
    "GET /exercises/{name}": IN,
    "GET /exercises/{name}/stub": IN,
    "GET /uploads": IN,
    "POST /uploads": (401, 403, 403, 403, 403),
    "GET /uploads/{number}": (303, 404, 200, 200, 200),
    # With itself, which leads back to it.
    "GET /uploads/{number}/against/{other}": (303, 404, 303, 303, 303),
    # Nothing is graded yet, so there is no function to have a hint about.
    "POST /uploads/{number}/hints": (401, 404, 403, 403, 403),
    "GET /uploads/{number}/figures": (303, 404, 200, 200, 200),
    "POST /uploads/{number}/figures": (401, 404, 403, 403, 403),
    "GET /uploads/{number}/scorecard.json": (303, 404, 404, 404, 404),
    "GET /uploads/{number}/scorecard.html": (303, 404, 404, 404, 404),
    "GET /style/scorecard.css": (200, 200, 200, 200, 200),
    "GET /health": (200, 200, 200, 200, 200),
    # In these tests nothing is graded.
    "GET /health/grading": (503, 503, 503, 503, 503),
    "GET /staff/gradebook": STAFF,
    "GET /staff/gradebook.csv": STAFF,
    "GET /style/class.css": (200, 200, 200, 200, 200),
    "GET /staff/exercises": STAFF,
    "GET /staff/exercises/{name}": STAFF,
    "GET /staff/exercises/{name}/{table}": STAFF,
    "GET /staff/exports": STAFF,
    "POST /staff/exports": (401, 404, 404, 403, 403),
    "GET /staff/people": STAFF,
    "GET /staff/people/{person}": STAFF,
    "GET /staff/log": STAFF,
    "GET /staff/course": STAFF,
    "POST /staff/course": CHANGE,
    "POST /staff/course/{name}/rules": CHANGE,
    "POST /staff/course/back": CHANGE,
    "POST /staff/people/{person}/extensions": CHANGE,
    "POST /staff/revisions": CHANGE,
    "GET /staff/regrading": STAFF,
    "GET /staff/regrading/{number}/diff.csv": (303, 404, 404, 404, 404),
    "POST /staff/regrading": CHANGE,
    "POST /staff/regrading/{number}/publish": CHANGE,
    "POST /staff/regrading/{number}/discard": CHANGE,
    "POST /staff/regrading/{number}/again": CHANGE,
    "POST /staff/people": CHANGE,
    "POST /staff/people/{person}/marks": CHANGE,
    "POST /staff/people/{person}/access": CHANGE,
    "POST /staff/invitations": CHANGE,
    "POST /staff/uploads/{number}/again": CHANGE,
    "GET /lti/keys": (200, 200, 200, 200, 200),
    # No platform is registered, nobody has come from one, and no choice is under way.
    "GET /lti/login": (403, 403, 403, 403, 403),
    "POST /lti/login": (403, 403, 403, 403, 403),
    "POST /lti/launch": (403, 403, 403, 403, 403),
    "GET /lti/link": (303, 404, 404, 404, 404),
    "POST /lti/link": (401, 403, 403, 403, 403),
    "GET /lti/choices/{token}": (404, 404, 404, 404, 404),
    "POST /lti/choices/{token}": (404, 404, 404, 404, 404),
    "GET /lti/register/{token}": (422, 422, 422, 422, 422),
    "GET /staff/lti": STAFF,
    "POST /staff/lti/platforms": CHANGE,
    "POST /staff/lti/platforms/{number}": CHANGE,
    "POST /staff/lti/joining": CHANGE,
    "POST /staff/lti/courses/{number}": CHANGE,
    "POST /staff/lti/scores": CHANGE,
    "POST /staff/lti/people": CHANGE,
    "POST /staff/lti/keys": CHANGE,
    "POST /api/v1/sessions": (422, 422, 422, 422, 422),
    "DELETE /api/v1/sessions": (401, 403, 403, 403, 403),
    "GET /api/v1/me": API,
    "GET /api/v1/status": API,
    "GET /api/v1/syllabus": API,
    "GET /api/v1/exercises/{name}": API,
    "GET /api/v1/exercises/{name}/stub": API,
    "POST /api/v1/uploads": (401, 422, 422, 403, 403),
    "GET /api/v1/uploads": API,
    "GET /api/v1/uploads/{number}": (401, 404, 200, 200, 200),
    # Nothing is graded yet: who may see the upload is told so.
    "GET /api/v1/uploads/{number}/scorecard": (401, 404, 404, 404, 404),
    "GET /api/v1/uploads/{number}/events": (401, 404, 200, 200, 200),
}


def routes_of(app):
    found = {}
    for route in app.routes:
        inner = getattr(route, "effective_candidates", None)
        for one in inner() if inner else [route]:
            path = getattr(one, "path", "")
            for method in (getattr(one, "methods", None) or set()) - {"HEAD"}:
                found[f"{method} {path}"] = one
    return found


def test_every_route_is_in_the_table(site):
    documents = {"GET /api/v1/openapi.json"}

    there = {re.sub(r"(/staff/people)/{number}", r"\1/{person}", route) for route in routes_of(site.app)}
    assert there - documents == set(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_answers_each_as_the_table_says(route, site):
    number = send(site.browser("ada"), RIGHT)
    # A stream goes on while nothing is graded.
    site.service.hub.close()
    method, path = route.split(" ")
    path = path.format(**PLACES, number=number, other=number, token="guessed", person=site.account("ada").id)

    answers = tuple(site.browser(name).request(method, path).status_code for name in WHO)

    assert answers == ROUTES[route]


@pytest.mark.parametrize("path", ["", "/scorecard", "/events"])
def test_an_upload_of_somebody_else_and_one_that_is_not_there_look_alike(path, site):
    number = send(site.browser("ada"), RIGHT)
    bob = site.browser("bob")

    theirs, nobodys = (bob.get(f"/api/v1/uploads/{one}{path}") for one in (number, number + 1))

    assert (theirs.status_code, theirs.content) == (nobodys.status_code, nobodys.content)


def test_a_number_that_no_database_holds_is_of_no_upload(site):
    assert site.browser("ada").get(f"/api/v1/uploads/{10**30}").status_code == 404


def test_a_cookie_is_no_token_and_a_token_is_no_cookie(site):
    browser, terminal = site.browser("ada"), site.terminal("ada")
    cookie, token = browser.cookies["layerwise_session"], terminal.headers["authorization"].removeprefix("Bearer ")

    swapped = [
        site.browser().get("/api/v1/me", headers={"authorization": f"Bearer {cookie}"}),
        site.browser().get("/api/v1/me", headers={"cookie": f"layerwise_session={token}"}),
    ]

    assert [answer.status_code for answer in swapped] == [401, 401]


def test_a_form_of_another_session_is_refused(site):
    ada, bob = site.browser("ada"), site.browser("bob")
    theirs = re.search(r'name="form" value="([^"]+)"', bob.get("/").text)[1]

    answer = ada.post("/uploads", data={"form": theirs, "exercise": "power", "text": RIGHT})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}, {"origin": "null"}]
)
def test_what_a_page_of_another_site_sends_is_refused_even_a_sign_in(headers, site):
    answer = site.browser().post("/sign-in", data={"email": "ada@example.org", "password": "whatever it is"}, headers=headers)

    assert answer.status_code == 403


def test_who_is_signed_out_has_no_session_any_more(site):
    ada = site.browser("ada")
    form = re.search(r'name="form" value="([^"]+)"', ada.get("/").text)[1]
    cookie = ada.cookies["layerwise_session"]

    ada.post("/sign-out", data={"form": form})

    assert site.browser().get("/", headers={"cookie": f"layerwise_session={cookie}"}).status_code == 303


def test_signing_in_leads_only_to_this_site(site):
    places = ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/uploads"]

    ada = {"email": "ada@example.org", "password": "six wooden spoons"}
    answers = [site.browser().post("/sign-in", data={**ada, "next": one}) for one in places]

    assert [answer.headers["location"] for answer in answers] == ["/", "/", "/", "/", "/uploads"]


def test_an_invitation_holds_once(site):
    token = invite(site.service.database, find_account(site.service.database, email="bob@example.org"), days=1)
    choice = {"password": "another six spoons", "again": "another six spoons"}

    answers = [site.browser().post(f"/invitations/{token}", data=choice).status_code for _ in range(2)]

    assert answers == [303, 404]


def test_a_new_password_ends_the_sessions_of_the_old_one(site):
    bob = site.browser("bob")
    token = invite(site.service.database, site.account("bob"), days=1)

    site.browser().post(f"/invitations/{token}", data={"password": "another six spoons", "again": "another six spoons"})

    assert bob.get("/").status_code == 303


def test_no_password_and_no_token_lies_in_the_database(site, tmp_path):
    ada = site.browser("ada")
    token = invite(site.service.database, site.account("bob"), days=1)
    site.service.close()

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("layerwise.db*"))

    assert b"$argon2id$" in kept
    assert [secret for secret in ("six wooden spoons", token, ada.cookies["layerwise_session"]) if secret.encode() in kept] == []


def test_what_a_hidden_case_holds_is_in_no_answer_to_a_student(running):
    # Code that tries to carry the inputs of hidden checks out, by what it raises and by what it prints.
    thief = RIGHT.replace("    out = scale", '    print("lo" + "ot", x)\n    raise ValueError("lo" + "ot", x.tolist())\n    out = scale', 1)
    bob = running.browser("bob")
    number = send(bob, thief)
    wait_for(bob, number)
    key = find_upload(running.service.database, number).exercises["power"]
    # The public check, whose only input is [2.0], may show its own case.
    carried_out = re.compile(r"loot.{0,20}\[(?!2\.0\])")
    assert carried_out.search(repr(running.service.reader.record(key).outcome))

    given = {**PLACES, "number": number, "other": number, "token": "x", "person": 1}
    paths = [route.split(" ")[1].format(**given) for route in ROUTES if route.startswith("GET ")]
    texts = {path: bob.get(path).text for path in [*paths, f"/api/v1/uploads/{number}/scorecard?format=text"]}

    assert {path for path, text in texts.items() if carried_out.search(text)} == set()
    assert "ValueError" in texts[f"/uploads/{number}"]
