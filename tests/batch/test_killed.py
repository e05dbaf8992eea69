"""``grade batch`` may end at any moment, however it ends: the same command again goes on, and comes to the same as an undisturbed run.

More often by command: ``LAYERWISE_KILLS=50 pytest tests/batch/test_killed.py``.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from grader.store import Store

SAMPLES = Path(__file__).parent.parent.parent / "samples"
KILLS = int(os.environ.get("LAYERWISE_KILLS", "4"))
STUDENTS = 10


@pytest.fixture(scope="module")
def works(tmp_path_factory):
    root = tmp_path_factory.mktemp("works")
    kinds = ("complete", "typical_mistakes", "half_done")
    for number in range(STUDENTS):
        folder = root / f"student{number}"
        shutil.copytree(SAMPLES / kinds[number % 3], folder, ignore=shutil.ignore_patterns("__pycache__"))
        # No two are equal, so that each is graded.
        (folder / "dropout.py").write_text((folder / "dropout.py").read_text() + f"\n# {number}\n")
    return root


def command(works, results):
    return [sys.executable, "-m", "grader", "batch", str(works), "dropout", "--out", str(results), "--jobs", "2", "--call-limit", "1"]


def begin(works, results):
    # A group of its own, as a shell gives it, so that Ctrl-C can be sent to all of it.
    return subprocess.Popen(command(works, results), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def finish(works, results):
    done = subprocess.run(command(works, results), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done


def shown(results):
    """All that a results folder shows, without what may differ between two runs."""
    files = {"gradebook": (results / "gradebook.csv").read_text()}
    for path in sorted(results.glob("scorecards*/*.json")):
        card = json.loads(path.read_text())
        del card["run"]
        files[path.relative_to(results).as_posix()] = card
    return files


@pytest.fixture(scope="module")
def undisturbed(works, tmp_path_factory):
    results = tmp_path_factory.mktemp("undisturbed")
    started = time.monotonic()
    finish(works, results)
    return shown(results), time.monotonic() - started


def left_behind(before):
    """Processes of the batch that still live a moment after it is gone."""
    psutil.wait_procs(before, timeout=5)
    return [process for process in before if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


def family(process):
    parent = psutil.Process(process.pid)
    return [parent, *parent.children(recursive=True)]


@pytest.mark.parametrize("number", range(KILLS))
def test_a_batch_that_is_killed_goes_on_where_it_was(works, undisturbed, tmp_path, number):
    expected, duration = undisturbed
    chance = random.Random(number)
    kept = 0
    for _round in range(3):
        process = begin(works, tmp_path)
        time.sleep(chance.uniform(0.2, 1.0) * duration)
        processes = family(process) if process.poll() is None else []
        process.kill()
        process.communicate()
        assert left_behind(processes) == []
        if (tmp_path / "layerwise.db").exists():
            with Store.open(tmp_path / "layerwise.db", read_only=False) as store:
                records = sum(1 for _ in store.iter_records())
            assert records >= kept
            kept = records

    finish(works, tmp_path)

    assert shown(tmp_path) == expected
    with Store.open(tmp_path / "layerwise.db", read_only=True) as store:
        assert sum(1 for _ in store.iter_records()) == STUDENTS
        assert len(store.handins()) == STUDENTS


def test_killed_workers_cost_time_alone(works, undisturbed, tmp_path):
    expected, _duration = undisturbed
    process = begin(works, tmp_path)
    killed = 0
    while process.poll() is None and killed < 3:
        time.sleep(0.7)
        try:
            workers = [child for child in psutil.Process(process.pid).children() if "spawn_main" in " ".join(child.cmdline())]
        except psutil.NoSuchProcess:
            break
        if workers:
            workers[0].kill()
            killed += 1
    _output, errors = process.communicate(timeout=120)

    assert process.returncode == 0, errors
    assert killed
    assert shown(tmp_path) == expected


@pytest.mark.parametrize("number", range(KILLS))
def test_ctrl_c_keeps_what_is_there_and_leaves_nothing_running(works, undisturbed, tmp_path, number):
    expected, duration = undisturbed
    process = begin(works, tmp_path)
    # From the moment when it opens its store, through the start of its workers, to the middle of the class.
    while not (tmp_path / "layerwise.db").exists():
        time.sleep(0.02)
    time.sleep(0.3 * duration * number / KILLS)
    assert process.poll() is None, "it was too fast to be interrupted"
    processes = family(process)
    os.killpg(process.pid, signal.SIGINT)
    _output, errors = process.communicate(timeout=30)

    assert process.returncode in (0, 130)
    assert "Traceback" not in errors
    assert process.returncode == 0 or "grade: interrupted." in errors
    assert left_behind(processes) == []
    finish(works, tmp_path)
    assert shown(tmp_path) == expected


def test_two_batches_into_one_folder_do_not_meet(works, tmp_path):
    # This process stands for the other batch: it holds the folder for sure, however fast the machine is.
    with Store.open(tmp_path / "layerwise.db") as store, store.lock():
        second = subprocess.run(command(works, tmp_path), capture_output=True, text=True, timeout=60, check=False)

    assert second.returncode == 7
    assert f"process {os.getpid()}" in second.stderr
    assert "Traceback" not in second.stderr
    assert not (tmp_path / "gradebook.csv").exists()
