"""Machines that lack something: Landlock, seccomp, shared memory, root, privileges, UTF-8, the present NumPy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

from tests.bad_luck.runs import ROOT, SAMPLES, batch, grade, is_sentence, linux, root, shown

pytestmark = linux
NOBODY = 65534

# Executes a program in a process for which some system calls fail as they do in a kernel that does not have them.
# linux/filter.h: load a word, jump if equal, return; seccomp_data begins with the number, the first argument is at 16.
DECEIVED = """
import ctypes, os, struct, sys

def step(code, jump, skip, value):
    return struct.pack("<HBBI", code, jump, skip, value)

LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ENOSYS, EINVAL = 0x00050000 | 38, 0x00050000 | 22
prctl, seccomp = {"x86_64": (157, 317), "aarch64": (167, 277)}[os.uname().machine]
programs = {
    # landlock_create_ruleset is 444 on every architecture.
    "landlock": [step(LOAD, 0, 0, 0), step(EQUAL, 0, 1, 444), step(RETURN, 0, 0, ENOSYS), step(RETURN, 0, 0, 0x7FFF0000)],
    # A kernel without CONFIG_SECCOMP_FILTER: prctl(PR_SET_SECCOMP, ...) is EINVAL, seccomp() is not there.
    "seccomp": [
        step(LOAD, 0, 0, 0), step(EQUAL, 0, 1, seccomp), step(RETURN, 0, 0, ENOSYS), step(EQUAL, 0, 3, prctl),
        step(LOAD, 0, 0, 16), step(EQUAL, 0, 1, 22), step(RETURN, 0, 0, EINVAL), step(RETURN, 0, 0, 0x7FFF0000),
    ],
}
program = b"".join(programs[sys.argv[1]])
libc = ctypes.CDLL(None, use_errno=True)
kept = ctypes.create_string_buffer(program, len(program))
fprog = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(kept)))
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.c_ulong(ctypes.addressof(fprog)), 0, 0) == 0, os.strerror(ctypes.get_errno())
os.execv(sys.argv[2], sys.argv[2:])
"""


def without(what):
    if os.uname().machine not in ("x86_64", "aarch64"):
        pytest.skip("the numbers of the system calls are not known here")
    return [sys.executable, "-c", DECEIVED, what]


def layers(done):
    return json.loads(done.stdout)["run"]["sandbox"]


def check(work, *more, **options):
    return grade("check", SAMPLES / work, "dropout", "--format", "json", *more, **options)


@pytest.fixture(scope="module")
def usual():
    return {work: points(check(work)) for work in ("complete", "typical_mistakes")}


def points(done):
    assert done.stdout, done.stderr
    card = json.loads(done.stdout)
    return card["points"], [[check["verdict"] for check in function["checks"]] for function in card["exercises"][0]["functions"]]


def test_without_landlock_the_filter_holds_alone_and_the_scorecard_says_so(usual):
    done = check("typical_mistakes", before=without("landlock"))

    assert is_sentence(done, 3)
    assert layers(done)["landlock_abi"] == 0
    assert layers(done)["seccomp"] is True
    assert points(done) == usual["typical_mistakes"]


def test_without_seccomp_nothing_is_graded(works, tmp_path):
    done = check("complete", before=without("seccomp"))
    class_ = batch(works, tmp_path, before=without("seccomp"))

    assert done.stdout == ""
    for one in (done, class_):
        assert is_sentence(one, 6)
        assert "cannot seal a process here" in one.stderr
    assert not (tmp_path / "gradebook.csv").exists()


def test_without_seccomp_the_doctor_says_so(works, tmp_path):
    done = grade("doctor", before=without("seccomp"))

    assert "Traceback" not in done.stderr
    assert "cannot seal a process here" in done.stdout + done.stderr


@root
def test_without_shared_memory_a_class_is_graded_as_ever(works, undisturbed, tmp_path):
    hidden = 'mount -t tmpfs -o ro tmpfs /dev/shm || exit 99; exec "$@"'
    done = batch(works, tmp_path, "--jobs", "2", before=["unshare", "-m", "sh", "-c", hidden, "sh"])
    if done.returncode == 99 or "unshare" in done.stderr:
        pytest.skip("nothing may be mounted here")

    assert done.returncode == 0, done.stderr
    assert shown(tmp_path) == undisturbed


def interpreter_of_nobody():
    """A Python that everybody may execute, with our libraries."""
    environment = {"PYTHONPATH": os.pathsep.join([str(ROOT), sysconfig.get_path("purelib")])}
    for python in (sys.executable, "/usr/bin/python3"):
        tried = [python, "-c", f"import click, numpy, sqlalchemy, rich, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"]
        try:
            if subprocess.run(tried, user=NOBODY, group=NOBODY, env=environment, cwd="/", capture_output=True, check=False).returncode == 0:
                return python, environment
        except OSError:
            continue
    pytest.skip("there is no Python here that an ordinary user may execute")


@root
def test_root_and_an_ordinary_user_find_the_same(works, undisturbed):
    python, environment = interpreter_of_nobody()
    # Below pytest's own folders nobody else may look.
    place = Path(tempfile.mkdtemp())
    try:
        (shutil.copytree(works, place / "works")).chmod(0o755)
        os.chown(place, NOBODY, NOBODY)
        options = {"user": NOBODY, "group": NOBODY, "extra_groups": [], "env": environment, "cwd": "/", "python": python}
        done = batch(place / "works", place / "results", "--jobs", "2", **options)

        assert done.returncode == 0, done.stderr
        assert shown(place / "results") == undisturbed
        card = json.loads((place / "results" / "scorecards" / "student00000.json").read_text())
        assert card["run"]["sandbox"]["uid_dropped"] is False
    finally:
        shutil.rmtree(place)


@root
def test_results_of_somebody_else_are_refused_in_one_sentence(works):
    python, environment = interpreter_of_nobody()
    # Below pytest's own folders nobody else may look.
    place = Path(tempfile.mkdtemp())
    try:
        (shutil.copytree(works, place / "works")).chmod(0o755)
        (place / "results").mkdir(mode=0o755)
        place.chmod(0o755)
        options = {"user": NOBODY, "group": NOBODY, "extra_groups": [], "env": environment, "cwd": "/", "python": python}
        done = batch(place / "works", place / "results", **options)
    finally:
        shutil.rmtree(place)

    assert is_sentence(done, 7)
    assert "permissions" in done.stderr


@pytest.mark.docker
def test_in_an_unprivileged_container_of_another_user_the_process_sandbox_works(usual):
    image = "layerwise:local"
    if shutil.which("docker") is None or subprocess.run(["docker", "image", "inspect", image], capture_output=True, check=False).returncode:
        pytest.skip(f"no Docker engine answers, or it has no image {image}")
    bare = ["--network", "none", "--cap-drop", "ALL", "--user", "12345:12345", "--read-only", "--security-opt", "no-new-privileges"]
    volume = ["-v", f"{SAMPLES / 'complete'}:/submission:ro"]

    command = ["docker", "run", "--rm", *bare, *volume, image, "check", "/submission", "dropout", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)

    assert is_sentence(done, 0)
    assert points(done) == usual["complete"]
    assert layers(done)["seccomp"] is True


# -------------------------------------------------------------------------------------------------------------------------- locale

OLD_LOCALE = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}


def test_a_locale_that_is_not_utf_8_changes_nothing_that_is_written(works, undisturbed, tmp_path):
    done = batch(works, tmp_path, "--jobs", "2", env=OLD_LOCALE)

    assert done.returncode == 0, done.stderr
    assert shown(tmp_path) == undisturbed


@pytest.mark.parametrize("output", ["text", "json"])
def test_a_report_can_be_shown_where_the_terminal_takes_ascii_alone(output):
    done = grade("check", SAMPLES / "typical_mistakes", "dropout", "--format", output, env=OLD_LOCALE)

    assert is_sentence(done, 3)
    assert "dropout" in done.stdout


def test_file_names_in_latin_1_are_graded_and_said_in_a_way_that_can_be_read(works, tmp_path):
    folder = tmp_path / "works"
    shutil.copytree(works / "student00000", folder / "anna")
    os.rename(os.fsencode(folder / "anna"), os.fsencode(folder) + b"/Ren\xe9")
    shutil.copytree(works / "student00001", folder / "bob")
    os.rename(os.fsencode(folder / "bob" / "dropout.py"), os.fsencode(folder / "bob") + b"/\xfcbung.py")

    results = {}
    for name, locale in (("utf", {}), ("c", OLD_LOCALE)):
        done = batch(folder, tmp_path / name, "--jobs", "1", env=locale)
        assert is_sentence(done, 0, 3), done.stderr
        results[name] = (tmp_path / name / "gradebook.csv").read_bytes()

    assert results["utf"] == results["c"]
    results["utf"].decode("utf-8")


# --------------------------------------------------------------------------------------------------------------------------- NumPy


def test_the_oldest_numpy_finds_what_the_present_one_finds(usual):
    """By command: LAYERWISE_OLD_PYTHON=/path/to/python pytest tests/bad_luck, an interpreter with NumPy 1.26 and our dependencies."""
    python = os.environ.get("LAYERWISE_OLD_PYTHON")
    if not python:
        pytest.skip("LAYERWISE_OLD_PYTHON names no interpreter with the oldest NumPy")

    for work, expected in usual.items():
        assert points(check(work, python=python)) == expected
    proved = grade("verify", "dropout", "batchnorm", python=python)
    assert proved.returncode == 0, proved.stdout + proved.stderr
