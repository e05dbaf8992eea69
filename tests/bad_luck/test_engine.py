"""A Docker engine that restarts under a batch, and containers that are taken away: time is lost, and no mark.

A second engine of our own is restarted, never the one that other programs use: with its own folders, its own socket, no network.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from tests.bad_luck.runs import ROOT, batch, linux, root, shown

pytestmark = [linux, pytest.mark.docker, root]
START_S = 30


class Engine:
    """A dockerd with everything of its own below one folder."""

    def __init__(self, folder):
        self.folder = folder
        self.host = f"unix://{folder}/docker.sock"
        self.process = None

    def start(self):
        paths = ["--data-root", self.folder / "data", "--exec-root", self.folder / "exec", "--pidfile", self.folder / "pid"]
        offline = ["--iptables=false", "--ip6tables=false", "--bridge=none"]
        with (self.folder / "log").open("ab") as log:
            command = ["dockerd", "-H", self.host, *map(str, paths), *offline]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        give_up = time.monotonic() + START_S
        while self.docker("info").returncode:
            if time.monotonic() > give_up or self.process.poll() is not None:
                pytest.skip("a second Docker engine does not start here")
            time.sleep(0.1)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)

    def docker(self, *arguments, **options):
        return subprocess.run(["docker", "-H", self.host, *arguments], capture_output=True, check=False, **options)


@pytest.fixture(scope="module")
def engine():
    if shutil.which("dockerd") is None or subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
        pytest.skip("no Docker engine answers")
    image = "layerwise-sandbox:local"
    saved = subprocess.run(["docker", "save", image], capture_output=True, check=False)
    if saved.returncode:
        pytest.skip(f"the engine has no image {image}")
    # The path of a socket has at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="lw-engine-"))
    made = Engine(folder)
    try:
        made.start()
        loaded = made.docker("load", input=saved.stdout)
        assert loaded.returncode == 0, loaded.stderr
        yield made
    finally:
        if made.process is not None and made.process.poll() is None:
            made.stop()
        subprocess.run(f"grep -o '{folder}/[^ ]*' /proc/mounts | xargs -r umount -l", shell=True, check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def begin(works, results, engine):
    environment = {**os.environ, "DOCKER_HOST": engine.host, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "grader", "batch", works, "dropout", "--out", results, "--call-limit", "1", "--jobs", "1"]
    return subprocess.Popen(
        [*map(str, command), "--sandbox", "docker", "--containers", "submission"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=ROOT,
    )  # fmt: skip


def wait_for_a_container(engine, process):
    give_up = time.monotonic() + 30
    while not engine.docker("ps", "-q").stdout.strip() and process.poll() is None:
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_an_engine_that_restarts_under_a_batch_costs_time_and_no_mark(engine, works, undisturbed, tmp_path):
    process = begin(works, tmp_path, engine)
    wait_for_a_container(engine, process)
    time.sleep(0.5)

    engine.stop()
    time.sleep(1)
    engine.start()
    _output, errors = process.communicate(timeout=110)

    assert "Traceback" not in errors
    assert process.returncode == 0, errors
    assert shown(tmp_path) == undisturbed


@pytest.mark.skipif("LAYERWISE_FAULTS" not in os.environ, reason="takes long; by command: LAYERWISE_FAULTS=all pytest tests/bad_luck")
def test_containers_that_somebody_removes_cost_time_and_no_mark(engine, works, undisturbed, tmp_path):
    process = begin(works, tmp_path, engine)
    stop = threading.Event()

    def remove():
        while not stop.wait(1.0):
            for name in engine.docker("ps", "-q", text=True).stdout.split()[:1]:
                engine.docker("rm", "-f", name)

    remover = threading.Thread(target=remove)
    remover.start()
    time.sleep(3)
    stop.set()
    remover.join()
    _output, errors = process.communicate(timeout=110)

    assert "Traceback" not in errors
    assert process.returncode in (0, 3), errors
    assert batch(works, tmp_path, "--sandbox", "docker", "--jobs", "1", env={"DOCKER_HOST": engine.host}).returncode == 0
    assert shown(tmp_path) == undisturbed
