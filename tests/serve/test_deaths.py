"""A worker, a Dask worker, the database or the room on the disk dies in a stream of uploads: nothing is lost, and nothing doubled."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import psutil
import pytest
from fastapi.testclient import TestClient

from grader.serve.accounts import Role, accept_invitation, invite, make_account
from grader.serve.app import create_app
from grader.serve.database import Database
from grader.serve.service import open_service
from grader.serve.uploads import uploads_of
from grader.store import Store, StoreError
from tests.serve.conftest import PASSWORD, RIGHT, WRONG, Site, add_people, form_of, send, settings_for
from tests.serve.test_killed import KILLS, Server, free_port
from tests.store.conftest import find_server, unprivileged

CLASS = [f"student{number}" for number in range(4)]
ROUNDS = max(1, KILLS // 2)


def add_class(place):
    with closing(Database.open(place)) as database:
        for name in CLASS:
            account = make_account(database, name=name, email=f"{name}@example.org", role=Role.STUDENT, student=name)
            accept_invitation(database, invite(database, account, days=1), PASSWORD)


class Sender:
    """Hands in as a terminal does, again and again, and remembers what was accepted and what was refused."""

    def __init__(self, url):
        self.url, self.tokens = url, {}
        self.accepted, self.refused = {}, []

    def ask(self, method, path, token="", body=None):
        headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
        with urlopen(Request(f"{self.url}{path}", data=body, method=method, headers=headers), timeout=30) as answer:
            return json.loads(answer.read())

    def sign_in(self):
        for name in CLASS:
            body = json.dumps({"email": f"{name}@example.org", "password": PASSWORD}).encode()
            self.tokens[name] = self.ask("POST", "/api/v1/sessions", body=body)["token"]

    def hand_in(self, name, text):
        """The number of the upload; None if it was refused, or nobody answered."""
        try:
            number = self.ask("POST", "/api/v1/uploads?name=power.py&exercise=power", self.tokens[name], text.encode())["id"]
        except HTTPError as error:
            self.refused.append((error.code, error.read().decode()))
            return None
        except (URLError, OSError):
            return None
        self.accepted[number] = (name, text)
        return number

    def stream(self, ended, pause_s=0.05):
        """One after another until told to stop."""
        for count in range(10_000):
            if ended.is_set():
                return
            name = CLASS[count % len(CLASS)]
            self.hand_in(name, f"{RIGHT if count % 2 else WRONG}\n# {name} {count} {os.urandom(4).hex()}\n")
            time.sleep(pause_s)

    def settle(self, seconds=120):
        """Wait until all that was accepted is graded; give how each stands."""
        until, found = time.monotonic() + seconds, {}
        while time.monotonic() < until:
            with suppress(URLError, OSError):
                for token in self.tokens.values():
                    found |= {one["id"]: one for one in self.ask("GET", "/api/v1/uploads", token)}
                if all(found[number]["state"] == "graded" for number in self.accepted):
                    return found
            time.sleep(0.2)
        raise AssertionError({number: found.get(number, {}).get("state", "not there") for number in self.accepted})


def expect_all_once(sender, place):
    """Every accepted upload is graded once, from the bytes that were sent, with the points that they are worth."""
    found = sender.settle()
    with closing(Store.open(place, read_only=True)) as store:
        sources = Counter(stored.handin.source for stored in store.handins())
    assert {source for source, count in sources.items() if count != 1} == set()
    for number, (_name, text) in sender.accepted.items():
        assert sources[f"upload {number}: power.py"] == 1
        assert found[number]["size"] == len(text.encode())
        assert (found[number]["points"] == found[number]["max_points"]) == (RIGHT in text)


@pytest.fixture
def serve(tmp_path):
    """Starts services over a class."""
    made = []

    def start(*options, place=None):
        add_class(place or tmp_path / "layerwise.db")
        server = Server(tmp_path, *options, *(["--store", place] if place else []))
        made.append(server)
        server.start()
        sender = Sender(server.url)
        sender.sign_in()
        return server, sender

    yield start
    for server in made:
        if server.process.poll() is None:
            server.kill()
        else:
            server.process.stderr.close()


def streaming(sender):
    ended = threading.Event()
    thread = threading.Thread(target=sender.stream, args=(ended,), daemon=True)
    thread.start()

    def stop():
        ended.set()
        thread.join(60)
        assert not thread.is_alive()

    return stop


def workers_of(process):
    """The processes that grade: those that multiprocessing has spawned, without its own tracker."""
    found = []
    for child in psutil.Process(process.pid).children():
        with suppress(psutil.Error):
            if any("spawn_main" in word for word in child.cmdline()):
                found.append(child)
    return found


def wait_until(holds, seconds=60):
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_workers_that_are_killed_while_uploads_come_cost_time_alone(serve, tmp_path):
    server, sender = serve()
    chance = random.Random(3)
    stop = streaming(sender)
    wait_until(lambda: len(sender.accepted) >= 4)

    for _ in range(ROUNDS):
        wait_until(lambda: workers_of(server.process))
        with suppress(psutil.NoSuchProcess):
            chance.choice(workers_of(server.process)).kill()
        time.sleep(chance.uniform(0.2, 1))
    stop()

    expect_all_once(sender, tmp_path / "layerwise.db")


def test_a_dask_worker_that_is_killed_while_uploads_come_costs_time_alone(serve, tmp_path):
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    from tests.batch.test_cluster import Cluster

    cluster = Cluster()
    try:
        worker = cluster.start_worker()
        _server, sender = serve("--dask", cluster.address)
        stop = streaming(sender)
        wait_until(lambda: len(sender.accepted) >= 4)

        for _ in range(ROUNDS):
            other = cluster.start_worker()
            time.sleep(1)
            worker.kill()
            worker = other
        stop()

        expect_all_once(sender, tmp_path / "layerwise.db")
    finally:
        cluster.stop()


# ---------------------------------------------------------------------------------------------------------------------- database


class Postgres:
    """A server of this test's own, which can be killed and started again."""

    def __init__(self):
        self.programs = find_server()
        self.folder = Path(tempfile.mkdtemp(prefix="layerwise-postgresql-"))
        self.port = free_port()
        who = unprivileged()
        if who:
            os.chown(self.folder, who["user"], who["group"])
        self.how = {"stdout": subprocess.DEVNULL, "cwd": self.folder, **who}
        self.data = self.folder / "data"
        self.url = f"postgresql://tests@127.0.0.1:{self.port}/postgres"
        order = [self.programs / "initdb", "-D", self.data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
        subprocess.run(order, check=True, **self.how)

    def start(self):
        # A killed process has written what it has written: fsync is for power cuts, and slow.
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        order = [self.programs / "pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "-o", options, "start"]
        subprocess.run(order, check=True, **self.how)

    def kill(self):
        """Kill the server and all that it has started, as a machine that dies does."""
        first = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
        family = [first, *first.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family, timeout=10)

    def remove(self):
        with suppress(psutil.NoSuchProcess, OSError):
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture
def postgres():
    if find_server() is None:
        pytest.skip("no PostgreSQL server is installed under /usr/lib/postgresql")
    pytest.importorskip("psycopg")
    made = Postgres()
    made.start()
    yield made
    made.remove()


def status_of(url):
    try:
        with urlopen(url, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def test_a_database_that_is_killed_is_waited_for_and_what_was_accepted_is_graded(serve, postgres):
    server, sender = serve(place=postgres.url)
    chance = random.Random(5)

    for _ in range(ROUNDS):
        stop = streaming(sender)
        there = len(sender.accepted)
        wait_until(lambda: len(sender.accepted) > there + 2)  # noqa: B023 - called at once
        time.sleep(chance.uniform(0, 0.5))
        postgres.kill()
        sender.refused.clear()
        wait_until(lambda: sender.refused)
        health = status_of(f"{server.url}/health")
        refusal = next(one for one in sender.refused if one[0] != 429)
        postgres.start()
        wait_until(lambda: status_of(f"{server.url}/health")[0] == 200)
        stop()

    assert health[0] == 503
    assert "cannot reach its store" in health[1]
    assert refusal[0] == 503
    assert "Everything that it has accepted is safe" in refusal[1]
    expect_all_once(sender, postgres.url)
    assert server.process.poll() is None


def test_a_service_whose_database_came_back_to_another_owner_grades_nothing(postgres, tmp_path):
    with closing(Store.open(postgres.url)) as first, closing(Store.open(postgres.url)) as second, first.lock() as keep_first:
        keep_first()
        postgres.kill()
        postgres.start()

        with second.lock() as keep_second:
            # What was broken off is found at the first use, and who has it at the next.
            with pytest.raises(StoreError, match="it cannot be reached"):
                keep_first()
            with pytest.raises(StoreError, match=f"process {os.getpid()}"):
                keep_first()
            keep_second()
        keep_first()


# -------------------------------------------------------------------------------------------------------------------------- disk


@pytest.mark.skipif(sys.platform != "linux", reason="bounds of another process are set by prlimit(2)")
def test_a_service_that_may_not_write_refuses_with_a_sentence_and_goes_on_when_it_may(serve, tmp_path):
    server, sender = serve()
    numbers = [sender.hand_in("student0", WRONG)]
    sender.settle()
    place = tmp_path / "layerwise.db"

    numbers.append(sender.hand_in("student1", RIGHT))
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))
    refused = [sender.hand_in("student2", RIGHT) for _ in range(3)]
    page = status_of(f"{server.url}/sign-in")
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    wait_until(lambda: sender.hand_in("student2", RIGHT + "\n# again\n"))

    assert refused == [None] * 3
    assert {status for status, _sentence in sender.refused} == {503}
    assert "Everything that it has accepted is safe" in sender.refused[0][1]
    assert page[0] == 200
    assert None not in numbers
    expect_all_once(sender, place)


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_refuses_uploads_with_a_sentence_and_loses_nothing(small_disk):
    service = open_service(settings_for(small_disk))
    try:
        add_people(service.database)
        ada = Site(service, create_app(service)).browser("ada")
        first = send(ada, RIGHT)
        form = form_of(ada, "/exercises/power")
        filler = small_disk / "filler"
        with suppress(OSError), filler.open("wb") as file:
            while True:
                file.write(os.urandom(4096))
                file.flush()

        answers = [hand_in(ada, form, count) for count in range(3)]
        syllabus = ada.get("/")
        filler.unlink()
        later = hand_in(ada, form, 4)

        assert 507 in {answer.status_code for answer in answers}
        refusal = next(answer for answer in answers if answer.status_code == 507)
        assert "disk is full" in refusal.text
        assert refusal.headers["retry-after"] == "60"
        assert syllabus.status_code == 200
        assert later.status_code == 303
        there = [one.id for one in uploads_of(service.database, "ada")]
        accepted = [int(one.headers["location"].rpartition("/")[2]) for one in (*answers, later) if one.status_code == 303]
        assert sorted(there) == sorted([first, *accepted])
    finally:
        service.close()


def hand_in(client: TestClient, form, count):
    # Random, so that it does not shrink when it is packed.
    text = f"{RIGHT}\n# {os.urandom(30_000).hex()} {count}\n"
    return client.post("/uploads", data={"form": form, "exercise": "power"}, files={"file": ("power.py", text)})
