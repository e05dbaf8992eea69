"""The keys of the service, and what it asks of whom."""

from __future__ import annotations

import json
import shutil
import stat
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from grader.errors import MachineError
from grader.serve.lti import fetching
from grader.serve.lti import keys as keys_module
from grader.serve.lti.fetching import PlatformError, address_problem, fetch
from grader.serve.lti.keys import FILE, Keys
from grader.serve.lti.registrations import (
    all_contexts,
)
from tests.serve.lti.conftest import TOOL
from tests.serve.lti.platform import (
    COURSE,
    decoded,
)


def test_the_private_keys_lie_in_a_file_of_the_service_alone(here, key_file):
    folder = here.lti.keys.path.parent
    mode = stat.S_IMODE(key_file.stat().st_mode)
    database = b"".join(path.read_bytes() for path in folder.glob("layerwise.db*"))

    assert mode == 0o600
    assert b"PRIVATE KEY" not in database
    assert set(here.browser().get("/lti/keys").json()["keys"][0]) == {"kty", "n", "e", "kid", "alg", "use"}


def test_keys_that_others_can_read_are_not_used(tmp_path, key_file, caplog):
    shutil.copy(key_file, tmp_path / FILE)
    (tmp_path / FILE).chmod(0o644)

    with pytest.raises(MachineError) as raised:
        Keys(tmp_path).all()

    assert "other users can read" in caplog.text
    # It is said to whoever asks for our public keys.
    assert str(tmp_path) not in f"{raised.value} {raised.value.remedy}"


def test_a_new_key_is_shown_at_once_signs_later_and_the_old_one_stays_for_a_while(tmp_path, key_file, monkeypatch):
    shutil.copy(key_file, tmp_path / FILE)
    (tmp_path / FILE).chmod(0o600)
    keys, start = Keys(tmp_path), keys_module.now()
    monkeypatch.setattr(keys_module, "now", lambda: start + timedelta(days=1))
    old = keys.all()[0].id
    new = keys.rotate().id

    def kid_after(hours):
        monkeypatch.setattr(keys_module, "now", lambda: start + timedelta(days=1, hours=hours))
        return json.loads(decoded(keys.sign({"a": 1}).split(".")[0]))["kid"]

    assert [one["kid"] for one in keys.published()["keys"]] == [new, old]
    assert [kid_after(0), kid_after(0.9), kid_after(1.1)] == [old, old, new]
    assert [one["kid"] for one in Keys(tmp_path).published()["keys"]] == [new, old]


@pytest.mark.parametrize(
    "address",
    [
        "http://platform.example/jwks",
        "ftp://platform.example/",
        "file:///etc/passwd",
        "https://",
        "https://user:word@platform.example/",
        "https://127.0.0.2/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:169.254.169.254]/",
        "https://[fe80::1]/",
        "https://0.0.0.0/",
        "https://platform.example/\r\nX: y",
        "https://platform.example:99999/",
        "https://platform.example/#x",
        f"https://platform.example/{'a' * 3000}",
    ],
)
def test_an_address_that_no_platform_has_is_not_asked(address):
    assert address_problem(address)
    with pytest.raises(PlatformError):
        fetch(address)


@pytest.mark.parametrize("address", ["https://canvas.example.edu/api", "https://10.1.2.3/moodle", "http://localhost:8080/x", "http://127.0.0.1/x"])
def test_an_address_that_a_platform_may_have_is_asked(address):
    assert address_problem(address) == ""


def test_a_name_that_leads_to_this_machine_is_not_asked(monkeypatch):
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_: [(2, 1, 6, "", ("169.254.169.254", 0))])

    with pytest.raises(PlatformError, match="leads to this machine or to a reserved address"):
        fetch("https://rebound.example/")


def test_where_an_answer_points_to_is_not_followed(platform):
    with pytest.raises(PlatformError, match="answered 307"):
        fetch(f"{platform.url}/elsewhere")


def test_an_answer_that_does_not_end_is_left(platform):
    with pytest.raises(PlatformError, match="more than 1 MiB"):
        fetch(f"{platform.url}/endless")


def test_an_answer_that_takes_too_long_is_left(platform, monkeypatch):
    # A second look at the clock is a minute later.
    clock = iter(range(0, 60_000, 60))
    monkeypatch.setattr(fetching, "time", SimpleNamespace(monotonic=lambda: float(next(clock))))

    with pytest.raises(PlatformError, match="takes longer than 15 seconds"):
        fetch(f"{platform.url}/jwks")


def test_the_course_and_the_page_of_a_platform_are_shown_to_staff_with_what_to_type_there(here):
    page = here.browser("tom").get("/staff/lti").text

    assert all(f"{TOOL}{path}" in page for path in ("/lti/login", "/lti/launch", "/lti/choose", "/lti/keys"))
    assert "Deep Learning" in page
    assert all_contexts(here.service.database)[0].context == COURSE
    assert parse_qs(urlsplit(here.platform.login(TOOL, "u-ada")).query)["iss"] == [here.platform.url]
