"""An upload that was accepted is graded, whatever dies, and once."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest

from grader.serve.accounts import accept_invitation, find_account, invite
from grader.serve.database import Database
from grader.serve.service import open_service
from grader.serve.terminal import Line, Place, send
from grader.serve.uploads import State, accept, claim, find_upload, put_back, take_up, uploads_of
from grader.store import Store
from tests.serve.conftest import PASSWORD, RIGHT, TINY, WRONG, add_people, settings_for

KILLS = int(os.environ.get("LAYERWISE_KILLS", "2"))


def free_port():
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """``grade serve`` as a process of its own."""

    def __init__(self, folder, *options):
        self.folder, self.port, self.options = folder, free_port(), options
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        options = ["--data", str(self.folder), "--course", str(TINY), "--port", str(self.port), "--jobs", "2", *self.options]
        self.process = subprocess.Popen([sys.executable, "-m", "grader", "serve", *options], stderr=subprocess.PIPE, start_new_session=True)
        until = time.monotonic() + 60
        while True:
            try:
                with urlopen(f"{self.url}/health", timeout=5):
                    return
            except (URLError, OSError):
                assert self.process.poll() is None, self.process.stderr.read().decode()
                assert time.monotonic() < until
                time.sleep(0.05)

    def kill(self):
        family = [self.process.pid, *(child.pid for child in psutil.Process(self.process.pid).children(recursive=True))]
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        return family

    def end(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(20)
        self.process.stderr.close()
        return code


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path)
    with closing(Database.open(tmp_path / "layerwise.db")) as database:
        add_people(database)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.kill()


def signed_in(server):
    token = Line(Place(url=server.url)).ask_json("POST", "/api/v1/sessions", {"email": "ada@example.org", "password": PASSWORD})["token"]
    return Line(Place(url=server.url, token=token))


def settle(line, numbers):
    until = time.monotonic() + 90
    while time.monotonic() < until:
        states = {number: line.ask_json("GET", f"/api/v1/uploads/{number}")["state"] for number in numbers}
        if all(state == "graded" for state in states.values()):
            return
        time.sleep(0.1)
    raise AssertionError(states)


def test_what_was_accepted_is_graded_once_though_the_service_is_killed_again_and_again(server):
    server.start()
    line = signed_in(server)
    chance = random.Random(7)  # when it dies; any seed will do
    numbers = []

    for round_ in range(KILLS):
        for part in range(2):
            numbers.append(send(line, "power.py", f"{RIGHT if part else WRONG}\n# {round_}\n".encode(), "power")["id"])
        time.sleep(chance.uniform(0, 1.5))
        server.kill()
        server.start()
        settle(line, numbers)

    with closing(Store.open(server.folder / "layerwise.db", read_only=True)) as store:
        sources = [stored.handin.source for stored in store.handins()]
    assert sorted(sources) == sorted(f"upload {number}: power.py" for number in numbers)
    assert server.end() == 0


def test_no_worker_outlives_a_service_that_was_killed(server):
    server.start()
    settle(line := signed_in(server), [send(line, "power.py", RIGHT.encode(), "power")["id"]])

    family = server.kill()

    until = time.monotonic() + 10
    while any(psutil.pid_exists(number) and psutil.Process(number).status() != psutil.STATUS_ZOMBIE for number in family):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_second_service_on_the_same_store_is_told_who_has_it(server):
    server.start()

    second = subprocess.run(
        [sys.executable, "-m", "grader", "serve", "--data", str(server.folder), "--course", str(TINY), "--port", str(free_port())],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert second.returncode == 7
    assert f"process {server.process.pid}" in second.stderr


def test_the_pages_come_from_the_real_server_too(server):
    server.start()

    with urlopen(f"{server.url}/sign-in", timeout=10) as answer:
        text = answer.read().decode()

    assert re.search(r"<h1>Sign in</h1>", text)
    assert answer.headers["server"] is None


def test_an_upload_is_on_the_disk_when_it_is_acknowledged(tmp_path):
    with closing(Database.open(tmp_path / "layerwise.db")) as database:
        add_people(database)
        ada = find_account(database, email="ada@example.org")

        taken = accept(database, ada, name="power.py", body=b"x = 1", exercise="power", most_waiting=3)

        with closing(Database.open(tmp_path / "layerwise.db")) as other:
            assert claim(other)[1] == b"x = 1"
            assert find_upload(database, taken.id).state is State.GRADING


def test_a_new_process_takes_up_what_the_last_one_was_at(tmp_path):
    with closing(Database.open(tmp_path / "layerwise.db")) as database:
        add_people(database)
        ada = find_account(database, email="ada@example.org")
        for body in (b"x = 1", b"x = 2"):
            accept(database, ada, name="power.py", body=body, exercise="power", most_waiting=3)
        first, _body = claim(database)

        again = take_up(database)

        assert again == 1
        assert [one.state for one in uploads_of(database, "ada")] == [State.QUEUED, State.QUEUED]
        assert claim(database)[0].id == first.id


def test_what_has_been_tried_twenty_times_is_set_aside_and_costs_nothing(tmp_path):
    with closing(Database.open(tmp_path / "layerwise.db")) as database:
        add_people(database)
        ada = find_account(database, email="ada@example.org")
        accept(database, ada, name="power.py", body=b"x = 1", exercise="power", most_waiting=3)

        for _ in range(20):
            claim(database)
            take_up(database)

        assert claim(database) is None
        assert uploads_of(database, "ada")[0].state is State.LOST


def test_when_no_worker_can_start_uploads_wait_and_are_graded_later(tmp_path, monkeypatch):
    from grader.errors import SandboxError

    monkeypatch.setattr("grader.serve.grading.PAUSE_S", 0.05)
    service = open_service(settings_for(tmp_path))
    add_people(service.database)
    right, tries = service.grading._open_pool, []

    def open_pool():
        tries.append(1)
        if len(tries) < 3:
            raise SandboxError("there is no sandbox")
        return right()

    service.grading._open_pool = open_pool
    ada = find_account(service.database, email="ada@example.org")
    taken = accept(service.database, ada, name="power.py", body=RIGHT.encode(), exercise="power", most_waiting=3)

    service.start()
    until = time.monotonic() + 60
    while find_upload(service.database, taken.id).is_waiting and time.monotonic() < until:
        time.sleep(0.05)

    state = find_upload(service.database, taken.id).state
    service.close()
    assert (state, len(tries)) == (State.GRADED, 3)


def test_an_evening_without_workers_uses_up_no_tries(tmp_path):
    with closing(Database.open(tmp_path / "layerwise.db")) as database:
        add_people(database)
        ada = find_account(database, email="ada@example.org")
        taken = accept(database, ada, name="power.py", body=b"x = 1", exercise="power", most_waiting=3)

        for _ in range(50):
            claim(database)
            put_back(database)

        assert (find_upload(database, taken.id).state, find_upload(database, taken.id).tries) == (State.QUEUED, 0)


def test_a_worker_that_cannot_begin_is_no_upload_s_fault(tmp_path, monkeypatch):
    from grader.batch.pool import WorkerError

    monkeypatch.setattr("grader.serve.grading.PAUSE_S", 0.01)
    service = open_service(settings_for(tmp_path))
    add_people(service.database)
    ada = find_account(service.database, email="ada@example.org")
    taken = accept(service.database, ada, name="power.py", body=RIGHT.encode(), exercise="power", most_waiting=3)
    begun = []

    class Broken:
        def run(self, tasks):
            begun.append(next(iter(tasks)))
            raise WorkerError("no worker could start")

        def close(self):
            pass

    service.grading._open_pool = Broken

    service.start()
    until = time.monotonic() + 60
    while len(begun) < 30 and time.monotonic() < until:
        time.sleep(0.02)

    service.close()
    with closing(Database.open(tmp_path / "layerwise.db")) as database:
        assert find_upload(database, taken.id).tries <= 1
        assert find_upload(database, taken.id).is_waiting


def test_the_first_instructor_comes_in_by_the_link_of_a_command(tmp_path):
    command = [sys.executable, "-m", "grader", "invite", "ira@example.org", "--role", "instructor", "--data", str(tmp_path / "new")]

    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)

    with closing(Database.open(tmp_path / "new" / "layerwise.db")) as database:
        account = accept_invitation(database, done.stdout.strip().rpartition("/")[2], PASSWORD)
    assert (account.email, account.role) == ("ira@example.org", "instructor")


def test_submit_shows_the_scorecard_and_gives_its_exit_code(server, tmp_path, monkeypatch):
    server.start()
    place = signed_in(server).place
    (tmp_path / "layerwise").mkdir()
    (tmp_path / "layerwise" / "service.json").write_text(json.dumps({"url": place.url, "token": place.token, "course": "tiny"}))
    work = tmp_path / "work"
    work.mkdir()
    (work / "power.py").write_text(WRONG)

    done = subprocess.run(
        [sys.executable, "-m", "grader", "submit", str(work)],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path)},
    )

    assert done.returncode == 3, done.stderr
    assert "This is what you get when" in done.stdout


def test_an_invitation_of_another_account_stays(tmp_path):
    with closing(Database.open(tmp_path / "layerwise.db")) as database:
        add_people(database)
        ada, bob = (find_account(database, email=f"{name}@example.org") for name in ("ada", "bob"))
        first, second = invite(database, ada, days=1), invite(database, ada, days=1)
        theirs = invite(database, bob, days=1)

        from grader.serve.accounts import invited

        assert [invited(database, token) is not None for token in (first, second, theirs)] == [False, True, True]
