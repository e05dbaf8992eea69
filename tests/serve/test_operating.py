"""What whoever operates a service relies on: backups, giving out and forgetting, secrets in files, versions."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import sqlite3
import stat
import subprocess
import threading
import time
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from grader.catalog import load_course
from grader.cli import cli
from grader.commands.serve import expect_seed, place_of
from grader.errors import CourseError
from grader.serve import tables
from grader.serve.accounts import find_account
from grader.serve.database import Database
from grader.serve.person import PersonError, forget_student
from grader.serve.service import open_service
from grader.serve.uploads import State, accept, uploads_of
from grader.store import Store, StoreError
from grader.store import tables as stored
from grader.store.backup import back_up
from tests.serve.conftest import RIGHT, TINY, WRONG, add_people, send, settings_for, wait_for
from tests.store.conftest import find_server, make_database, server  # noqa: F401 - fixtures

ROOT = Path(__file__).parent.parent.parent


def run(*arguments, code=0):
    done = CliRunner().invoke(cli, [str(one) for one in arguments], catch_exceptions=False, standalone_mode=False)
    assert done.return_value == code, done.output
    return done.output


def hand_in(database, name, body):
    return accept(
        database, find_account(database, email=f"{name}@example.org"), name="power.py", body=body, exercise="power", most_waiting=999
    )


@pytest.fixture
def database(tmp_path):
    with contextlib.closing(Database.open(tmp_path / "layerwise.db")) as database:
        add_people(database)
        yield database


# ------------------------------------------------------------------------------------------------------------------------ backup


def test_a_backup_while_uploads_come_in_holds_all_that_were_acknowledged_before_it(tmp_path):
    service = open_service(settings_for(tmp_path))
    add_people(service.database)
    acknowledged, done = [], threading.Event()

    def upload():
        while not done.is_set():
            acknowledged.append(hand_in(service.database, "ada", f"x = {len(acknowledged)}".encode()).id)

    writer = threading.Thread(target=upload)
    writer.start()
    try:
        while len(acknowledged) < 20:
            pass
        before = list(acknowledged)
        run("backup", tmp_path / "backup.db", "--data", tmp_path)
        during = len(acknowledged) - len(before)
    finally:
        done.set()
        writer.join()
    service.close()
    (tmp_path / "restored").mkdir()
    shutil.copy(tmp_path / "backup.db", tmp_path / "restored" / "layerwise.db")

    with contextlib.closing(Database.open(tmp_path / "restored" / "layerwise.db")) as restored:
        kept = {one.id: one.state for one in uploads_of(restored, "ada")}
    assert set(before) <= set(kept)
    assert during > 0
    # A prefix of what was acknowledged: the state of one moment.
    assert set(kept) == set(acknowledged[: len(kept)])
    assert set(kept.values()) == {State.QUEUED}


def test_a_backup_is_for_its_owner_alone_and_takes_nobody_s_place(database, tmp_path):
    made = back_up(tmp_path / "layerwise.db", tmp_path / "backup.db")

    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    with pytest.raises(StoreError, match="already exists"):
        back_up(tmp_path / "layerwise.db", tmp_path / "backup.db")
    assert sorted(path.name for path in tmp_path.iterdir() if "backup" in path.name) == ["backup.db"]


def test_a_store_that_is_damaged_gives_no_backup(database, tmp_path):
    Store.open(tmp_path / "layerwise.db").close()
    for number in range(50):
        hand_in(database, "ada", f"x = {number}".encode() * 100)
    database.close()
    path = tmp_path / "layerwise.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'serve_uploads'").fetchone()[0]
    connection.close()
    data = bytearray(path.read_bytes())
    data[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(data)

    with pytest.raises(StoreError):
        back_up(path, tmp_path / "backup.db")

    assert not (tmp_path / "backup.db").exists()


def test_a_database_of_postgresql_is_sent_to_its_own_program_and_shows_no_password():
    with pytest.raises(StoreError) as caught:
        back_up("postgresql://layerwise:hidden@db.example.org/layerwise", Path("backup.dump"))

    assert "pg_dump --format=custom --file=backup.dump" in caught.value.remedy
    assert "hidden" not in f"{caught.value} {caught.value.remedy}"


def test_what_pg_dump_saves_is_all_there_when_it_is_restored(make_database, tmp_path):  # noqa: F811 - pytest gives the fixture by its name
    programs, (first, second) = find_server(), (make_database(), make_database())
    with contextlib.closing(Database.open(first)) as database:
        add_people(database)
        number = hand_in(database, "ada", RIGHT.encode()).id
    Store.open(first).close()

    subprocess.run([programs / "pg_dump", "--format=custom", f"--file={tmp_path / 'backup.dump'}", first], check=True)
    subprocess.run([programs / "pg_restore", "--no-owner", f"--dbname={second}", tmp_path / "backup.dump"], check=True)

    service = open_service(settings_for(tmp_path, place=second))
    assert [one.id for one in uploads_of(service.database, "ada")] == [number]
    # Counting goes on behind what is there.
    assert hand_in(service.database, "ada", WRONG.encode()).id > number
    service.close()


# ---------------------------------------------------------------------------------------------------------- giving out, forgetting

NAMES = (b"bob", b"Bob", b"bob@example.org", b"zebra", b"Zebra")


def everything_in(database):
    """Every value of every table, as bytes."""
    with database.reading() as connection:
        for table in (*tables.TABLES.sorted_tables, *stored.TABLES.sorted_tables):
            for row in connection.execute(select(table)).all():
                for value in row:
                    yield table.name, value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory):
    """Ada and Bob have handed in, one work of each alone and one that is the same; a mark of Bob's was set by hand and kept."""
    from argon2 import PasswordHasher
    from fastapi.testclient import TestClient

    from grader.serve.app import create_app
    from tests.serve.conftest import Site

    patch, folder = pytest.MonkeyPatch(), tmp_path_factory.mktemp("graded")
    patch.setattr("grader.serve.passwords.hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    service = open_service(settings_for(folder))
    add_people(service.database)
    app = create_app(service)
    with TestClient(app):
        site = Site(service, app)
        for name, text in (("bob", WRONG), ("ada", WRONG), ("bob", f"{RIGHT}\nzebra = 1\n"), ("ada", RIGHT)):
            browser = site.browser(name)
            wait_for(browser, send(browser, text))
        with service.staff_writing() as store:
            store.put_override(student="bob", exercise="power", points=Fraction(1), reason="ill", author="ira@example.org")
        ira = site.browser("ira")
        form = re.search(r'name="form" value="([^"]+)"', ira.get("/staff/gradebook").text)
        ira.post("/staff/revisions", data={"form": form[1] if form else ""})
    patch.undo()
    return folder


@pytest.fixture
def graded(graded_once, tmp_path):
    """The same, of one's own."""
    return shutil.copytree(graded_once, tmp_path / "own")


def test_a_student_is_given_all_that_is_kept_and_nothing_that_opens_a_door(graded):
    run("person", "export", "bob@example.org", "--out", graded / "bob.zip", "--data", graded, "--course", TINY)

    with zipfile.ZipFile(graded / "bob.zip") as file:
        names, rows = file.namelist(), json.loads(file.read("tables.json"))
        texts = [file.read(name).decode() for name in names if name.startswith("uploads/")]
        cards = [file.read(name).decode() for name in names if name.startswith("scorecards/")]
    assert {"serve_accounts", "serve_uploads", "serve_sessions", "serve_audit", "handins", "overrides"} <= set(rows)
    assert sorted(texts) == sorted([WRONG, f"{RIGHT}\nzebra = 1\n"])
    assert [json.loads(card)["view"] for card in cards] == ["student", "student"]
    assert not {"password", "token"} & {column for table in rows.values() for row in table for column in row}
    assert "ada" not in json.dumps(rows)
    assert stat.S_IMODE((graded / "bob.zip").stat().st_mode) == 0o600


def test_of_a_student_who_is_forgotten_nothing_is_left_and_of_others_everything(graded):
    with contextlib.closing(Database.open(graded / "layerwise.db")) as database:
        before = [one.id for one in uploads_of(database, "ada")]

    run("person", "forget", "bob", "--yes", "--data", graded)

    left = (graded / "layerwise.db").read_bytes()
    assert [name for name in NAMES if re.search(rb"(?<![\w@.])" + name + rb"(?![\w])", left)] == []
    assert not (graded / "layerwise.db-wal").exists() or (graded / "layerwise.db-wal").stat().st_size == 0
    service = open_service(settings_for(graded))
    assert [(table, value) for table, value in everything_in(service.database) if any(name in value for name in NAMES)] == []
    assert [one.id for one in uploads_of(service.database, "ada")] == before
    # Ada's first work, which Bob had handed in before her, and her second are there with their scorecards.
    assert all(service.cards.card(service.reader, one) is not None for one in uploads_of(service.database, "ada"))
    assert service.reader.submission(uploads_of(service.database, "ada")[0].digest).name == "ada"
    service.close()


def test_nobody_is_forgotten_while_the_service_runs(tmp_path):
    service = open_service(settings_for(tmp_path))
    add_people(service.database)

    with pytest.raises(StoreError, match="process"):
        run("person", "forget", "bob", "--yes", "--data", tmp_path)

    assert find_account(service.database, student="bob") is not None
    service.close()


@pytest.mark.parametrize("who", ["ira@example.org", "nobody@example.org", "", "%"])
def test_who_teaches_and_who_is_not_known_cannot_be_forgotten(who, database, tmp_path):
    Store.open(tmp_path / "layerwise.db").close()

    with pytest.raises(PersonError):
        forget_student(database, who)


# ---------------------------------------------------------------------------------------------------------------- secrets in files


def test_the_password_of_the_store_comes_from_a_file_whatever_signs_it_has(tmp_path, monkeypatch):
    from grader.store.connect import parse_address

    (tmp_path / "password").write_text("p/s:w@rd %41\n")
    monkeypatch.setenv("LAYERWISE_STORE_PASSWORD_FILE", str(tmp_path / "password"))

    address = parse_address(place_of(Path("service"), "postgresql://layerwise@database/layerwise"))

    assert (address.url.password, address.url.host) == ("p/s:w@rd %41", "database")
    assert "rd" not in address.shown.replace("layerwise", "")
    assert place_of(Path("service"), None) == Path("service/layerwise.db")


def test_a_password_file_that_is_not_there_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("LAYERWISE_STORE_PASSWORD_FILE", str(tmp_path / "nothing"))

    with pytest.raises(StoreError, match="password"):
        place_of(Path("service"), "postgresql://layerwise@database/layerwise")


def test_the_seed_comes_from_a_file_and_never_gives_way_to_the_public_one(tmp_path, monkeypatch):
    monkeypatch.delenv("LAYERWISE_SEED", raising=False)
    monkeypatch.setenv("LAYERWISE_SEED_FILE", str(tmp_path / "seed"))
    with pytest.raises(CourseError, match="cannot be read"):
        load_course(ROOT)
    (tmp_path / "seed").write_text("ab" * 32 + "\n")

    course = load_course(ROOT)

    assert (course.seed, course.seed_is_secret) == (b"ab" * 32, True)


def test_a_seed_that_the_course_does_not_look_for_is_not_passed_over(monkeypatch):
    monkeypatch.setenv("LAYERWISE_SEED_FILE", "/run/secrets/course-seed")

    # Its course.toml names TINY_SEED.
    with pytest.raises(CourseError, match="does not look for it"):
        expect_seed(load_course(TINY))


# ----------------------------------------------------------------------------------------------------------------------- versions


def test_a_service_refuses_the_store_of_a_newer_one_and_changes_nothing(database, tmp_path):
    Store.open(tmp_path / "layerwise.db").close()
    with database.writing() as connection:
        connection.execute(tables.meta.update().values(value="99"))
    database.close()
    before = (tmp_path / "layerwise.db").read_bytes()

    with pytest.raises(StoreError, match="newer Layerwise"):
        open_service(settings_for(tmp_path))

    assert (tmp_path / "layerwise.db").read_bytes() == before


# ------------------------------------------------------------------------------------------------------------------- when it pauses


def test_workers_of_another_version_cost_no_upload_a_try(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.serve.grading.PAUSE_S", 0.01)
    service = open_service(settings_for(tmp_path))
    add_people(service.database)
    taken = hand_in(service.database, "ada", RIGHT.encode())
    begun = []

    class Other:
        def run(self, tasks):
            begun.append(next(iter(tasks)))
            raise CourseError("this worker has another version of Layerwise than the batch")

        def close(self):
            pass

    service.grading._open_pool = Other

    service.start()
    until = time.monotonic() + 60
    while len(begun) < 30 and time.monotonic() < until:
        time.sleep(0.02)

    service.close()
    with contextlib.closing(Database.open(tmp_path / "layerwise.db")) as database:
        assert (uploads_of(database, "ada")[0].id, uploads_of(database, "ada")[0].is_waiting) == (taken.id, True)
        assert uploads_of(database, "ada")[0].tries <= 1


def test_one_who_watches_is_told_when_uploads_only_wait(site, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(site.service.grading, "is_alive", lambda: True)
        well = site.browser().get("/health/grading")
        site.service.grading.trouble = "there is no Dask scheduler at tls://scheduler:8786"

        ill = site.browser().get("/health/grading")

    assert [(one.status_code, one.text) for one in (well, ill)] == [(200, "ok"), (503, "grading pauses")]
    # The service itself is well: people hand in, and what they hand in is kept.
    assert site.browser().get("/health").text == "ok"
