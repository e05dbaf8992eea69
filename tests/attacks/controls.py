"""Run an attack where it works: an attack that never worked would prove nothing by being stopped."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.attacks.attack import Attack
from tests.sandbox.hostile import RIGHT, SECRET

WEAK = Path(__file__).parent / "weak.py"
FULL_MARKS = "graded: full marks"
WORKED = "the attack worked"
FLOOD_BYTES = 4 << 20
# A grader that works needs a tenth of it after it has started; here several work at a time.
HANGS_S = 1.5
START_S = 20.0
ONE_TEST = """
import numpy as np
import power

def test_the_gradient():
    x = np.arange(1.0, 13.0).reshape(4, 3)
    assert np.allclose(power.cube_backward(np.ones((4, 3)), power.cube_forward(x)[1]), 3 * x**2)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a weak grader: its output, its exit code (None: it had to be killed), and whether it left something behind."""

    output: str
    exit_code: int | None
    left: bool
    flooded: bool = False
    raw: str = ""

    @property
    def verdict(self) -> str:
        """The last line, which many believe."""
        return (self.output.strip().splitlines() or [""])[-1]


# How it is seen that an attack works.
SIGNS: dict[str, Callable[[Outcome], bool]] = {
    "says": lambda seen: WORKED in seen.output,
    "paid": lambda seen: seen.exit_code == 0 or seen.verdict == FULL_MARKS,
    "hangs": lambda seen: seen.exit_code is None and not seen.flooded,
    # Whether it is ended for its time or for what it prints is a question of the machine's speed.
    "never ends": lambda seen: seen.exit_code is None,
    "dies": lambda seen: seen.exit_code is not None and seen.exit_code < 0,
    "breaks": lambda seen: seen.exit_code not in (0, 3, None) and "graded:" not in seen.output,
    "floods": lambda seen: seen.flooded,
    "left": lambda seen: seen.left,
    "harms": lambda seen: "next: full marks" not in seen.output,
    "shown": lambda seen: bool(seen.raw) and seen.raw in seen.output,
    "shown raw": lambda seen: bool(seen.raw) and seen.raw in seen.output,
    "exits": lambda seen: seen.exit_code is not None and 64 <= seen.exit_code < 128,
    "leaks": lambda seen: "probed" in seen.output,
}


def run_weak(attack: Attack, folder: Path, known: dict[str, str], changes: Callable[[], bool]) -> Outcome:
    """Grade `attack`, written into `folder`, by a weak grader; `changes` tells whether something was left behind."""
    path = attack.write(folder, known)
    if attack.mode == "pytest":
        (folder / "test_power.py").write_text(ONE_TEST)
        command = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder / "test_power.py")]
    else:
        command = [str(WEAK), attack.mode, attack.way, str(path), json.dumps({**known, "RIGHT": RIGHT})]
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder), "TINY_SEED": SECRET, "OPENBLAS_NUM_THREADS": "1", "HOME": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output = _listen(process)
        exit_code = process.poll()
    finally:
        _end(process)
    if exit_code is None and not _overfull(output):
        # It may have been at its end just then.
        exit_code = process.returncode if process.returncode >= 0 else None
    # A daemon takes a moment to do its work.
    time.sleep(0.4 if attack.sign == "left" else 0)
    text = output.decode("utf-8", "replace")
    return Outcome(output=text, exit_code=exit_code, left=changes(), flooded=_overfull(output), raw=attack.raw)


def _overfull(output: bytes) -> bool:
    return len(output) > FLOOD_BYTES


def _listen(process: subprocess.Popen[bytes]) -> bytes:
    """Read what it says until it ends, hangs or floods."""
    assert process.stdout is not None
    output = b""
    give_up = time.monotonic() + START_S
    started = False
    while time.monotonic() < give_up and not _overfull(output):
        ready = select.select([process.stdout], [], [], 0.02)[0]
        data = os.read(process.stdout.fileno(), 1 << 20) if ready else b""
        output += data
        if not data and (ready or process.poll() is not None):
            # Its end, or a program of its own holds the pipe open.
            break
        if not started and b"started" in output:
            started = True
            give_up = time.monotonic() + HANGS_S
    if not _overfull(output):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.05, give_up - time.monotonic()))
    return output


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
