"""A service behind https that a simulated platform is registered with."""

from __future__ import annotations

import dataclasses
import re
import shutil
from datetime import timedelta
from fractions import Fraction
from html import unescape

import httpx2
import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from sqlalchemy import delete, update

from grader.serve import tables
from grader.serve.app import create_app
from grader.serve.database import now
from grader.serve.lti.keys import FILE, Keys
from grader.serve.lti.registrations import (
    add_platform,
    all_contexts,
    all_platforms,
    change_platform,
    seen_context,
    set_connected,
)
from grader.serve.service import open_service
from tests.serve.conftest import PASSWORD, PEOPLE, Site, add_people, settings_for
from tests.serve.lti.platform import (
    CLIENT,
    COURSE,
    DEPLOYMENT,
    INSTRUCTOR,
    Platform,
    served,
)

TOOL = "https://grades.example.org"
CROSS_SITE = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "origin": "https://platform.example"}


@pytest.fixture(scope="package")
def simulator():
    with served(Platform()) as platform, httpx2.Client(trust_env=False) as web:
        platform.web = web
        yield platform


@pytest.fixture
def platform(simulator):
    simulator.reset()
    simulator.keys, simulator.shown = {"first": simulator.keys["first"]}, None
    simulator.add("u-ada", email="ada@example.org", name="Ada")
    simulator.add("u-ira", email="ira@example.org", name="Ira", roles=[INSTRUCTOR])
    return simulator


@pytest.fixture(scope="package")
def key_file(tmp_path_factory):
    # A key takes a tenth of a second to find.
    folder = tmp_path_factory.mktemp("keys")
    Keys(folder).all()
    return folder / FILE


class Here(Site):
    """The service behind https, and one platform registered."""

    def browser(self, name=""):
        client = TestClient(self.app, follow_redirects=False, base_url=TOOL)
        if name:
            assert client.post("/sign-in", data={"email": f"{name}@example.org", "password": PASSWORD}).status_code == 303
        return client

    @property
    def lti(self):
        return self.app.state.lti

    def start(self, sub, link="link-1", browser=None, **changes):
        """Begin a launch; give the browser, and what it would send here when it comes back from the platform."""
        browser = browser or self.browser()
        begun = browser.get(self.platform.login(TOOL, sub, link, **changes), headers=CROSS_SITE)
        assert begun.status_code == 303, begun.text
        page = self.platform.web.get(begun.headers["location"]).text
        return browser, {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page)}

    def launch(self, sub, link="link-1", browser=None, **changes):
        browser, sent = self.start(sub, link, browser, **changes)
        return browser, browser.post("/lti/launch", data=sent, headers=CROSS_SITE)

    @property
    def number(self):
        return all_platforms(self.service.database)[0].id

    @property
    def course(self):
        return all_contexts(self.service.database)[0].id

    def who(self, browser):
        return browser.get("/api/v1/me").json().get("email")

    def registered(self, **changes):
        platform = all_platforms(self.service.database)[0]
        values = {name: getattr(platform, name) for name in ("admits_staff", "trusts_emails", "makes_accounts")}
        change_platform(self.service.database, platform, {**values, "deployments": DEPLOYMENT, **changes}, by=0)

    def connect(self, connected=True):
        set_connected(self.service.database, all_contexts(self.service.database)[0], connected=connected, by=0)

    def set_mark(self, student, points):
        with self.service.staff_writing() as store:
            for held in store.overrides():
                if held.withdrawn_at is None and held.student == student:
                    store.withdraw_override(held.id)
            if points is not None:
                store.put_override(student=student, exercise="power", points=Fraction(points), reason="oral exam", author="ira")

    def round(self):
        self.lti.sending._look_at = 0.0
        return self.lti.sending.round()

    def later(self):
        """Let every pause have passed."""
        with self.service.database.writing() as connection:
            connection.execute(update(tables.lti_scores).values(next_at=now() - timedelta(seconds=1)))


def open_here(folder, platform, key_file, **settings):
    shutil.copy(key_file, folder / FILE)
    (folder / FILE).chmod(0o600)
    service = open_service(dataclasses.replace(settings_for(folder, public_url=TOOL, **settings), folder=folder))
    add_people(service.database)
    return Here(service, create_app(service))


def register(here, platform, *, connected=True):
    """Begin anew with one platform, from one course of which ada has come."""
    here.platform = platform
    values = {"name": "Moodle", "issuer": platform.url, "client_id": CLIENT, "deployments": DEPLOYMENT, "trusts_emails": True}
    addresses = {"authorization_url": f"{platform.url}/auth", "token_url": f"{platform.url}/token", "jwks_url": f"{platform.url}/jwks"}
    number = add_platform(here.service.database, {**values, **addresses}, by=0).id
    tool = TestClient(here.app, base_url=TOOL)
    platform.tool_keys = lambda: tool.get("/lti/keys").json()
    if connected:
        with here.service.database.writing() as connection:
            seen_context(connection, number, deployment=DEPLOYMENT, context=COURSE, title="Deep Learning", memberships_url="")
        here.connect()
        here.launch("u-ada")
    return here


def clean(here):
    """Leave nothing of a test behind: a service takes a while to open."""
    for student in ("ada", "bob"):
        here.set_mark(student, None)
    with here.service.database.writing() as connection:
        for name in ("scores", "links", "contexts", "people", "flows", "platforms"):
            connection.execute(delete(getattr(tables, f"lti_{name}")))
        connection.execute(delete(tables.accounts).where(tables.accounts.c.id > len(PEOPLE)))
        connection.execute(update(tables.accounts).values(disabled=False))
    here.lti.sending._seen = ()
    here.lti.calls._tokens.clear()


@pytest.fixture(scope="package")
def opened(tmp_path_factory, simulator, key_file):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.serve.passwords.hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        here = open_here(tmp_path_factory.mktemp("here"), simulator, key_file)
        yield here
        here.service.close()


@pytest.fixture
def here(opened, platform):
    yield register(opened, platform)
    clean(opened)


@pytest.fixture
def own(tmp_path, platform, key_file):
    """A service of one's own, for who ends it."""
    return register(open_here(tmp_path, platform, key_file), platform)
