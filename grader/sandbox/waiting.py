"""How long processes of ours were ready to run while the machine was busy with others: time that no limit of a call may count.

The limits are kept by the wall clock, since a worker that sleeps uses no processor. On a machine with more to do than processors that clock
also counts what nobody has done anything in, and the same work would have another verdict on a busy evening.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

# The kernel counts in nanoseconds: processor time, time in the queue for a processor, turns (Documentation/scheduler/sched-stats.rst).
OURS = "/proc/thread-self/schedstat"


class Waiting:
    """What this thread, a process and the children of that process have waited for a processor since the beginning of a job.

    Where the kernel does not say (another system, another machine), nothing has.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        # A child is of this job alone; all that it has ever waited was in it.
        self._before = _waited_ns(OURS) + _waited_ns(f"/proc/{pid}/schedstat")
        self._told = 0

    def news_s(self) -> float:
        """How many seconds more it is than when it was last asked for."""
        pids = [str(self._pid), *_children_of(self._pid)]
        total = _waited_ns(OURS) + sum(_waited_ns(f"/proc/{pid}/schedstat") for pid in pids) - self._before
        news = max(0, total - self._told)
        self._told += news
        return news / 1e9


def _waited_ns(place: str) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(place).read_text(encoding="ascii").split()[1])
    return 0


def _children_of(pid: int) -> list[str]:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return []
