from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from grader.errors import ExitCode, SandboxError
from grader.model import Ending, Layers, Run
from grader.sandbox import probe
from grader.sandbox.open import SANDBOXES, open_sandbox
from grader.sandbox.plain import PlainSandbox

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the process sandbox needs Linux")


@pytest.fixture(scope="module")
def unsealed_run():
    with PlainSandbox() as sandbox:
        return sandbox.run(probe.probing_job())


@LINUX
def test_every_sandbox_is_examined_and_says_why_where_it_does_not_work(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")

    process, docker, plain = probe.examine()

    assert [process.name, docker.name, plain.name] == list(SANDBOXES)
    assert (process.works, docker.works, plain.works) == (True, False, True)
    assert "no Docker engine answers" in docker.problem
    assert docker.remedy
    assert docker.lines == (docker.problem,)
    assert plain.lines[0] == f"Python {plain.python}, NumPy {plain.numpy}"
    assert process.layers == replace(process.layers, sandbox="process", seccomp=True, rlimits=True, container=False)
    assert any("Landlock" in phrase for phrase in process.meanings)
    assert "your own code only" in plain.meanings[0]


@LINUX
def test_the_probe_notices_a_file_that_can_be_opened(unsealed_run):
    assert probe.judge(unsealed_run, sealed=False) == ""
    assert "/etc/passwd could be opened" in probe.judge(unsealed_run, sealed=True)


def test_the_probe_notices_an_import_that_is_not_refused(unsealed_run):
    # The answer of `add` in the place of that of the import.
    replies = (*unsealed_run.replies[:3], unsealed_run.replies[1])

    assert "colorsys could be imported" in probe.judge(replace(unsealed_run, replies=replies), sealed=False)


def test_the_probe_notices_a_wrong_sum_and_a_worker_that_does_not_answer(unsealed_run):
    loaded, _five, read, brought = unsealed_run.replies

    assert "2 + 3 came back" in probe.judge(replace(unsealed_run, replies=(loaded, read, read, brought)), sealed=False)
    assert "does not live" in probe.judge(Run(replies=(), ending=Ending.DIED, signal=31), sealed=True)


def test_a_missing_landlock_is_said_in_words():
    phrases = probe.describe(Layers(sandbox="process", seccomp=True, rlimits=True))

    assert any("no Landlock" in phrase for phrase in phrases)


def test_the_default_is_the_sealed_process_and_elsewhere_an_error_and_never_the_plain_one(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")

    with pytest.raises(SandboxError, match="needs Linux") as caught:
        open_sandbox("auto")

    assert "--sandbox plain" in caught.value.remedy
    assert caught.value.exit_code is ExitCode.NO_SANDBOX


@LINUX
def test_the_default_on_linux_is_the_process_sandbox():
    sandbox = open_sandbox()

    layers = sandbox.layers
    sandbox.close()

    assert layers.sandbox == "process"


def test_a_name_that_is_no_sandbox_lists_those_that_are():
    with pytest.raises(SandboxError, match="'jail'") as caught:
        open_sandbox("jail")

    assert caught.value.remedy == "Use one of auto, process, docker, plain."


def test_the_plain_sandbox_can_be_imported_where_there_is_no_unix():
    # Windows has none of the modules that are taken away here.
    program = """
import sys
sys.modules.update(dict.fromkeys(("fcntl", "resource", "pwd", "grp")))
import grader.sandbox.open, grader.sandbox.plain, grader.sandbox.probe
"""

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


@LINUX
def test_the_zygote_starts_before_the_grader_has_imported_numpy():
    # So that both imports run side by side; it is most of what a first verdict waits for.
    program = """
import subprocess, sys
start = subprocess.Popen.__init__
def record(*arguments, **options):
    print("numpy" in sys.modules)
    start(*arguments, **options)
subprocess.Popen.__init__ = record
from grader.sandbox.open import open_sandbox
open_sandbox().close()
"""

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
