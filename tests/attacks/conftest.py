"""A course under a secret seed, sandboxes that stay warm, and all that an attacker may know."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import socket
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.catalog import load_course
from grader.grading import Grader
from tests.attacks import leftovers
from tests.sandbox.hostile import REFERENCE, SECRET, TINY


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What there is to be attacked: a folder where everybody may write, and what an attack has written in its place."""

    folder: Path
    known: dict[str, str]


@pytest.fixture(scope="module")
def attacked():
    """The tiny course; its seed stays in the environment as long as sandboxes are started here."""
    if not sys.platform.startswith("linux"):
        pytest.skip("the process sandbox needs Linux")
    with pytest.MonkeyPatch.context() as patch, leftovers.every_orphan_ours():
        patch.setenv("TINY_SEED", SECRET)
        course = load_course(TINY)
        assert course.seed_is_secret
        yield Grader(course)


@pytest.fixture(scope="module")
def world(attacked):
    folder = Path(tempfile.mkdtemp(prefix="layerwise-attacked-"))
    # Whoever the worker runs as: that it may not reach a file must not be for want of permissions.
    folder.chmod(0o777)
    hidden = folder / "hidden"
    hidden.mkdir()
    shutil.copy(REFERENCE, hidden / "power.py")
    (hidden / "power.py").chmod(0o666)
    seed = ctypes.create_string_buffer(SECRET.encode())
    scratch = ctypes.create_string_buffer(64)
    known = {
        "REFERENCE": str(hidden / "power.py"),
        "HIDDEN": str(hidden),
        "FOLDER": str(folder),
        "ROOT": str(Path(__file__).parent.parent.parent),
        "GRADER": str(os.getpid()),
        "SEED_AT": str(ctypes.addressof(seed)),
        "SEED_LENGTH": str(len(SECRET)),
        "SCRATCH_AT": str(ctypes.addressof(scratch)),
    }
    with contextlib.ExitStack() as stack:
        known |= _listen(folder, stack)
        yield World(folder=folder, known=known)
    shutil.rmtree(folder, ignore_errors=True)
    assert seed.value.decode() == SECRET


def _listen(folder: Path, stack: contextlib.ExitStack) -> dict[str, str]:
    """Services on this machine that an attack may try to reach; they answer nobody."""
    tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=64))
    udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    udp.bind(("127.0.0.1", 0))
    names = {"ABSTRACT": f"layerwise-service-{os.getpid()}", "SOCKET": str(folder / "service.sock")}
    for address in ("\0" + names["ABSTRACT"], names["SOCKET"]):
        unix = stack.enter_context(socket.socket(socket.AF_UNIX))
        unix.bind(address)
        unix.listen(64)
    os.chmod(names["SOCKET"], 0o777)
    return {**names, "PORT": str(tcp.getsockname()[1]), "UDP_PORT": str(udp.getsockname()[1])}


@pytest.fixture(scope="module")
def process(attacked):
    from grader.sandbox.process import ProcessSandbox

    with ProcessSandbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def plain(attacked):
    from grader.sandbox.plain import PlainSandbox

    with PlainSandbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def container(attacked):
    from grader.errors import SandboxError
    from grader.sandbox.docker import DockerSandbox

    try:
        opened = DockerSandbox()
    except SandboxError as error:
        pytest.skip(f"{error}. {error.remedy}")
    with opened:
        # The connection that the engine is asked by stays open from the first question on.
        assert opened.versions
        assert opened.container.top()["Processes"]
        yield opened
