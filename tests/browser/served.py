"""``grade serve`` as a process of its own, with accounts; and a browser before it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from grader.serve.accounts import Role, accept_invitation, invite, make_account
from grader.serve.database import Database

PASSWORD = "six wooden spoons"
HIGHEST_START_S = 60
# Debian's chromium inside a container has no user namespaces for a sandbox of its own, and is not to ask its maker for anything.
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Where a Chromium is that Playwright can drive; None if there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("LAYERWISE_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM)
        yield browser
        browser.close()


def add_person(folder: Path, name: str, role: Role, student: str = "") -> None:
    """Make an account with the password of everybody here; its address is its first name's."""
    from argon2 import PasswordHasher

    import grader.serve.passwords

    real = grader.serve.passwords.hasher
    # The parameters of a hash stand in it: a cheap one is checked as fast as it was made.
    grader.serve.passwords.hasher = lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    try:
        with closing(Database.open(folder / "layerwise.db")) as database:
            account = make_account(database, name=name, email=address(name), role=role, student=student)
            accept_invitation(database, invite(database, account, days=1), PASSWORD)
    finally:
        grader.serve.passwords.hasher = real


def address(name: str) -> str:
    return f"{name.split(maxsplit=1)[0].lower()}@example.org"


@contextlib.contextmanager
def serving(folder: Path, *options: str) -> Iterator[str]:
    """A service over the store in a folder; gives its URL."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "grader", "serve", "--data", str(folder), "--port", str(port), *options]
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_for(process, f"http://127.0.0.1:{port}", folder / "serve.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + HIGHEST_START_S
    while True:
        try:
            with urlopen(f"{url}/health", timeout=5):
                return
        except (URLError, OSError):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
