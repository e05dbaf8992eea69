"""A university's single sign-on: who comes in, who does not, and what attackers try. The provider is tests/serve/university.py."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import logging
import re
import time
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from grader.cli import cli
from grader.serve import database, identities
from grader.serve.accounts import Role, find_account, invite, make_account, set_disabled
from grader.serve.app import create_app
from grader.serve.own_sessions import agent_in_words
from grader.serve.provider import AGAIN_AFTER_S, Provider
from grader.serve.service import open_service
from grader.serve.settings import Pace
from grader.serve.single_sign_on import Entry, GroupRoles, Passwords, SignOn, SignOnSettingsError, parse_sign_on, read_sign_on
from tests.serve.conftest import PASSWORD, Site, add_people, form_of, settings_for
from tests.serve.university import CLIENT, ISSUER, SECRET, University, by_hand, key, public

SIGN_ON = SignOn(issuer=ISSUER, client_id=CLIENT, client_secret=SECRET, label="Sign in with Example University")


class Campus(Site):
    """A service with single sign-on, and the university."""

    def __init__(self, service, university):
        super().__init__(service, create_app(service))
        self.university = university

    def go(self, browser, then="/"):
        """Begin; give where the browser is sent."""
        answer = browser.get("/single-sign-on", params={"next": then})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def enter(self, browser=None, then="/"):
        """Sign in as whoever the university says; give the service's answer."""
        browser = browser or self.browser()
        return browser.get(self.university.agree(self.go(browser, then)))


@pytest.fixture
def campus(tmp_path, monkeypatch):
    """Make a campus, with changes to what the operator has set."""
    university, opened = University(), []
    monkeypatch.setattr("grader.serve.provider.new_client", university.client)

    def make(settings=(), **changes):
        service = open_service(settings_for(tmp_path, single_sign_on=replace(SIGN_ON, **changes), **dict(settings)))
        opened.append(service)
        add_people(service.database)
        return Campus(service, university)

    yield make
    for service in opened:
        service.close()


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """One service for the many tests after which nobody is signed in and nothing is linked."""
    patch = pytest.MonkeyPatch()
    patch.setattr("grader.serve.passwords.hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    service = open_service(settings_for(tmp_path_factory.mktemp("campus"), single_sign_on=SIGN_ON))
    add_people(service.database)
    patch.undo()
    yield Campus(service, University())
    service.close()


@pytest.fixture
def gate(opened, monkeypatch):
    """That service, with a university that nothing is known of yet."""
    opened.university = University()
    monkeypatch.setattr("grader.serve.provider.new_client", opened.university.client)
    with contextlib.closing(Provider(SIGN_ON)) as provider:
        opened.service.provider = provider
        yield opened


def problem_of(answer):
    found = re.search(r'role="alert">(.*?)</p>', answer.text)
    return found[1] if found else ""


def me(browser):
    return browser.get("/api/v1/me").json()


# ---------------------------------------------------------------------------------------------------------------------- the way in


def test_who_is_on_the_roster_comes_in_by_a_verified_address(campus):
    place = campus()
    browser = place.browser()

    answer = place.enter(browser, "/uploads")

    assert (answer.status_code, answer.headers["location"]) == (303, "/uploads")
    assert me(browser)["student"] == "ada"


def test_the_sign_in_page_leads_there(gate):
    page = gate.browser().get("/sign-in?next=/uploads").text

    assert re.search(r'href="/single-sign-on\?next=(%2F|/)uploads">Sign in with Example University<', page)
    assert 'name="password"' in page


def test_the_provider_is_asked_by_code_with_a_challenge_and_without_a_secret(gate):

    location = gate.go(gate.browser())

    asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
    assert location.startswith(f"{ISSUER}/authorize?campus=main&")
    assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", CLIENT, "openid email profile")
    assert (asked["code_challenge_method"], len(asked["code_challenge"])) == ("S256", 43)
    assert asked["redirect_uri"] == "http://testserver/single-sign-on/back"
    assert "secret" not in location


def test_two_tabs_do_not_take_the_sign_in_from_each_other(campus):
    place = campus()
    browser = place.browser()
    first, second = place.go(browser, "/uploads"), place.go(browser)

    answers = [browser.get(place.university.agree(location)) for location in (first, second)]

    assert [answer.headers.get("location") for answer in answers] == ["/uploads", "/"]


def test_staff_come_in_by_their_address_too_and_stay_what_they_are(campus):
    place = campus()
    place.university.claims |= {"sub": "7", "email": "Ira@Example.org"}
    browser = place.browser()

    place.enter(browser)

    assert me(browser)["role"] == "instructor"


def test_an_address_that_is_verified_at_the_userinfo_endpoint_alone_will_do(campus):
    place = campus()
    place.university.claims = {"sub": "1"}
    place.university.userinfo = {"sub": "1", "email": "ada@example.org", "email_verified": True, "name": "Ada"}
    browser = place.browser()

    place.enter(browser)

    assert me(browser)["student"] == "ada"


def test_a_name_of_the_roster_will_do_where_the_operator_says_so(campus):
    place = campus(identify_by=("preferred_username",), domains=frozenset({"example.edu"}))
    place.university.claims = {"sub": "1", "preferred_username": "bob@example.edu"}
    browser = place.browser()

    place.enter(browser)

    assert me(browser)["student"] == "bob"


def test_over_https_the_cookie_of_a_sign_in_is_the_hosts_own(campus):
    place = campus({"public_url": "https://testserver"})

    cookie = place.browser().get("/single-sign-on").headers["set-cookie"]

    assert cookie.startswith("__Host-layerwise_sign_on_")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax", "Max-Age=600"} <= {part.strip() for part in cookie.split(";")}


def test_signing_out_ends_our_session(campus):
    place = campus()
    browser = place.browser()
    place.enter(browser)

    browser.post("/sign-out", data={"form": form_of(browser)})

    assert browser.get("/").status_code == 303


# ------------------------------------------------------------------------------------------------------------------ who may not


def refused(place, browser=None):
    """What the service says; and that nobody came in, and nobody is linked."""
    browser = browser or place.browser()
    answer = place.enter(browser)
    assert browser.get("/api/v1/me").status_code == 401
    assert identities.all_identities(place.service.database) == []
    assert "set-cookie" not in answer.headers or "layerwise_session" not in answer.headers["set-cookie"]
    return problem_of(answer)


def test_who_is_not_on_the_roster_is_told_so(gate):
    gate.university.claims["email"] = "eve@example.org"

    assert "not on the roster" in refused(gate)
    assert find_account(gate.service.database, email="eve@example.org") is None


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_is_not_verified_opens_nothing(verified, gate):
    gate.university.changed["email_verified"] = verified

    assert "no verified email address" in refused(gate)


def test_letters_that_look_like_an_address_of_the_roster_are_not_it(campus):
    place = campus()
    make_account(place.service.database, name="Kim", email="kim@example.org", role=Role.STUDENT, student="kim")
    # The Kelvin sign, which is a k in lower case.
    place.university.claims["email"] = "\u212aim@example.org"

    assert "no verified email address" in refused(place)


def test_an_address_is_not_verified_by_what_is_said_of_another(gate):
    gate.university.claims = {"sub": "1", "email": "ada@example.org"}
    gate.university.userinfo = {"sub": "1", "email": "eve@example.org", "email_verified": True}

    assert refused(gate)


def test_an_address_of_another_domain_opens_nothing(campus):
    place = campus(domains=frozenset({"students.example.org"}))

    assert "not on the roster" in refused(place)


def test_claims_that_name_two_people_open_nothing(campus):
    place = campus(identify_by=("email", "preferred_username"))
    place.university.claims["preferred_username"] = "bob"

    assert "more than one account" in refused(place)


def test_a_closed_account_stays_closed(campus):
    place = campus()
    set_disabled(place.service.database, place.account("ada"), disabled=True)

    assert "closed" in refused(place)


def test_an_account_that_is_closed_later_is_closed_for_who_is_linked(campus):
    place = campus()
    browser = place.browser()
    place.enter(browser)

    set_disabled(place.service.database, place.account("ada"), disabled=True)

    assert "closed" in problem_of(place.enter(browser))
    assert browser.get("/api/v1/me").status_code == 401


def test_an_address_that_is_given_to_somebody_else_does_not_open_the_old_account(campus):
    place = campus()
    place.enter()
    place.university.claims["sub"] = "somebody else"
    browser = place.browser()

    answer = place.enter(browser)

    assert "linked to somebody else" in problem_of(answer)
    assert browser.get("/api/v1/me").status_code == 401


def test_who_is_linked_comes_in_by_a_new_address_and_none(campus):
    place = campus()
    place.enter()
    place.university.claims = {"sub": "248289761001"}
    browser = place.browser()

    place.enter(browser)

    assert me(browser)["student"] == "ada"


def test_the_same_subject_of_another_issuer_is_somebody_else(campus):
    place = campus()
    place.enter()
    other = replace(SIGN_ON, issuer="https://other.example.edu")
    person = identities.person_of({"sub": "248289761001", "email": "eve@example.org", "email_verified": True}, other)

    with pytest.raises(identities.SignOnError, match="not on the roster"):
        identities.admit(place.service.database, person, other)


# ------------------------------------------------------------------------------------------------------------- open, and by group


def test_in_an_open_course_somebody_unknown_becomes_a_student_and_no_more(campus):
    place = campus(entry=Entry.OPEN)
    place.university.claims |= {"sub": "9", "email": "eve@example.org", "role": "instructor", "groups": ["teachers"]}
    browser = place.browser()

    place.enter(browser)

    assert me(browser) == {"name": "Ada", "email": "eve@example.org", "role": "student", "student": "eve@example.org"}


def test_an_open_course_still_takes_no_address_that_is_not_verified(campus):
    place = campus(entry=Entry.OPEN)
    place.university.claims |= {"email": "eve@example.org", "email_verified": False}

    assert "did not confirm an email address" in refused(place)


GROUPS = GroupRoles(claim="groups", groups={Role.ASSISTANT: frozenset({"tutors"}), Role.INSTRUCTOR: frozenset({"teachers"})})


def test_a_group_makes_staff_only_while_it_does(campus):
    place = campus(roles=GROUPS)
    place.university.claims |= {"sub": "9", "email": "eve@example.org", "groups": ["everybody", "tutors"]}
    browser = place.browser()
    roles = []

    for groups in (["tutors"], ["teachers"], ["everybody"]):
        place.university.claims["groups"] = groups
        answer = place.enter(browser)
        roles.append(me(browser).get("role"))

    assert roles == ["assistant", "instructor", None]
    assert "no longer in any of the groups" in problem_of(answer)


def test_a_group_makes_no_staff_of_a_student_of_the_roster(campus):
    place = campus(roles=GROUPS)
    place.university.claims["groups"] = ["teachers"]
    browser = place.browser()

    place.enter(browser)

    assert me(browser)["role"] == "student"


# ------------------------------------------------------------------------------------------------------------------------ attacks


def test_an_answer_holds_once(campus):
    place = campus()
    browser = place.browser()
    back = place.university.agree(place.go(browser))
    browser.get(back)
    cookies = place.browser()
    cookies.cookies.update(browser.cookies)

    assert "was used before" in problem_of(cookies.get(back))


def test_an_answer_is_of_no_use_in_another_browser_and_is_not_used_up_by_it(campus):
    place = campus()
    ada, eve = place.browser(), place.browser()
    back = place.university.agree(place.go(ada))
    place.go(eve)

    stolen = eve.get(back)
    own = ada.get(back)

    assert (stolen.status_code, own.status_code) == (400, 303)
    assert eve.get("/").status_code == 303


def test_nobody_is_signed_in_to_the_account_of_who_sends_a_link(campus):
    # Login CSRF: an answer that belongs to the attacker's own sign-in, followed by somebody else.
    place = campus()
    eve, victim = place.browser(), place.browser("bob")
    place.university.claims |= {"email": "tom@example.org"}

    victim.get(place.university.agree(place.go(eve)))

    assert me(victim)["student"] == "bob"


@pytest.mark.parametrize("state", ["", "x", "guessed-guessed-guessed-guessed", "a\r\nset-cookie: x=y", "../../x" * 9])
def test_a_state_that_nobody_has_made_is_refused(state, gate):
    browser = gate.browser()

    answer = browser.get(gate.university.agree(gate.go(browser), state=state))

    assert answer.status_code == 400
    assert browser.get("/").status_code == 303


def test_a_sign_in_that_took_too_long_is_refused(campus, monkeypatch):
    place = campus()
    browser = place.browser()
    back = place.university.agree(place.go(browser))
    late = database.now() + identities.FLOW
    monkeypatch.setattr("grader.serve.identities.now", lambda: late)

    assert "ten minutes" in problem_of(browser.get(back))


def test_an_answer_of_another_provider_is_refused_before_the_code_goes_anywhere(gate):
    # RFC 9207: mix-up.
    browser = gate.browser()

    for issuer in ("https://evil.example", None):
        answer = browser.get(gate.university.agree(gate.go(browser), iss=issuer))
        assert "does not come from" in problem_of(answer)

    assert "/token" not in gate.university.asked


def test_a_provider_that_never_names_itself_need_not(campus):
    place = campus()
    place.university.description["authorization_response_iss_parameter_supported"] = None
    browser = place.browser()

    assert browser.get(place.university.agree(place.go(browser), iss=None)).status_code == 303
    assert me(browser)["student"] == "ada"


NOW = time.time()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"nonce": "of another sign-in"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"iss": "https://evil.example"}, "another issuer"),
        ({"iss": f"{ISSUER}/"}, "another issuer"),
        ({"aud": "another service"}, "audience"),
        ({"aud": [CLIENT, "another service"], "azp": CLIENT}, "audience"),
        ({"aud": []}, "lacks the claim aud"),
        ({"azp": "another service"}, "azp"),
        ({"exp": NOW - 300}, "expired already: the clock"),
        ({"iat": NOW + 3600, "exp": NOW + 7200}, "future: the clock"),
        ({"exp": None}, "lacks the claim exp"),
        ({"iat": None}, "lacks the claim iat"),
        ({"sub": None}, "lacks the claim sub"),
        ({"sub": ""}, "subject"),
        ({"sub": "a\u202eb"}, "subject"),
        ({"sub": "x" * 256}, "subject"),
        ({"sub": 7}, "cannot be used"),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "at_hash"),
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_sign_in_proves_nothing(changed, said, gate):
    gate.university.changed = changed

    assert said in refused(gate)


def test_a_clock_that_is_a_little_wrong_is_no_reason_to_refuse(campus):
    place = campus()
    place.university.changed = {"iat": int(time.time()) + 30, "exp": int(time.time()) - 30}

    assert place.enter().status_code == 303


def test_an_audience_that_the_operator_knows_is_taken_if_the_token_is_ours(campus):
    place = campus(audiences=frozenset({"account"}))
    place.university.changed = {"aud": [CLIENT, "account"]}

    without = refused(place)
    place.university.changed["azp"] = CLIENT

    assert "azp" in without
    assert place.enter().status_code == 303


def hmac_by(secret):
    return lambda data: hmac.new(secret, data, hashlib.sha256).digest()


def forged(payload, **header):
    return jwt.encode(payload, key("rsa evil"), "RS256", headers={"kid": "rsa", **header})


HS256 = {"alg": "HS256", "kid": "rsa"}
PEM = Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
TOKENS = {
    "unsigned": lambda payload: by_hand({"alg": "none"}, payload, lambda _data: b""),
    "unsigned by another name": lambda payload: by_hand({"alg": "None", "kid": "rsa"}, payload, lambda _data: b""),
    # The attack of CVE-2022-29217: whoever knows the public key could sign, if it were taken for a shared secret.
    "HS256 by the public key": lambda payload: by_hand(HS256, payload, hmac_by(key("rsa").public_key().public_bytes(*PEM))),
    # And that of CVE-2026-48526.
    "HS256 by the key as JSON": lambda payload: by_hand(HS256, payload, hmac_by(json.dumps(public("rsa")).encode())),
    "HS256 by our own secret": lambda payload: jwt.encode(payload, SECRET.ljust(32), "HS256"),
    "by a key that it brings along": lambda payload: forged(payload, jwk=public("rsa evil")),
    "by a key that it names": lambda payload: forged(payload, jku="https://evil.example"),
    "by another key under the name of the right one": forged,
    "in a way that the provider does not use": lambda payload: jwt.encode(payload, key("rsa"), "PS256", headers={"kid": "rsa"}),
    "cut": lambda payload: jwt.encode(payload, key("rsa"), "RS256", headers={"kid": "rsa"})[:-20],
    "no token": lambda _payload: "x.y",
    "no text": lambda _payload: 7,
    "deep": lambda _payload: by_hand({"alg": "RS256", "kid": "rsa"}, "", lambda _data: b"").replace(".", ".WyJb", 1),
}


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_that_is_not_signed_by_the_provider_proves_nothing(name, gate):
    gate.university.token = TOKENS[name]

    assert "could not be accepted" in refused(gate)


def test_a_key_that_is_too_short_signs_nothing(gate):
    gate.university.published = ["short rsa"]
    gate.university.token = lambda payload: jwt.encode(payload, key("short rsa"), "RS256", headers={"kid": "short rsa"})

    with pytest.warns(jwt.InsecureKeyLengthWarning):
        assert "could not be accepted" in refused(gate)


def test_a_key_for_encryption_signs_nothing(gate):
    keys = [public("rsa", use="enc"), "no key", {"kty": "RSA"}]
    gate.university.broken["/jwks"] = lambda _request: httpx2.Response(200, json={"keys": keys})

    assert "not signed with any of the provider" in refused(gate)


def test_userinfo_about_somebody_else_is_refused(gate):
    gate.university.claims = {"sub": "1"}
    gate.university.userinfo = {"sub": "2", "email": "ada@example.org", "email_verified": True}

    assert "somebody else" in refused(gate)


def test_signing_in_leads_only_to_this_site(campus):
    place = campus()
    places = ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nset-cookie: x=y", "/uploads"]

    answers = [place.enter(then=then) for then in places]

    assert [answer.headers["location"] for answer in answers] == ["/", "/", "/", "/", "/", "/uploads"]


def test_the_database_holds_nothing_by_which_a_sign_in_could_be_ended(campus, tmp_path):
    place = campus()
    browser = place.browser()
    location = place.go(browser)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
    cookie = next(value for name, value in browser.cookies.items() if name.startswith("layerwise_sign_on_"))
    place.service.close()

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("layerwise.db*"))

    assert [secret for secret in (asked["state"], asked["nonce"], cookie, SECRET) if secret.encode() in kept] == []


def test_too_many_beginnings_are_told_when_to_come_back(campus):
    place = campus({"sign_ins_from_address": Pace(times=2, seconds=60)})
    browser = place.browser()

    answers = [browser.get("/single-sign-on") for _ in range(3)]
    guess = browser.get("/single-sign-on/back?state=guessed-guessed-guessed-guessed&code=x")

    assert [answer.status_code for answer in [*answers, guess]] == [303, 303, 429, 429]
    assert int(answers[2].headers["retry-after"]) > 0


# ------------------------------------------------------------------------------------------------------------- keys and troubles


def test_a_new_key_of_the_provider_is_looked_up(campus, monkeypatch):
    place = campus()
    place.enter()
    place.university.published, place.university.signs_by = ["rsa", "ec new"], "ec new"
    later = time.monotonic() + AGAIN_AFTER_S + 1
    monkeypatch.setattr("grader.serve.provider.time.monotonic", lambda: later)

    assert place.enter().status_code == 303
    assert place.university.asked.count("/jwks") == 2


def test_tokens_by_unknown_keys_do_not_make_us_ask_again_and_again(gate):
    gate.university.signs_by = "rsa evil"

    for _ in range(3):
        assert "not signed with any of the provider" in refused(gate)

    assert gate.university.asked.count("/jwks") == 1


def away(_request):
    raise httpx2.ConnectError("no route to 10.0.0.7")


def slow(_request):
    raise httpx2.ReadTimeout("")


def endless(_request):
    return httpx2.Response(200, content=(b"x" * 65536 for _ in range(1000)))


TROUBLES = {
    "away": (away, "cannot be reached"),
    "slow": (slow, "has not answered within 5 seconds"),
    "endless": (endless, "longer than 512 KiB"),
    "broken": (lambda _request: httpx2.Response(500, text="<h1>Traceback"), "status 500"),
    "elsewhere": (lambda _request: httpx2.Response(302, headers={"location": "http://169.254.169.254/"}), "redirect"),
    "no JSON": (lambda _request: httpx2.Response(200, text="<html>"), "not a JSON object"),
    "deep": (lambda _request: httpx2.Response(200, text="[" * 200_000), "not a JSON object"),
}


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token"])
@pytest.mark.parametrize("name", TROUBLES)
def test_trouble_at_the_provider_is_said_in_a_sentence(name, path, gate):
    browser = gate.browser()
    trouble, said = TROUBLES[name]
    location = None if "well-known" in path else gate.go(browser)
    gate.university.broken[path] = trouble

    answer = browser.get(gate.university.agree(location) if location else "/single-sign-on")

    assert answer.status_code == 503
    assert said in problem_of(answer)
    assert "10.0.0.7" not in answer.text
    assert browser.get("/sign-in").status_code == 200


def test_while_the_provider_is_away_nobody_waits_for_it_and_passwords_still_work(campus):
    place = campus()
    place.university.broken["/.well-known/openid-configuration"] = slow

    statuses = [place.browser().get("/single-sign-on").status_code for _ in range(3)]

    assert statuses == [503] * 3
    assert place.university.asked == ["/.well-known/openid-configuration"]
    assert me(place.browser("ada"))["student"] == "ada"


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://login.example.edu/token"},
        {"token_endpoint": "http://localhost/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://login.example.edu/a\r\nset-cookie: x=y"},
        {"userinfo_endpoint": "https://user:word@login.example.edu/"},
    ],
    ids=str,
)
def test_a_provider_that_leads_to_unsafe_gates_is_not_followed(description, gate):
    gate.university.description = description

    assert gate.browser().get("/single-sign-on").status_code == 503


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        ("access_denied", 403, "did not sign you in"),
        ("temporarily_unavailable", 503, "not working"),
        ("invalid_scope", 502, "rejected this service"),
        ("<b>you have won</b>", 502, "rejected this service"),
    ],
)
def test_a_refusal_of_the_provider_is_said_in_our_own_words(error, status, said, gate):
    browser = gate.browser()

    answer = browser.get(gate.university.agree(gate.go(browser), code=None, error=error, error_description="Call 555 to win\x1b[2J"))

    assert (answer.status_code, said in problem_of(answer)) == (status, True)
    assert "555" not in answer.text
    assert "<b>you" not in answer.text


def test_a_secret_that_the_provider_does_not_know_is_in_no_log_and_on_no_page(campus, caplog):
    caplog.set_level(logging.DEBUG)
    place = campus(client_secret="an old secret")
    browser = place.browser()

    answer = place.enter(browser)

    assert answer.status_code == 502
    # The lines of the test's own browser left out.
    logged = "\n".join(line for line in (record.getMessage() for record in caplog.records) if "http://testserver" not in line)
    assert "invalid_client" in logged
    assert "an old secret" not in logged + answer.text + repr(place.service.settings)
    # A code is worth something for as long as nobody has used it.
    assert "code=" not in logged


# ---------------------------------------------------------------------------------------------------- passwords, terminals, staff


def test_passwords_can_be_for_instructors_alone(campus):
    place = campus(passwords=Passwords.INSTRUCTORS)
    words = {"password": PASSWORD}

    answers = {name: place.browser().post("/sign-in", data={"email": f"{name}@example.org", **words}) for name in ("ira", "tom", "ada")}
    token = place.browser().post("/api/v1/sessions", json={"email": "ada@example.org", **words})

    assert {name: answer.status_code for name, answer in answers.items()} == {"ira": 303, "tom": 403, "ada": 403}
    assert "Only instructors sign in" in problem_of(answers["ada"])
    assert (token.status_code, "Terminal" in token.json()["detail"]) == (422, True)


def test_an_invitation_is_no_way_around_single_sign_on(campus):
    place = campus(passwords=Passwords.INSTRUCTORS)
    link = f"/invitations/{invite(place.service.database, place.account('bob'), days=1)}"

    answer = place.browser().post(link, data={"password": "another six spoons", "again": "another six spoons"})

    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers


def made_token(browser, name="my laptop"):
    page = browser.post("/terminal", data={"form": form_of(browser, "/terminal"), "name": name})
    return re.search(r'class="token">([\w-]+)<', page.text)[1]


def test_a_token_of_the_page_signs_a_terminal_in(campus, monkeypatch, tmp_path):
    place = campus(passwords=Passwords.INSTRUCTORS)
    browser = place.browser()
    place.enter(browser)
    token = made_token(browser)
    asked = []

    def ask(line, method, path, _body=None, **_how):
        asked.append(line.place.token)
        return place.browser().request(method, path, headers={"authorization": f"Bearer {line.place.token}"}).content

    monkeypatch.setattr("grader.serve.terminal.Line.ask", ask)
    monkeypatch.setattr("getpass.getpass", lambda _words: f"{token}\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    result = CliRunner().invoke(cli, ["login", "https://grades.example.org", "--token"])

    assert (result.exit_code, asked) == (0, [token])
    assert json.loads((tmp_path / "layerwise" / "service.json").read_text())["token"] == token
    assert token not in result.output


def test_a_token_is_shown_once_listed_and_ended(site):
    ada, bob = site.browser("ada"), site.browser("bob")
    token = made_token(ada, "my <laptop>")
    terminal = site.browser()
    terminal.headers["authorization"] = f"Bearer {token}"
    before = terminal.get("/api/v1/me").status_code
    page = ada.get("/sessions").text
    name = re.search(r'my &lt;laptop&gt;.*?name="session" value="(\w+)"', page, re.DOTALL)[1]

    theirs = bob.post("/sessions/end", data={"form": form_of(bob), "session": name}).status_code
    still = terminal.get("/api/v1/me").status_code
    ada.post("/sessions/end", data={"form": form_of(ada), "session": name})

    assert (before, theirs, still, terminal.get("/api/v1/me").status_code) == (200, 404, 200, 401)
    assert token not in page
    assert "my &lt;laptop&gt;" not in ada.get("/sessions").text


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Safari/604.1", "Safari on iPhone"),
        ("layerwise/0.1.0", "layerwise/0.1.0"),
    ],
)
def test_a_session_is_named_as_its_owner_knows_it(agent, said):
    assert agent_in_words(agent) == said


def test_all_other_sessions_end_at_once(site):
    old, new, bob = site.browser("ada"), site.browser("ada"), site.browser("bob")

    new.post("/sessions/end", data={"form": form_of(new), "session": "others"})

    assert [browser.get("/").status_code for browser in (old, new, bob)] == [303, 200, 200]


def test_tokens_are_not_made_without_end(tmp_path):
    service = open_service(settings_for(tmp_path, sign_ins=Pace(times=3, seconds=60)))
    add_people(service.database)
    ada = Site(service, create_app(service)).browser("ada")

    statuses = [ada.post("/terminal", data={"form": form_of(ada)}).status_code for _ in range(4)]

    service.close()
    assert statuses == [200, 200, 200, 429]


def test_an_instructor_unlinks_and_the_next_with_that_address_is_linked(campus):
    place = campus()
    ada = place.browser()
    place.enter(ada)
    ira = place.browser("ira")
    link = re.search(r'action="(/staff/identities/\d+/unlink)"', ira.get("/staff/identities").text)[1]

    ira.post(link, data={"form": form_of(ira)})
    place.university.claims["sub"] = "a new identity"
    again = place.browser()
    place.enter(again)

    assert ada.get("/").status_code == 303
    assert me(again)["student"] == "ada"
    log = ira.get("/staff/log").text
    assert log.count("single sign-on linked") >= 2
    assert "single sign-on unlinked" in log


def test_who_is_staff_by_group_is_not_unlinked_into_staff_for_ever(campus):
    place = campus(roles=GROUPS)
    place.university.claims |= {"email": "eve@example.org", "groups": ["tutors"]}
    place.enter()
    ira = place.browser("ira")
    held = identities.all_identities(place.service.database)[0]

    answer = ira.post(f"/staff/identities/{held.id}/unlink", data={"form": form_of(ira)})

    assert answer.status_code == 422
    assert identities.all_identities(place.service.database) == [held]


# ------------------------------------------------------------------------------------------------------------------ what is set

FILE = """
issuer = "https://login.example.edu/students"
client_id = "layerwise"
secret_file = "secret"
label = "Sign in with Example University"
identify_by = ["email", "preferred_username"]
domains = ["@Example.edu"]
people = "open"
passwords = "instructors"
[roles]
claim = "groups"
assistant = ["tutors"]
"""


def test_the_file_says_what_the_operator_wants(tmp_path):
    (tmp_path / "sign-on.toml").write_text(FILE)
    (tmp_path / "secret").write_text("hush\n")

    read = read_sign_on(tmp_path / "sign-on.toml")

    assert read == SignOn(
        issuer="https://login.example.edu/students",
        client_id="layerwise",
        client_secret="hush",
        label="Sign in with Example University",
        identify_by=("email", "preferred_username"),
        domains=frozenset({"example.edu"}),
        entry=Entry.OPEN,
        passwords=Passwords.INSTRUCTORS,
        roles=GroupRoles(claim="groups", groups={Role.ASSISTANT: frozenset({"tutors"})}),
    )
    assert "hush" not in repr(read)
    assert read_sign_on(tmp_path / "sign-on.toml", "from the environment").client_secret == "from the environment"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"issuer": "http://login.example.edu"}, "is not an issuer"),
        ({"issuer": None}, "issuer is missing"),
        ({"client_secret": "hush"}, "client_secret is not a key"),
        ({"people": "anybody"}, "'closed' or 'open'"),
        ({"identify_by": []}, "identify_by must be a list"),
        ({"scopes": ["email"]}, "scopes must contain openid"),
        ({"roles": {"claim": "groups", "student": ["x"]}}, "under `assistant` or `instructor`"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_a_sentence(changed, said):
    values = {"issuer": ISSUER, "client_id": CLIENT, **changed}

    with pytest.raises(SignOnSettingsError, match=said) as found:
        parse_sign_on({name: value for name, value in values.items() if value is not None})

    assert "hush" not in f"{found.value} {found.value.remedy}"


def test_a_service_starts_while_the_provider_is_away(campus):
    place = campus()
    place.university.broken["/.well-known/openid-configuration"] = away

    assert place.browser().get("/sign-in").status_code == 200
    assert place.university.asked == []


# -------------------------------------------------------------------------------------------------------- somebody else's provider


@pytest.mark.filterwarnings("ignore")  # of its own libraries
def test_it_works_with_a_provider_that_others_have_written(tmp_path):
    # oidc-provider-mock, on Authlib and Flask: https over the network is all that is missing.
    mock = pytest.importorskip("oidc_provider_mock")
    with mock.run_server_in_thread() as server:
        issuer = f"http://localhost:{server.server_port}"
        httpx2.put(f"{issuer}/users/u-1", json={"email": "ada@example.org", "email_verified": True, "name": "Ada"})
        service = open_service(settings_for(tmp_path, single_sign_on=SignOn(issuer=issuer, client_id="x", client_secret="y")))
        make_account(service.database, name="Ada", email="ada@example.org", role=Role.STUDENT, student="ada")
        browser = Site(service, create_app(service)).browser()

        location = browser.get("/single-sign-on?next=/uploads").headers["location"]
        back = httpx2.post(location, data={"sub": "u-1"}).headers["location"]
        entered = browser.get(back)
        denied = browser.get(httpx2.post(browser.get("/single-sign-on").headers["location"], data={"action": "deny"}).headers["location"])

        service.close()
    assert (entered.status_code, entered.headers["location"]) == (303, "/uploads")
    # It sends no state along with a refusal, so that this cannot be told from somebody else's.
    assert denied.status_code == 400
