"""What an attack can leave behind on this machine, and how it is taken away again after a control."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.sandbox import jobs

MARK = "layerwise-attack"
# The key of shared memory, semaphores and message queues: "LWAT".
KEY = 0x4C574154
PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/")
PR_SET_CHILD_SUBREAPER = 36
SYSV = {"shm": (31, 195), "sem": (66, 191), "msg": (71, 187)}


@contextlib.contextmanager
def every_orphan_ours() -> Iterator[None]:
    """While this holds, a process whose parents are gone becomes our child, so that no daemon stays unseen."""
    libc = ctypes.CDLL(None)
    if not sys.platform.startswith("linux") or libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        yield
        return
    try:
        yield
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def marked_files(folder: Path) -> set[str]:
    """Files that bear the mark of these attacks, in the places where everybody may write, here, at home, and in `folder`."""
    found = {str(path) for path in folder.rglob(f"*{MARK}*")}
    for place in (*PLACES, os.getcwd(), str(Path.home())):
        with contextlib.suppress(OSError):
            found |= {f"{place}/{name}" for name in os.listdir(place) if MARK in name and f"{place}/{name}" != str(folder)}
    return found


def sysv() -> set[tuple[str, int]]:
    """Shared memory, semaphores and message queues under our key, with their numbers."""
    found = set()
    for kind in SYSV:
        with contextlib.suppress(OSError):
            rows = [line.split() for line in Path(f"/proc/sysvipc/{kind}").read_text().splitlines()[1:]]
            found |= {(kind, int(row[1])) for row in rows if int(row[0]) & 0xFFFFFFFF == KEY}
    return found


def sockets() -> set[str]:
    """Names of listening sockets that bear the mark."""
    with contextlib.suppress(OSError):
        return {line.split()[-1] for line in Path("/proc/net/unix").read_text().splitlines() if MARK in line}
    return set()


def queues() -> set[str]:
    """POSIX message queues of that name; looking takes it away."""
    with contextlib.suppress(AttributeError, OSError):
        if ctypes.CDLL(None).mq_unlink(b"/" + MARK.encode()) == 0:
            return {MARK}
    return set()


def look(folder: Path, known: set[int], zygote: int | None = None) -> dict[str, object]:
    """Everything of ours that is there now, but for the processes that are `known`."""
    return {
        "processes": {pid for pid in jobs.children_of(os.getpid()) if pid not in known},
        "children of the zygote": jobs.children_of(zygote) if zygote else [],
        "descriptors of the zygote": len(os.listdir(f"/proc/{zygote}/fd")) if zygote else 0,
        "files": marked_files(folder),
        "shared memory": sysv(),
        "queues": queues(),
        "sockets": sockets(),
        "threads": threading.active_count(),
        "descriptors": len(os.listdir("/proc/self/fd")),
    }


def tidy(folder: Path, known: set[int]) -> None:
    """Take away what a control has left: end its processes by their numbers, remove its files and its shared memory."""
    for pid in jobs.children_of(os.getpid()):
        if pid not in known:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
    for path in marked_files(folder):
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            Path(path).unlink(missing_ok=True)
    libc = ctypes.CDLL(None)
    for kind, number in sysv():
        removing = SYSV[kind][1 if os.uname().machine == "aarch64" else 0]
        # IPC_RMID is 0, which is the second argument or, of a semaphore, the third.
        libc.syscall(*[ctypes.c_ulong(value) for value in (removing, number, 0, 0)])
    queues()


def differs(before: dict[str, object], after: dict[str, object]) -> bool:
    """Whether something is there that was not; what a grader in this process opens and closes itself does not count."""
    return any(before[name] != after[name] for name in ("processes", "files", "shared memory", "queues", "sockets"))


def wait_for(condition: Callable[[], bool], patience_s: float = 1.0) -> None:
    """Wait until it holds, or for `patience_s`."""
    give_up = time.monotonic() + patience_s
    while not condition() and time.monotonic() < give_up:
        time.sleep(0.02)
