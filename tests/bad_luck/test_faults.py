"""Every call that takes room or a descriptor fails once, and for good: the command ends in a sentence, and no file is ever half there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.bad_luck.runs import DOCUMENTED, ROOT, SAMPLES, batch, is_sentence, linux, shown

pytestmark = linux
# With the files of the course too, whose readings are many and all alike: LAYERWISE_FAULTS=all.
SPARED = "/proc" if os.environ.get("LAYERWISE_FAULTS") == "all" else str(ROOT)


@pytest.fixture(scope="module")
def few(works, tmp_path_factory):
    folder = tmp_path_factory.mktemp("few")
    for name in ("student00000", "student00003") if SPARED == "/proc" else ("student00003",):
        shutil.copytree(works / name, folder / name)
    return folder


def faults(arguments, results, code, kind, *, cwd=ROOT, lasts=False):
    order = {"arguments": list(map(str, arguments)), "results": str(results), "errno": code, "of": kind, "lasts": lasts, "spared": SPARED}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bad_luck.faulty", json.dumps(order)],
        capture_output=True, text=True, cwd=cwd, check=False, env={**os.environ, "PYTHONPATH": str(ROOT), "CI": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def without_descriptors(few, tmp_path_factory):
    results = tmp_path_factory.mktemp("faults") / "results"
    return faults(["batch", few, "dropout", "--out", results], results, "EMFILE", "descriptors")


@pytest.fixture(scope="module")
def without_room(few, tmp_path_factory):
    results = tmp_path_factory.mktemp("faults") / "results"
    return faults(["batch", few, "dropout", "--out", results], results, "ENOSPC", "writes", lasts=True)


@pytest.fixture(scope="module")
def without_room_once(few, tmp_path_factory):
    results = tmp_path_factory.mktemp("faults") / "results"
    return faults(["batch", few, "dropout", "--out", results], results, "ENOSPC", "writes")


# A disk stays full; that it is full once alone is for the long run.
@pytest.mark.parametrize("way", ["without_room", "without_descriptors", *(["without_room_once"] if SPARED == "/proc" else [])])
def test_whatever_fails_in_a_batch_is_a_sentence_and_the_same_command_comes_to_the_same(request, way):
    found = request.getfixturevalue(way)

    # Folders, lock, two views of each scorecard, stamps and gradebook; most are opened under one name and renamed.
    assert len(found) >= 13
    for one in found:
        assert "Traceback" not in one["said"], one
        assert one["code"] in DOCUMENTED, one
        assert one["whole"], f"a file is there that is not as it should be: {one}"
        assert one["again"] == 0, one
        assert one["same"], one


def test_a_work_that_could_not_be_opened_for_want_of_descriptors_is_not_called_unreadable(few, without_descriptors):
    # The folders of the works and the files in them; what is opened below a folder is told by its descriptor.
    readings = [one for one in without_descriptors if str(few / "student") in one["refused"]]
    assert len(readings) >= 2
    assert {one["code"] for one in readings} == {6}
    assert all("Too many open files" in one["said"] for one in readings)


@pytest.mark.parametrize(("code", "kind"), [("ENOSPC", "writes"), ("EMFILE", "descriptors")])
def test_whatever_fails_in_a_check_costs_no_point(tmp_path, code, kind):
    work = tmp_path / "work"
    work.mkdir()
    shutil.copy(SAMPLES / "complete" / "dropout.py", work)

    found = faults(["check", ".", "dropout"], work / ".layerwise", code, kind, cwd=work)

    assert found
    for one in found:
        assert "Traceback" not in one["said"], one
        # Progress is a courtesy: where it cannot be kept, the marks are the same and nothing is said.
        assert one["code"] in ({0} if kind == "writes" else {0, 6}), one
        assert one["whole"], one


@pytest.mark.parametrize("files", [24, 67])
def test_too_few_descriptors_are_said_and_cost_no_point(few, tmp_path, files):
    # Below 68 a child could not be given its pipes, and every function of everybody would have "crashed".
    shell = ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh"]

    done = batch(few, tmp_path / "results", "--jobs", "2", before=shell)

    assert is_sentence(done, 6, 7)
    assert "open files" in done.stderr
    assert not (tmp_path / "results" / "gradebook.csv").exists()


def test_a_soft_limit_of_descriptors_is_raised_by_the_grader_itself(works, undisturbed, tmp_path):
    done = batch(works, tmp_path, "--jobs", "2", before=["sh", "-c", 'ulimit -Sn 40; exec "$@"', "sh"])

    assert done.returncode == 0, done.stderr
    assert shown(tmp_path) == undisturbed


@pytest.mark.parametrize(("limit", "flag"), [("-v 1000000", "ulimit -v"), ("-t 30", "ulimit -t")])
def test_a_shell_that_allows_less_than_the_limits_of_submitted_code_is_refused(few, tmp_path, limit, flag):
    done = batch(few, tmp_path, "--jobs", "1", before=["sh", "-c", f'ulimit {limit}; exec "$@"', "sh"])

    assert is_sentence(done, 3, 6)
    assert flag in done.stderr
    if (tmp_path / "gradebook.csv").exists():
        rows = (tmp_path / "gradebook.csv").read_text().splitlines()[1:]
        # An empty cell: open, never 0.
        assert all("0.00" not in row.split(",") and row.endswith("not all graded") for row in rows)


@pytest.mark.parametrize("command", [["list"], ["check", str(SAMPLES / "complete"), "dropout"]])
def test_output_that_cannot_be_written_is_a_sentence(command):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "grader", *command], stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT
        )

    assert done.returncode == 7
    assert "Traceback" not in done.stderr
    assert "what is to be shown cannot be written: No space left on device" in done.stderr


def test_files_that_may_not_grow_are_a_sentence_and_the_next_batch_goes_on(works, undisturbed, tmp_path):
    # RLIMIT_FSIZE in blocks of 512 bytes; Python ignores its signal, so that writing fails as on a full disk.
    done = batch(works, tmp_path, "--jobs", "1", before=["sh", "-c", 'ulimit -f 40; exec "$@"', "sh"])

    assert is_sentence(done, 7)
    assert batch(works, tmp_path, "--jobs", "2").returncode == 0
    assert shown(tmp_path) == undisturbed
