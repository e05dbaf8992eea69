"""Older stores are brought up to date whole or not at all, newer ones are refused, and a store of schema 1 can be read for ever."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from grader.classwork import Handin, Student
from grader.model import Verdict
from grader.store import Store, StoreError, migrate
from tests.outcomes import make_record

SCHEMA_1 = Path(__file__).parent / "schema_1.sql"


def add_a_table(connection):
    connection.exec_driver_sql("CREATE TABLE notes (body TEXT NOT NULL)")
    connection.exec_driver_sql("INSERT INTO notes SELECT name FROM students")


def add_a_column(connection):
    connection.exec_driver_sql("ALTER TABLE notes ADD COLUMN author TEXT NOT NULL DEFAULT 'nobody'")


def break_down(connection):
    raise RuntimeError("here")


def version(store):
    with store._reading() as connection:
        return connection.exec_driver_sql("SELECT value FROM meta WHERE name = 'schema'").scalar()


@pytest.fixture
def old(place):
    """The place of a store of today's schema, with one student."""
    with Store.open(place) as store:
        store.put_students([Student(id="ada", name="Ada")])
        store.put_record(make_record(0))
    return place


def test_a_new_store_has_the_newest_schema(store):
    assert version(store) == str(len(migrate.STEPS) + 1)


def test_steps_run_in_order_once_and_keep_what_was_there(old, monkeypatch):
    monkeypatch.setattr(migrate, "STEPS", (*migrate.STEPS, add_a_table, add_a_column))
    newest = str(len(migrate.STEPS) + 1)

    for _ in range(2):
        with Store.open(old) as store, store._reading() as connection:
            assert connection.exec_driver_sql("SELECT body, author FROM notes").fetchall() == [("Ada", "nobody")]
    with Store.open(old) as store:
        assert version(store) == newest
        assert store.record("key-000000") == make_record(0)


def test_a_step_that_breaks_down_leaves_the_store_as_it_was(old, monkeypatch):
    with Store.open(old) as store:
        before = version(store)
    monkeypatch.setattr(migrate, "STEPS", (*migrate.STEPS, add_a_table, break_down))

    with pytest.raises(RuntimeError, match="here"):
        Store.open(old)

    monkeypatch.undo()
    with Store.open(old) as store:
        assert version(store) == before
        with store._reading() as connection, pytest.raises(Exception, match="notes"):
            connection.exec_driver_sql("SELECT * FROM notes")


def test_a_newer_store_is_refused_and_left_alone(old, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "STEPS", (*migrate.STEPS, add_a_table))
        Store.open(old).close()

    for read_only in (False, True):
        with pytest.raises(StoreError, match=r"was written by a newer Layerwise \(schema \d+; this one knows \d+\)") as refusal:
            Store.open(old, read_only=read_only)
        assert refusal.value.remedy == "Upgrade Layerwise; nothing was changed."


def test_a_reader_does_not_lift_an_older_store(old, monkeypatch):
    monkeypatch.setattr(migrate, "STEPS", (*migrate.STEPS, add_a_table))

    with pytest.raises(StoreError, match="was written by an older Layerwise"):
        Store.open(old, read_only=True)


@pytest.mark.parametrize("sql", ["CREATE TABLE students (id TEXT)", "CREATE TABLE meta (name TEXT, value TEXT)"])
def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path, sql):
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute(sql)
    connection.close()

    with pytest.raises(StoreError, match="has tables of another program"):
        Store.open(path)

    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)
    connection.close()


def test_a_store_of_schema_1_is_read_with_all_that_is_in_it(tmp_path):
    # Written by the first release that had a store, with `sqlite3 layerwise.db .dump`. It is never written anew: a class's marks of years
    # ago lie like this. A step that lifts schema 1 has to keep this test as it is.
    path = tmp_path / "layerwise.db"
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA_1.read_text(encoding="utf-8"))
    connection.close()

    with Store.open(path) as store:
        assert store.students() == (Student(id="ada", name="Ada", section="A", email="ada@example.org", columns={"ID": "1"}),)
        assert [(one.id, one.handin.source, one.digest) for one in store.handins()] == [(1, "ada.zip", "sha256:" + "a" * 64)]
        assert store.submission("sha256:" + "a" * 64).files[0].path == "power.py"
        assert store.record("key-000001") == make_record(1)
        assert [outcome.functions[0].checks[0].verdict for _key, outcome in store.iter_verdicts(["key-000001"])] == [Verdict.WRONG_ANSWER]
        assert store.failures() == {"key-000002": "The worker vanished."}
        assert [(one.points, one.withdrawn_at) for one in store.overrides()] == [(3, None)]
        assert [(mark.final, mark.record) for mark in store.revision().marks] == [(3, "key-000001")]
        assert [event.kind for event in store.events()] == ["override"]
        assert store.put_handin(store.handin(1).handin, "sha256:" + "a" * 64) == 1


def test_hand_ins_of_schema_1_count_for_every_exercise_when_they_are_lifted(place):
    # What a store of schema 1 has in place of the column that step 1 adds: nothing.
    with Store.open(place) as store:
        store.put_handin(Handin(student="ada", source="ada.zip", parts=()), None, error="It is broken.")
        with store._writing() as connection:
            connection.exec_driver_sql("ALTER TABLE handins DROP COLUMN exercises")
            connection.exec_driver_sql("UPDATE meta SET value = '1' WHERE name = 'schema'")

    with Store.open(place) as store:
        store.put_handin(Handin(student="bob", source="power.py", parts=(), exercises=("power",)), None)

        assert [one.handin.exercises for one in store.handins()] == [(), ("power",)]
        assert version(store) == str(len(migrate.STEPS) + 1)
