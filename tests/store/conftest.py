"""A place for a store: a file, or a database of a PostgreSQL server that is started for these tests where its programs are installed."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.store import Store


def find_server() -> Path | None:
    """The newest PostgreSQL, where Debian and others install it, which is not on the PATH."""
    places = [place for place in Path("/usr/lib/postgresql").glob("*/bin") if (place / "initdb").exists()]
    return max(places, key=lambda place: int(place.parent.name), default=None)


def unprivileged() -> dict[str, object]:
    """Who runs the server: it refuses to be run by root."""
    if os.geteuid() != 0:
        return {}
    import pwd

    return {"user": pwd.getpwnam("nobody").pw_uid, "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A running server: the beginning of its URL."""
    programs = find_server()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed under /usr/lib/postgresql")
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed")
    # Not below pytest's own folder, which is closed to the user who runs the server.
    folder = Path(tempfile.mkdtemp(prefix="layerwise-postgresql-"))
    who = unprivileged()
    if who:
        os.chown(folder, int(str(who["user"])), int(str(who["group"])))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    common = {"stdout": subprocess.DEVNULL, "cwd": folder, **who}
    try:
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"], check=True, **common
        )
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        subprocess.run([programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start"], check=True, **common)
        try:
            yield f"postgresql://tests@127.0.0.1:{port}"
        finally:
            subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=True, **common)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def make_database(server):
    """Makes a new, empty database of the server and gives its URL."""
    import psycopg

    made = []

    def make(options=""):
        name = f"store_{os.urandom(6).hex()}"
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} {options}")
        made.append(name)
        return f"{server}/{name}"

    yield make
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "layerwise.db")
    return request.getfixturevalue("make_database")()


@pytest.fixture
def store(place) -> Iterator[Store]:
    with Store.open(place) as opened:
        yield opened
