"""Everybody who tries to come in as somebody else."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from html import unescape

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.serve.conftest import form_of
from tests.serve.lti.conftest import CROSS_SITE, TOOL
from tests.serve.lti.platform import (
    CLIENT,
    LTI,
    decoded,
    encoded,
    number_of,
    signed,
)


def forge(platform, sent, make):
    """What is sent back, with its token made anew of its header and claims."""
    head, body, _signature = sent["id_token"].split(".")
    return {**sent, "id_token": make(json.loads(decoded(head)), json.loads(decoded(body)), platform)}


def unsigned(header, claims, platform):
    return f"{encoded({'alg': 'none', 'typ': 'JWT'})}.{encoded(claims)}."


def stripped(header, claims, platform):
    return f"{encoded(header)}.{encoded(claims)}."


def by_the_public_key(header, claims, platform):
    # The classic: the public key, which everybody has, as the password of HS256.
    secret = platform.keys["first"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    start = f"{encoded({**header, 'alg': 'HS256'})}.{encoded(claims)}"
    return f"{start}.{encoded(hmac.new(secret, start.encode(), hashlib.sha256).digest())}"


MALLORY = rsa.generate_private_key(65537, 2048)


def by_another_key(header, claims, platform):
    return signed(claims, MALLORY, header["kid"])


def with_its_own_key(header, claims, platform):
    numbers = MALLORY.public_key().public_numbers()
    jwk = {"kty": "RSA", "n": number_of(numbers.n), "e": number_of(numbers.e)}
    start = f"{encoded({'alg': 'RS256', 'kid': 'first', 'jwk': jwk, 'jku': 'http://127.0.0.1:9/'})}.{encoded(claims)}"
    return signed(claims, MALLORY, "first").replace(signed(claims, MALLORY, "first").rpartition(".")[0], start)


def changed(header, claims, platform):
    genuine = signed(claims, platform.keys["first"], "first")
    return genuine.replace(genuine.split(".")[1], encoded({**claims, "sub": "u-ira"}))


@pytest.mark.parametrize("make", [unsigned, stripped, by_the_public_key, by_another_key, with_its_own_key, changed])
def test_a_forged_token_opens_nothing(make, here):
    browser, sent = here.start("u-ada")

    answer = browser.post("/lti/launch", data=forge(here.platform, sent, make), headers=CROSS_SITE)

    assert answer.status_code == 403
    assert here.who(browser) is None


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("aud", "another-client"),
        ("aud", [CLIENT, "another-client"]),
        ("azp", "another-client"),
        ("iss", "https://elsewhere.example"),
        ("exp", int(time.time()) - 3600),
        ("iat", int(time.time()) - 86400),
        ("iat", int(time.time()) + 3600),
        ("nonce", "guessed"),
        ("nonce", None),
        ("sub", None),
        ("sub", 7),
        (f"{LTI}deployment_id", "deployment-of-somebody-else"),
        (f"{LTI}deployment_id", None),
        (f"{LTI}version", "1.1"),
        (f"{LTI}message_type", "LtiSubmissionReviewRequest"),
        (f"{LTI}target_link_uri", "https://evil.example/lti/launch"),
        (f"{LTI}target_link_uri", f"{TOOL}.evil.example/"),
        (f"{LTI}target_link_uri", f"{TOOL}@evil.example/"),
        (f"{LTI}resource_link", None),
        (f"{LTI}context", None),
    ],
)
def test_a_genuine_token_that_is_not_for_this_opens_nothing(claim, value, here):
    here.platform.changes = lambda claims: {name: one for name, one in {**claims, claim: value}.items() if one is not None}

    browser, answer = here.launch("u-ada")

    assert answer.status_code == 403
    assert here.who(browser) is None


def test_a_launch_holds_once(here):
    browser, sent = here.start("u-ada")

    answers = [browser.post("/lti/launch", data=sent, headers=CROSS_SITE).status_code for _ in range(2)]

    assert answers == [303, 403]


def test_a_token_of_one_launch_does_not_serve_another(here):
    browser, first = here.start("u-ada")
    _same, second = here.start("u-ira", browser=browser)

    answer = browser.post("/lti/launch", data={"state": second["state"], "id_token": first["id_token"]}, headers=CROSS_SITE)

    assert answer.status_code == 403
    assert "does not belong to this sign-in" in answer.text


def test_a_state_of_another_browser_opens_nothing_and_spoils_nothing(here):
    victim, sent = here.start("u-ada")

    thief = here.browser()
    stolen = thief.post("/lti/launch", data=sent, headers=CROSS_SITE)
    own = victim.post("/lti/launch", data=sent, headers=CROSS_SITE)

    assert (stolen.status_code, own.status_code) == (403, 303)
    assert "Open the link in a new window" in stolen.text
    assert here.who(thief) is None


@pytest.mark.parametrize("changes", [{"iss": "https://unknown.example"}, {"client_id": "another"}, {"lti_deployment_id": "another"}])
def test_a_platform_or_a_deployment_that_is_not_registered_begins_nothing(changes, here):
    answer = here.browser().get(here.platform.login(TOOL, "u-ada", **changes))

    assert answer.status_code == 403
    assert "not registered here" in answer.text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", f"{TOOL}.evil.example/", f"{TOOL}\\@evil.example", "", None])
def test_a_login_that_leads_elsewhere_begins_nothing(target, here):
    answer = here.browser().get(here.platform.login(TOOL, "u-ada", target_link_uri=target))

    assert answer.status_code == 403


def test_only_the_doors_of_a_launch_take_what_another_site_sends(here):
    ira = here.browser("ira")
    paths = ["/lti/link", "/lti/choices/x", "/staff/lti/platforms", "/lti/launch/", "/sign-in"]

    answers = [ira.post(path, data={"form": form_of(ira)}, headers=CROSS_SITE).status_code for path in paths]

    assert answers == [403] * 5


def test_inside_of_a_page_of_the_platform_there_is_a_link_to_a_new_window_and_nothing_else(here):
    framed = {**CROSS_SITE, "sec-fetch-dest": "iframe"}

    answer = here.browser().get(here.platform.login(TOOL, "u-ada", junk="x"), headers=framed)

    link = unescape(re.search(r'href="(/lti/login[^"]+)" target="_blank" rel="noopener"', answer.text)[1])
    assert "set-cookie" not in answer.headers
    assert "frame-ancestors https:" in answer.headers["content-security-policy"]
    assert "junk" not in link
    assert here.browser().get(link).status_code == 303


def test_no_other_page_may_stand_in_a_frame(here):
    ada = here.launch("u-ada")[0]

    policies = [ada.get(path).headers["content-security-policy"] for path in ("/", "/exercises/power", "/sign-in", "/lti/keys")]

    assert all("frame-ancestors 'none'" in policy for policy in policies)
