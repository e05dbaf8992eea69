"""What opens something for whoever reads it is in no line of a log."""

from __future__ import annotations

import logging
import threading
import time
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
import uvicorn
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from grader.commands.serve import SERVER
from grader.serve.accounts import invite
from grader.serve.app import create_app
from grader.serve.service import open_service
from grader.store import StoreError
from tests.serve.by_word import hand_in, work
from tests.serve.conftest import PASSWORD, Site, add_people, form_of, settings_for
from tests.serve.test_single_sign_on import SIGN_ON
from tests.serve.university import SECRET, University


@pytest.fixture
def site(tmp_path, monkeypatch):
    university = University()
    monkeypatch.setattr("grader.serve.provider.new_client", university.client)
    service = open_service(settings_for(tmp_path, single_sign_on=SIGN_ON))
    add_people(service.database)
    found = Site(service, create_app(service))
    found.university = university
    yield found
    service.close()


def test_no_secret_is_in_a_line_of_the_log(site, caplog):
    caplog.set_level(logging.DEBUG)
    ada, terminal = site.browser("ada"), site.terminal("ada")
    browser = site.browser()
    invitation = invite(site.service.database, site.account("bob"), days=1)
    begun = browser.get("/single-sign-on").headers["location"]
    back = site.university.agree(begun)
    sent = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}

    hand_in(site, "ada", work(note="code-mark"))
    browser.get(back)
    begun = browser.get("/single-sign-on").headers["location"]
    browser.get(site.university.agree(begun, error="server_error", error_description="said by it"))
    browser.post("/sign-in", data={"email": "ada@example.org", "password": "wrong-mark"})
    browser.post("/api/v1/sessions", json={"email": "ada@example.org", "password": ["wrong-mark"]})
    browser.get(f"/invitations/{invitation}")
    browser.post(f"/invitations/{invitation}", data={"password": "chosen by bob-mark", "again": "chosen by bob-mark"})
    browser.post("/lti/launch", data={"state": "state-mark", "id_token": "token-mark"})
    browser.get("/lti/register/joining-mark?openid_configuration=https://127.0.0.1/x&registration_token=token-mark")
    site.university.token = lambda _claims: "a.forged-mark.token"
    again = site.browser()
    again.get(site.university.agree(again.get("/single-sign-on").headers["location"]))

    keys = [ada.cookies["layerwise_session"], form_of(ada), terminal.headers["authorization"].removeprefix("Bearer "), invitation]
    secrets = {PASSWORD, SECRET, sent["code"], sent["state"], "-mark", *keys}
    written = [logging.Formatter("%(name)s %(message)s").format(record) for record in caplog.records]
    # What this test's own browsers note of their requests is not the service's.
    lines = "\n".join(line for line in written if "http://testserver" not in line)
    # It is not silence that is looked at.
    assert "server_error said by it" in lines
    assert "an ID token was refused" in lines
    assert {secret for secret in secrets if secret in lines} == set()


def test_a_traceback_of_the_database_shows_no_parameters(site):
    with pytest.raises(StoreError) as refused, site.service.database.writing() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:body)"), {"body": "code-mark"})

    assert isinstance(refused.value.__cause__, DBAPIError)
    assert "code-mark" not in f"{refused.value} {refused.value.__cause__}"


@pytest.fixture
def _loggers():
    """The server's loggers are the process's: put them back."""
    loggers = [logging.getLogger(name) for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")]
    before = [(logger.handlers, logger.propagate, logger.level) for logger in loggers]
    yield
    for logger, (handlers, propagate, level) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


async def nothing(scope, _receive, send):
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


# The second is the control: what would be there if the server were let.
@pytest.mark.parametrize(("changes", "is_there"), [({}, False), ({"access_log": True}, True)])
@pytest.mark.usefixtures("_loggers")
def test_the_server_writes_no_line_with_an_address_at_any_level(changes, is_there, capfd):
    how = {**SERVER, "log_level": "debug", "lifespan": "off", "ws": "none", **changes}
    server = uvicorn.Server(uvicorn.Config(nothing, port=0, **how))
    running = threading.Thread(target=server.run)
    running.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]

    with httpx2.Client(trust_env=False) as client:
        client.get(f"http://127.0.0.1:{port}/invitations/token-mark?code=token-mark")
    server.should_exit = True
    running.join(timeout=20)

    out, err = capfd.readouterr()
    assert "Uvicorn running" in err
    assert ("token-mark" in out + err) is is_there
