"""A disk that fills up: wherever it is, the command says so in a sentence, and goes on when there is room."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import grader
from tests.bad_luck.runs import SAMPLES, batch, grade, is_sentence, linux, shown, without_run

pytestmark = linux


@contextlib.contextmanager
def small_disk(folder, size):
    """A file system of `size`, where one may be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.parametrize("size", ["40k", "260k"])
def test_results_on_a_full_disk_are_never_half_there_and_go_on_where_there_is_room(works, undisturbed, tmp_path, size):
    with small_disk(tmp_path / "disk", size) as disk:
        results = disk / "results"
        full = batch(works, results, "--jobs", "2")

        assert is_sentence(full, 7)
        assert "full" in full.stderr or "No space left" in full.stderr
        for path in results.rglob("*.json"):
            assert without_run(path) == undisturbed[path.relative_to(results).as_posix()]
        assert not (results / "gradebook.csv").exists()
        subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
        assert batch(works, results, "--jobs", "2").returncode == 0
        assert shown(results) == undisturbed


def test_a_full_temporary_folder_ends_a_batch_that_has_to_unpack_in_one_sentence(works, undisturbed, tmp_path):
    archive = shutil.make_archive(str(tmp_path / "class"), "zip", works)
    with small_disk(tmp_path / "tmp", "16k") as disk:
        full = batch(archive, tmp_path / "results", "--jobs", "1", env={"TMPDIR": str(disk)})

        assert is_sentence(full, 4, 7)
        assert "No space left" in full.stderr
        assert not (tmp_path / "results" / "gradebook.csv").exists()
    assert batch(archive, tmp_path / "results", "--jobs", "2").returncode == 0
    assert (tmp_path / "results" / "gradebook.csv").read_bytes() == undisturbed["gradebook"]


def test_no_temporary_folder_at_all_is_one_sentence(works, tmp_path):
    # tempfile falls back on /tmp, /var/tmp, /usr/tmp and the present folder; all of them are read-only in a world of their own.
    readonly = 'for one in /tmp /var/tmp; do mount -t tmpfs -o ro tmpfs $one || exit 99; done; cd /proc; exec "$@"'
    if any(Path(one).is_relative_to(folder) for one in (sys.prefix, grader.__file__) for folder in ("/tmp", "/var/tmp")):
        pytest.skip("Layerwise itself lies in the folder that is hidden here")
    place = Path(tempfile.mkdtemp(prefix="layerwise-test-", dir="/dev/shm"))
    try:
        shutil.copytree(works, place / "works")
        done = batch(place / "works", place / "results", before=["unshare", "-m", "sh", "-c", readonly, "sh"])
    finally:
        shutil.rmtree(place)
    if done.returncode == 99 or "unshare" in done.stderr:
        pytest.skip("nothing may be mounted here")

    assert is_sentence(done, 7)
    assert "No usable temporary directory" in done.stderr


def test_a_student_with_a_full_disk_gets_the_same_marks_and_loses_the_memory_of_them_alone(tmp_path):
    with small_disk(tmp_path / "disk", "24k") as disk:
        shutil.copy(SAMPLES / "typical_mistakes" / "dropout.py", disk)
        (disk / "filler").write_bytes(b"x" * 4096)
        with contextlib.suppress(OSError), (disk / "more").open("wb") as file:
            for _ in range(100):
                file.write(b"x" * 512)
        full = grade("check", ".", "dropout", cwd=disk, env={"CI": ""})
        elsewhere = shutil.copytree(disk, tmp_path / "elsewhere", ignore=shutil.ignore_patterns("filler", "more"))
        roomy = grade("check", ".", "dropout", cwd=elsewhere, env={"CI": ""})

    assert is_sentence(full, 3)
    assert full.stdout == roomy.stdout
    assert full.stderr == roomy.stderr
