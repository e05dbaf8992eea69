"""A service over the course of one exercise, and people who may come in."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from grader.serve.accounts import Role, accept_invitation, find_account, invite, make_account
from grader.serve.app import create_app
from grader.serve.service import open_service
from grader.serve.settings import Pace, Settings

TINY = Path(__file__).parent.parent / "courses" / "tiny"
PASSWORD = "six wooden spoons"
RIGHT = (TINY / "reference" / "power.py").read_text()
WRONG = RIGHT.replace("scale * x**3", "x**3", 1)
PEOPLE = {
    "ada": (Role.STUDENT, "ada"),
    "bob": (Role.STUDENT, "bob"),
    "tom": (Role.ASSISTANT, ""),
    "ira": (Role.INSTRUCTOR, ""),
}


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch):
    # The real parameters take 64 MiB and a tenth of a second each; what they are is tested by themselves.
    from argon2 import PasswordHasher

    monkeypatch.setattr("grader.serve.passwords.hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def settings_for(folder, **changes):
    values = {
        "course_root": TINY,
        "place": folder / "layerwise.db",
        "public_url": "http://testserver",
        "uploads": Pace(times=1000, seconds=60),
        "requests": Pace(times=10_000, seconds=60),
        "sign_ins": Pace(times=1000, seconds=60),
        "sign_ins_from_address": Pace(times=1000, seconds=60),
    }
    return Settings(**{**values, **changes})


def add_people(database):
    for name, (role, student) in PEOPLE.items():
        account = make_account(database, name=name.title(), email=f"{name}@example.org", role=role, student=student)
        accept_invitation(database, invite(database, account, days=1), PASSWORD)


class Site:
    """A running service, and a browser for each of the people."""

    def __init__(self, service, app):
        self.service, self.app = service, app

    def browser(self, name=""):
        client = TestClient(self.app, follow_redirects=False)
        if name:
            answer = client.post("/sign-in", data={"email": f"{name}@example.org", "password": PASSWORD})
            assert answer.status_code == 303, answer.text
        return client

    def terminal(self, name):
        client = TestClient(self.app, follow_redirects=False)
        answer = client.post("/api/v1/sessions", json={"email": f"{name}@example.org", "password": PASSWORD})
        client.headers["authorization"] = f"Bearer {answer.json()['token']}"
        return client

    def account(self, name):
        return find_account(self.service.database, email=f"{name}@example.org")


def form_of(client, path="/"):
    """What the forms of a page carry."""
    return re.search(r'name="form" value="([^"]+)"', client.get(path).text)[1]


def send(client, text, exercise="power", name="power.py"):
    """Hand in by the form; give the number of the upload."""
    data = {"form": form_of(client), "exercise": exercise}
    answer = client.post("/uploads", data=data, files={"file": (name, text)})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rpartition("/")[2])


def wait_for(client, number, seconds=60):
    """The upload once it is done."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = client.get(f"/api/v1/uploads/{number}").json()
        if found["state"] not in ("queued", "grading"):
            return found
        time.sleep(0.05)
    raise AssertionError(f"upload {number} is not done after {seconds} s: {found}")


@pytest.fixture
def site(tmp_path):
    """A service that takes in, and grades nothing, so that a test decides what has been graded."""
    service = open_service(settings_for(tmp_path))
    add_people(service.database)
    yield Site(service, create_app(service))
    service.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A service that grades."""
    from argon2 import PasswordHasher

    patch = pytest.MonkeyPatch()
    patch.setattr("grader.serve.passwords.hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    service = open_service(settings_for(tmp_path_factory.mktemp("service")))
    add_people(service.database)
    app = create_app(service)
    with TestClient(app):
        yield Site(service, app)
    patch.undo()
