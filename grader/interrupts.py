"""Ctrl-C goes to all processes of a terminal, and one of them alone decides what it means: the others begin and end in silence."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from multiprocessing import resource_tracker


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Start a process that Ctrl-C does not reach before it calls ``ignore``; ours comes a moment later."""
    if sys.platform == "win32":
        yield
        return
    # The tracker of multiprocessing, which the first process brings along, would let signals through again when it has started.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def ignore() -> None:
    """Leave Ctrl-C to whoever has started this process, from here on; what this one starts does not inherit that it was held."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
