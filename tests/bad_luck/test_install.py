"""An installation that was interrupted, or of which a power cut has left files empty: a sentence, and never a mark."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.bad_luck.runs import ROOT, SAMPLES, grade

PARTS = ("grader", "exercises", "reference", "experiments", "course.toml", "layerwise.py")
# One of the command line, of the engine, of the sandbox's two sides, of the reference, and the course itself.
LACKING = {
    "grader/cli.py": {6},
    "grader/grading.py": {6},
    "grader/checks/compare.py": {6},
    "grader/sandbox/client.py": {6},
    "grader/sandbox/inside/zygote.py": {6},
    "grader/sandbox/inside/child.py": {6},
    "course.toml": {5},
    "exercises/dropout.py": {5, 7},
    # What explains a wrong answer is not asked for a right one.
    "reference/dropout.py": {5},
    "reference/checks/dropout.py": {5},
    "reference/mistakes/dropout.py": {5},
}

UNUSED = {"exercises/dropout.py", "reference/mistakes/dropout.py"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An installation of its own."""
    root = tmp_path_factory.mktemp("installed")
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, root / part)
    return root


def check(root):
    return grade("check", SAMPLES / "complete", "dropout", "--format", "json", env={"PYTHONPATH": str(root)}, cwd=root)


ZEROED = ("grader/grading.py", "grader/sandbox/inside/child.py", "reference/dropout.py")
STATES = [(one, "missing") for one in LACKING] + [(one, "zeroed") for one in ZEROED]


@pytest.mark.parametrize(("lacking", "state"), STATES)
def test_a_file_that_is_missing_or_lost_is_a_sentence_and_no_mark(whole, lacking, state):
    path = whole / lacking
    data = path.read_bytes()
    try:
        if state == "missing":
            path.unlink()
        else:
            # As a file system leaves a file whose length was written before a power cut, and whose content was not.
            path.write_bytes(bytes(len(data)))
        done = check(whole)
    finally:
        path.write_bytes(data)

    assert "Traceback" not in done.stderr, done.stderr
    if done.stdout:
        # Only what this grading had no use for may be missing unseen.
        assert lacking in UNUSED
        assert json.loads(done.stdout)["points"] == json.loads(done.stdout)["max_points"] == 35
    else:
        assert done.stderr.startswith("grade: "), done.stderr
        assert done.returncode in (*LACKING[lacking], 5, 6), (done.returncode, done.stderr)
