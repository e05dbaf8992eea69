"""Jobs for the tests of the sandboxes: a source, and calls of its functions without a check behind them."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from grader.model import Job, Limits, Run
from grader.sandbox.inside import codec, request

PATH = "work.py"
REPLY_BYTES = 1 << 20


def job(source: str, *calls: tuple[Any, ...], seed: int = -1, limits: Limits | None = None) -> Job:
    """Load `source`, then make `calls`: the name of a function, and its arguments."""
    load = codec.encode(({PATH: source}, PATH))
    frames = [
        request.encode((number, (name,), 0, tuple(arguments), {}, (0,), (), REPLY_BYTES, seed))
        for number, (name, *arguments) in enumerate(calls)
    ]
    return Job(frames=(load, *frames), reply_bytes=(REPLY_BYTES,) * (1 + len(frames)), limits=limits or Limits())


def values(run: Run) -> list[Any]:
    """What every call returned; the whole reply where it did not."""
    replies = [codec.decode(reply) for reply in run.replies[1:]]
    return [reply[1][0] if reply[0] == "returned" else reply for reply in replies]


def children_of(pid: int) -> list[int]:
    """The processes whose parent is `pid`."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            status = (entry / "stat").read_text() if entry.name.isdigit() else ""
        except OSError:
            continue
        # The name of the program, in parentheses, may hold anything.
        if status and int(status.rpartition(")")[2].split()[1]) == pid:
            found.append(int(entry.name))
    return found


def is_there(pid: int) -> bool:
    """Whether a process still runs, with a moment of grace for the kernel to end one that was killed."""
    give_up = time.monotonic() + 2
    while time.monotonic() < give_up:
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return False
        except OSError:
            return False
        time.sleep(0.01)
    return True


ADD = "def add(a, b):\n    return a + b\n"
ENDLESS = "def spin():\n    while True:\n        pass\n"
SLEEPS = "import time\ndef rest(seconds):\n    time.sleep(seconds)\n    return seconds\n"
# Address 1: ctypes takes 0 for "no string".
CRASHES = "import ctypes, os\ndef crash():\n    ctypes.string_at(1)\ndef leave(code):\n    os._exit(code)\n"
PRINTS = "import sys\ndef shout(count):\n    print('x' * count)\n    print('note', file=sys.stderr)\n    return count\n"
FLOODS = "def flood():\n    while True:\n        print('x' * 1000)\n"
READS_INPUT = "def ask():\n    return input()\ndef add(a, b):\n    return a + b\n"
HOARDS = "import numpy as np\ndef hoard(mib):\n    return float(np.ones(mib << 17).sum())\n"
ORDER = "def order():\n    return list({'activations', 'initialization', 'batchnorm', 'dropout', 'layernorm'})\n"
DRAWS = "import random\nimport numpy as np\ndef draw():\n    return [float(np.random.rand()), random.random()]\n"
SNEAKS = "def peek(path):\n    return open(path).read()\ndef bring():\n    import colorsys\n    return 1\n"
