"""The autograder zip, unpacked and run as Gradescope's harness does."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.catalog import load_course
from grader.export.autograder import build_autograder

COURSE = Path(__file__).parent.parent.parent / "examples" / "numerical_methods"
SECRET = b"0123456789abcdef0123456789"


def names(data):
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


@pytest.fixture
def harness(tmp_path):
    """A folder like /autograder, with what the zip holds in source/ and an empty submission/."""

    def unpack(**options):
        with zipfile.ZipFile(io.BytesIO(build_autograder(COURSE, seed=None, **options))) as archive:
            archive.extractall(tmp_path / "source")
        (tmp_path / "submission").mkdir()
        return tmp_path

    return unpack


def run(root):
    environment = {**os.environ, "AUTOGRADER_ROOT": str(root)}
    script = root / "source" / "run_autograder"
    return subprocess.run([sys.executable, "-I", str(script)], capture_output=True, text=True, env=environment, cwd=root, check=False)


def test_both_scripts_are_at_the_top_and_can_be_executed():
    archive = zipfile.ZipFile(io.BytesIO(build_autograder(COURSE, seed=None)))

    for name in ("setup.sh", "run_autograder"):
        assert archive.getinfo(name).external_attr >> 16 & stat.S_IXUSR
    assert archive.read("run_autograder").startswith(b"#!/autograder/layerwise/bin/python -I\n")
    assert "HOLDS THE HIDDEN SIDE" in archive.read("README.txt").decode()


def test_everything_but_the_scripts_is_for_its_owner_alone():
    archive = zipfile.ZipFile(io.BytesIO(build_autograder(COURSE, seed=SECRET)))

    loose = [one.filename for one in archive.infolist() if one.external_attr >> 16 & 0o077]
    assert loose == ["setup.sh", "run_autograder"]


def test_the_same_course_gives_the_same_zip():
    assert build_autograder(COURSE, seed=None) == build_autograder(COURSE, seed=None)


def test_a_secret_seed_travels_where_the_course_looks_for_it(tmp_path):
    root = Path(shutil.copytree(COURSE, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__")))
    table = '\n[seed]\nfile = "seed.txt"\n'
    (root / "course.toml").write_text((root / "course.toml").read_text().split("[seed]")[0] + table)
    (root / "seed.txt").write_bytes(SECRET)

    with zipfile.ZipFile(io.BytesIO(build_autograder(root, seed=load_course(root).seed))) as archive:
        archive.extractall(tmp_path / "out")

    assert load_course(tmp_path / "out" / "course").mark == load_course(root).mark


def test_no_seed_is_in_the_zip_of_a_course_without_one():
    assert not [name for name in names(build_autograder(COURSE, seed=None)) if "seed" in name]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the process sandbox needs Linux")
def test_a_submission_is_graded_into_results_json(harness):
    root = harness(hidden_checks="after_published")
    for stub in (COURSE / "exercises").glob("*.py"):
        shutil.copy(stub, root / "submission")

    done = run(root)

    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((root / "results" / "results.json").read_text())
    assert found["score"] == 0
    assert {test["visibility"] for test in found["tests"] if test["tags"][-1] == "hidden"} <= {"after_published"}
    assert "points" not in found["output"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the process sandbox needs Linux")
def test_a_breakdown_leaves_no_results_so_that_nobody_gets_a_zero_for_it(harness):
    root = harness()
    (root / "source" / "course" / "course.toml").write_text("this is no course")

    done = run(root)

    assert done.returncode == 1
    assert "not the student's fault" in done.stdout
    assert not (root / "results" / "results.json").exists()


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_the_setup_is_a_script_that_bash_can_read(harness):
    root = harness()

    assert subprocess.run(["bash", "-n", str(root / "source" / "setup.sh")], check=False).returncode == 0
