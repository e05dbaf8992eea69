"""Ways to grade in a program of its own, so that what befalls it befalls nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "samples"
# 0 all graded, 3 something was not, 4 unreadable, 5 course, 6 no sandbox or no process, 7 no store or no room: see docs/batch.md.
DOCUMENTED = frozenset({0, 3, 4, 5, 6, 7})

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="how a kernel is limited and deceived differs elsewhere")
root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")


def grade(*arguments, before=(), python=sys.executable, timeout=120, **options):
    """Run ``grade`` in a process of its own, with `before` in front of it."""
    options.setdefault("cwd", ROOT)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **options.pop("env", {})}
    command = [*before, python, "-m", "grader", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=timeout, check=False, env=environment, **options
    )


def batch(works, results, *more, **options):
    """Run ``grade batch`` over dropout alone."""
    return grade("batch", works, "dropout", "--out", results, "--call-limit", "1", *more, **options)


def shown(results):
    """The bytes of all that a results folder shows, without ``run``: when, how long and where something was graded."""
    cards = sorted(results.glob("scorecards*/*.json"))
    files = {path.relative_to(results).as_posix(): without_run(path) for path in cards}
    return files | {"gradebook": (results / "gradebook.csv").read_bytes()}


def without_run(path):
    """The text of a scorecard without ``run``, in the order in which it was written."""
    card = json.loads(path.read_text(encoding="utf-8"))
    del card["run"]
    return json.dumps(card, ensure_ascii=False)


def is_sentence(done, *codes):
    """Whether a command has ended as it says it does: by one of these exit codes, or any that is documented, and without a traceback."""
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode in (codes or DOCUMENTED), (done.returncode, done.stderr)
    return True
